//! A package on disk, and the disk access that conventions need.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::naming::{Claims, claims};
use super::package::Manifest;
use crate::control::Control;

/// A package on disk.
#[derive(Clone, Debug, Default)]
pub struct Installed {
    /// Its folder.
    pub directory: PathBuf,
    /// Its package.json.
    pub manifest: Manifest,
    /// Its `.node` files, relative to the folder, with `/`, sorted.
    pub files: Vec<String>,
}

impl Installed {
    /// The claims in the path of one of its files. The package's own name in it is ignored:
    /// "node-active-win.node" is for all systems.
    #[must_use]
    pub fn claims_of(&self, file: &str) -> Claims {
        claims_in(self.manifest.name().unwrap_or_default(), file)
    }
}

/// As [`Installed::claims_of`], for a package known by its name.
#[must_use]
pub fn claims_in(package: &str, file: &str) -> Claims {
    let name = package.rsplit('/').next().unwrap_or_default();
    if claims(name).platforms.is_empty() { claims(file) } else { claims(&file.replace(name, "")) }
}

/// The addons that the scripts of a folder mention.
#[derive(Clone, Debug, Default)]
pub struct Mentions {
    /// True if the folder has a script.
    pub has_scripts: bool,
    /// The names before `.node` in the scripts.
    pub names: HashSet<String>,
    /// The scripts with such names, relative to the package.
    pub scripts: Vec<String>,
}

/// The disk access that conventions need.
pub trait Disk: Sync {
    /// The text of a file of the package in `directory`; `None` if there is none, or it is too long
    /// for a script.
    fn read(&self, directory: &Path, file: &str) -> Option<String>;
    /// The package that `require(name)` finds from `directory`.
    fn package(&self, directory: &Path, name: &str) -> Option<Installed>;
    /// The names in a folder of the package in `directory`. `folder` is relative to the package; it
    /// is empty for the package itself.
    fn names(&self, directory: &Path, folder: &str) -> Vec<String>;
    /// The addons that the scripts directly in a folder of the package mention. `folder` is
    /// relative to the package.
    fn mentions(&self, directory: &Path, folder: &str) -> Mentions {
        let _ = (directory, folder);
        Mentions::default()
    }
    /// The job for which the disk is read.
    fn control(&self) -> &Control;
}
