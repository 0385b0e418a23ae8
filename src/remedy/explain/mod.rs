//! Texts of errors → what they mean. Texts are those of Node.js and other runtimes, of the systems'
//! loaders, and of the packages that look for addons; each was produced by the real thing, or read
//! in its source (`__test__/explain/`).

mod bundlers;
mod glibc;
mod installers;
mod macos;
mod musl;
mod node;
mod owner;
mod packages;
mod paths;
mod symbols;
mod text;
mod windows;

use super::Reason;
use crate::model::problem::linking::MissingLibrary;
use crate::model::problem::package::MissingPlatformPackage;
use crate::model::{Code, ErrorCode, ExplanationCode, Facts, RuntimeName};
pub use packages::is_for_one_system;
pub use paths::package_of;
use text::Window;
pub use text::clean;

/// What a text says.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// A code of docs/problems.md.
    pub code: ExplanationCode,
    /// What happened, in a sentence.
    pub summary: String,
    /// Why it happens.
    pub why: String,
    /// The file it is about, as the text has it.
    pub file: Option<String>,
    /// The package it is about, where the text names one without a file.
    pub package: Option<String>,
    /// The ABIs that the text names: built for, needed.
    pub abis: Option<(i32, i32)>,
    /// The ABI of the runtime that says it, where the text names that one only.
    pub said_by: Option<i32>,
    /// The runtime that says it, where only that one says so.
    pub only_in: Option<RuntimeName>,
    /// Facts of the problem, where the text names those that a fix needs.
    pub facts: Option<Facts>,
    /// What to do, where that follows from the text alone.
    pub advice: Option<Advice>,
    /// The text leaves no doubt.
    pub certain: bool,
    /// Of several findings the one with the highest weight is the true reason: what a loader said
    /// counts more than what a package made of it.
    pub weight: Weight,
}

/// What to do, and what to type for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// In a sentence.
    pub summary: String,
    /// The command, where there is one.
    pub command: Option<Vec<String>>,
    /// The command is the one that brings this system's compiler, make and Python.
    pub is_toolchain: bool,
}

/// How much a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A package says that nothing loads, and guesses why.
    Guess,
    /// Something wasn't found or not installed.
    Absence,
    /// A build or a download failed.
    Build,
    /// A loader refused a file.
    Refusal,
}

impl Finding {
    fn new(
        code: ExplanationCode,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding {
            code,
            summary: summary.into(),
            why: why.into(),
            file: None,
            package: None,
            abis: None,
            said_by: None,
            only_in: None,
            facts: None,
            advice: None,
            certain: true,
            weight,
        }
    }

    /// A loader refused a file.
    fn refusal(code: Code, summary: impl Into<String>, why: impl Into<String>) -> Finding {
        Finding::of(code, Weight::Refusal, summary, why)
    }

    /// A problem that a check of the file would find.
    fn of(
        code: Code,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::new(ExplanationCode::Problem(code), weight, summary, why)
    }

    /// An error that no check of a file finds.
    fn error(
        code: ErrorCode,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::new(ExplanationCode::Error(code), weight, summary, why)
    }

    fn file(self, file: impl Into<String>) -> Finding {
        Finding { file: Some(file.into()), ..self }
    }

    /// A name that is none is left out: it would get into commands.
    fn package(self, package: impl Into<String>) -> Finding {
        let package = Some(package.into()).filter(|name| super::is_package_name(name));
        Finding { package: package.or(self.package), ..self }
    }

    fn only_in(self, kind: RuntimeName) -> Finding {
        Finding { only_in: Some(kind), ..self }
    }

    fn in_package(self, package: Option<String>) -> Finding {
        match package {
            Some(package) => self.package(package),
            None => self,
        }
    }

    fn found_in(self, file: Option<String>) -> Finding {
        Finding { file: file.or(self.file), ..self }
    }

    /// The platform package that isn't installed.
    fn lacks_package(self, name: impl Into<String>) -> Finding {
        let packages = vec![name.into()];
        let facts = MissingPlatformPackage { packages, installed: Vec::new(), has_fallback: false };
        Finding { facts: Some(facts.into()), ..self }
    }

    /// The library that isn't installed.
    fn lacks_library(self, name: impl Into<String>) -> Finding {
        Finding { facts: Some(MissingLibrary::named(name).into()), ..self }
    }

    /// To install what compiles addons.
    fn install_tools(self, summary: impl Into<String>) -> Finding {
        Finding {
            advice: Some(Advice { summary: summary.into(), command: None, is_toolchain: true }),
            ..self
        }
    }

    fn advice(self, summary: impl Into<String>) -> Finding {
        Finding {
            advice: Some(Advice { summary: summary.into(), command: None, is_toolchain: false }),
            ..self
        }
    }

    fn command(self, summary: impl Into<String>, command: &[&str]) -> Finding {
        let command = Some(super::commands::argv(command));
        Finding {
            advice: Some(Advice { summary: summary.into(), command, is_toolchain: false }),
            ..self
        }
    }

    /// A function that is missing, and shows only when it is called.
    fn at_a_call(self) -> Finding {
        Finding { code: ExplanationCode::Problem(Code::LazyMissingSymbol), ..self }
    }

    fn unsure(self) -> Finding {
        Finding { certain: false, ..self }
    }

    /// The problem that a check would have found; `None` for codes that only errors have.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self.code {
            ExplanationCode::Problem(code) => Some(Reason { code, facts: self.facts.clone() }),
            ExplanationCode::Error(_) => None,
        }
    }
}

/// A text that is recognised: words that only it has, and how the rest is read around them.
struct Known {
    anchor: &'static str,
    read: fn(&Window<'_>) -> Option<Finding>,
}

/// Texts that only runtimes and packages with addons have.
const OF_NODE: [&[Known]; 5] =
    [node::KNOWN, windows::KNOWN, packages::KNOWN, installers::KNOWN, bundlers::KNOWN];
/// Texts of loaders, which load other programs' libraries too.
const OF_LOADERS: [&[Known]; 3] = [glibc::KNOWN, musl::KNOWN, macos::KNOWN];

/// Places of one anchor that are read; a log may repeat a line for ever.
const MOST_PLACES: usize = 100;
/// Places in one line: a loader lists the few places that it tried, and no more.
const MOST_IN_LINE: usize = 6;
/// Findings that are kept.
const MOST_FINDINGS: usize = 100;

/// Everything that is recognised in a text that was [`clean`]ed, in the order of the text, each
/// once. Once `stops` says so, what was found until then.
#[must_use]
pub fn recognise(text: &str, stops: &dyn Fn() -> bool) -> Vec<Finding> {
    let mut found: Vec<(usize, Finding)> = Vec::new();
    let of_node = OF_NODE.iter().copied().flatten().map(|known| (known, true));
    let of_loaders = OF_LOADERS.iter().copied().flatten().map(|known| (known, false));
    for (known, is_of_node) in of_node.chain(of_loaders).take_while(|_| !stops()) {
        let (mut line, mut in_line) = (0, 0);
        for at in
            memchr::memmem::find_iter(text.as_bytes(), known.anchor.as_bytes()).take(MOST_PLACES)
        {
            let is_same_line =
                in_line > 0 && memchr::memchr(b'\n', &text.as_bytes()[line..at]).is_none();
            (line, in_line) = (at, if is_same_line { in_line + 1 } else { 1 });
            if in_line > MOST_IN_LINE {
                continue;
            }
            let window = Window::around(text, at, known.anchor.len());
            let Some(mut finding) = (known.read)(&window) else { continue };
            if !is_of_node && !owner::is_node(&window, finding.file.as_deref()) {
                continue;
            }
            if owner::is_code(&window) {
                continue;
            }
            // Electron unpacks addons under names that tell nothing.
            let tells = finding.file.as_deref().is_some_and(|file| file.contains(".node"));
            if finding.weight == Weight::Refusal && !tells && finding.package.is_none() {
                finding.package = packages::requirer(&window);
            }
            if found.len() < MOST_FINDINGS && !found.iter().any(|(_, other)| *other == finding) {
                found.push((at, finding));
            }
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, finding)| finding).collect()
}
