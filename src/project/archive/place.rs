//! Where the bytes of a path are.

use std::path::PathBuf;

use crate::files::Source;

/// Where the bytes of a path really are.
pub enum Place {
    /// In a file of its own.
    File(PathBuf),
    /// In an archive: only its bytes can be had.
    Inside(Source),
}
