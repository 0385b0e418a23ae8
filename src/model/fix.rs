//! Commands that repair something.

use serde::{Deserialize, Serialize};

/// What repairs a problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fix {
    /// What to do, in a sentence.
    pub summary: String,
    /// Why that repairs it.
    pub why: String,
    /// The commands in order, each as its words; empty when no command does it.
    pub commands: Vec<Vec<String>>,
    /// Where to run them, absolute; `null` where that doesn't matter.
    pub directory: Option<String>,
    /// More to read; `null` when there is nothing.
    pub docs: Option<String>,
    /// When it has its turn among other fixes.
    #[serde(skip)]
    pub stage: Stage,
}

/// When a fix has its turn: the earlier one makes the later one possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Something of the system: its libraries.
    System,
    /// Packages that are missing or damaged.
    Install,
    /// A stale file that stands in the way.
    Remove,
    /// A build of one package.
    #[default]
    Build,
    /// Nothing that a command does.
    Advice,
}
