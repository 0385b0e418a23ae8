//! The bytes of an index: a checksum, the key, the questions, the answer. Nothing in them is
//! trusted to be whole.

use super::bytes::{Bytes, Writer};
use super::entries::{self, Same, Settled};
use crate::check::known::Known;

/// The first bytes.
const MAGIC: [u8; 8] = *b"abiguard";
/// The position behind the checksum.
const BODY: usize = 12;

/// The bytes of an index. `None` if it is too large.
pub(super) fn encode(key: &[u8], entries: &[u8], known: &Known) -> Option<Vec<u8>> {
    let mut body = Writer::default();
    for part in [key, entries] {
        body.part(part)?;
    }
    for text in [&known.brief, &known.whole, &known.rest] {
        body.part(text.as_bytes())?;
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend(crc32fast::hash(&body.0).to_le_bytes());
    bytes.extend(body.0);
    Some(bytes)
}

/// An index that was read.
pub(super) struct Read {
    bytes: Vec<u8>,
    /// Where the questions are.
    entries: std::ops::Range<usize>,
}

impl Read {
    /// `None` if the bytes are damaged, or belong to another key.
    pub fn of(bytes: Vec<u8>, key: &[u8]) -> Option<Read> {
        let body = bytes.strip_prefix(&MAGIC)?;
        let (checksum, body) = body.split_first_chunk()?;
        if crc32fast::hash(body) != u32::from_le_bytes(*checksum) {
            return None;
        }
        let mut reader = Bytes::of(body);
        if reader.part()? != key {
            return None;
        }
        let length = reader.part()?.len();
        let end = BODY + reader.position();
        Some(Read { entries: end - length..end, bytes })
    }

    /// Asks everything again. `None` if an answer differs.
    pub fn compare(&self) -> Option<Same> {
        entries::compare(self.bytes.get(self.entries.clone())?, self.entries.start)
    }

    /// The bytes with the new numbers of the folders that were listed.
    pub fn with(&mut self, same: &Same, settled: Settled) -> &[u8] {
        same.apply(&mut self.bytes, settled);
        let checksum = crc32fast::hash(&self.bytes[BODY..]);
        self.bytes[MAGIC.len()..BODY].copy_from_slice(&checksum.to_le_bytes());
        &self.bytes
    }

    /// The answer.
    pub fn known(&self) -> Option<Known> {
        let mut reader = Bytes::of(self.bytes.get(self.entries.end..)?);
        let mut text = || String::from_utf8(reader.part()?.to_vec()).ok();
        Some(Known { brief: text()?, whole: text()?, rest: text()? })
    }
}
