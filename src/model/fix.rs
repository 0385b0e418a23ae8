//! Commands that repair something.

use serde::{Deserialize, Serialize};

/// The fix for a problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fix {
    /// What to do, as a sentence.
    pub summary: String,
    /// Why that fixes it.
    pub why: String,
    /// The commands in order, each as a list of words; empty if no command does it.
    pub commands: Vec<Vec<String>>,
    /// The lines to add to a file that the summary names, ready to paste; absent without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// The folder to run them in, absolute; `null` if any folder will do.
    pub directory: Option<String>,
    /// A page with more information; `null` if there is none.
    pub docs: Option<String>,
    /// Its position among other fixes.
    #[serde(skip)]
    pub stage: Stage,
}

impl Fix {
    /// What a person has to do, because no command does it.
    #[must_use]
    pub fn advice(summary: impl Into<String>, why: impl Into<String>) -> Fix {
        Fix { summary: summary.into(), why: why.into(), stage: Stage::Advice, ..Fix::default() }
    }
}

/// The position of a fix: earlier ones make later ones possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Libraries of the system.
    System,
    /// Packages that are missing or damaged.
    Install,
    /// A stale file that hides another one.
    Remove,
    /// A build of one package.
    #[default]
    Build,
    /// Advice without a command.
    Advice,
}
