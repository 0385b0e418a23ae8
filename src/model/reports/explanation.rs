//! The explanation of an error.

use serde::{Deserialize, Serialize};

use super::kinds::ExplanationKind;
use crate::model::codes::ExplanationCode;
use crate::model::fix::Fix;

/// The explanation of an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Explanation {
    /// Identifies the type of report.
    pub kind: ExplanationKind,
    /// The type of error.
    pub code: ExplanationCode,
    /// What happened, as a sentence.
    pub summary: String,
    /// The reason, with root causes for which there is evidence in the project.
    pub why: String,
    /// The file it is about, as in the error; `null` if the error names none.
    pub file: Option<String>,
    /// The package it is about; `null` if it isn't known.
    pub package: Option<String>,
    /// What the file was built for, in words: `'Node.js 18'`, `'linux-x64'`; `null` if that isn't
    /// the problem, or isn't known.
    pub built_for: Option<String>,
    /// What the file had to run on, in the same form; `null` if `builtFor` is.
    pub runs_on: Option<String>,
    /// The fix; `null` if no fix is certain to help.
    pub fix: Option<Fix>,
    /// True if the text, or the file that was read again, allows no other interpretation.
    pub certain: bool,
}
