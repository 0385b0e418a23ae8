//! What an archive has at a path.

use std::path::PathBuf;

use super::super::source::Source;
use super::super::system::Kind;

/// Where the bytes of a path really are.
pub enum Place {
    /// In a file of its own.
    File(PathBuf),
    /// In an archive: only its bytes can be had.
    Inside(Source),
}

/// What stands at a path inside of an archive.
pub(super) struct Node {
    pub kind: Kind,
    pub size: u64,
}
