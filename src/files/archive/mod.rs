//! Archives as folders: a path may lead into Electron's `app.asar`, or into a zip of Yarn's cache.
//! Electron and Yarn read these archives at such paths, so every path may lead through one. No
//! runtime reads a packed package ([`Packed`]) in this way, so it is mounted only while it is
//! audited.

mod asar;
mod container;
mod debian;
mod error;
mod gzip;
mod layer;
mod packed;
mod place;
mod spool;
mod stored;
mod tar;
mod tree;
mod unpacked;
mod xz;
mod zip;
mod zipped;
mod zstandard;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::disk::Disk;
use super::memo::{Memo, Stamps};
use super::metadata::{Kind, Metadata};
use super::names::meant;
use super::source::Source;
use super::system::{Entry, FileSystem, Listing};
use super::table;

pub use asar::{Archive, unpacked_folder};
pub(super) use container::Container;
pub(super) use debian::data_of;
pub use error::{PackedError, Unsound};
pub(super) use layer::{Kept, add_layer};
pub use packed::Packed;
pub use place::Place;
use place::around;
pub(super) use tree::FileTree;
pub(super) use zipped::add_zip;

/// Finds the bytes of `path`, which may lead through an archive.
///
/// # Errors
/// The error of the system for the archive; `NotFound` for a file that isn't in it; `InvalidData`
/// for an archive that can't be read.
pub fn locate(path: &Path) -> io::Result<Place> {
    if let Some(archive) = mounted(path) {
        return archive.locate(path);
    }
    match table::mounted(path) {
        Some(files) => files.open(path).map(Place::Inside),
        None => {
            let is_there = || Disk.link_metadata(path).is_ok();
            let meant = meant(path).filter(|_| !is_there());
            Ok(Place::File(meant.unwrap_or_else(|| path.to_path_buf())))
        }
    }
}

/// An archive that is a part of a path.
pub(super) struct Mounted {
    archive: PathBuf,
}

/// The archive in `path`. The last part of the path doesn't count. The archive may itself be in
/// what is mounted: the `app.asar` in a zip, a zip of Yarn's cache in an image.
pub(super) fn mounted(path: &Path) -> Option<Mounted> {
    // Most paths have no archive. This check avoids the system calls for them.
    let text = path.as_os_str().as_encoded_bytes();
    let may = memchr::memmem::find(text, b".asar").is_some()
        || memchr::memmem::find(text, b".zip").is_some();
    if !may {
        return None;
    }
    // What is mounted at the path of an archive is a folder.
    let metadata = |path: &Path| match table::mounted(path) {
        Some(files) => files.metadata(path),
        None => Disk.metadata(path),
    };
    let is_archive = |folder: &&Path| {
        folder.extension().is_some_and(|extension| extension == "asar" || extension == "zip")
            && metadata(folder).is_ok_and(|found| found.kind == Kind::File)
    };
    let archive = path.ancestors().skip(1).find(is_archive)?.to_path_buf();
    Some(Mounted { archive })
}

/// The files of the archive of Electron at `archive`, as a folder at its path.
///
/// # Errors
/// The error of the system; `InvalidData` for an invalid header.
pub(super) fn asar(archive: &Path) -> io::Result<Mounted> {
    let mounted = Mounted { archive: archive.to_path_buf() };
    if !mounted.is_zip() {
        mounted.asar()?;
    }
    Ok(mounted)
}

impl Mounted {
    fn is_zip(&self) -> bool {
        self.archive.extension().is_some_and(|extension| extension == "zip")
    }

    /// The path in the archive, with `/`. Names in archives are texts.
    fn inner(&self, path: &Path) -> io::Result<String> {
        let inner = path.strip_prefix(&self.archive).ok().and_then(Path::to_str);
        let inner = inner.ok_or(io::ErrorKind::NotFound)?;
        Ok(if cfg!(windows) { inner.replace('\\', "/") } else { inner.to_owned() })
    }

    /// Caches the header of the last archive of Electron, because one app has thousands of files.
    fn asar(&self) -> io::Result<Arc<Archive>> {
        static LAST: LazyLock<Memo<PathBuf, Arc<Archive>>> = LazyLock::new(|| Memo::new(1));
        LAST.get_or_make(self.archive.clone(), || {
            let stamps = Stamps::taken_by(|path| around(path).metadata(path), [&self.archive]);
            Ok((stamps, Arc::new(Archive::open(&self.archive)?)))
        })
    }

    fn locate(&self, path: &Path) -> io::Result<Place> {
        let inner = self.inner(path)?;
        if self.is_zip() {
            let bytes = zip::read(&self.archive, &inner)?;
            return Ok(Place::Inside(Source::from_bytes(bytes)));
        }
        self.asar()?.locate(&inner)
    }
}

impl FileSystem for Mounted {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.link_metadata(path)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        let inner = self.inner(path)?;
        let found = if self.is_zip() {
            zip::look(&self.archive, &inner)?
        } else {
            self.asar()?.look(&inner).ok_or(io::ErrorKind::NotFound)?
        };
        let Metadata { modified, inode, .. } = around(&self.archive).metadata(&self.archive)?;
        Ok(Metadata { kind: found.kind, size: found.size, modified, inode, access: None })
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        if self.link_metadata(folder)?.kind != Kind::Folder {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let inner = self.inner(folder)?;
        let entries: Vec<Entry> = if self.is_zip() {
            zip::names(&self.archive, &inner)?
        } else {
            self.asar()?.names(&inner)
        };
        Ok(Box::new(entries.into_iter().map(Ok)))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.metadata(path)?;
        Ok(around(&self.archive).real_path(&self.archive)?.join(self.inner(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        match self.locate(path)? {
            Place::File(path) => around(&path).open(&path),
            Place::Inside(source) => Ok(source),
        }
    }
}
