//! The files that provide the libraries that a file needs.

use std::path::{Path, PathBuf};

use crate::binary::Image;
use crate::check::file::Inspected;
use crate::files::{self, normalized};
use crate::linking::{Libraries, is_general, is_of_macos};
use crate::model::{FileFormat, Platform};
use crate::runtime::Runtime;

/// What the loader of a runtime finds for a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// The libraries that aren't in a folder of the system: their file names, and their real paths.
    pub bundled: Vec<(String, PathBuf)>,
    /// True if all other libraries come from the system or the runtime.
    pub is_complete: bool,
}

/// Searches for the libraries of a file as the loader of `runtime` does. Only the searches of glibc
/// and musl say which files they find.
pub(super) fn search(inspected: &Inspected, runtime: &Runtime) -> Search {
    let is_for_runtime = |image: &&Image| {
        image.format == FileFormat::Elf
            && image.platform == Some(Platform::Linux)
            && image.platform.as_ref() == Some(&runtime.platform)
            && image.arch.as_ref() == Some(&runtime.arch)
    };
    let image = inspected.images().iter().find(is_for_runtime);
    let Some(linkage) = image.and_then(|image| inspected.linkage(image, runtime)) else {
        return Search::default();
    };
    let bundled = linkage.own.into_iter().filter(|library| !library.is_systems);
    // Without the target's system, only the libraries of the package are searched, and all of them.
    let is_complete = runtime.root.is_none() || linkage.libraries == Some(Libraries::Found);
    let real = |path: &Path| files::real_path(path).unwrap_or_else(|_| normalized(path));
    let named = |path: &str| (file_name(path).to_owned(), real(Path::new(path)));
    Search { bundled: bundled.map(|library| named(&library.path)).collect(), is_complete }
}

/// The last part of a path with `/`.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// True for a name that only a library of the system, of a compiler or of a runtime has.
pub(super) fn is_external(format: FileFormat, name: &str) -> bool {
    match format {
        // Any package may contain a library with any name.
        FileFormat::Elf => false,
        FileFormat::MachO => is_of_macos(name),
        FileFormat::Pe => is_general(name),
    }
}
