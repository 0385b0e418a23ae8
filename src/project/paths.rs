//! Paths inside of a package, as strings.

use std::path::Path;

use crate::files::shown;

/// True for a relative path that stays inside of the package.
pub(super) fn is_inside(path: &str) -> bool {
    !path.starts_with('/')
        && !path.contains(['\\', ':'])
        && !path.split('/').any(|part| part == "..")
}

/// `file` relative to `directory`, with `/`.
pub(super) fn relative(directory: &Path, file: &Path) -> String {
    let inner = shown(file.strip_prefix(directory).unwrap_or(file));
    if cfg!(windows) { inner.replace('\\', "/") } else { inner }
}

/// True for the name of a shared library of any system: `x.dll`, `libx.so.1`.
#[must_use]
pub fn is_library(name: &str) -> bool {
    [".dylib", ".dll", ".so"].iter().any(|end| name.ends_with(end)) || name.contains(".so.")
}
