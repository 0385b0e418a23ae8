//! Reads the bytes of an archive in order, and unpacks them if they are compressed with gzip,
//! Zstandard or xz.

use super::super::source::Source;
use super::error::{PackedError, Unsound};
use super::gzip::Gzip;
use super::stored::{Bounds, PIECE, Stored};
use super::xz::Xz;
use super::zstandard::Zstandard;
use crate::control::Control;

/// The compression of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Gzip,
    Zstandard,
    Xz,
}

impl Form {
    /// The compression by the first bytes.
    pub fn of(source: &Source) -> Form {
        let mut magic = [0; 6];
        source.read(0, &mut magic);
        match magic {
            [0x1f, 0x8b, ..] => Form::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Form::Zstandard,
            [0xfd, b'7', b'z', b'X', b'Z', 0] => Form::Xz,
            _ => Form::Plain,
        }
    }
}

/// The maximum ratio of unpacked to packed bytes, for an archive with more than `PLAIN` unpacked
/// bytes. Source code has a ratio of 4 to 20.
const HIGHEST_RATIO: u64 = 200;
/// The number of unpacked bytes that an archive of any size may have.
const PLAIN: u64 = 1 << 26;

/// The number of bytes to which an archive of this size may unpack.
pub(super) fn most_unpacked(size: u64, bounds: Bounds) -> u64 {
    size.saturating_mul(HIGHEST_RATIO).clamp(PLAIN, bounds.bytes)
}

/// The unpacked bytes of an archive that have not been read yet.
pub(super) struct Unpacked<'a> {
    stored: Stored<'a>,
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
    Xz(Xz),
}

impl<'a> Unpacked<'a> {
    pub fn new(source: Source, form: Form, bounds: Bounds, control: &'a Control) -> Unpacked<'a> {
        let left = most_unpacked(source.size(), bounds);
        let decoder = match form {
            Form::Plain => Decoder::Plain,
            Form::Gzip => Decoder::Gzip(Box::new(Gzip::new())),
            Form::Zstandard => Decoder::Zstandard(Box::default()),
            Form::Xz => Decoder::Xz(Xz::new()),
        };
        Unpacked {
            stored: Stored::new(source, bounds, control),
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
        let buffered = (self.to - self.from) as u64;
        if matches!(self.decoder, Decoder::Plain) && count > buffered {
            // Nothing has to be unpacked, so nothing has to be read.
            self.stored.leave_out(count - buffered)?;
            self.position += count;
            (self.from, self.to) = (0, 0);
            return Ok(());
        }
        let mut left = count;
        while left > 0 {
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
                Decoder::Plain => self.stored.read(&mut self.piece)?,
                Decoder::Gzip(gzip) => gzip.read(&mut self.stored, &mut self.piece)?,
                Decoder::Xz(streams) => streams.read(&mut self.stored, &mut self.piece)?,
                Decoder::Zstandard(frames) => frames.read(&mut self.stored, &mut self.piece)?,
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
