//! Reads files in a zip of Yarn's cache. They are stored, or deflated by versions of Yarn before 4.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::super::metadata::Kind;
use super::super::source::Source;
use super::super::system::Entry;
use super::place::{Node, around};
use crate::hash::HashMap;

/// The maximum size of a file that is read, in bytes.
const LONGEST: u64 = 1 << 20;
/// The maximum size of a zip's directory, in bytes.
const LONGEST_DIRECTORY: u64 = 16 << 20;
/// The maximum number of entries that are read.
const MOST_ENTRIES: usize = 1 << 17;

/// The maximum number of archives whose directories are cached, which is a few more than the number
/// of threads that read at once, and the maximum number of bytes of those directories.
const KEPT: usize = 8;
const KEPT_BYTES: usize = 8 << 20;

/// The directory of a zip, and the position of each entry in it. If two entries have the same name,
/// the first one counts.
struct Directory {
    bytes: Vec<u8>,
    entries: HashMap<Vec<u8>, usize>,
}

/// The bytes of `inner` in the zip at `archive`.
pub(super) fn read(archive: &Path, inner: &str) -> io::Result<Vec<u8>> {
    let source = around(archive).open(archive)?;
    let directory = opened(archive, &source)?;
    let at = directory.entries.get(inner.as_bytes()).ok_or(io::ErrorKind::NotFound)?;
    directory.bytes.get(*at..).and_then(|entry| contents(&source, entry)).ok_or_else(unsound)
}

/// The thing at `inner`: a file, or a folder that contains entries.
pub(super) fn look(archive: &Path, inner: &str) -> io::Result<Node> {
    let directory = opened(archive, &around(archive).open(archive)?)?;
    if let Some(at) = directory.entries.get(inner.as_bytes()) {
        let size = directory.bytes.get(*at..).and_then(|entry| u32_at(entry, 24));
        return Ok(Node { kind: Kind::File, size: size.map_or(0, u64::from) });
    }
    if directory.below(inner).next().is_none() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(Node { kind: Kind::Folder, size: 0 })
}

/// The entries of a folder.
pub(super) fn names(archive: &Path, inner: &str) -> io::Result<Vec<Entry>> {
    let directory = opened(archive, &around(archive).open(archive)?)?;
    let mut names = HashMap::default();
    for below in directory.below(inner) {
        let (name, kind) = match below.split_once('/') {
            Some((name, _)) => (name, Kind::Folder),
            None => (below, Kind::File),
        };
        if !matches!(name, "" | "." | "..") && !name.contains(['\\', '\0']) {
            names.insert(name, kind);
        }
    }
    let entries = names.into_iter().map(|(name, kind)| Entry { name: name.into(), kind });
    Ok(entries.collect())
}

impl Directory {
    /// The paths of all entries in a folder, relative to it.
    fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let names = self.entries.keys().filter_map(|name| std::str::from_utf8(name).ok());
        names.filter_map(move |name| name.strip_prefix(folder)?.strip_prefix('/'))
    }
}

fn unsound() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a valid zip archive")
}

/// The directory of an archive. The last ones are cached by path, size and time: an archive may
/// have many packages, and a package may have many scripts.
fn opened(archive: &Path, source: &Source) -> io::Result<Arc<Directory>> {
    type Kept = (PathBuf, u64, Option<SystemTime>, Arc<Directory>);
    static LAST: Mutex<Vec<Kept>> = Mutex::new(Vec::new());
    let (size, time) = (source.size(), source.modified());
    if let Ok(last) = LAST.lock()
        && let Some(kept) =
            last.iter().find(|kept| kept.0 == archive && kept.1 == size && kept.2 == time)
    {
        return Ok(Arc::clone(&kept.3));
    }
    let directory = Arc::new(directory(source)?);
    if let Ok(mut last) = LAST.lock() {
        last.retain(|kept| kept.0 != archive);
        last.truncate(KEPT - 1);
        last.insert(0, (archive.to_path_buf(), size, time, Arc::clone(&directory)));
        let mut kept = 0;
        last.retain(|(.., directory)| {
            kept += directory.bytes.len();
            kept <= KEPT_BYTES
        });
    }
    Ok(directory)
}

fn directory(source: &Source) -> io::Result<Directory> {
    let end = end_record(source).ok_or_else(unsound)?;
    let length = u64::from(u32_at(&end, 12).ok_or_else(unsound)?);
    let offset = u64::from(u32_at(&end, 16).ok_or_else(unsound)?);
    if length > LONGEST_DIRECTORY {
        return Err(unsound());
    }
    let bytes = source.bytes(offset, length).ok_or_else(unsound)?;
    let mut entries = HashMap::default();
    let mut at = 0;
    for _ in 0..MOST_ENTRIES {
        let Some(entry) = bytes.get(at..).filter(|entry| entry.starts_with(b"PK\x01\x02")) else {
            break;
        };
        let field = |offset| u16_at(entry, offset).map(usize::from);
        let (Some(name), Some(extra), Some(comment)) = (field(28), field(30), field(32)) else {
            break;
        };
        let Some(text) = entry.get(46..46 + name) else { break };
        entries.entry(text.to_vec()).or_insert(at);
        at += 46 + name + extra + comment;
    }
    Ok(Directory { bytes, entries })
}

/// The record at the end of the file. A comment may follow it.
fn end_record(source: &Source) -> Option<Vec<u8>> {
    let length = source.size().min(22 + 0xffff);
    let tail = source.bytes(source.size() - length, length)?;
    let found = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    Some(tail[found..].to_vec())
}

fn contents(source: &Source, entry: &[u8]) -> Option<Vec<u8>> {
    let method = u16_at(entry, 10)?;
    let (packed, size) = (u64::from(u32_at(entry, 20)?), u64::from(u32_at(entry, 24)?));
    let header = u64::from(u32_at(entry, 42)?);
    let local = source.bytes(header, 30)?;
    let start = header + 30 + u64::from(u16_at(&local, 26)?) + u64::from(u16_at(&local, 28)?);
    if packed > LONGEST || size > LONGEST {
        return None;
    }
    let bytes = source.bytes(start, packed)?;
    match method {
        0 => Some(bytes),
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(
            &bytes,
            usize::try_from(LONGEST).ok()?,
        )
        .ok(),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?))
}
