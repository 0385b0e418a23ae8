//! JSON, indented; the shape is that of the public types.

use crate::check::Report;

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    // Logs of CI services take `##[` anywhere for a command; only strings can hold it, and there this stands for the same.
    text.replace("##[", "#\\u0023[")
}
