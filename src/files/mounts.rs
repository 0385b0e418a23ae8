//! Chooses the file system of a path, as a kernel's table of mounts does. A path means the same in
//! every room, whether the file is on the disk, in an archive or in memory.
//!
//! If functions passed a file system to each other instead, some 270 signatures would need it, and
//! a path that leaves an archive (a link, a file beside `app.asar`) would need another file system
//! than the path from which it was made.

use std::io;
use std::path::{Path, PathBuf};

use super::archive;
use super::disk::Disk;
use super::memo::Stamps;
use super::metadata::{Kind, Metadata};
use super::names::meant;
use super::source::Source;
use super::system::{FileSystem, Listing};
use super::table;

/// Calls `ask` with the file system of `path`, and with the path in it. If no file is there, the
/// path may be a text that [`shown`](super::names::shown) has written with escapes.
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
    if let Some(archive) = archive::mounted(path) {
        return ask(&archive, path);
    }
    match table::mounted(path) {
        Some(files) => ask(&*files, path),
        None => ask(&Disk, path),
    }
}

/// The metadata of `path`. Links are followed.
///
/// # Errors
/// See [`FileSystem::metadata`].
pub fn metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref();
    at(path, |files, path| files.metadata(path))
}

/// The metadata of `path`. For a link, it describes the link itself.
///
/// # Errors
/// See [`FileSystem::link_metadata`].
pub fn link_metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref();
    at(path, |files, path| files.link_metadata(path))
}

/// True for a regular file, or a link to one.
pub fn is_file(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok_and(|found| found.kind == Kind::File)
}

/// True for a folder, or a link to one.
pub fn is_folder(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok_and(|found| found.kind == Kind::Folder)
}

/// True if something exists at `path`. Links are followed.
pub fn exists(path: impl AsRef<Path>) -> bool {
    metadata(path).is_ok()
}

/// The kind of `path` itself; `None` if it doesn't exist or can't be reached.
pub fn link_kind(path: impl AsRef<Path>) -> Option<Kind> {
    link_metadata(path).ok().map(|found| found.kind)
}

/// The entries of a folder, in no particular order.
///
/// # Errors
/// See [`FileSystem::list`].
pub fn list(folder: impl AsRef<Path>) -> io::Result<Listing> {
    let folder = folder.as_ref();
    at(folder, |files, folder| files.list(folder))
}

/// The absolute path without symbolic links (and junctions), in the form that users and Node.js
/// write.
///
/// # Errors
/// An error if nothing exists there, or it can't be reached.
pub fn real_path(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref();
    at(path, |files, path| files.real_path(path))
}

/// `path` and the folders above it, up to the root of its system: the root of a mounted image, or
/// that of this system. What an app in an image finds must not depend on where the image lies.
pub fn ancestors(path: &Path) -> impl Iterator<Item = &Path> {
    let root = table::system_of(path);
    path.ancestors()
        .take_while(move |folder| root.as_ref().is_none_or(|root| folder.starts_with(root)))
}

/// The current stamps of `files`. They must be taken before the files are read.
pub fn stamps<P: AsRef<Path>>(files: impl IntoIterator<Item = P>) -> Stamps {
    Stamps::taken_by(|path| metadata(path), files)
}

impl Source {
    /// Opens a regular file.
    ///
    /// # Errors
    /// The error of the system (`NotFound`, `PermissionDenied` …); `IsADirectory` for a folder;
    /// `InvalidInput` for anything else that isn't a regular file (a pipe would block).
    pub fn open(path: &Path) -> io::Result<Source> {
        at(path, |files, path| files.open(path))
    }
}
