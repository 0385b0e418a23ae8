//! Adds the entries of a zip to a tree of files. Stored contents are read where they are; deflated
//! ones are unpacked if a scan may read them.

use std::collections::BTreeMap;
use std::io;

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};
use rawzip::{
    CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipFileHeaderRecord, ZipLocator,
};

use super::super::source::{Origin, Source};
use super::error::{PackedError, Unsound};
use super::layer::{is_binary, is_text};
use super::spool::Spool;
use super::stored::{Bounds, PIECE};
use super::tree::{Contents, FileTree, Node};
use super::unpacked::most_unpacked;
use crate::control::Control;

/// The first bytes of a zip with entries, and of one without.
pub(super) const MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// The maximum length of the target of a link, in bytes, as on Linux.
const LONGEST_TARGET: u64 = 4096;

/// The archive for the parser, which asks for bytes by their positions.
struct Bytes(Source);

impl ReaderAt for Bytes {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.refill();
        Ok(self.0.read(offset, buffer))
    }
}

/// An archive that is read.
struct Reading<'a> {
    /// The place of the archive's bytes.
    origin: Origin,
    start: u64,
    /// The numbers of the places of stored and of unpacked contents in the tree.
    stored: u32,
    unpacked: u32,
    spool: Spool,
    /// The number of bytes that may still be unpacked.
    left: u64,
    inflater: Inflater,
    control: &'a Control,
}

/// Adds a zip to a tree.
///
/// # Errors
/// [`PackedError`] if it can't be read, and if the job was cancelled.
pub(in crate::files) fn add_zip(
    tree: &mut FileTree,
    source: Source,
    control: &Control,
) -> Result<(), PackedError> {
    let size = source.size();
    let (origin, start) = source.place();
    let stored = tree.next_origin();
    tree.add_origin(origin.clone());
    let mut reading = Reading {
        origin,
        start,
        stored,
        unpacked: tree.next_origin(),
        spool: Spool::sharing(1),
        left: most_unpacked(size, Bounds::ARTIFACT),
        inflater: Inflater::new(),
        control,
    };
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new().locate_in_reader(Bytes(source), &mut buffer, size);
    let archive = archive.map_err(|_| Unsound::Zip)?;
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(|_| Unsound::Zip)? {
        let name = String::from_utf8_lossy(entry.file_path().as_bytes()).into_owned();
        let range = archive.get_entry(entry.wayfinder()).map(|found| found.compressed_data_range());
        let node = match range {
            Ok((from, to)) if to <= size => reading.node(&entry, &name, (from, to - from)),
            _ => Err(Unsound::EndsEarly.into()),
        };
        let node = node.map_err(|error| match error {
            PackedError::Unsound(reason) => {
                Unsound::Entry { name: name.clone(), reason: Box::new(reason) }.into()
            }
            other => other,
        })?;
        // Some archivers of Windows write its separator.
        tree.add(&name.replace('\\', "/"), node, 0)?;
    }
    tree.add_origin(reading.spool.finish());
    Ok(())
}

impl Reading<'_> {
    /// The node of an entry, whose packed bytes are at this position and have this length.
    fn node(
        &mut self,
        entry: &ZipFileHeaderRecord<'_>,
        name: &str,
        (from, length): (u64, u64),
    ) -> Result<Node, PackedError> {
        if self.control.stops() {
            return Err(PackedError::Cancelled);
        }
        if entry.is_dir() {
            return Ok(Node::Folder(BTreeMap::new()));
        }
        if entry.flags().is_encrypted() {
            return Err(Unsound::Encrypted.into());
        }
        let size = entry.uncompressed_size_hint();
        let at = self.start.saturating_add(from);
        let packed = Source::from_origin(self.origin.clone()).part(at, length);
        let method = entry.compression_method();
        if entry.mode().is_symlink() {
            return self.target(&packed, method, size).map(Node::Link);
        }
        if method == CompressionMethod::STORE {
            let is_whole = size == length;
            let place = Some((self.stored, at));
            return if is_whole {
                Ok(Node::File(Contents { size, place }))
            } else {
                Err(Unsound::EndsEarly.into())
            };
        }
        if method != CompressionMethod::DEFLATE {
            return Err(Unsound::Method(method.as_u16()).into());
        }
        let start = self.spool.size();
        let mut is_kept = is_text(name, size);
        let mut is_first = true;
        let (spool, left) = (&mut self.spool, &mut self.left);
        let mut checksum = crc32fast::Hasher::new();
        let count = self.inflater.unpack(&packed, self.control, |piece| {
            is_kept |= is_first && is_binary(piece);
            is_first = false;
            if is_kept {
                *left = left.checked_sub(piece.len() as u64).ok_or(Unsound::TooLarge)?;
                checksum.update(piece);
                spool.write(piece).map_err(PackedError::Temporary)?;
            }
            Ok(is_kept)
        })?;
        if is_kept && (count != size || checksum.finalize() != entry.crc32()) {
            return Err(Unsound::Contents.into());
        }
        let place = is_kept.then_some((self.unpacked, start));
        Ok(Node::File(Contents { size, place }))
    }

    /// The target of a symbolic link, which is the contents of its entry.
    fn target(
        &mut self,
        packed: &Source,
        method: CompressionMethod,
        size: u64,
    ) -> Result<Box<str>, PackedError> {
        if size > LONGEST_TARGET {
            return Err(Unsound::LongName.into());
        }
        let mut target = Vec::new();
        if method == CompressionMethod::STORE {
            target = packed.bytes(0, size).ok_or(Unsound::EndsEarly)?;
        } else {
            self.inflater.unpack(packed, self.control, |piece| {
                target.extend_from_slice(piece);
                Ok(target.len() as u64 <= LONGEST_TARGET)
            })?;
        }
        Ok(String::from_utf8_lossy(&target).into())
    }
}

/// Unpacks deflate (RFC 1951), entry after entry.
struct Inflater {
    state: Box<InflateState>,
    input: Vec<u8>,
    output: Vec<u8>,
}

impl Inflater {
    fn new() -> Inflater {
        let state = InflateState::new_boxed(DataFormat::Raw);
        Inflater { state, input: vec![0; PIECE], output: vec![0; PIECE] }
    }

    /// Passes the unpacked bytes to `write`, piece by piece, as long as it returns true. Returns
    /// their number.
    fn unpack(
        &mut self,
        packed: &Source,
        control: &Control,
        mut write: impl FnMut(&[u8]) -> Result<bool, PackedError>,
    ) -> Result<u64, PackedError> {
        self.state.reset(DataFormat::Raw);
        let (mut at, mut from, mut to, mut count) = (0, 0, 0, 0);
        loop {
            if control.stops() {
                return Err(PackedError::Cancelled);
            }
            if from == to {
                packed.refill();
                (from, to) = (0, packed.read(at, &mut self.input));
                at += to as u64;
            }
            let input = &self.input[from..to];
            let done = inflate(&mut self.state, input, &mut self.output, MZFlush::None);
            from += done.bytes_consumed;
            count += done.bytes_written as u64;
            let goes_on = done.bytes_written == 0 || write(&self.output[..done.bytes_written])?;
            match done.status {
                Ok(MZStatus::StreamEnd) => return Ok(count),
                _ if !goes_on => return Ok(count),
                // No progress means that the entry ends too early.
                _ if done.bytes_consumed + done.bytes_written == 0 => {
                    return Err(Unsound::Deflate.into());
                }
                Ok(_) | Err(miniz_oxide::MZError::Buf) => {}
                Err(_) => return Err(Unsound::Deflate.into()),
            }
        }
    }
}
