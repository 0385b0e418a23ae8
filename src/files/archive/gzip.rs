//! Unpacks gzip (RFC 1952).

use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use super::error::{PackedError, Unsound};
use super::stored::Stored;

/// A gzip stream, which consists of members.
pub(super) struct Gzip {
    state: Box<InflateState>,
    is_in_member: bool,
    is_at_end: bool,
    checksum: crc32fast::Hasher,
    /// The number of unpacked bytes of the member, modulo 2^32.
    length: u32,
}

impl Gzip {
    pub fn new() -> Gzip {
        Gzip {
            state: InflateState::new_boxed(DataFormat::Raw),
            is_in_member: false,
            is_at_end: false,
            checksum: crc32fast::Hasher::new(),
            length: 0,
        }
    }

    /// Unpacks the next bytes; 0 at the end.
    pub fn read(
        &mut self,
        stored: &mut Stored<'_>,
        piece: &mut [u8],
    ) -> Result<usize, PackedError> {
        while !self.is_at_end {
            if !self.is_in_member {
                self.start(stored)?;
                continue;
            }
            if stored.stops() {
                return Err(PackedError::Cancelled);
            }
            let input = stored.rest()?;
            let done = inflate(&mut self.state, input, piece, MZFlush::None);
            stored.advance(done.bytes_consumed);
            let unpacked = &piece[..done.bytes_written];
            self.checksum.update(unpacked);
            self.length = self.length.wrapping_add(u32::try_from(unpacked.len()).unwrap_or(0));
            match done.status {
                Ok(MZStatus::StreamEnd) => self.end(stored)?,
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
    fn start(&mut self, stored: &mut Stored<'_>) -> Result<(), PackedError> {
        let is_first = stored.is_at_start();
        match stored.rest()?.first() {
            None | Some(0) if !is_first => {
                self.is_at_end = true;
                return Ok(());
            }
            _ => {}
        }
        let [first, second, method, flags, ..] = stored.field::<10>(Unsound::Gzip)?;
        if (first, second, method) != (0x1f, 0x8b, 8) || flags & 0xe0 != 0 {
            return Err(Unsound::Gzip.into());
        }
        if flags & 4 != 0 {
            let length = u16::from_le_bytes(stored.field(Unsound::Gzip)?);
            for _ in 0..length {
                stored.field::<1>(Unsound::Gzip)?;
            }
        }
        // The name of the file, and a comment. Each ends with a zero byte.
        for flag in [8, 16] {
            while flags & flag != 0 && stored.field::<1>(Unsound::Gzip)? != [0] {}
        }
        if flags & 2 != 0 {
            stored.field::<2>(Unsound::Gzip)?;
        }
        self.state.reset(DataFormat::Raw);
        self.checksum = crc32fast::Hasher::new();
        self.length = 0;
        self.is_in_member = true;
        Ok(())
    }

    /// Compares the unpacked bytes with the checksum and length at the member's end.
    fn end(&mut self, stored: &mut Stored<'_>) -> Result<(), PackedError> {
        self.is_in_member = false;
        let checksum = u32::from_le_bytes(stored.field(Unsound::Gzip)?);
        let length = u32::from_le_bytes(stored.field(Unsound::Gzip)?);
        let is_sound = checksum == self.checksum.clone().finalize() && length == self.length;
        if is_sound { Ok(()) } else { Err(Unsound::Gzip.into()) }
    }
}
