//! Indented JSON, in the structure of the public types.

use serde::Serialize;

use crate::model::reports::Report;

/// The report as JSON.
#[must_use]
pub fn json(report: &Report) -> String {
    written(report)
}

/// A value as JSON. CI services read `##[` anywhere in a log as a command. It can only be in
/// strings, where an escape has the same meaning.
pub(super) fn written(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default().replace("##[", "#\\u0023[")
}
