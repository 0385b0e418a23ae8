//! Files in archives: a path goes on into Electron's `app.asar`, or into a zip of Yarn's cache, as
//! if it were a folder.

mod asar;
mod place;
mod zip;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::paths::relative;
use crate::files::{Memo, Source, Stamps};

pub use asar::{Archive, unpacked_folder};
pub use place::Place;

/// Finds the bytes of `path`, which may go through an archive.
///
/// # Errors
/// What the system says of the archive; `NotFound` for what isn't in it, `InvalidData` for an
/// archive that can't be read.
pub fn locate(path: &Path) -> io::Result<Place> {
    let Some((archive, inner)) = split(path) else { return Ok(Place::File(path.to_path_buf())) };
    if archive.extension().is_some_and(|extension| extension == "zip") {
        return zip::read(&archive, &inner).map(|bytes| Place::Inside(Source::from_bytes(bytes)));
    }
    opened(&archive)?.locate(&inner)
}

/// The archive at `path`. The header of the last one is kept, as one app has thousands of files.
fn opened(path: &Path) -> io::Result<Arc<Archive>> {
    static LAST: LazyLock<Memo<PathBuf, Arc<Archive>>> = LazyLock::new(|| Memo::new(1));
    LAST.get_or_make(path.to_path_buf(), || {
        let stamps = Stamps::of([path]);
        Ok((stamps, Arc::new(Archive::open(path)?)))
    })
}

/// Opens `path`, which may go through an archive.
///
/// # Errors
/// As [`locate`], and what the system says of the file.
pub fn open(path: &Path) -> io::Result<Source> {
    match locate(path)? {
        Place::File(path) => Source::open(&path),
        Place::Inside(source) => Ok(source),
    }
}

/// The archive on a path, and what follows it, with `/`.
fn split(path: &Path) -> Option<(PathBuf, String)> {
    // Most paths have none; that must cost nothing.
    let text = path.as_os_str().as_encoded_bytes();
    let may = memchr::memmem::find(text, b".asar").is_some()
        || memchr::memmem::find(text, b".zip").is_some();
    if !may {
        return None;
    }
    let is_archive = |folder: &Path| {
        folder.extension().is_some_and(|extension| extension == "asar" || extension == "zip")
    };
    let archive = path.ancestors().skip(1).find(|folder| is_archive(folder) && folder.is_file())?;
    Some((archive.to_path_buf(), relative(archive, path)))
}
