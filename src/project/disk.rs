//! Access to packages on disk for conventions and for the dependency graph, with Node's lookup
//! rules.

use std::io;
use std::path::{Path, PathBuf};

use super::installed::{Disk, Installed};
use super::package::Manifest;
use super::paths::{is_inside, relative};
use super::pnp::{self, Pnp};
use super::step::Extent;
use super::walk::{Unreadable, is_node_modules, walk};
use crate::control::Control;
use crate::files::{self, Source, real_path};

/// The longest script that is read, in bytes.
pub const LONGEST_SCRIPT: u64 = 1 << 20;

/// Packages in folders, and in a Plug'n'Play table if there is one.
#[derive(Debug)]
pub struct Folders<'c> {
    pnp: Option<Pnp>,
    /// The folder that no search leaves.
    root: Option<PathBuf>,
    control: &'c Control,
}

impl<'c> Folders<'c> {
    /// The disk as seen by the packages in and around `directory`.
    #[must_use]
    pub fn around(directory: &Path, control: &'c Control) -> Folders<'c> {
        let pnp = pnp::find(directory).and_then(|path| Pnp::read(&path).ok());
        Folders { pnp, root: None, control }
    }

    /// As [`Folders::around`], but without the folders above `root`: an archive's location has no
    /// meaning for the package in it.
    #[must_use]
    pub fn within(root: &Path, control: &'c Control) -> Folders<'c> {
        Folders { pnp: None, root: Some(root.to_path_buf()), control }
    }

    /// The real path of the package that `require(name)` finds from `directory`.
    #[must_use]
    pub fn find_package(&self, directory: &Path, name: &str) -> Option<PathBuf> {
        let governed = self.pnp.as_ref().and_then(|pnp| {
            let location = files::ancestors(directory).find(|folder| pnp.governs(folder))?;
            pnp.resolve(location, name).map(Path::to_path_buf)
        });
        let is_within =
            |folder: &Path| self.root.as_ref().is_none_or(|root| folder.starts_with(root));
        governed.or_else(|| find_package_in(directory.ancestors().filter(|at| is_within(at)), name))
    }
}

impl Disk for Folders<'_> {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        read_script(directory, file)
    }

    fn package(&self, directory: &Path, name: &str) -> Option<Installed> {
        self.find_package(directory, name).map(|found| installed_at(found, self.control))
    }

    fn names(&self, directory: &Path, folder: &str) -> Vec<String> {
        names_in(directory, folder)
    }

    fn control(&self) -> &Control {
        self.control
    }
}

/// The package in a folder. If its package.json can't be read, only its files.
pub(super) fn installed_at(directory: PathBuf, control: &Control) -> Installed {
    let manifest = Manifest::read(&directory).unwrap_or_default();
    let (files, _) = own_files(&directory, control);
    Installed { directory, manifest, files }
}

/// The names in a folder of a package.
pub(super) fn names_in(directory: &Path, folder: &str) -> Vec<String> {
    if !folder.is_empty() && !is_inside(folder) {
        return Vec::new();
    }
    let entries = files::list(directory.join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| entry.name.to_string_lossy().into_owned()).collect()
}

/// The text of a script or of a similar file.
pub(super) fn read_script(directory: &Path, file: &str) -> Option<String> {
    if !is_inside(file) {
        return None;
    }
    let bytes = Source::open(&directory.join(file)).ok()?.contents(LONGEST_SCRIPT).ok()?;
    Some(
        String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    )
}

/// The real path of the package that `require(name)` finds in the `node_modules` of `directory` and
/// the folders above.
pub(super) fn find_package(directory: &Path, name: &str) -> Option<PathBuf> {
    find_package_in(files::ancestors(directory), name)
}

fn find_package_in<'a>(folders: impl Iterator<Item = &'a Path>, name: &str) -> Option<PathBuf> {
    if !is_package_path(name) {
        return None;
    }
    let found = folders
        .filter(|folder| !is_node_modules(folder.file_name()))
        .map(|folder| folder.join("node_modules").join(name))
        .find(|candidate| files::is_folder(candidate))?;
    real_path(&found).ok()
}

/// True for a possible package name. Other names would lead out of node_modules.
pub(super) fn is_package_path(name: &str) -> bool {
    is_inside(name) && name.split('/').all(|part| !matches!(part, "" | "."))
}

/// The `.node` files of the package in `directory`, without those of its dependencies; relative,
/// with `/`, sorted. Also the folders in it that couldn't be read.
#[must_use]
pub fn own_files(directory: &Path, control: &Control) -> (Vec<String>, Vec<Unreadable>) {
    match walk(directory, Extent::Package, control) {
        Ok(found) => {
            (found.files.iter().map(|file| relative(directory, file)).collect(), found.unreadable)
        }
        // The package is in a zip of Yarn's cache (Yarn unpacks packages with addons), or it was
        // removed meanwhile.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::NotFound) =>
        {
            (Vec::new(), Vec::new())
        }
        Err(error) => (Vec::new(), vec![Unreadable { path: directory.to_path_buf(), error }]),
    }
}
