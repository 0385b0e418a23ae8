//! Explains errors that already happened: the meaning of their texts, together with the files that
//! they name, if those exist on this computer.

mod log;
mod said_by;

use std::path::{Path, PathBuf};

pub use log::decoded;

use super::evidence::causes_of;
use super::file::{CheckOptions, inspect};
use super::package::check_package;
use crate::control::Control;
use crate::environment::{
    Block, Distribution, Installation, PackageManager, blocked, distribution, installation,
};
use crate::files::{self, is_network_path, shown};
use crate::model::reports::{AbiReport, Explanation, ExplanationKind, PackageReport};
use crate::model::{
    Code, Convention, ExplanationCode, Facts, Fix, Problem, RootCauseCode, Severity, Stage,
};
use crate::project::{Ownership, ownership};
use crate::remedy::explain::{Finding, Store, Weight, clean, is_for_one_system, recognize};
use crate::remedy::{Builds, Patient, Reason, remedy};
use crate::runtime::{Runtime, registry};
use crate::verdict::restored;

/// Only the end of a text longer than this (in bytes) is read, because the error is there.
const LONGEST: usize = 64 << 20;
/// The maximum number of explanations.
const MOST: usize = 20;

/// The explanations of an error's text and of its causes' texts, the one with the highest weight
/// first. Empty if nothing is recognized; incomplete if `control` stops the work. `from` is the
/// folder of the project, used if a text names a package only.
#[must_use]
pub fn explain(
    texts: &[String],
    from: &Path,
    host: &Runtime,
    control: &Control,
) -> Vec<Explanation> {
    let mut findings: Vec<Finding> = Vec::new();
    for text in texts.iter().take_while(|_| !control.stops()) {
        for finding in recognize(&clean(end_of(text)), &|| control.stops()) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    // A loader's error is the root cause; errors that packages made of it are not.
    let heaviest = findings.iter().map(|finding| finding.weight).max();
    findings.retain(|finding| finding.weight != Weight::Guess || heaviest == Some(Weight::Guess));
    // A file of the package that was rejected is there.
    let refused: Vec<String> = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Refusal)
        .filter_map(Finding::subject)
        .collect();
    let is_there = |finding: &Finding| finding.subject().is_some_and(|it| refused.contains(&it));
    findings.retain(|finding| finding.weight != Weight::Absence || !is_there(finding));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.weight));
    let mut explanations: Vec<Explanation> = Vec::new();
    for mut finding in findings.into_iter().take_while(|_| !control.stops()) {
        finding.file = finding.file.map(|file| restored(&file).unwrap_or(file));
        let explanation = Reading { finding, from, host, control }.explain();
        let is_known = |other: &Explanation| {
            other.code == explanation.code
                && other.package == explanation.package
                && (other.file == explanation.file || explanation.file.is_none())
        };
        if explanations.len() < MOST && !explanations.iter().any(is_known) {
            explanations.push(explanation);
        }
    }
    explanations
}

fn end_of(text: &str) -> &str {
    let mut start = text.len().saturating_sub(LONGEST);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    &text[start..]
}

/// One finding, and the folder in which its files are searched.
struct Reading<'a> {
    finding: Finding,
    from: &'a Path,
    host: &'a Runtime,
    control: &'a Control,
}

/// The runtime that printed the error.
#[derive(Clone, Copy)]
struct Judged<'a> {
    runtime: &'a Runtime,
    /// Its name in sentences: that of its line if the text has no release.
    title: &'a str,
}

impl Reading<'_> {
    fn explain(self) -> Explanation {
        let runtime = said_by::runtime(&self.finding, self.host);
        let path = self.file();
        let package = self.finding.subject();
        let installed = self
            .installed(path.as_deref(), package.as_deref())
            .filter(|installed| installed.ok || self.is_the_same(installed, path.as_deref()));
        // Another runtime can't confirm an error of Bun or Deno, nor a check of the file an error
        // of a bundler or a policy.
        let is_foreign = self.finding.only_in.is_some_and(|kind| kind != runtime.kind)
            || self.finding.reason().is_none();
        let checked = path
            .as_deref()
            .filter(|_| !is_foreign)
            .and_then(|path| inspect(path).ok())
            .map(|file| file.judge(&runtime, CheckOptions::default()));
        let mut explanation = Explanation {
            kind: ExplanationKind::Explanation,
            code: self.finding.code,
            summary: self.finding.summary.clone(),
            why: self.finding.why.clone(),
            file: self.finding.file.clone(),
            package: package.clone(),
            built_for: None,
            runs_on: None,
            fix: None,
            certain: self.finding.certain,
        };
        let mut reason = self.finding.reason();
        match checked {
            Some(report) if report.ok && report.complete && runtime.is_host => {
                explanation.why = format!(
                    "{}; the file that is there now loads in {}",
                    self.finding.why,
                    runtime.title()
                );
            }
            Some(report) => reason = confirm(&mut explanation, &report).or(reason),
            None => {}
        }
        self.name_runtimes(&mut explanation, reason.as_ref(), &runtime);
        // The text has an ABI, which belongs to a line and not to its newest release.
        let line = || self.finding.said_by.and_then(registry::name_of_abi);
        let title = match runtime.is_host {
            true => runtime.title(),
            false => explanation.runs_on.clone().or_else(line).unwrap_or_else(|| runtime.title()),
        };
        let judged = Judged { runtime: &runtime, title: &title };
        explanation.fix = self.fix(reason.as_ref(), package.as_deref(), installed.as_ref(), judged);
        if let Some(installed) = &installed {
            let installation = installation(Path::new(&installed.path), runtime.host_path());
            let causes = causes_of(std::iter::once(installed), &installation, &runtime);
            // Causes with evidence replace the likely ones.
            let is_explained = causes.iter().any(|cause| {
                matches!(cause.code, RootCauseCode::NodeChanged | RootCauseCode::ElectronFlip)
            });
            let likely = (!is_explained).then(|| explanation.why.clone());
            let why: Vec<String> =
                likely.into_iter().chain(causes.into_iter().map(|cause| cause.message)).collect();
            explanation.why = why.join("; ");
        }
        explanation
    }

    /// The package manager, by the folders in the text if they show it.
    fn installation(&self) -> Installation {
        let here = installation(self.from, self.host.host_path());
        match self.finding.context.store {
            Some(Store::Of(manager)) => here.by(manager),
            Some(Store::Deno) | None => here,
        }
    }

    /// True if the installed package has the problem in the text: evidence from this project says
    /// nothing about an error from another computer.
    fn is_the_same(&self, installed: &PackageReport, file: Option<&Path>) -> bool {
        let of_file = installed.active.iter().flat_map(|active| &active.problems);
        let mut codes = installed.problems.iter().chain(of_file).map(Problem::code);
        match self.finding.reason() {
            Some(reason) => {
                file.is_some() && !self.finding.certain || codes.any(|code| code == reason.code)
            }
            // A build that failed during installation left the package without a file.
            None => codes.any(|code| matches!(code, Code::NotBuilt | Code::NoMatchingPrebuild)),
        }
    }

    /// The file that the text names, if it exists here.
    fn file(&self) -> Option<PathBuf> {
        let path = self.finding.file.as_ref()?;
        // Network paths are never opened: untrusted text must not cause network access.
        if is_network_path(path) {
            return None;
        }
        let path = self.from.join(path);
        files::is_file(&path).then_some(path)
    }

    /// The package, if it is installed here.
    fn installed(&self, file: Option<&Path>, package: Option<&str>) -> Option<PackageReport> {
        let folder = file.and_then(|file| {
            files::ancestors(file)
                .skip(1)
                .find(|folder| files::is_file(folder.join("package.json")))
        });
        let name = folder.map(shown).or_else(|| package.map(str::to_owned))?;
        check_package(&name, self.from, self.host, CheckOptions::default(), self.control).ok()
    }

    fn name_runtimes(
        &self,
        explanation: &mut Explanation,
        reason: Option<&Reason>,
        runtime: &Runtime,
    ) {
        let facts = reason.and_then(|reason| reason.facts.as_ref());
        let told = self.finding.abis.map(|(built, _)| built);
        let built = told.or_else(|| facts?.built_for_abi());
        if let Some(abi) = built {
            let name =
                |abi: i32| registry::name_of_abi(abi).unwrap_or_else(|| format!("ABI {abi}"));
            explanation.built_for = Some(name(abi));
            explanation.runs_on = Some(match self.finding.abis {
                Some((_, needed)) if !runtime.is_host => name(needed),
                _ => runtime.title(),
            });
        } else if let Some(system) = facts.and_then(Facts::built_for_system) {
            explanation.built_for = Some(system.to_owned());
            explanation.runs_on = Some(runtime.system());
        }
    }

    fn fix(
        &self,
        reason: Option<&Reason>,
        package: Option<&str>,
        installed: Option<&PackageReport>,
        judged: Judged<'_>,
    ) -> Option<Fix> {
        let advised = self.advised(installed.is_some_and(|installed| !installed.ok));
        // The obstacle to the build has to be fixed before a new build, and a build that has just
        // failed fails again.
        if (self.finding.weight == Weight::Build || self.finding.has_failed) && advised.is_some() {
            return advised;
        }
        // The installed package is broken too, so its own fix applies.
        let here = installed
            .filter(|installed| !installed.ok && judged.runtime.is_host)
            .and_then(|installed| installed.fix.clone());
        let fix =
            here.or(advised).or_else(|| self.of_problem(reason?, package?, installed, judged));
        match fix {
            Some(fix) if self.finding.has_failed && fix.stage == Stage::Build => {
                package.map(failed)
            }
            fix => fix,
        }
    }

    /// The fix that follows from the text alone. A log may come from another system, unless the
    /// package is broken on this one.
    fn advised(&self, is_here: bool) -> Option<Fix> {
        let advice = self.finding.advice.as_ref()?;
        let tools = || {
            distribution()
                .filter(|_| advice.is_toolchain && is_here)
                .map(Distribution::install_toolchain)
        };
        Some(Fix {
            summary: advice.summary.clone(),
            why: self.finding.why.clone(),
            commands: advice.command.clone().or_else(tools).into_iter().collect(),
            stage: Stage::Advice,
            ..Fix::default()
        })
    }

    /// The fix for the problem, whether or not the package is installed here.
    fn of_problem(
        &self,
        reason: &Reason,
        package: &str,
        installed: Option<&PackageReport>,
        judged: Judged<'_>,
    ) -> Option<Fix> {
        let runtime = judged.runtime;
        if runtime.version.is_none() && self.finding.abis.is_some() {
            // The runtime isn't known, so its command isn't known either.
            return Some(Fix::advice(
                format!("Rebuild {package} for the runtime that runs it"),
                "it was built for another runtime",
            ));
        }
        let path =
            installed.map_or_else(|| "node_modules".to_owned(), |installed| installed.path.clone());
        let installation = self.installation();
        let root = &installation.root;
        // Since version 10 pnpm runs only approved install scripts.
        let unapproved = || {
            let is_unbuilt = reason.code == Code::NotBuilt
                && installation.manager == PackageManager::Pnpm
                && installation.version().is_none();
            let told = || Block::perhaps(package);
            blocked(&installation, package, None).or_else(|| is_unbuilt.then(told))
        };
        // The fix for a missing function is the same for eager and lazy binding.
        let reason = match reason.code {
            Code::LazyMissingSymbol => Reason { code: Code::MissingSymbol, facts: None },
            _ => reason.clone(),
        };
        let fix = remedy(&Patient {
            package,
            path: &path,
            reasons: std::slice::from_ref(&reason),
            builds: if is_for_one_system(package) { Builds::Never } else { Builds::ByScript },
            loader: installed.map_or(&Convention::Unknown, |installed| &installed.loader),
            block: &unapproved,
            installation: &installation,
            // The fix assumes that the runtime that printed the error runs it.
            runtime: &Runtime { is_host: true, ..runtime.clone() },
            title: judged.title,
            is_unlocked: false,
            has_manifest: installed.is_none() || installation.has_manifest(),
            file: self.finding.file.as_deref(),
            distribution: distribution(),
            ownership: installed.map_or(Ownership::Installed, |installed| {
                ownership::ownership(root, Path::new(&installed.path))
            }),
            home: &|| ownership::project_of(Path::new(&path)).map(shown),
            may_replace: &|place| ownership::may_replace(root, Path::new(place)),
        });
        fix.or_else(|| {
            // Such a package is never compiled, so the system or the version has to change.
            let is_too_old = matches!(reason.code, Code::GlibcTooOld | Code::LibstdcxxTooOld);
            is_too_old.then(|| {
                let what = format!(
                    "Use a newer system or base image, or a version of {package} \
                    that was built for older ones"
                );
                Fix::advice(what, "it ships prebuilt files, and compiles none when it is installed")
            })
        })
    }
}

/// In place of a build, if the text shows one that failed.
fn failed(package: &str) -> Fix {
    Fix::advice(
        format!("Look for the reason why the build of {package} failed in this text"),
        "another build would fail the same way",
    )
}

/// Facts from the file itself override the interpretation of the text.
fn confirm(explanation: &mut Explanation, report: &AbiReport) -> Option<Reason> {
    let decisive = |problem: &&Problem| {
        problem.severity == Severity::Error && problem.code() != Code::Undetermined
    };
    let is_told = |problem: &&Problem| {
        ExplanationCode::Problem(problem.code()) == explanation.code && decisive(problem)
    };
    let told = report.problems.iter().find(is_told);
    // What a system lacks shows only on that system: another problem of the file here says nothing
    // about it.
    let is_of_system = matches!(
        explanation.code,
        ExplanationCode::Problem(
            Code::GlibcTooOld | Code::LibstdcxxTooOld | Code::MissingLibrary | Code::StaticTls
        )
    );
    if told.is_none() && explanation.certain && is_of_system {
        return None;
    }
    let problem = told.or_else(|| report.problems.iter().find(decisive))?;
    let code = ExplanationCode::Problem(problem.code());
    if explanation.code != code {
        explanation.code = code;
        explanation.why = format!(
            "this is what the file shows, which was read now; the text alone says: {}",
            explanation.summary
        );
    }
    explanation.summary.clone_from(&problem.message);
    explanation.certain = true;
    Some(Reason::from(problem))
}
