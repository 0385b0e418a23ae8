//! The disk. No other file calls `std::fs`, except [`Source`], which reads the files that are
//! opened here.

use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};

use super::metadata::{Kind, Metadata};
use super::paths;
use super::question::{Question, hash, kind_of};
use super::recording;
use super::source::Source;
use super::system::{Entry, FileSystem, Listing};

/// The file system of this machine.
pub(super) struct Disk;

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl FileSystem for Disk {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        let found = metadata(path);
        recording::note(path, Question::Target, || kind_of(&found));
        found
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        let found = link_metadata(path);
        recording::note(path, Question::Link, || kind_of(&found));
        found
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        recording::note(folder, Question::Entries, || 0);
        let entries = std::fs::read_dir(folder)?;
        Ok(Box::new(entries.map(|entry| {
            let entry = entry?;
            // Some systems don't state the kind together with the name. If the file has been
            // deleted since, its kind is unknown, and no reader opens it.
            let kind = entry.file_type().map_or(Kind::Other, kind);
            Ok(Entry { name: entry.file_name(), kind })
        })))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = paths::real_path(path);
        recording::note(path, Question::Real, || hash(&real.as_ref().ok()));
        real
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        Source::of_disk(path)
    }
}

/// The metadata of what `path` leads to. Not recorded.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn metadata(path: &Path) -> io::Result<Metadata> {
    #[cfg(target_os = "linux")]
    if let Some(found) = linux::metadata(path, true) {
        return found;
    }
    std::fs::metadata(path).map(|found| Metadata::from(&found))
}

/// The metadata of `path` itself. Not recorded.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn link_metadata(path: &Path) -> io::Result<Metadata> {
    #[cfg(target_os = "linux")]
    if let Some(found) = linux::metadata(path, false) {
        return found;
    }
    std::fs::symlink_metadata(path).map(|found| Metadata::from(&found))
}

/// Linux gives the basic facts of a file in three quarters of the time of all facts, which std asks
/// for.
#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::path::Path;
    use std::time::{Duration, SystemTime};

    use rustix::fs::{AtFlags, CWD, FileType, StatxFlags, makedev, statx};
    use rustix::io::Errno;

    use super::{Kind, Metadata};

    /// `None` if the kernel, or what filters its calls, doesn't know the call.
    pub fn metadata(path: &Path, follow: bool) -> Option<io::Result<Metadata>> {
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        let found = match statx(CWD, path, flags, StatxFlags::BASIC_STATS) {
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
            kind: match FileType::from_raw_mode(mode) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Folder,
                FileType::Symlink => Kind::Link,
                _ => Kind::Other,
            },
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

/// The target of a link, as it is stored.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn read_link(path: &Path) -> io::Result<PathBuf> {
    std::fs::read_link(path)
}

impl From<&std::fs::Metadata> for Metadata {
    fn from(found: &std::fs::Metadata) -> Metadata {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Metadata {
            kind: kind(found.file_type()),
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

fn kind(found: FileType) -> Kind {
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
