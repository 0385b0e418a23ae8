//! The disk, with a note of each question for a recording. `metadata.rs` asks without a note.

use std::io;
use std::path::{Path, PathBuf};

use super::metadata::{Kind, Metadata, link_metadata, metadata};
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
        recording::note(path, Question::Target, || Some(kind_of(&found)));
        found
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        let found = link_metadata(path);
        recording::note(path, Question::Link, || Some(kind_of(&found)));
        found
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        recording::note(folder, Question::Entries, || None);
        let entries = std::fs::read_dir(folder)?;
        Ok(Box::new(entries.map(|entry| {
            let entry = entry?;
            // Some systems don't state the kind together with the name. If the file has been
            // deleted since, its kind is unknown, and no reader opens it.
            let kind = entry.file_type().map_or(Kind::Other, Kind::from);
            Ok(Entry { name: entry.file_name(), kind })
        })))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = paths::real_path(path);
        recording::note(path, Question::Real, || Some(hash(&real.as_ref().ok())));
        real
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
