//! The disk. No other file calls `std::fs`, except [`Source`], which reads the files that are
//! opened here.

use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};

use super::paths;
use super::source::Source;
use super::system::{Entry, FileSystem, Kind, Listing, Metadata};

/// The file system of this machine.
pub(super) struct Disk;

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl FileSystem for Disk {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        std::fs::metadata(path).map(|found| Metadata::from(&found))
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        std::fs::symlink_metadata(path).map(|found| Metadata::from(&found))
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
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
        paths::real_path(path)
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        Source::of_disk(path)
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
