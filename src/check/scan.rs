//! Scans of whole projects.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use serde::Deserialize;

use super::evidence::causes_of;
use super::file::CheckOptions;
use super::output::advice::advise;
use super::output::recognize::output_at;
use super::package::{Check, unreadable};
use crate::control::Control;
use crate::crew;
use crate::environment::{installation, repair_journal};
use crate::files::{real_path, shown};
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::problem::package::{InterruptedRepair, InvalidSettings};
use crate::model::reports::{PackageReport, ScanKind, ScanReport, Stats};
use crate::model::{Fix, Problem};
use crate::project::{
    self, Manifest, Native, Ownership, Packaged, Project, Settings, electron_in, matches_stars,
    ownership,
};
use crate::remedy::{merge, reinstall};
use crate::runtime::{Runtime, RuntimeSpec, resolve};

/// The extent of a scan, and its settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ScanOptions {
    /// As for a single file.
    #[serde(flatten)]
    pub check: CheckOptions,
    /// Names of the packages to check; an empty list means all. `*` matches any characters.
    /// Default: the setting in package.json.
    pub include: Option<Vec<String>>,
    /// Names of the packages to skip. Default: the setting in package.json.
    pub ignore: Option<Vec<String>>,
    /// True to skip packages that are used for development only.
    pub production: bool,
}

/// The reason for a scan without a report.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The directory can't be read.
    #[error("{path}: {error}")]
    Io {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// The work was stopped.
    #[error("the scan was cancelled")]
    Cancelled,
}

/// The settings in the package.json of the project at `directory`; the default if it can't be read.
/// A packaged Electron app is judged for its own Electron, not for the runtime of the scan.
#[must_use]
pub fn settings(directory: &Path) -> Settings {
    let mut settings =
        Manifest::read(directory).map(|manifest| Settings::of(&manifest)).unwrap_or_default();
    if settings.target.is_none()
        && let Some(Packaged { version, system }) = electron_in(directory)
    {
        match version {
            Some(version) => {
                let system = system.map(|system| format!("/{system}")).unwrap_or_default();
                settings.target = Some(format!("electron@{version}{system}").into());
            }
            None => settings.packaged_for_unknown_electron = true,
        }
    }
    settings
}

/// The target in the settings of an app, or the Electron of a packaged one; `None` if there
/// is none, or one that names no runtime.
pub(super) fn target_of(settings: &Settings, host: &Runtime) -> Option<Runtime> {
    let spec: RuntimeSpec = serde_json::from_value(settings.target.clone()?).ok()?;
    resolve(Some(&spec), host).ok()
}

/// Scans the project at `directory`, which has these `settings`.
///
/// # Errors
/// [`ScanError`] if the directory itself can't be read, or the scan was stopped. Anything below it
/// that can't be read becomes a problem in the report; the rest is complete.
pub fn scan(
    directory: &Path,
    runtime: &Runtime,
    options: &ScanOptions,
    settings: &Settings,
    control: &Control,
) -> Result<ScanReport, ScanError> {
    let (mut report, _) = scan_as_project(directory, runtime, options, settings, control)?;
    if !report.ok
        && let Some(output) = output_at(directory)
    {
        advise(&output, &mut report, runtime, control);
    }
    Ok(report)
}

/// The same, and what was read for it. The output of a build is taken for a project: its fixes
/// don't name the build.
///
/// # Errors
/// As for [`scan`].
pub(super) fn scan_as_project<'c>(
    directory: &Path,
    runtime: &Runtime,
    options: &ScanOptions,
    settings: &Settings,
    control: &'c Control,
) -> Result<(ScanReport, Project<'c>), ScanError> {
    let started = Instant::now();
    let fail = |error| ScanError::Io { path: directory.to_path_buf(), error };
    let directory = real_path(directory).map_err(fail)?;
    let project = project::read(&directory, runtime, control).map_err(fail)?;
    let installation = installation(&directory, runtime.host_path());
    let check =
        Check { runtime, options: options.check, installation: &installation, disk: &project };
    let wanted = Wanted::of(options, settings);
    let reports = crew::map(&project.natives, |native| {
        if control.stops() || (native.origin.dev && options.production) {
            return Vec::new();
        }
        let mut reports = check.reports_of_tree(native);
        reports.retain(|report| wanted.includes(&report.name, native) && !is_guard(&report.name));
        control.packages.fetch_add(reports.len(), Ordering::Relaxed);
        reports
    });
    let mut packages: Vec<PackageReport> = reports.into_iter().flatten().collect();
    if control.stops() {
        return Err(ScanError::Cancelled);
    }
    let file = |report: &PackageReport| report.active.as_ref().map(|active| active.file.clone());
    packages.sort_by(|a, b| a.path.cmp(&b.path).then_with(|| file(a).cmp(&file(b))));
    let mistakes = settings.mistakes.iter().map(|mistake| invalid_settings(&directory, mistake));
    let unknown_target = settings.packaged_for_unknown_electron.then(|| {
        let message =
            "this is a packaged Electron app, judged for another runtime: name its Electron, as in \
                --target electron@31";
        Problem::warning(Undetermined { what: Subject::Target }, message)
    });
    let unread = project.unreadable.iter().map(|folder| unreadable(&folder.path, &folder.error));
    let interrupted = interrupted_repair(&installation.root);
    let problems: Vec<Problem> =
        mistakes.chain(unknown_target).chain(unread).chain(interrupted).collect();
    let fixes = merge(
        packages.iter().filter(|package| !package.ok).filter_map(|package| package.fix.clone()),
    );
    let causes = causes_of(packages.iter(), &installation, runtime);
    let complete = problems.is_empty() && packages.iter().all(|package| package.complete);
    let report = ScanReport {
        kind: ScanKind::Scan,
        ok: packages.iter().all(|package| package.ok) && (complete || !options.check.strict),
        complete,
        directory: shown(&directory),
        target: runtime.report(),
        stats: Stats {
            directories: control.directories.load(Ordering::Relaxed),
            files: project.files,
            checked: packages.iter().filter(|package| package.active.is_some()).count(),
            milliseconds: started.elapsed().as_secs_f64() * 1000.0,
        },
        packages,
        problems,
        causes,
        fixes,
    };
    Ok((report, project))
}

/// True for abi-guard itself. An app works without it, so its problems are not the app's.
fn is_guard(name: &str) -> bool {
    name == "abi-guard" || name.starts_with("@abi-guard/binding-")
}

fn interrupted_repair(root: &Path) -> Option<Problem> {
    let journal = repair_journal(root)?;
    let message =
        "a repair was interrupted, or is still running: abi-guard fix restores what it replaced";
    let facts = InterruptedRepair { path: shown(&journal) };
    Some(Problem::warning(facts, message))
}

/// The fix that installs the broken packages of `report` from scratch: the second step, for when
/// fixing each of them was not enough. `None` if the package manager installed none of them for
/// this project, or in a folder without a package.json.
#[must_use]
pub fn clean_reinstall(report: &ScanReport, host: &Runtime) -> Option<Fix> {
    let installation = installation(Path::new(&report.directory), host.host_path());
    if !installation.has_manifest() {
        return None;
    }
    let is_owned = |package: &&PackageReport| {
        ownership::ownership(&installation.root, Path::new(&package.path)) == Ownership::Installed
    };
    let broken: Vec<&PackageReport> =
        report.packages.iter().filter(|package| !package.ok).filter(is_owned).collect();
    let folders: Vec<&str> = broken.iter().map(|package| package.path.as_str()).collect();
    let names: Vec<&str> = broken.iter().map(|package| package.name.as_str()).collect();
    reinstall(&names, &folders, &installation)
}

fn invalid_settings(directory: &Path, mistake: &str) -> Problem {
    let path = directory.join("package.json");
    let facts = InvalidSettings { path: shown(&path) };
    Problem::warning(facts, format!("{}: {mistake}", path.display()))
}

/// The packages to check.
pub(super) struct Wanted<'a> {
    include: &'a [String],
    ignore: &'a [String],
}

impl<'a> Wanted<'a> {
    /// Options override the project's settings.
    pub fn of(options: &'a ScanOptions, settings: &'a Settings) -> Wanted<'a> {
        let include = options.include.as_ref().or(settings.include.as_ref());
        let ignore = options.ignore.as_ref().or(settings.ignore.as_ref());
        Wanted {
            include: include.map_or(&[], Vec::as_slice),
            ignore: ignore.map_or(&[], Vec::as_slice),
        }
    }

    /// A pattern matches a package, or the packages that need it as their platform package: users
    /// know sharp, but its file is in @img/sharp-linux-x64.
    pub fn includes(&self, name: &str, native: &Native) -> bool {
        let is_part = native.installed.manifest.is_for_one_platform();
        let chains = native.origin.required_by.iter().filter(|_| is_part);
        let names: Vec<&str> =
            chains.filter_map(|chain| chain.last()).map(String::as_str).chain([name]).collect();
        self.includes_one_of(&names)
    }

    /// The same for a package with these names.
    pub fn includes_one_of(&self, names: &[&str]) -> bool {
        let among = |patterns: &[String]| {
            patterns.iter().any(|pattern| names.iter().any(|name| matches_stars(pattern, name)))
        };
        (self.include.is_empty() || among(self.include)) && !among(self.ignore)
    }
}

#[cfg(test)]
mod tests {
    use super::matches_stars;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("sharp", "sharp", true),
            ("sharp", "sharp2", false),
            ("@img/*", "@img/sharp-linux-x64", true),
            ("@img/*", "@imgs/x", false),
            ("*-linux-*", "swc-linux-x64", true),
            ("*", "anything", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches_stars(pattern, name), expected, "{pattern} {name}");
        }
    }
}
