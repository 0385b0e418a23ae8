//! Reads the bytes of an archive in order, and unpacks them if they are compressed with gzip
//! (RFC 1952) or Zstandard (RFC 8878).

use std::io::{self, Read};
use std::time::{Duration, Instant};

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::super::source::Source;
use super::error::{PackedError, Unsound};
use crate::control::Control;

/// The limits of one archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The maximum number of unpacked bytes.
    pub bytes: u64,
    /// The maximum time of unpacking.
    pub time: Duration,
}

impl Bounds {
    /// For a package: the largest one in the registry has fewer bytes.
    pub const PACKAGE: Bounds = Bounds { bytes: 1 << 30, time: Duration::from_secs(120) };
    /// For a layer of an image, and for an archive that is deployed.
    pub const ARTIFACT: Bounds = Bounds { bytes: 32 << 30, time: Duration::from_secs(600) };
}

/// The compression of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Gzip,
    Zstandard,
}

impl Form {
    /// The compression by the first bytes.
    pub fn of(source: &Source) -> Form {
        let mut magic = [0; 4];
        source.read(0, &mut magic);
        match magic {
            [0x1f, 0x8b, ..] => Form::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd] => Form::Zstandard,
            _ => Form::Plain,
        }
    }
}

/// The maximum ratio of unpacked to packed bytes, for an archive with more than `PLAIN` unpacked
/// bytes. Source code has a ratio of 4 to 20.
const HIGHEST_RATIO: u64 = 200;
/// The number of unpacked bytes that an archive of any size may have.
const PLAIN: u64 = 1 << 26;
/// The number of bytes that are read or unpacked at once.
const PIECE: usize = 64 << 10;

/// The unpacked bytes of an archive that have not been read yet.
pub(super) struct Unpacked<'a> {
    packed: Packed<'a>,
    decoder: Decoder,
    /// The next bytes are `piece[from..to]`.
    piece: Vec<u8>,
    from: usize,
    to: usize,
    /// The number of unpacked bytes that may still follow.
    left: u64,
    /// The number of unpacked bytes before the next ones.
    position: u64,
}

/// The decoder of a compression.
enum Decoder {
    Plain,
    Gzip(Box<Gzip>),
    Zstandard(Box<Zstandard>),
}

impl<'a> Unpacked<'a> {
    pub fn new(source: Source, form: Form, bounds: Bounds, control: &'a Control) -> Unpacked<'a> {
        let left = source.size().saturating_mul(HIGHEST_RATIO).clamp(PLAIN, bounds.bytes);
        let decoder = match form {
            Form::Plain => Decoder::Plain,
            Form::Gzip => Decoder::Gzip(Box::new(Gzip::new())),
            Form::Zstandard => Decoder::Zstandard(Box::default()),
        };
        Unpacked {
            packed: Packed {
                source,
                at: 0,
                piece: vec![0; PIECE],
                from: 0,
                to: 0,
                control,
                bounds,
                deadline: Instant::now() + bounds.time,
            },
            decoder,
            piece: vec![0; PIECE],
            from: 0,
            to: 0,
            left,
            position: 0,
        }
    }

    /// The number of unpacked bytes before the next ones.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Leaves out bytes.
    ///
    /// # Errors
    /// [`Unsound::EndsEarly`] if there are fewer.
    pub fn skip(&mut self, count: u64) -> Result<(), PackedError> {
        let mut left = count;
        let is_plain = matches!(self.decoder, Decoder::Plain);
        while left > 0 {
            let buffered = (self.to - self.from) as u64;
            if is_plain && left > buffered {
                // Nothing has to be unpacked, so nothing has to be read.
                let beyond = left - buffered;
                if self.packed.rest_of_file() < beyond {
                    return Err(Unsound::EndsEarly.into());
                }
                self.packed.at += beyond;
                self.position += left;
                (self.from, self.to) = (0, 0);
                return Ok(());
            }
            let piece = self.some(left)?.len() as u64;
            if piece == 0 {
                return Err(Unsound::EndsEarly.into());
            }
            left -= piece;
        }
        Ok(())
    }

    /// The next bytes, at most `most` of them; empty at the end.
    pub fn some(&mut self, most: u64) -> Result<&[u8], PackedError> {
        if self.from == self.to {
            self.from = 0;
            self.to = match &mut self.decoder {
                Decoder::Plain => self.packed.read(&mut self.piece)?,
                Decoder::Gzip(gzip) => gzip.read(&mut self.packed, &mut self.piece)?,
                Decoder::Zstandard(frames) => frames.read(&mut self.packed, &mut self.piece)?,
            };
            self.left = self.left.checked_sub(self.to as u64).ok_or(Unsound::TooLarge)?;
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let start = self.from;
        self.from += most.min(self.to - start);
        self.position += (self.from - start) as u64;
        Ok(&self.piece[start..self.from])
    }

    /// Fills `buffer`; false at the end of the archive.
    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<bool, PackedError> {
        let mut filled = 0;
        while filled < buffer.len() {
            let piece = self.some((buffer.len() - filled) as u64)?;
            if piece.is_empty() {
                return if filled == 0 { Ok(false) } else { Err(Unsound::EndsEarly.into()) };
            }
            buffer[filled..filled + piece.len()].copy_from_slice(piece);
            filled += piece.len();
        }
        Ok(true)
    }

    /// Reads to the end of the file, which has gzip's checksum.
    pub fn finish(&mut self) -> Result<(), PackedError> {
        while !self.some(PIECE as u64)?.is_empty() {}
        Ok(())
    }
}

/// The bytes of the archive as they are stored.
struct Packed<'a> {
    source: Source,
    at: u64,
    piece: Vec<u8>,
    from: usize,
    to: usize,
    control: &'a Control,
    bounds: Bounds,
    deadline: Instant,
}

impl Packed<'_> {
    /// Reads the next bytes of the file; 0 at its end. It is called for each piece, so it also
    /// checks whether the job was cancelled.
    fn read(&mut self, piece: &mut [u8]) -> Result<usize, PackedError> {
        if self.control.stops() {
            return Err(PackedError::Cancelled);
        }
        if Instant::now() >= self.deadline {
            return Err(Unsound::TooSlow(self.bounds.time.as_secs()).into());
        }
        self.source.refill();
        let count = self.source.read(self.at, piece);
        self.at += count as u64;
        Ok(count)
    }

    /// The number of bytes of the file that have not been read.
    fn rest_of_file(&self) -> u64 {
        self.source.size().saturating_sub(self.at)
    }

    /// The next bytes; empty at the end.
    fn rest(&mut self) -> Result<&[u8], PackedError> {
        if self.from == self.to {
            let mut piece = std::mem::take(&mut self.piece);
            let read = self.read(&mut piece);
            self.piece = piece;
            (self.from, self.to) = (0, read?);
        }
        Ok(&self.piece[self.from..self.to])
    }

    fn byte(&mut self) -> Result<Option<u8>, PackedError> {
        let byte = self.rest()?.first().copied();
        self.from += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next `N` bytes of gzip's own fields.
    fn field<const N: usize>(&mut self) -> Result<[u8; N], PackedError> {
        let mut field = [0; N];
        for place in &mut field {
            *place = self.byte()?.ok_or(Unsound::Gzip)?;
        }
        Ok(field)
    }
}

/// A gzip stream, which consists of members.
struct Gzip {
    state: Box<InflateState>,
    is_in_member: bool,
    is_at_end: bool,
    checksum: crc32fast::Hasher,
    /// The number of unpacked bytes of the member, modulo 2^32.
    length: u32,
}

impl Gzip {
    fn new() -> Gzip {
        Gzip {
            state: InflateState::new_boxed(DataFormat::Raw),
            is_in_member: false,
            is_at_end: false,
            checksum: crc32fast::Hasher::new(),
            length: 0,
        }
    }

    /// Unpacks the next bytes; 0 at the end.
    fn read(&mut self, packed: &mut Packed<'_>, piece: &mut [u8]) -> Result<usize, PackedError> {
        while !self.is_at_end {
            if !self.is_in_member {
                self.start(packed)?;
                continue;
            }
            if packed.control.stops() {
                return Err(PackedError::Cancelled);
            }
            let input = packed.rest()?;
            let done = inflate(&mut self.state, input, piece, MZFlush::None);
            packed.from += done.bytes_consumed;
            let unpacked = &piece[..done.bytes_written];
            self.checksum.update(unpacked);
            self.length = self.length.wrapping_add(u32::try_from(unpacked.len()).unwrap_or(0));
            match done.status {
                Ok(MZStatus::StreamEnd) => self.end(packed)?,
                // No progress means that the archive has ended.
                Ok(_) | Err(MZError::Buf) if done.bytes_consumed + done.bytes_written > 0 => {}
                _ => return Err(Unsound::Gzip.into()),
            }
            if done.bytes_written > 0 {
                return Ok(done.bytes_written);
            }
        }
        Ok(0)
    }

    /// Reads a member's header. Node.js, with which npm unpacks, stops at a zero byte after a
    /// member and rejects anything else that isn't a member (ZlibContext in src/node_zlib.cc).
    fn start(&mut self, packed: &mut Packed<'_>) -> Result<(), PackedError> {
        let is_first = packed.at == 0;
        match packed.rest()?.first() {
            None | Some(0) if !is_first => {
                self.is_at_end = true;
                return Ok(());
            }
            _ => {}
        }
        let [first, second, method, flags, ..] = packed.field::<10>()?;
        if (first, second, method) != (0x1f, 0x8b, 8) || flags & 0xe0 != 0 {
            return Err(Unsound::Gzip.into());
        }
        if flags & 4 != 0 {
            let length = u16::from_le_bytes(packed.field()?);
            for _ in 0..length {
                packed.field::<1>()?;
            }
        }
        // The name of the file, and a comment. Each ends with a zero byte.
        for flag in [8, 16] {
            while flags & flag != 0 && packed.field::<1>()? != [0] {}
        }
        if flags & 2 != 0 {
            packed.field::<2>()?;
        }
        self.state.reset(DataFormat::Raw);
        self.checksum = crc32fast::Hasher::new();
        self.length = 0;
        self.is_in_member = true;
        Ok(())
    }

    /// Compares the unpacked bytes with the checksum and length at the member's end.
    fn end(&mut self, packed: &mut Packed<'_>) -> Result<(), PackedError> {
        self.is_in_member = false;
        let checksum = u32::from_le_bytes(packed.field()?);
        let length = u32::from_le_bytes(packed.field()?);
        let is_sound = checksum == self.checksum.clone().finalize() && length == self.length;
        if is_sound { Ok(()) } else { Err(Unsound::Gzip.into()) }
    }
}

/// A stream of Zstandard, which consists of frames.
#[derive(Default)]
struct Zstandard {
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl Zstandard {
    /// Unpacks the next bytes; 0 at the end.
    fn read(&mut self, packed: &mut Packed<'_>, piece: &mut [u8]) -> Result<usize, PackedError> {
        loop {
            if self.is_in_frame {
                if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let mut stream = Stream { packed, error: None };
                    let strategy = BlockDecodingStrategy::UptoBytes(piece.len());
                    let decoded = self.decoder.decode_blocks(&mut stream, strategy);
                    if let Some(error) = stream.error {
                        return Err(error);
                    }
                    decoded.map_err(|_| Unsound::Zstandard)?;
                }
                match self.decoder.read(piece) {
                    Ok(0) if self.decoder.is_finished() => self.end()?,
                    Ok(0) => {}
                    Ok(count) => return Ok(count),
                    Err(_) => return Err(Unsound::Zstandard.into()),
                }
            } else if !self.start(packed)? {
                return Ok(0);
            }
        }
    }

    /// Starts the next frame; false at the end of the file.
    fn start(&mut self, packed: &mut Packed<'_>) -> Result<bool, PackedError> {
        if packed.rest()?.is_empty() {
            return Ok(false);
        }
        let magic = packed.field::<4>().map_err(|_| Unsound::Zstandard)?;
        // A frame with data for other programs, such as the table of contents of zstd:chunked.
        if matches!(u32::from_le_bytes(magic), 0x184d_2a50..=0x184d_2a5f) {
            let mut left = u32::from_le_bytes(packed.field()?);
            while left > 0 {
                let here = packed.rest()?.len();
                if here == 0 {
                    return Err(Unsound::EndsEarly.into());
                }
                let count = u32::try_from(here).unwrap_or(left).min(left);
                packed.from += usize::try_from(count).unwrap_or(here);
                left -= count;
            }
            return Ok(true);
        }
        let mut stream = Stream { packed, error: None };
        let started = self.decoder.reset(magic.chain(&mut stream));
        if let Some(error) = stream.error {
            return Err(error);
        }
        started.map_err(|_| Unsound::Zstandard)?;
        self.is_in_frame = true;
        Ok(true)
    }

    fn end(&mut self) -> Result<(), PackedError> {
        self.is_in_frame = false;
        let stated = self.decoder.get_checksum_from_data();
        let is_sound =
            stated.is_none_or(|stated| self.decoder.get_calculated_checksum() == Some(stated));
        if is_sound { Ok(()) } else { Err(Unsound::Zstandard.into()) }
    }
}

/// The bytes of the file for a decoder that reads them itself.
struct Stream<'p, 'a> {
    packed: &'p mut Packed<'a>,
    error: Option<PackedError>,
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stop = || io::Error::other("the archive can't be read");
        if self.packed.control.stops() {
            self.error = Some(PackedError::Cancelled);
            return Err(stop());
        }
        match self.packed.rest() {
            Ok(rest) => {
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                self.packed.from += count;
                Ok(count)
            }
            Err(error) => {
                self.error = Some(error);
                Err(stop())
            }
        }
    }
}
