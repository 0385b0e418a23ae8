//! What a text says, and how that is put together.

use super::context::Context;
use crate::model::problem::linking::MissingLibrary;
use crate::model::problem::package::MissingPlatformPackage;
use crate::model::{Code, ErrorCode, ExplanationCode, Facts, RuntimeName};
use crate::remedy::commands::argv;
use crate::remedy::{Reason, is_package_name};

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
    /// What the text says besides: which program runs, and how.
    pub context: Context,
    /// The text shows that a build of the package failed, so that another one isn't advised.
    pub has_failed: bool,
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
    pub(super) fn new(
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
            context: Context::default(),
            has_failed: false,
            weight,
        }
    }

    /// A loader refused a file.
    pub(super) fn refusal(
        code: Code,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::of(code, Weight::Refusal, summary, why)
    }

    /// A problem that a check of the file would find.
    pub(super) fn of(
        code: Code,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::new(ExplanationCode::Problem(code), weight, summary, why)
    }

    /// An error that no check of a file finds.
    pub(super) fn error(
        code: ErrorCode,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::new(ExplanationCode::Error(code), weight, summary, why)
    }

    pub(super) fn file(self, file: impl Into<String>) -> Finding {
        Finding { file: Some(file.into()), ..self }
    }

    /// A name that is none is left out: it would get into commands.
    pub(super) fn package(self, package: impl Into<String>) -> Finding {
        let package = Some(package.into()).filter(|name| is_package_name(name));
        Finding { package: package.or(self.package), ..self }
    }

    pub(super) fn only_in(self, kind: RuntimeName) -> Finding {
        Finding { only_in: Some(kind), ..self }
    }

    pub(super) fn in_package(self, package: Option<String>) -> Finding {
        match package {
            Some(package) => self.package(package),
            None => self,
        }
    }

    pub(super) fn found_in(self, file: Option<String>) -> Finding {
        Finding { file: file.or(self.file), ..self }
    }

    /// The platform package that isn't installed.
    pub(super) fn lacks_package(self, name: impl Into<String>) -> Finding {
        let packages = vec![name.into()];
        let facts = MissingPlatformPackage { packages, installed: Vec::new(), has_fallback: false };
        Finding { facts: Some(facts.into()), ..self }
    }

    /// The library that isn't installed.
    pub(super) fn lacks_library(self, name: impl Into<String>) -> Finding {
        Finding { facts: Some(MissingLibrary::named(name).into()), ..self }
    }

    /// To install what compiles addons.
    pub(super) fn install_tools(self, summary: impl Into<String>) -> Finding {
        Finding {
            advice: Some(Advice { summary: summary.into(), command: None, is_toolchain: true }),
            ..self
        }
    }

    pub(super) fn advice(self, summary: impl Into<String>) -> Finding {
        Finding {
            advice: Some(Advice { summary: summary.into(), command: None, is_toolchain: false }),
            ..self
        }
    }

    pub(super) fn command(self, summary: impl Into<String>, command: &[&str]) -> Finding {
        let command = Some(argv(command));
        Finding {
            advice: Some(Advice { summary: summary.into(), command, is_toolchain: false }),
            ..self
        }
    }

    /// A function that is missing, and shows only when it is called.
    pub(super) fn at_a_call(self) -> Finding {
        Finding { code: ExplanationCode::Problem(Code::LazyMissingSymbol), ..self }
    }

    /// A build of the package failed.
    pub(super) fn failed(self) -> Finding {
        Finding { has_failed: true, ..self }
    }

    pub(super) fn unsure(self) -> Finding {
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
