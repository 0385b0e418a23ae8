//! JSON, indented; the shape is that of the public types.

use crate::check::Report;

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    serde_json::to_string_pretty(report).unwrap_or_default()
}
