//! (binary, addon, linkage, runtime) → [`Verdict`]: what loading would do, and every reason.
//!
//! The families of rules run in the order in which a real load meets them. The first that decides
//! fixes the outcome and the loader's text, since nothing after it happens any more; what only
//! warns lets the load go on.

mod advice;
mod coupled;
mod format;
mod libraries;
mod loading;
mod names;
mod registration;
mod symbols;
mod system;
mod threads;
mod words;

pub use advice::since_glibc;
pub use names::readable;

use crate::addon::Addon;
use crate::binary::{Binary, Image};
use crate::linking::Linkage;
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::{Outcome, Problem};
use crate::runtime::{Kind, Runtime};

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
    fn new() -> Verdict {
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

    fn throws(&mut self, message: Option<String>, problem: Problem) {
        self.outcome = Outcome::Throws;
        self.loader_message = message;
        self.problems.push(problem);
    }

    fn crashes(&mut self, problem: Problem) {
        self.outcome = Outcome::Crashes;
        self.problems.push(problem);
    }

    fn unknown(&mut self, what: Subject, message: impl Into<String>) {
        self.outcome = Outcome::Unknown;
        self.undetermined(what, message);
    }

    /// Notes what couldn't be judged, and lets the load go on.
    fn undetermined(&mut self, what: Subject, message: impl Into<String>) {
        self.complete = false;
        self.problems.push(Problem::warning(Undetermined { what }, message));
    }

    fn warns(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn decided(&self) -> bool {
        self.outcome != Outcome::Loads
    }
}

/// Judges one file in one runtime.
#[must_use]
pub fn judge(case: &Case<'_>) -> Verdict {
    let mut verdict = Verdict::new();
    let system = [
        format::judge,
        loading::mapping,
        loading::names,
        system::stack,
        libraries::judge,
        system::judge,
        loading::versions,
        loading::relocation,
        loading::contents,
        symbols::judge,
        loading::constructors,
    ];
    let runtime = [
        loading::look_up,
        registration::judge,
        threads::judge,
        symbols::warn,
        coupled::judge,
        loading::doubts,
    ];
    for family in system {
        family(case, &mut verdict);
        if verdict.decided() {
            // Deno adds a line to what the system's loader says.
            if case.runtime.kind == Kind::Deno
                && let Some(message) = &mut verdict.loader_message
            {
                message.push_str("\n  path: ");
                message.push_str(case.file);
            }
            return verdict;
        }
    }
    for family in runtime {
        family(case, &mut verdict);
        if verdict.decided() {
            break;
        }
    }
    verdict
}

#[cfg(test)]
mod tests;
