//! The interface of all file systems.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::metadata::{Kind, Metadata};
use super::source::Source;

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, in any bytes.
    pub name: OsString,
    /// The kind of the named thing. Links are not followed.
    pub kind: Kind,
}

/// The entries of a folder, in no particular order.
pub type Listing = Box<dyn Iterator<Item = io::Result<Entry>>>;

/// The files below one path: the disk, an archive, or a tree in memory. It can't write.
pub trait FileSystem: Send + Sync {
    /// The metadata of `path`. Links are followed.
    ///
    /// # Errors
    /// `NotFound`, `PermissionDenied`, and any other error of the system.
    fn metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// The metadata of `path`. For a link, it describes the link itself.
    ///
    /// # Errors
    /// As [`FileSystem::metadata`].
    fn link_metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// The entries of a folder, without `.` and `..`.
    ///
    /// # Errors
    /// `NotADirectory` for anything but a folder; otherwise as for [`FileSystem::metadata`].
    fn list(&self, folder: &Path) -> io::Result<Listing>;

    /// The absolute path without links, in the form that users and Node.js write.
    ///
    /// # Errors
    /// As for [`FileSystem::metadata`].
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;

    /// Opens a regular file, without blocking.
    ///
    /// # Errors
    /// `IsADirectory` for a folder, `InvalidInput` for anything else that isn't a regular file;
    /// otherwise as for [`FileSystem::metadata`].
    fn open(&self, path: &Path) -> io::Result<Source>;
}
