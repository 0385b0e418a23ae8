//! The input of a verdict, and the verdict that the rules write.

use crate::addon::Addon;
use crate::binary::{Binary, Image};
use crate::linking::Linkage;
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::{Outcome, Problem};
use crate::runtime::Runtime;

/// All facts that a verdict is based on.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Absolute path, as the loader prints it in its error texts.
    pub file: &'a str,
    /// The parsed file.
    pub binary: &'a Binary,
    /// The image that the runtime's loader chooses: the only one, or the slice for its processor;
    /// the first one if a universal file has no fitting slice.
    pub image: Option<&'a Image>,
    /// The same image, read as an addon.
    pub addon: Option<&'a Addon>,
    /// The libraries and symbols that the system's loader finds for that image.
    pub linkage: Option<&'a Linkage>,
    /// The packages that should contain libraries that weren't found.
    pub siblings: &'a [Sibling],
    /// The runtime that would load the file.
    pub runtime: &'a Runtime,
    /// The `NODE_MODULE_VERSION` in the file's name, for example 115 in `node-v115-linux-x64`.
    pub named_abi: Option<u32>,
    /// True if the file was compiled for a Node.js whose V8 compresses pointers; `None` if that
    /// isn't known.
    pub compiled_for_compression: Option<bool>,
    /// True if worker threads will load the file.
    pub threads: bool,
    /// True if an Electron renderer will load the file.
    pub renderer: bool,
}

/// A package that should contain a library: a dependency of the package that needs the library, in
/// a folder that the run-path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    /// The library that wasn't found.
    pub library: String,
    /// Name of the package.
    pub package: String,
    /// True if the package is in that folder, but without the library.
    pub installed: bool,
}

/// The outcome of loading, with its reasons.
#[derive(Debug)]
pub struct Verdict {
    /// What loading does in this runtime.
    pub outcome: Outcome,
    /// The text that the loader would throw, word for word; `None` if it is not known.
    pub loader_message: Option<String>,
    /// All errors and warnings, in the order in which a load meets them.
    pub problems: Vec<Problem>,
    /// False if a rule that could change the outcome lacked the facts to decide.
    pub complete: bool,
}

impl Verdict {
    pub(super) fn new() -> Verdict {
        Verdict {
            outcome: Outcome::Loads,
            loader_message: None,
            problems: Vec::new(),
            complete: true,
        }
    }

    /// A verdict whose outcome is unknown, with `problem` as its only reason.
    #[must_use]
    pub fn unknown_because(problem: Problem) -> Verdict {
        Verdict {
            outcome: Outcome::Unknown,
            loader_message: None,
            problems: vec![problem],
            complete: false,
        }
    }

    pub(super) fn throws(&mut self, message: Option<String>, problem: Problem) {
        self.outcome = Outcome::Throws;
        self.loader_message = message;
        self.problems.push(problem);
    }

    pub(super) fn crashes(&mut self, problem: Problem) {
        self.outcome = Outcome::Crashes;
        self.problems.push(problem);
    }

    pub(super) fn unknown(&mut self, what: Subject, message: impl Into<String>) {
        self.outcome = Outcome::Unknown;
        self.undetermined(what, message);
    }

    /// Records that something could not be judged. The rules after it still run.
    pub(super) fn undetermined(&mut self, what: Subject, message: impl Into<String>) {
        self.complete = false;
        self.problems.push(Problem::warning(Undetermined { what }, message));
    }

    pub(super) fn warns(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(super) fn decided(&self) -> bool {
        self.outcome != Outcome::Loads
    }
}
