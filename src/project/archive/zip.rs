//! One file out of a zip, as Yarn's cache has them: stored, or deflated by versions before 4.

use std::io;
use std::path::Path;

use crate::files::Source;

/// Longest file that is read.
const LONGEST: u64 = 1 << 20;
/// Longest directory of a zip.
const LONGEST_DIRECTORY: u64 = 16 << 20;
/// Most entries that are looked at.
const MOST_ENTRIES: usize = 1 << 17;

/// The bytes of `inner` in the zip at `archive`.
pub(super) fn read(archive: &Path, inner: &str) -> io::Result<Vec<u8>> {
    let source = Source::open(archive)?;
    let unsound = || io::Error::new(io::ErrorKind::InvalidData, "no sound zip");
    let end = end_record(&source).ok_or_else(unsound)?;
    let length = u64::from(u32_at(&end, 12).ok_or_else(unsound)?);
    let offset = u64::from(u32_at(&end, 16).ok_or_else(unsound)?);
    if length > LONGEST_DIRECTORY {
        return Err(unsound());
    }
    let directory = source.bytes(offset, length).ok_or_else(unsound)?;
    let mut at = 0;
    for _ in 0..MOST_ENTRIES {
        let Some(entry) = directory.get(at..).filter(|entry| entry.starts_with(b"PK\x01\x02")) else { break };
        let field = |offset| u16_at(entry, offset).map(usize::from).ok_or_else(unsound);
        let (name_length, extra, comment) = (field(28)?, field(30)?, field(32)?);
        if entry.get(46..46 + name_length) == Some(inner.as_bytes()) {
            return contents(&source, entry).ok_or_else(unsound);
        }
        at += 46 + name_length + extra + comment;
    }
    Err(io::ErrorKind::NotFound.into())
}

/// The record at the end, which a comment may follow.
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
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(&bytes, usize::try_from(LONGEST).ok()?).ok(),
        _ => None,
    }
}

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?))
}
