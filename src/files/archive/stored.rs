//! The bytes of an archive as they are stored, in order.

use std::time::{Duration, Instant};

use super::super::source::Source;
use super::error::{PackedError, Unsound};
use crate::control::Control;

/// The number of bytes that are read or unpacked at once.
pub(super) const PIECE: usize = 64 << 10;

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

/// The bytes of the archive as they are stored.
pub(super) struct Stored<'a> {
    source: Source,
    at: u64,
    piece: Vec<u8>,
    from: usize,
    to: usize,
    control: &'a Control,
    bounds: Bounds,
    deadline: Instant,
}

impl<'a> Stored<'a> {
    pub fn new(source: Source, bounds: Bounds, control: &'a Control) -> Stored<'a> {
        Stored {
            source,
            at: 0,
            piece: vec![0; PIECE],
            from: 0,
            to: 0,
            control,
            bounds,
            deadline: Instant::now() + bounds.time,
        }
    }

    /// Reads the next bytes of the file; 0 at its end. It is called for each piece, so it also
    /// checks whether the job was cancelled.
    pub fn read(&mut self, piece: &mut [u8]) -> Result<usize, PackedError> {
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

    /// Leaves out bytes of the file.
    ///
    /// # Errors
    /// [`Unsound::EndsEarly`] if there are fewer.
    pub fn leave_out(&mut self, count: u64) -> Result<(), PackedError> {
        if self.source.size().saturating_sub(self.at) < count {
            return Err(Unsound::EndsEarly.into());
        }
        self.at += count;
        Ok(())
    }

    /// True if the job was cancelled.
    pub fn stops(&self) -> bool {
        self.control.stops()
    }

    /// True before the first byte was read.
    pub fn is_at_start(&self) -> bool {
        self.at == 0
    }

    /// The next bytes; empty at the end.
    pub fn rest(&mut self) -> Result<&[u8], PackedError> {
        if self.from == self.to {
            let mut piece = std::mem::take(&mut self.piece);
            let read = self.read(&mut piece);
            self.piece = piece;
            (self.from, self.to) = (0, read?);
        }
        Ok(&self.piece[self.from..self.to])
    }

    /// Goes on after some of the bytes of [`Stored::rest`].
    pub fn advance(&mut self, count: usize) {
        self.from += count;
    }

    fn byte(&mut self) -> Result<Option<u8>, PackedError> {
        let byte = self.rest()?.first().copied();
        self.advance(usize::from(byte.is_some()));
        Ok(byte)
    }

    /// The next `N` bytes; `end` is the error if the file has fewer.
    pub fn field<const N: usize>(&mut self, end: Unsound) -> Result<[u8; N], PackedError> {
        let mut field = [0; N];
        for place in &mut field {
            let Some(byte) = self.byte()? else { return Err(end.into()) };
            *place = byte;
        }
        Ok(field)
    }
}
