//! The problems of a report in words: which are printed, and the loader's own text.

use super::escape::escape;
use super::page::Page;
use crate::model::problem::file::Subject;
use crate::model::reports::{AbiReport, PackageReport};
use crate::model::{Code, Facts, Problem, Severity};

impl Page {
    /// A problem; only warnings are labeled.
    pub fn sentence(&mut self, message: &str, severity: Severity) {
        let text = escape(message);
        match severity {
            Severity::Error => self.paragraph(&text, 2),
            Severity::Warning => self.paragraph(&format!("warning: {text}"), 2),
        }
    }

    /// The text of the loader, if it adds to our message.
    pub fn loader_message(&mut self, file: &AbiReport) {
        if let Some(says) = loader_says(file) {
            self.paragraph(&format!("the loader reports: {}", escape(&says)), 2);
        }
    }

    /// Prints once for all files that libraries and functions were not examined: this applies to
    /// nearly every file.
    pub fn unexamined<'a>(&mut self, mut problems: impl Iterator<Item = &'a Problem>) {
        if self.style.verbose && problems.any(|problem| what(problem) == Some(Subject::Linking)) {
            self.text.push('\n');
            self.paragraph(
                "Not examined: whether the libraries and functions they need are available.",
                0,
            );
        }
    }
}

/// True for a file that loads, but aborts later.
pub(super) fn has_hooks(file: &AbiReport) -> bool {
    file.problems.iter().any(|problem| problem.code() == Code::ObjectWrapHooks)
}

/// False for problems that are printed once at the end for all packages (linking, unknown loaders),
/// and for missing files of packages with a fallback.
pub(super) fn is_worth_saying(problem: &Problem) -> bool {
    let has_fallback = match &problem.facts {
        Facts::NotBuilt(facts) => facts.has_fallback,
        Facts::NoMatchingPrebuild(facts) => facts.has_fallback,
        Facts::MissingPlatformPackage(facts) => facts.has_fallback,
        _ => false,
    };
    !has_fallback && !matches!(what(problem), Some(Subject::Linking | Subject::ActiveFile))
}

/// The loader's own text in one line, if it adds to our message.
pub(super) fn loader_says(file: &AbiReport) -> Option<String> {
    // Our own message contains both numbers of an ABI mismatch.
    let is_said = file.problems.iter().any(|problem| problem.code() == Code::AbiMismatch);
    let message = file.loader_message.as_ref().filter(|_| !is_said)?;
    // The report already contains the path. Windows' text has it at the start, Node.js' at the end;
    // that of macOS has the path that was requested.
    let path = file.file.as_str();
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let long = format!(r"\\?\{path}");
    let says = message
        .strip_suffix(&long)
        .unwrap_or(message)
        .replace(&long, name)
        .replace(&format!("'{path}'"), &format!("'{name}'"));
    let asked = [format!("{path}: "), format!("dlopen({path}, 0x0001): ")];
    let says = asked.iter().find_map(|asked| says.strip_prefix(asked)).unwrap_or(&says);
    Some(says.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The problems of a package that are printed; `all`: those that are printed only with `--verbose`,
/// too.
pub(super) fn problems_of(package: &PackageReport, all: bool) -> Vec<&Problem> {
    let of_file = package.active.iter().flat_map(|active| &active.problems);
    let is_said = |problem: &&Problem| {
        is_worth_saying(problem)
            && (all || !is_quietly_absent(package, problem) && !lacks_the_same(package, problem))
    };
    package.problems.iter().chain(of_file).filter(is_said).collect()
}

/// True for an absent platform package if a problem of the file names it as well, with the library
/// that the file needs of it.
fn lacks_the_same(package: &PackageReport, problem: &Problem) -> bool {
    let Facts::MissingPlatformPackage(absent) = &problem.facts else { return false };
    let of_file = package.active.iter().flat_map(|active| &active.problems);
    let named: Vec<&String> = of_file
        .filter_map(|problem| match &problem.facts {
            Facts::MissingLibrary(facts) => facts.package.as_ref(),
            _ => None,
        })
        .collect();
    !named.is_empty() && absent.packages.iter().all(|package| named.contains(&package))
}

/// True for an optional package without a file to load: it is treated like one that isn't
/// installed.
fn is_quietly_absent(package: &PackageReport, problem: &Problem) -> bool {
    let is_absence = matches!(
        problem.code(),
        Code::NotBuilt | Code::NoMatchingPrebuild | Code::MissingPlatformPackage
    );
    package.optional && package.active.is_none() && is_absence
}

fn what(problem: &Problem) -> Option<Subject> {
    match &problem.facts {
        Facts::Undetermined(facts) => Some(facts.what),
        _ => None,
    }
}
