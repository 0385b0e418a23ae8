//! A package of an audit, in its folder or in an archive of `npm pack`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::error::AuditError;
use super::systems::System;
use crate::control::Control;
use crate::files::{self, PackedError, PackedPackage, real_path, shown};
use crate::project::loader::Installed;
use crate::project::{Folders, Manifest, own_files};

/// A package that can be read. An archive stays mounted until this value is dropped.
pub(super) struct Opened {
    pub installed: Installed,
    /// The path in reports: its folder, or the archive.
    pub path: String,
    /// True for an archive.
    pub is_packed: bool,
    /// The systems that it is for, once they are known: files are read to find them.
    pub systems: OnceLock<BTreeSet<System>>,
    _mount: Option<PackedPackage>,
}

impl Opened {
    /// Reads the package at `path`. `count` is the number of archives that are open at once.
    pub fn read(path: &Path, count: usize, control: &Control) -> Result<Opened, AuditError> {
        if !is_archive(path) {
            let real = real_path(path)
                .map_err(|error| AuditError::Io { path: path.to_path_buf(), error })?;
            let shown = shown(&real);
            return Opened::at(real, path, shown, None, control);
        }
        let package = PackedPackage::mount(path, count, control).map_err(|error| match error {
            PackedError::Io(error) => AuditError::Io { path: path.to_path_buf(), error },
            PackedError::Temporary(error) => AuditError::Io { path: std::env::temp_dir(), error },
            PackedError::Unsound(reason) => {
                AuditError::Archive { path: path.to_path_buf(), reason }
            }
            PackedError::Cancelled => AuditError::Cancelled,
        })?;
        let folder = package.folder().to_path_buf();
        Opened::at(folder, path, shown(path), Some(package), control)
    }

    fn at(
        directory: PathBuf,
        path: &Path,
        shown: String,
        mount: Option<PackedPackage>,
        control: &Control,
    ) -> Result<Opened, AuditError> {
        let manifest = Manifest::read(&directory)
            .map_err(|error| AuditError::Io { path: path.to_path_buf(), error })?;
        let (files, _) = own_files(&directory, control);
        let installed = Installed { directory, manifest, files };
        let systems = OnceLock::new();
        let is_packed = mount.is_some();
        Ok(Opened { installed, path: shown, is_packed, systems, _mount: mount })
    }

    /// The name in its package.json; empty without one.
    pub fn name(&self) -> &str {
        self.installed.manifest.name().unwrap_or_default()
    }

    /// Ignores the files in these folders: they belong to other packages.
    pub fn leave_out<'p>(&mut self, folders: impl Iterator<Item = &'p Path>) {
        let folders: Vec<&Path> = folders.collect();
        let directory = &self.installed.directory;
        let is_own = |file: &String| {
            let path = directory.join(file);
            !folders.iter().any(|folder| path.starts_with(folder))
        };
        self.installed.files.retain(is_own);
    }

    /// The disk as the package sees it. The location of an archive has no meaning for the package
    /// in it.
    pub fn surroundings<'c>(&self, control: &'c Control) -> Folders<'c> {
        let folder = &self.installed.directory;
        match self.is_packed {
            true => Folders::within(folder, control),
            false => Folders::around(folder, control),
        }
    }
}

/// True for a file with the name of a package archive.
pub(super) fn is_archive(path: &Path) -> bool {
    PackedPackage::is_named(path) && !files::is_folder(path)
}
