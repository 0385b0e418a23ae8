//! What an error means.

use serde::{Deserialize, Serialize};

use super::kinds::ExplanationKind;
use crate::model::codes::ExplanationCode;
use crate::model::fix::Fix;

/// What an error means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explanation {
    /// Tells it from other reports.
    pub kind: ExplanationKind,
    /// What kind of error.
    pub code: ExplanationCode,
    /// What happened, in a sentence.
    pub summary: String,
    /// Why, with the root causes that the project shows.
    pub why: String,
    /// The file it is about, as the error names it; `null` when it names none.
    pub file: Option<String>,
    /// The package it is about; `null` when none can be told.
    pub package: Option<String>,
    /// What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` when that isn't
    /// the matter, or isn't known.
    pub built_for: Option<String>,
    /// What it was to run on, in the same words; `null` where `builtFor` is.
    pub runs_on: Option<String>,
    /// What repairs it; `null` when nothing that surely helps is known.
    pub fix: Option<Fix>,
    /// The text, or the file that was read again, leaves no doubt about the reason.
    pub certain: bool,
}
