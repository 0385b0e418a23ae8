//! What is known of a file without opening it.

use std::fs::FileType;
use std::io;
use std::path::Path;
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

/// The metadata of what `path` leads to. Not recorded.
pub(super) fn metadata(path: &Path) -> io::Result<Metadata> {
    look(path, true)
}

/// The metadata of `path` itself. Not recorded.
pub(super) fn link_metadata(path: &Path) -> io::Result<Metadata> {
    look(path, false)
}

/// The metadata of the path `rest` in an open folder. `None` if the kernel doesn't know the call.
#[cfg(target_os = "linux")]
pub(super) use linux::below;

#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn look(path: &Path, follow: bool) -> io::Result<Metadata> {
    #[cfg(target_os = "linux")]
    if let Some(found) = linux::metadata(path, follow) {
        return found;
    }
    let found = if follow { std::fs::metadata(path) } else { std::fs::symlink_metadata(path) };
    found.map(|found| Metadata::from(&found))
}

impl From<&std::fs::Metadata> for Metadata {
    fn from(found: &std::fs::Metadata) -> Metadata {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Metadata {
            kind: found.file_type().into(),
            size: found.len(),
            modified: found.modified().ok(),
            #[cfg(unix)]
            inode: Some((found.dev(), found.ino(), found.ctime(), found.ctime_nsec())),
            #[cfg(not(unix))]
            inode: None,
            #[cfg(unix)]
            access: Some((found.mode() & 0o7777, found.uid())),
            #[cfg(not(unix))]
            access: None,
        }
    }
}

impl From<FileType> for Kind {
    fn from(found: FileType) -> Kind {
        if found.is_symlink() {
            Kind::Link
        } else if found.is_dir() {
            Kind::Folder
        } else if found.is_file() {
            Kind::File
        } else {
            Kind::Other
        }
    }
}

#[cfg(target_os = "linux")]
impl From<rustix::fs::FileType> for Kind {
    fn from(found: rustix::fs::FileType) -> Kind {
        match found {
            rustix::fs::FileType::RegularFile => Kind::File,
            rustix::fs::FileType::Directory => Kind::Folder,
            rustix::fs::FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        }
    }
}

/// Linux gives the basic facts of a file in three quarters of the time of all facts, which std asks
/// for.
#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::AsFd;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use rustix::fs::{AtFlags, CWD, FileType, StatxFlags, makedev, statx};
    use rustix::io::Errno;

    use super::Metadata;

    /// `None` if the kernel, or what filters its calls, doesn't know the call.
    pub fn metadata(path: &Path, follow: bool) -> Option<io::Result<Metadata>> {
        below(CWD, path, follow)
    }

    pub fn below(folder: impl AsFd, path: &Path, follow: bool) -> Option<io::Result<Metadata>> {
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        let found = match statx(folder, path, flags, StatxFlags::BASIC_STATS) {
            Ok(found) => found,
            Err(Errno::NOSYS | Errno::PERM) => return None,
            Err(error) => return Some(Err(error.into())),
        };
        let mode = u32::from(found.stx_mode);
        let nanoseconds = Duration::from_nanos(found.stx_mtime.tv_nsec.into());
        let seconds = Duration::from_secs(found.stx_mtime.tv_sec.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let modified = match found.stx_mtime.tv_sec {
            0.. => epoch.checked_add(seconds),
            _ => epoch.checked_sub(seconds),
        };
        let device = makedev(found.stx_dev_major, found.stx_dev_minor);
        let changed = (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec.into());
        Some(Ok(Metadata {
            kind: FileType::from_raw_mode(mode).into(),
            size: found.stx_size,
            modified: modified.and_then(|time| time.checked_add(nanoseconds)),
            inode: Some((device, found.stx_ino, changed.0, changed.1)),
            access: Some((mode & 0o7777, found.stx_uid)),
        }))
    }

    #[cfg(test)]
    mod tests {
        use std::path::Path;

        use super::{Metadata, metadata};

        #[test]
        #[expect(clippy::disallowed_methods, reason = "what the system itself says")]
        fn both_calls_say_the_same() {
            for path in ["/", "/proc/self/exe", "/dev/null", env!("CARGO_MANIFEST_DIR"), "/none"] {
                let path = Path::new(path);
                for follow in [true, false] {
                    let ours = metadata(path, follow).expect("a kernel with statx");
                    let std = if follow { path.metadata() } else { path.symlink_metadata() };
                    match (ours, std) {
                        (Ok(ours), Ok(std)) => assert_eq!(ours, Metadata::from(&std)),
                        (ours, std) => assert_eq!(
                            ours.expect_err("none").raw_os_error(),
                            std.expect_err("none").raw_os_error()
                        ),
                    }
                }
            }
        }
    }
}
