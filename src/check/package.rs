//! One package: the file that its loader would open, and the outcome.

use std::io;
use std::path::{Path, PathBuf};

use super::absence;
use super::active::{is_damaged, is_empty_target, kills};
use super::file::{CheckOptions, inspect, none_is_error};
use crate::control::Control;
use crate::environment::{Installation, blocked, distribution, installation, npm_lockfile_lacks};
use crate::files::{self, Place, join_inside, locate as place_of, real_path, shown};
use crate::model::problem::file::Unreadable;
use crate::model::reports::{AbiReport, DormantFile, PackageKind, PackageReport};
use crate::model::{Code, Convention, Facts, Fix, Problem, Severity};
use crate::project::loader::{self, Active, Choice, Disk, Installed, Lack};
use crate::project::{
    Folders, Manifest, Native, Origin, Ownership, own_files, ownership, why_dormant,
};
use crate::remedy::{Builds, Patient, Reason, remedy};
use crate::runtime::Runtime;

/// A package that can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file or folder can't be read.
    #[error("{path}: {error}")]
    Io {
        /// The path that was read.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Node's lookup finds no such package.
    #[error(
        "package {name:?} is not installed: no node_modules/{name} in {from} or any folder above it"
    )]
    NotInstalled {
        /// The name that was requested.
        name: String,
        /// The folder in which the search began.
        from: String,
    },
    /// The work was stopped.
    #[error("the check was cancelled")]
    Cancelled,
}

/// Checks the package `name_or_directory`: a folder if it is a path, otherwise a name that is
/// searched in `node_modules` of `from` and of every folder above, as `require` does.
///
/// # Errors
/// [`PackageError`] if there is no such package, or its folder can't be read.
pub fn check_package(
    name_or_directory: &str,
    from: &Path,
    runtime: &Runtime,
    options: CheckOptions,
    control: &Control,
) -> Result<PackageReport, PackageError> {
    let from = std::path::absolute(from).unwrap_or_else(|_| from.to_path_buf());
    let mut disk = Folders::around(&from, control);
    let directory = locate(name_or_directory, &from, &disk)?;
    let fail = |error| PackageError::Io { path: directory.clone(), error };
    let directory = real_path(&directory).map_err(fail)?;
    drop(files::list(&directory).map_err(fail)?);
    let (manifest, manifest_error) = match Manifest::read(&directory) {
        Ok(manifest) => (manifest, None),
        Err(error) => (
            Manifest::default(),
            Some(error).filter(|error| error.kind() != io::ErrorKind::NotFound),
        ),
    };
    let builds = files::is_file(directory.join("binding.gyp"));
    let (files, unread) = own_files(&directory, control);
    let installed = Installed { directory, manifest, files };
    let native = Native {
        installed,
        manifest_error,
        builds,
        is_partial: !unread.is_empty(),
        is_own: false,
        origin: Origin::default(),
    };
    let installation = installation(&native.installed.directory, runtime.host_path());
    if !native.installed.directory.starts_with(&from) {
        disk = Folders::around(&native.installed.directory, control);
    }
    let mut report =
        Check { runtime, options, installation: &installation, disk: &disk }.report(&native);
    if control.stops() {
        return Err(PackageError::Cancelled);
    }
    report.problems.extend(unread.iter().map(|folder| unreadable(&folder.path, &folder.error)));
    if !unread.is_empty() {
        report.complete = false;
        report.ok &= !options.strict;
    }
    Ok(report)
}

fn locate(
    name_or_directory: &str,
    from: &Path,
    disk: &Folders<'_>,
) -> Result<PathBuf, PackageError> {
    let path = Path::new(name_or_directory);
    let is_path = path.is_absolute() || name_or_directory.starts_with('.');
    if is_path {
        return Ok(from.join(path));
    }
    disk.find_package(from, name_or_directory).ok_or_else(|| PackageError::NotInstalled {
        name: name_or_directory.to_owned(),
        from: shown(from),
    })
}

/// The settings for checking packages.
#[derive(Clone, Copy)]
pub(super) struct Check<'a> {
    pub runtime: &'a Runtime,
    pub options: CheckOptions,
    pub installation: &'a Installation,
    pub disk: &'a dyn Disk,
}

impl Check<'_> {
    pub(super) fn report_of_tree(&self, native: &Native, choice: &Choice) -> Option<PackageReport> {
        // A file of a platform package is in the report of the package that needs it.
        let has_something = !native.installed.files.is_empty()
            || (native.awaits_a_build() && choice.active == Active::Unknown)
            || (native.is_prisma_client() && choice.active != Active::Nothing);
        let matters = has_something || choice.lack.is_some() || native.manifest_error.is_some();
        matters.then(|| self.report_choice(native, choice))
    }

    /// Reports one package.
    pub fn report(&self, native: &Native) -> PackageReport {
        self.report_choice(native, &self.choose(native))
    }

    /// The choice of its loader. A lack that isn't certain is removed.
    pub(super) fn choose(&self, native: &Native) -> Choice {
        let choice = loader::choose(&native.installed, self.runtime, self.disk);
        let manifest = &native.installed.manifest;
        let has_install_script = manifest.has_install_script();
        match &choice.lack {
            Some(_) if native.is_partial => {
                Choice { active: Active::Unknown, lack: None, ..choice }
            }
            // The script requires a file that no install script creates, so it may have a reason
            // that abi-guard doesn't see.
            Some(Lack::Build)
                if choice.loader == Convention::Script && !native.builds && !has_install_script =>
            {
                Choice { lack: None, ..choice }
            }
            // The installation compiles something, but no result was found.
            None if matches!(
                choice.loader,
                Convention::Names | Convention::SingleFile | Convention::Unknown
            ) && self.may_miss_a_file(native, &choice) =>
            {
                Choice { active: Active::Unknown, ..choice }
            }
            _ => choice,
        }
    }

    /// True if the names of the files alone show that none is for the runtime, but one may be
    /// needed: the installation compiles something, or there are files for the system for other
    /// releases.
    fn may_miss_a_file(&self, native: &Native, choice: &Choice) -> bool {
        if choice.active != Active::Nothing {
            return false;
        }
        native.awaits_a_build()
            || loader::has_files_of_other_releases(&native.installed, self.runtime)
    }

    pub(super) fn report_choice(&self, native: &Native, choice: &Choice) -> PackageReport {
        let Native { installed, manifest_error, origin, .. } = native;
        let Installed { directory, manifest, files } = installed;
        let mut problems = Vec::new();
        if let Some(error) = manifest_error {
            problems.push(unreadable(&directory.join("package.json"), error));
        }
        let mut active = None;
        if let Some(path) = path_of(&choice.active, directory) {
            match self.judge(&path) {
                Ok(report) => active = Some(report),
                // The header of an archive lists the files that are kept beside it.
                Err(error) => problems.push(match beside_archive(&path) {
                    Some(place) if error.kind() == io::ErrorKind::NotFound => {
                        absence::lost(&place, self.runtime)
                    }
                    _ => unreadable(&path, &error).with_severity(Severity::Error),
                }),
            }
        }
        let needs_none = files.is_empty() && !native.awaits_a_build() && !native.is_prisma_client();
        let mut is_known = choice.active != Active::Unknown || needs_none;
        if !is_known {
            problems.push(absence::unknown(native));
        }
        if is_empty_target(native, choice, active.as_ref()) {
            active = None;
            is_known = false;
            problems.push(absence::empty_target());
        }
        problems.extend(choice.lack.as_ref().map(|lack| {
            absence::problem(native, choice, lack, self.runtime, self.installation, self.disk)
        }));
        problems
            .extend(active.as_ref().and_then(|active| self.shadowed(installed, choice, active)));
        let is_read = problems.iter().all(|problem| problem.code() != Code::Unreadable);
        let complete = is_known && is_read && active.as_ref().is_none_or(|active| active.complete);

        let name: String = match manifest.known_name() {
            Some(name) => name.to_owned(),
            None => directory.file_name().map(shown).unwrap_or_default(),
        };
        let of_file = active.iter().flat_map(|active| &active.problems);
        let decisive: Vec<Reason> = problems.iter().chain(of_file).map(Reason::from).collect();
        // No fix is needed when the package has a fallback.
        let file = active.as_ref().map(|active| active.file.as_str());
        let fix = self
            .remedy(native, choice, &name, file, &decisive)
            .filter(|_| !choice.has_fallback || active.is_some());
        // An app can do without an optional package. But a damaged file is not what was installed,
        // and no `try` around `require` survives one that kills the process.
        let is_excused =
            origin.optional && !active.as_ref().is_some_and(|file| is_damaged(file) || kills(file));
        if is_excused {
            let warning = |problem: Problem| problem.with_severity(Severity::Warning);
            problems = problems.into_iter().map(warning).collect();
        }
        let loads = is_excused || active.as_ref().is_none_or(|active| active.ok);
        PackageReport {
            kind: PackageKind::Package,
            dormant: self.dormant(installed, choice, &name),
            name,
            version: manifest.version().map(str::to_owned),
            path: shown(directory),
            loader: choice.loader.clone(),
            ok: none_is_error(&problems) && loads && (complete || !self.options.strict),
            complete,
            active,
            problems,
            fix,
            optional: origin.optional,
            dev: origin.dev,
            required_by: origin.required_by.clone(),
        }
    }

    /// The files that the package doesn't load, with the reason if it is known.
    fn dormant(&self, installed: &Installed, choice: &Choice, name: &str) -> Vec<DormantFile> {
        let active = match &choice.active {
            Active::File(file) => Some(file.as_str()),
            Active::Elsewhere { .. } | Active::Nothing | Active::Unknown => None,
        };
        let dormant = installed.files.iter().filter(|file| Some(file.as_str()) != active);
        let described = dormant.filter_map(|file| {
            let path = join_inside(&installed.directory, file)?;
            Some(DormantFile {
                file: shown(&path),
                reason: why_dormant(&choice.loader, name, file, active, self.runtime),
            })
        });
        described.collect()
    }

    /// The fix for the package; without problems it does no file access.
    fn remedy(
        &self,
        native: &Native,
        choice: &Choice,
        name: &str,
        file: Option<&str>,
        reasons: &[Reason],
    ) -> Option<Fix> {
        if reasons.is_empty() {
            return None;
        }
        let Installed { directory, manifest, .. } = &native.installed;
        let (name, directory) = match &choice.lack {
            Some(Lack::FileElsewhere { name, directory, .. }) => (name.as_str(), directory),
            _ => (name, directory),
        };
        let root = &self.installation.root;
        remedy(&Patient {
            package: name,
            path: &shown(directory),
            reasons,
            builds: builds(native, choice),
            loader: &choice.loader,
            block: &|| blocked(self.installation, name, manifest.version()),
            installation: self.installation,
            runtime: self.runtime,
            title: &self.runtime.title(),
            is_unlocked: missing_platform_package(reasons)
                .is_some_and(|name| npm_lockfile_lacks(&self.installation.root, name)),
            has_manifest: self.installation.has_manifest(),
            file,
            distribution: distribution(),
            ownership: match choice.loader {
                // The package manager doesn't install what Prisma generates.
                Convention::Prisma if directory.starts_with(root) => Ownership::Sources,
                _ => ownership::ownership(root, directory),
            },
            home: &|| ownership::project_of(directory).map(shown),
            may_replace: &|place| ownership::may_replace(root, Path::new(place)),
        })
    }

    fn judge(&self, path: &Path) -> io::Result<AbiReport> {
        Ok(inspect(path)?.judge(self.runtime, self.options))
    }

    /// A local build that doesn't load, and hides a prebuilt file that would load.
    fn shadowed(
        &self,
        installed: &Installed,
        choice: &Choice,
        active: &AbiReport,
    ) -> Option<Problem> {
        let Active::File(file) = &choice.active else { return None };
        if active.ok || !file.starts_with("build/") {
            return None;
        }
        let files =
            installed.files.iter().filter(|file| !file.starts_with("build/")).cloned().collect();
        let without_build = Installed { files, ..installed.clone() };
        let other = loader::choose(&without_build, self.runtime, self.disk);
        let path = path_of(&other.active, &installed.directory)?;
        self.judge(&path).ok()?.ok.then(|| absence::shadowed(installed, file, &path))
    }
}

/// The platform package that isn't installed.
fn missing_platform_package(reasons: &[Reason]) -> Option<&str> {
    reasons.iter().find_map(|reason| match &reason.facts {
        Some(Facts::MissingPlatformPackage(facts)) => facts.packages.first().map(String::as_str),
        _ => None,
    })
}

/// How the package's file is created again.
fn builds(native: &Native, choice: &Choice) -> Builds {
    let manifest = &native.installed.manifest;
    match &choice.active {
        // The file came in a platform package.
        Active::Elsewhere { .. } => Builds::Never,
        _ if native.builds
            && manifest.compiles_by_default()
            && manifest.script("install").is_none() =>
        {
            Builds::ByNodeGyp
        }
        _ if native.can_be_built() => Builds::ByScript,
        _ => Builds::Never,
    }
}

fn path_of(active: &Active, directory: &Path) -> Option<PathBuf> {
    match active {
        Active::File(file) => join_inside(directory, file),
        Active::Elsewhere { package, file } => join_inside(package, file),
        Active::Nothing | Active::Unknown => None,
    }
}

/// The place beside an archive where a file must be that its header lists; None for other files.
fn beside_archive(path: &Path) -> Option<PathBuf> {
    match place_of(path) {
        Ok(Place::File(place)) if place != path => Some(place),
        _ => None,
    }
}

/// A warning about something that couldn't be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let facts = Unreadable { path: shown(path) };
    Problem::warning(facts, format!("can't read {}: {error}", path.display()))
}
