//! Files in archives: a path goes on into Electron's `app.asar`, or into a zip of Yarn's cache, as
//! if it were a folder.

mod asar;
mod place;
mod zip;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::paths::relative;
use crate::files::Source;

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

/// The archive at `path`; the header of the last one is kept, as one app has thousands of files.
fn opened(path: &Path) -> io::Result<Arc<Archive>> {
    type Last = Option<(PathBuf, u64, Option<SystemTime>, Arc<Archive>)>;
    static LAST: Mutex<Last> = Mutex::new(None);
    let metadata = std::fs::metadata(path)?;
    let (size, time) = (metadata.len(), metadata.modified().ok());
    if let Ok(last) = LAST.lock()
        && let Some((_, _, _, archive)) =
            last.as_ref().filter(|last| last.0 == path && last.1 == size && last.2 == time)
    {
        return Ok(Arc::clone(archive));
    }
    let archive = Arc::new(Archive::open(path)?);
    if let Ok(mut last) = LAST.lock() {
        *last = Some((path.to_path_buf(), size, time, Arc::clone(&archive)));
    }
    Ok(archive)
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
