//! The place of an archive, and of a path in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::disk::Disk;
use super::super::metadata::Kind;
use super::super::source::Source;
use super::super::system::FileSystem;
use super::super::table;

/// The file system in which an archive is a file. At its own path, the archive itself may be
/// mounted.
pub(super) fn around(archive: &Path) -> Arc<dyn FileSystem> {
    let mounted = archive.parent().and_then(table::mounted);
    mounted.unwrap_or_else(|| Arc::new(Disk))
}

/// The actual place of the bytes of a path.
pub enum Place {
    /// In a file of its own, outside of the archive.
    File(PathBuf),
    /// In an archive. The bytes can be read, but the system can't open them as a file.
    Inside(Source),
}

/// The thing at a path in an archive.
pub(super) struct Node {
    pub kind: Kind,
    pub size: u64,
}
