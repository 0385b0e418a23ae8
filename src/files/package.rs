//! A package as `npm pack` writes it, mounted as a folder while it is audited.

use std::path::Path;
use std::sync::Arc;

use super::archive::{Packed, PackedError};
use super::mounts::real_path;
use super::source::Source;
use super::system::FileSystem;
use super::table::Mount;
use crate::control::Control;

/// A packed package. It stays mounted until this value is dropped.
pub struct PackedPackage {
    packed: Arc<Packed>,
    _mount: Mount,
}

impl PackedPackage {
    /// True for a path with a file name that [`PackedPackage::mount`] accepts. npm accepts the same
    /// names for archives (`isFilename` in npm-package-arg).
    #[must_use]
    pub fn is_named(path: &Path) -> bool {
        is_plain(path) || has_end(path, &[".tgz", ".tar.gz"])
    }

    /// Reads the archive at `path` and mounts the package in it. `count` is the number of packages
    /// that will be mounted at once: they share the memory for their contents.
    ///
    /// # Errors
    /// [`PackedError`] if the file isn't an archive of a package, and if the job was cancelled.
    pub fn mount(
        path: &Path,
        count: usize,
        control: &Control,
    ) -> Result<PackedPackage, PackedError> {
        let source = Source::open(path).map_err(PackedError::of_opening)?;
        let real = real_path(path).map_err(PackedError::Io)?;
        let packed = Arc::new(Packed::read(&real, source, !is_plain(path), count, control)?);
        let files: Arc<dyn FileSystem> = Arc::<Packed>::clone(&packed);
        let mount = Mount::new(packed.folder().to_path_buf(), files);
        Ok(PackedPackage { packed, _mount: mount })
    }

    /// The folder of the package: the path of the archive, followed by a path in the archive.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.packed.folder()
    }
}

/// True for the name of a tar without gzip.
fn is_plain(path: &Path) -> bool {
    has_end(path, &[".tar"])
}

fn has_end(path: &Path, ends: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
    ends.iter().any(|end| name.ends_with(end.as_bytes()))
}
