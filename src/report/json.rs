//! JSON, indented; the shape is that of the public types.

use serde::Serialize;

use crate::model::reports::Report;

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    written(report)
}

/// A value as JSON. Logs of CI services take `##[` anywhere for a command; only strings can hold
/// it, and there the escape stands for the same.
pub(super) fn written(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default().replace("##[", "#\\u0023[")
}
