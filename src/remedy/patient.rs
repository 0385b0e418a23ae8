//! A package with problems, as the fixes see it.

use super::commands::Builds;
use crate::environment::{Block, Distribution, Installation};
use crate::model::{Code, Convention, Facts, Problem};
use crate::project::Ownership;
use crate::runtime::Runtime;

/// A problem with the facts that are known: an error text shows the code, but not always the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its code.
    pub code: Code,
    /// Its facts, if they are known.
    pub facts: Option<Facts>,
}

impl From<&Problem> for Reason {
    fn from(problem: &Problem) -> Reason {
        Reason { code: problem.code(), facts: Some(problem.facts.clone()) }
    }
}

/// A package with a problem.
pub struct Patient<'a> {
    /// Its name.
    pub package: &'a str,
    /// Its folder.
    pub path: &'a str,
    /// Its problems, the most important first.
    pub reasons: &'a [Reason],
    /// How its file is created again.
    pub builds: Builds,
    /// How it finds its file.
    pub loader: &'a Convention,
    /// The setting that keeps its install scripts from running; called only if they have to run.
    pub block: &'a dyn Fn() -> Option<Block>,
    /// The installation that it belongs to.
    pub installation: &'a Installation,
    /// The runtime that has to load it.
    pub runtime: &'a Runtime,
    /// The runtime's name in sentences. A text may show the release line only, not the release.
    pub title: &'a str,
    /// True if the lockfile doesn't list the missing platform package.
    pub is_unlocked: bool,
    /// True if the installation has a package.json, without which package managers remove packages
    /// or do nothing.
    pub has_manifest: bool,
    /// The file that it would load.
    pub file: Option<&'a str>,
    /// The distribution of this system.
    pub distribution: Option<Distribution>,
    /// The owner of its folder, as seen from the installation.
    pub ownership: Ownership,
    /// The folder of the project that a foreign package is installed for; called only if a fix is
    /// found.
    pub home: &'a dyn Fn() -> Option<String>,
    /// True for a file or folder that a fix may remove.
    pub may_replace: &'a dyn Fn(&str) -> bool,
}
