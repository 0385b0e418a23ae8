//! The findings that the patterns produce from a text, and how they are built.

use super::context::Context;
use super::paths::package_of;
use crate::model::problem::linking::MissingLibrary;
use crate::model::problem::package::MissingPlatformPackage;
use crate::model::{Code, ErrorCode, ExplanationCode, Facts, RuntimeName};
use crate::remedy::commands::argv;
use crate::remedy::package_name::is_package_name;
use crate::remedy::patient::Reason;

/// The meaning of one error in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// A code of docs/problems.md.
    pub code: ExplanationCode,
    /// What happened, as a sentence.
    pub summary: String,
    /// The reason.
    pub why: String,
    /// The file that the error is about, as it is in the text.
    pub file: Option<String>,
    /// The package that the error is about, if the text names one without a file.
    pub package: Option<String>,
    /// The ABIs in the text: that of the file, and that of the runtime.
    pub abis: Option<(i32, i32)>,
    /// The ABI of the runtime that printed the error, if the text has only that one.
    pub said_by: Option<i32>,
    /// The runtime that printed the error, if only that one prints it.
    pub only_in: Option<RuntimeName>,
    /// Facts of the problem, if the text contains those that a fix needs.
    pub facts: Option<Facts>,
    /// What to do, if that follows from the text alone.
    pub advice: Option<Advice>,
    /// True if the text allows no other interpretation.
    pub certain: bool,
    /// The context of the error: which program runs, and how.
    pub context: Context,
    /// True if the text shows that a build of the package failed, so no other build is advised.
    pub has_failed: bool,
    /// Of several findings the one with the highest weight is the root cause: a loader's error has
    /// more weight than a package's message about it.
    pub weight: Weight,
}

/// What to do, and the command for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// As a sentence.
    pub summary: String,
    /// The command, if there is one.
    pub command: Option<Vec<String>>,
    /// True if the command is the one that installs this system's compiler, make and Python.
    pub is_toolchain: bool,
}

/// How much a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A package reports that no file loads, and guesses the reason.
    Guess,
    /// A file or package wasn't found or not installed.
    Absence,
    /// A build or a download failed.
    Build,
    /// A loader rejected a file.
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

    /// A finding for a file that a loader rejected.
    pub(super) fn refusal(
        code: Code,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::of(code, Weight::Refusal, summary, why)
    }

    /// A finding with a problem that a check of the file would report.
    pub(super) fn of(
        code: Code,
        weight: Weight,
        summary: impl Into<String>,
        why: impl Into<String>,
    ) -> Finding {
        Finding::new(ExplanationCode::Problem(code), weight, summary, why)
    }

    /// A finding with an error that no check of a file reports.
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

    /// Sets the package. An invalid name is ignored, because it would become part of commands.
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

    /// Sets the platform package that isn't installed.
    pub(super) fn lacks_package(self, name: impl Into<String>) -> Finding {
        let packages = vec![name.into()];
        let facts = MissingPlatformPackage { packages, installed: Vec::new(), has_fallback: false };
        Finding { facts: Some(facts.into()), ..self }
    }

    /// Sets the library that isn't installed.
    pub(super) fn lacks_library(self, name: impl Into<String>) -> Finding {
        Finding { facts: Some(MissingLibrary::named(name).into()), ..self }
    }

    /// Sets the advice to install the tools that compile addons.
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

    /// Marks a missing function that fails only when it is called.
    pub(super) fn at_a_call(self) -> Finding {
        Finding { code: ExplanationCode::Problem(Code::LazyMissingSymbol), ..self }
    }

    /// Marks that a build of the package failed.
    pub(super) fn failed(self) -> Finding {
        Finding { has_failed: true, ..self }
    }

    pub(super) fn unsure(self) -> Finding {
        Finding { certain: false, ..self }
    }

    /// The package that the error is about: the one of its file, or the one that the text names.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        self.file.as_deref().and_then(package_of).or_else(|| self.package.clone())
    }

    /// The problem that a check would have reported; `None` for codes that only errors have.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self.code {
            ExplanationCode::Problem(code) => Some(Reason { code, facts: self.facts.clone() }),
            ExplanationCode::Error(_) => None,
        }
    }
}
