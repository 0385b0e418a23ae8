//! What a file system answers, whatever it is made of.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::source::Source;

/// What stands at a path.
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
    /// What it is.
    pub kind: Kind,
    /// Size in bytes.
    pub size: u64,
    /// When its contents were changed last.
    pub modified: Option<SystemTime>,
    /// Device, inode, and time of the last change of the inode (seconds, nanoseconds), which no
    /// program sets; `None` where there is no such thing.
    pub inode: Option<(u64, u64, i64, i64)>,
    /// Permission bits and owner, as in `st_mode` and `st_uid`; `None` on Windows.
    pub access: Option<(u32, u32)>,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, in whatever bytes it is written.
    pub name: OsString,
    /// What it names; links are not followed.
    pub kind: Kind,
}

/// The names in a folder, in no order.
pub type Listing = Box<dyn Iterator<Item = io::Result<Entry>>>;

/// Answers for the paths below one place: the disk, an archive, a tree in memory. Nothing here
/// writes.
pub trait FileSystem: Send + Sync {
    /// What stands at `path`, behind all links.
    ///
    /// # Errors
    /// `NotFound`, `PermissionDenied` and what else the system says.
    fn metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// What stands at `path`; a link is what it is itself.
    ///
    /// # Errors
    /// As [`FileSystem::metadata`].
    fn link_metadata(&self, path: &Path) -> io::Result<Metadata>;

    /// The names in a folder, without `.` and `..`.
    ///
    /// # Errors
    /// `NotADirectory` for what is none, and as [`FileSystem::metadata`].
    fn list(&self, folder: &Path) -> io::Result<Listing>;

    /// The absolute path without links, in the form that people and Node.js know.
    ///
    /// # Errors
    /// As [`FileSystem::metadata`].
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;

    /// Opens a regular file, without waiting.
    ///
    /// # Errors
    /// `IsADirectory` for a folder, `InvalidInput` for any other thing that is no regular file, and
    /// as [`FileSystem::metadata`].
    fn open(&self, path: &Path) -> io::Result<Source>;
}
