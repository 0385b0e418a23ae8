//! The interface of all file systems.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::source::Source;

/// The kind of the thing at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link (on Windows also a junction).
    Link,
    /// A pipe, a device, a socket.
    Other,
}

/// What is known of a file without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub kind: Kind,
    /// Size in bytes.
    pub size: u64,
    /// The time of the last change of the contents.
    pub modified: Option<SystemTime>,
    /// Device, inode, and the time of the last change of the inode (seconds, nanoseconds), which no
    /// program can set. `None` on systems without inodes.
    pub inode: Option<(u64, u64, i64, i64)>,
    /// Permission bits and owner, as in `st_mode` and `st_uid`; `None` on Windows.
    pub access: Option<(u32, u32)>,
}

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
