//! Which file system answers for a path, as a kernel's table of mounts says it: a path means the
//! same in every room, whether it lies on the disk, in an archive or in memory.
//!
//! Handing a file system from function to function instead would put it into some 270 signatures,
//! and a path that leaves an archive (a link, a file beside `app.asar`) would need another one than
//! the path it came from.

use std::io;
use std::path::{Path, PathBuf};

use super::archive;
use super::disk::Disk;
use super::memo::Stamps;
use super::names::meant;
use super::source::Source;
use super::system::{FileSystem, Kind, Listing, Metadata};
use super::table;

/// Calls `ask` with the file system that answers for `path`, and with the path in it. A path that
/// leads nowhere may be a text that [`shown`](super::names::shown) has written.
fn at<R>(path: &Path, ask: impl Fn(&dyn FileSystem, &Path) -> io::Result<R>) -> io::Result<R> {
    match at_once(path, &ask) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match meant(path) {
            Some(path) => at_once(&path, &ask),
            None => Err(error),
        },
        answer => answer,
    }
}

fn at_once<R>(
    path: &Path,
    ask: &impl Fn(&dyn FileSystem, &Path) -> io::Result<R>,
) -> io::Result<R> {
    if let Some(files) = table::mounted(path) {
        return ask(&*files, path);
    }
    match archive::mounted(path) {
        Some(archive) => ask(&archive, path),
        None => ask(&Disk, path),
    }
}

/// What stands at `path`, behind all links.
///
/// # Errors
/// See [`FileSystem::metadata`].
pub fn metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref();
    at(path, |files, path| files.metadata(path))
}

/// What stands at `path`; a link is what it is itself.
///
/// # Errors
/// See [`FileSystem::link_metadata`].
pub fn link_metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref();
    at(path, |files, path| files.link_metadata(path))
}

/// True for a regular file, and a link to one.
pub fn is_file(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok_and(|found| found.kind == Kind::File)
}

/// True for a folder, and a link to one.
pub fn is_folder(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok_and(|found| found.kind == Kind::Folder)
}

/// True where something stands, behind all links.
pub fn exists(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok()
}

/// What stands at `path` itself; `None` where nothing does, or it can't be reached.
pub fn link_kind(path: impl AsRef<Path>) -> Option<Kind> {
    link_metadata(path).ok().map(|found| found.kind)
}

/// The names in a folder, in no order.
///
/// # Errors
/// See [`FileSystem::list`].
pub fn list(folder: impl AsRef<Path>) -> io::Result<Listing> {
    let folder = folder.as_ref();
    at(folder, |files, folder| files.list(folder))
}

/// The absolute path without symbolic links (and junctions), in the form that people and Node.js
/// know.
///
/// # Errors
/// When there is nothing, or it can't be reached.
pub fn real_path(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref();
    at(path, |files, path| files.real_path(path))
}

/// The stamps that `files` have now: to be taken before they are read.
pub fn stamps<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Stamps {
    Stamps::taken_by(|path| metadata(path), files)
}

impl Source {
    /// Opens a regular file.
    ///
    /// # Errors
    /// What the system says (`NotFound`, `PermissionDenied` …); a directory is `IsADirectory`, and
    /// any other thing that is no regular file (a pipe would block) is `InvalidInput`.
    pub fn open(path: &Path) -> io::Result<Source> {
        at(path, |files, path| files.open(path))
    }
}
