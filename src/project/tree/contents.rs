//! The contents of a project: its packages with native code, and the packages that each of its
//! folders finds.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::control::Control;
use crate::project::disk::{find_package, installed_at, names_in, read_script};
use crate::project::graph::Origin;
use crate::project::installed::{Disk, Installed, Mentions};
use crate::project::mentions::mentions_in;
use crate::project::pnp::Pnp;
use crate::project::walk::{Unreadable, is_node_modules};

/// A package that has or needs native code.
#[derive(Debug)]
pub struct Native {
    /// The package.
    pub installed: Installed,
    /// The error if its package.json can't be read.
    pub manifest_error: Option<io::Error>,
    /// True if its install script compiles something.
    pub builds: bool,
    /// True if a folder in it couldn't be read, so it may have more files.
    pub is_partial: bool,
    /// True for a folder of the project itself, not for an installed package.
    pub is_own: bool,
    /// The reason for which it is installed.
    pub origin: Origin,
}

impl Native {
    /// The same package with only some of its files.
    #[must_use]
    pub fn with_files(&self, keep: impl Fn(&String) -> bool) -> Native {
        let Installed { directory, manifest, files } = &self.installed;
        let files = files.iter().filter(|file| keep(file)).cloned().collect();
        Native {
            installed: Installed {
                directory: directory.clone(),
                manifest: manifest.clone(),
                files,
            },
            manifest_error: None,
            origin: self.origin.clone(),
            ..*self
        }
    }

    /// True if an installation may build or download its addon.
    #[must_use]
    pub fn can_be_built(&self) -> bool {
        self.builds || self.installed.manifest.has_install_script()
    }

    /// True if npm would compile it during installation, but there is no result.
    #[must_use]
    pub fn awaits_a_build(&self) -> bool {
        self.builds
            && !self.is_partial
            && self.installed.files.is_empty()
            && self.installed.manifest.compiles_by_default()
    }

    /// True for a generated client. Without an engine of its own it may load one that is in no
    /// package.
    #[must_use]
    pub fn is_prisma_client(&self) -> bool {
        self.installed.manifest.is_prisma_client()
    }
}

/// The contents of a project.
#[derive(Debug)]
pub struct Project<'c> {
    /// Packages that have `.node` files or may need one, by path.
    pub natives: Vec<Native>,
    /// Files and folders that couldn't be read, by path.
    pub unreadable: Vec<Unreadable>,
    /// Number of `.node` files.
    pub files: usize,
    pub(super) modules: Modules,
    pub(super) directories: Vec<PathBuf>,
    pub(super) pnp: Option<Pnp>,
    pub(super) control: &'c Control,
}

/// `node_modules` folder → name → package. Packages are identified by their real path.
pub(super) type Modules = HashMap<PathBuf, HashMap<String, usize>>;

/// The package in the tree that `require(name)` finds from `directory`.
pub(super) fn known_module(modules: &Modules, directory: &Path, name: &str) -> Option<usize> {
    let around = directory.ancestors().filter(|folder| !is_node_modules(folder.file_name()));
    around
        .filter_map(|folder| modules.get(&folder.join("node_modules")))
        .find_map(|names| names.get(name))
        .copied()
}

impl Project<'_> {
    /// The folders of all packages, without links in their paths.
    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.directories
    }

    /// The folder of the package that `require(name)` finds from `directory`.
    fn find_package(&self, directory: &Path, name: &str) -> Option<PathBuf> {
        if let Some(pnp) = self.pnp.as_ref().filter(|pnp| pnp.governs(directory)) {
            return pnp.resolve(directory, name).map(Path::to_path_buf);
        }
        let known = known_module(&self.modules, directory, name);
        known
            .and_then(|index| self.directories.get(index))
            .cloned()
            .or_else(|| find_package(directory, name))
    }
}

impl Disk for Project<'_> {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        read_script(directory, file)
    }

    fn package(&self, directory: &Path, name: &str) -> Option<Installed> {
        let found = self.find_package(directory, name)?;
        match self.natives.binary_search_by(|native| native.installed.directory.cmp(&found)) {
            Ok(index) => Some(self.natives[index].installed.clone()),
            Err(_) => Some(installed_at(found, self.control)),
        }
    }

    fn names(&self, directory: &Path, folder: &str) -> Vec<String> {
        names_in(directory, folder)
    }

    fn mentions(&self, directory: &Path, folder: &str) -> Mentions {
        mentions_in(directory, folder, self.control)
    }

    fn control(&self) -> &Control {
        self.control
    }
}
