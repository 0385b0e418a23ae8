//! What is known of a file without opening it.

use std::time::SystemTime;

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
