//! Packages, by paths in them.

use std::path::{Path, PathBuf};

use crate::files::shown;

/// The folder of the package in the last `node_modules` of a path.
pub(super) fn package_folder(path: &Path) -> Option<PathBuf> {
    let is_modules = |folder: &Path| folder.file_name().is_some_and(|name| name == "node_modules");
    let modules = path.ancestors().skip(1).find(|folder| is_modules(folder))?;
    let mut inner = path.strip_prefix(modules).ok()?.iter();
    let first = inner.next()?;
    let folder = modules.join(first);
    match first.as_encoded_bytes().starts_with(b"@") {
        true => Some(folder.join(inner.next()?)),
        false => Some(folder),
    }
}

/// The name of the package in a folder of a `node_modules`.
pub(super) fn package_name(folder: &Path) -> Option<String> {
    let modules = folder.ancestors().skip(1).find(|around| around.ends_with("node_modules"))?;
    Some(shown(folder.strip_prefix(modules).ok()?).replace('\\', "/"))
}
