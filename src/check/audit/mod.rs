//! The author's view of a package: whether each `.node` file holds what its name claims, whether
//! the package's loader finds it, whether each promised system has a file, and what the files
//! need.

mod engines;
mod error;
mod file;
pub(super) mod floors;
mod found_by;
mod mislabelled;
mod promises;
mod releases;
mod subject;
mod systems;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::choices::Choices;
use super::file::none_is_error;
use crate::control::Control;
use crate::files::{self, PackedError, PackedPackage, real_path, shown};
use crate::model::reports::{AuditKind, AuditReport, AuditedFile};
use crate::project::loader::Installed;
use crate::project::{Folders, Manifest, own_files};
use crate::runtime::Runtime;
pub use error::AuditError;
use subject::Audit;

/// Audits the package in a folder, or in an archive of `npm pack`; `host` fills in what specs of
/// runtimes leave open.
///
/// # Errors
/// [`AuditError`] when the folder, its package.json or the archive can't be read, or the work was
/// stopped.
pub fn audit(path: &Path, host: &Runtime, control: &Control) -> Result<AuditReport, AuditError> {
    let fail = |error| AuditError::Io { path: path.to_path_buf(), error };
    let report = |directory: PathBuf, disk: Folders<'_>| {
        let manifest = Manifest::read(&directory).map_err(fail)?;
        let (files, _) = own_files(&directory, control);
        let installed = Installed { directory, manifest, files };
        let choices = Choices::new(&installed);
        let report = Audit { installed, host, disk, choices, control }.report();
        if control.stops() { Err(AuditError::Cancelled) } else { Ok(report) }
    };
    if !PackedPackage::is_named(path) || files::is_folder(path) {
        let real = real_path(path).map_err(fail)?;
        let disk = Folders::around(&real, control);
        return report(real, disk);
    }
    let package = PackedPackage::mount(path, control).map_err(|error| match error {
        PackedError::Io(error) => fail(error),
        PackedError::Temporary(error) => AuditError::Io { path: std::env::temp_dir(), error },
        PackedError::Unsound(reason) => AuditError::Archive { path: path.to_path_buf(), reason },
        PackedError::Cancelled => AuditError::Cancelled,
    })?;
    let folder = package.folder();
    let report = report(folder.to_path_buf(), Folders::within(folder, control))?;
    Ok(AuditReport { path: shown(path), ..report })
}

impl Audit<'_> {
    fn report(&self) -> AuditReport {
        let manifest = &self.installed.manifest;
        let mut floors = BTreeMap::new();
        let files: Vec<AuditedFile> = self
            .installed
            .files
            .iter()
            .take_while(|_| !self.control.stops())
            .map(|file| self.file(file, &mut floors))
            .collect();
        let (promises, mut problems) = self.promises();
        problems.extend(self.engines(&floors));
        AuditReport {
            kind: AuditKind::Audit,
            ok: none_is_error(&problems) && files.iter().all(|file| none_is_error(&file.problems)),
            name: manifest.name().unwrap_or_default().to_owned(),
            version: manifest.version().map(str::to_owned),
            path: shown(&self.installed.directory),
            files,
            promises,
            floors: floors.into_values().collect(),
            problems,
        }
    }
}
