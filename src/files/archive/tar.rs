//! The entries of a tar in their order: ustar, with the longer names and sizes of pax (POSIX
//! `pax`, "pax Interchange Format") and GNU tar ("Basic Tar Format" in its manual).
//!
//! Names are texts, as npm writes them: bytes that aren't UTF-8 become U+FFFD.

use super::error::{PackedError, Unsound};
use super::unpacked::Unpacked;

/// The maximum size of the body of a pax or GNU header, in bytes.
const LONGEST_HEADER: u64 = 1 << 16;
const BLOCK: usize = 512;

/// The type of an entry. npm unpacks only files, and creates the folders around them (`filter` in
/// pacote's lib/fetcher.js).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, with its target.
    Link(String),
    /// Another name for the file of an entry before, with the name of that entry.
    HardLink(String),
    /// A device or a pipe.
    Other,
}

/// The header of an entry.
#[derive(Debug)]
pub(super) struct TarEntry {
    /// The name as it is in the archive.
    pub name: String,
    pub kind: EntryKind,
    /// The size of the body in bytes.
    pub size: u64,
}

/// The values that pax and GNU headers set for the next entry.
#[derive(Default)]
struct Extended {
    name: Option<String>,
    /// The target of a link.
    target: Option<String>,
    size: Option<u64>,
}

/// The entries of a tar.
pub(super) struct Entries<'a> {
    bytes: Unpacked<'a>,
    /// The number of headers that may still follow, including those of pax and GNU.
    headers: usize,
    /// The number of headers that were allowed.
    most: usize,
    /// The number of unread bytes in the body of the last entry.
    left: u64,
    /// The number of bytes between that body and the next header.
    padding: u64,
}

impl<'a> Entries<'a> {
    /// `most` is the maximum number of headers.
    pub fn new(bytes: Unpacked<'a>, most: usize) -> Entries<'a> {
        Entries { bytes, headers: most, most, left: 0, padding: 0 }
    }

    /// The position of the body of the last entry, in the unpacked bytes.
    pub fn body_at(&self) -> u64 {
        self.bytes.position()
    }

    /// The next entry; `None` at the end of the archive, after all its bytes have been read.
    pub fn next(&mut self) -> Result<Option<TarEntry>, PackedError> {
        let mut extended = Extended::default();
        loop {
            self.skip_body()?;
            let mut header = [0; BLOCK];
            let is_there = self.bytes.fill(&mut header)?;
            if !is_there || header == [0; BLOCK] {
                self.bytes.finish()?;
                return Ok(None);
            }
            self.headers = self.headers.checked_sub(1).ok_or(Unsound::TooManyEntries(self.most))?;
            if !has_sound_checksum(&header) {
                return Err(Unsound::Checksum.into());
            }
            let size = number(field(&header, 124, 12)).ok_or(Unsound::Size)?;
            let kind = header[156];
            match kind {
                b'x' | b'L' | b'K' => {
                    self.has_body(size);
                    let body = self.short_body(size)?;
                    match kind {
                        b'x' => extended.read_records(&body),
                        b'L' => extended.name = Some(text(&body)),
                        _ => extended.target = Some(text(&body)),
                    }
                }
                // Values for all files.
                b'g' => self.has_body(size),
                _ => return Ok(Some(self.entry(&header, size, extended))),
            }
        }
    }

    fn entry(&mut self, header: &[u8; BLOCK], size: u64, extended: Extended) -> TarEntry {
        let name = extended.name.unwrap_or_else(|| name_of(header));
        let size = extended.size.unwrap_or(size);
        // Old archivers wrote a folder as a file whose name ends with a slash.
        let is_folder = header[156] == b'5' || name.ends_with('/');
        let is_file = matches!(header[156], b'0' | b'\0' | b'7') && !is_folder;
        // Some archivers write the size that the system states for a folder, but no body.
        let size = if is_folder { 0 } else { size };
        self.has_body(size);
        let target = || extended.target.unwrap_or_else(|| text(field(header, 157, 100)));
        let kind = match header[156] {
            _ if is_file => EntryKind::File,
            _ if is_folder => EntryKind::Folder,
            b'1' => EntryKind::HardLink(target()),
            b'2' => EntryKind::Link(target()),
            _ => EntryKind::Other,
        };
        TarEntry { name, kind, size }
    }

    /// Passes the body of the last entry to `write`, piece by piece.
    pub fn copy_body(
        &mut self,
        mut write: impl FnMut(&[u8]) -> Result<(), PackedError>,
    ) -> Result<(), PackedError> {
        while self.left > 0 {
            write(self.body()?)?;
        }
        Ok(())
    }

    fn body(&mut self) -> Result<&[u8], PackedError> {
        let piece = self.bytes.some(self.left)?;
        if piece.is_empty() {
            return Err(Unsound::EndsEarly.into());
        }
        self.left -= piece.len() as u64;
        Ok(piece)
    }

    fn has_body(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    fn skip_body(&mut self) -> Result<(), PackedError> {
        for length in [std::mem::take(&mut self.left), std::mem::take(&mut self.padding)] {
            self.bytes.skip(length)?;
        }
        Ok(())
    }

    /// The body of a pax or GNU header.
    fn short_body(&mut self, size: u64) -> Result<Vec<u8>, PackedError> {
        if size > LONGEST_HEADER {
            return Err(Unsound::LongName.into());
        }
        let mut body = Vec::new();
        self.copy_body(|piece| {
            body.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(body)
    }
}

impl Extended {
    /// Reads records of the form `<length> <key>=<value>\n`. A record with a wrong length is
    /// skipped, as npm does it.
    fn read_records(&mut self, mut records: &[u8]) {
        while !records.is_empty() {
            let (record, rest) = first_record(records).unwrap_or_else(|| {
                let end = memchr::memchr(b'\n', records).map_or(records.len(), |at| at + 1);
                (&[], &records[end..])
            });
            records = rest;
            if let Some(path) = record.strip_prefix(b"path=") {
                self.name = Some(String::from_utf8_lossy(path).into_owned());
            } else if let Some(target) = record.strip_prefix(b"linkpath=") {
                self.target = Some(String::from_utf8_lossy(target).into_owned());
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
        }
    }
}

/// The key and value of the first record, and the records after it.
fn first_record(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = memchr::memchr(b' ', records.get(..records.len().min(20))?)?;
    let length: usize = std::str::from_utf8(&records[..digits]).ok()?.parse().ok()?;
    let record = records.get(digits + 1..length)?.strip_suffix(b"\n")?;
    Some((record, &records[length..]))
}

fn name_of(header: &[u8; BLOCK]) -> String {
    let name = text(field(header, 0, 100));
    let is_ustar = field(header, 257, 5) == b"ustar";
    match text(field(header, 345, 155)) {
        prefix if is_ustar && !prefix.is_empty() => format!("{prefix}/{name}"),
        _ => name,
    }
}

fn field(header: &[u8; BLOCK], start: usize, length: usize) -> &[u8] {
    &header[start..start + length]
}

/// The text before the first null byte.
fn text(bytes: &[u8]) -> String {
    let end = memchr::memchr(0, bytes).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// A number in octal digits, or in GNU's form for larger ones: the first bit is set, and the other
/// bits are the number.
fn number(field: &[u8]) -> Option<u64> {
    if field.first()? & 0x80 != 0 {
        // Negative numbers have more high bits set, and overflow here.
        let (first, rest) = field.split_first()?;
        return rest.iter().try_fold(u64::from(first & 0x7f), |value, byte| {
            Some(value.checked_mul(256)? + u64::from(*byte))
        });
    }
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\0');
    let digits = field.trim_ascii_start();
    let end = digits.iter().position(is_blank).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() || !rest.iter().all(is_blank) {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u64::from_str_radix(digits, 8).ok()
}

/// True if the checksum is the sum of the header's bytes, with spaces in place of the checksum. Old
/// archivers added signed bytes.
fn has_sound_checksum(header: &[u8; BLOCK]) -> bool {
    let (mut unsigned, mut signed) = (0_u64, 0_i64);
    for (at, byte) in header.iter().enumerate() {
        let byte = if (148..156).contains(&at) { b' ' } else { *byte };
        unsigned += u64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    let stated = number(field(header, 148, 8));
    stated.is_some_and(|stated| stated == unsigned || i64::try_from(stated) == Ok(signed))
}

#[cfg(test)]
mod tests {
    use super::{Extended, number};

    #[test]
    fn numbers_are_octal_digits_or_binary() {
        for (field, expected) in [
            (&b"00000000012\0"[..], Some(10)),
            (b"   12 \0     ", Some(10)),
            (b"000000000012", Some(10)),
            (b"77777777777\0", Some((1 << 33) - 1)),
            (b"\x80\0\0\0\0\0\0\0\0\0\x01\x02", Some(258)),
            (b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", Some(u64::MAX)),
            (b"\x80\0\0\x01\0\0\0\0\0\0\0\0", None),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", None),
            (b"-0000000100\0", None),
            (b"+0000000100\0", None),
            (b"abc\0\0\0\0\0\0\0\0\0", None),
            (b"12 34\0\0\0\0\0\0\0", None),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0", None),
        ] {
            assert_eq!(number(field), expected, "{field:?}");
        }
    }

    #[test]
    fn pax_records_are_separated_by_their_lengths() {
        for (records, name, size) in [
            (&b"11 path=ab\n"[..], Some("ab"), None),
            (b"21 comment=12 path=b\n\n11 path=ab\n", Some("ab"), None),
            (b"17 path=a\n9 path\n9 size=1\n", Some("a\n9 path"), Some(1)),
            (b"99 path=a\n11 path=ab\n", Some("ab"), None),
            (b"4 x\n12 size=123\n", None, Some(123)),
            (b"12 size=-12\n", None, None),
            (b"11 path=ab", None, None),
            (b"0 \n11 path=ab\n", Some("ab"), None),
            (b"no record at all", None, None),
        ] {
            let mut extended = Extended::default();
            extended.read_records(records);
            assert_eq!((extended.name.as_deref(), extended.size), (name, size), "{records:?}");
        }
    }
}
