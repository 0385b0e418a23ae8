//! What is judged, and the verdict as the families of rules write it.

use crate::addon::Addon;
use crate::binary::{Binary, Image};
use crate::linking::Linkage;
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::{Outcome, Problem};
use crate::runtime::Runtime;

/// Everything a verdict rests on.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// Absolute path, as it stands in the loader's texts.
    pub file: &'a str,
    /// The file.
    pub binary: &'a Binary,
    /// The image that the runtime's loader would take: the only one, or the slice for its
    /// processor; for a universal file without a fitting slice the first.
    pub image: Option<&'a Image>,
    /// That image as an addon.
    pub addon: Option<&'a Addon>,
    /// What the system's loader would find for that image.
    pub linkage: Option<&'a Linkage>,
    /// Who would load it.
    pub runtime: &'a Runtime,
    /// The `NODE_MODULE_VERSION` that its file name says it is for.
    pub named_abi: Option<u32>,
    /// It will be loaded in worker threads.
    pub threads: bool,
    /// It will be loaded in an Electron renderer.
    pub renderer: bool,
}

/// What loading would do, and why.
#[derive(Debug)]
pub struct Verdict {
    /// What happens.
    pub outcome: Outcome,
    /// The text the loader would throw, word for word, where it is known.
    pub loader_message: Option<String>,
    /// Every reason, errors and warnings, in the order in which a load meets them.
    pub problems: Vec<Problem>,
    /// Everything that decides could be judged.
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

    /// A verdict that says nothing but why there is none.
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

    /// Notes what couldn't be judged, and lets the load go on.
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
