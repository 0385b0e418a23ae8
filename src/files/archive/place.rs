//! The result of looking up a path in an archive.

use std::path::PathBuf;

use super::super::metadata::Kind;
use super::super::source::Source;

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
