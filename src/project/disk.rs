//! The disk as conventions and the dependency graph see it, looked up as Node does.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize};

use super::Manifest;
use super::loader::{Disk, Installed};
use super::walk::{Extent, is_node_modules, walk};
use crate::binary::Source;

/// Longest script that is looked into.
const LONGEST_SCRIPT: u64 = 1 << 20;

/// Plain folders, as npm, pnpm, Yarn 1 and Bun lay them out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Folders;

impl Disk for Folders {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        let bytes = Source::open(&directory.join(file)).ok()?.contents(LONGEST_SCRIPT).ok()?;
        Some(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    fn package(&self, directory: &Path, name: &str) -> Option<Installed> {
        let directory = find_package(directory, name)?;
        let manifest = Manifest::read(&directory).unwrap_or_default();
        let files = own_files(&directory);
        Some(Installed { directory, manifest, files })
    }
}

/// The real path of the package that `require(name)` finds from `directory`.
#[must_use]
pub fn find_package(directory: &Path, name: &str) -> Option<PathBuf> {
    if !is_package_path(name) {
        return None;
    }
    let folders = directory.ancestors().filter(|folder| !is_node_modules(folder.file_name()));
    let found = folders.map(|folder| folder.join("node_modules").join(name)).find(|candidate| candidate.is_dir())?;
    found.canonicalize().ok()
}

/// True for what can be the name of a package; anything else would lead out of node_modules.
#[must_use]
pub fn is_package_path(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !name.contains('\\')
}

/// The `.node` files of the one package in `directory`, without those of its dependencies; relative, with `/`, sorted.
#[must_use]
pub fn own_files(directory: &Path) -> Vec<String> {
    let found = walk(directory, Extent::Package, &AtomicBool::new(false), &AtomicUsize::new(0)).unwrap_or_default();
    found.files.iter().map(|file| relative(directory, file)).collect()
}

/// `file` relative to `directory`, with `/`.
#[must_use]
pub fn relative(directory: &Path, file: &Path) -> String {
    let inner = file.strip_prefix(directory).unwrap_or(file).to_string_lossy();
    if cfg!(windows) { inner.replace('\\', "/") } else { inner.into_owned() }
}
