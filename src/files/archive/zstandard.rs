//! Unpacks Zstandard (RFC 8878).

use std::io::{self, Read};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::error::{PackedError, Unsound};
use super::stored::Stored;

/// A stream of Zstandard, which consists of frames.
#[derive(Default)]
pub(super) struct Zstandard {
    decoder: FrameDecoder,
    is_in_frame: bool,
}

impl Zstandard {
    /// Unpacks the next bytes; 0 at the end.
    pub fn read(
        &mut self,
        stored: &mut Stored<'_>,
        piece: &mut [u8],
    ) -> Result<usize, PackedError> {
        loop {
            if self.is_in_frame {
                if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let mut stream = Stream { stored, error: None };
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
            } else if !self.start(stored)? {
                return Ok(0);
            }
        }
    }

    /// Starts the next frame; false at the end of the file.
    fn start(&mut self, stored: &mut Stored<'_>) -> Result<bool, PackedError> {
        if stored.rest()?.is_empty() {
            return Ok(false);
        }
        let magic = stored.field::<4>(Unsound::Zstandard)?;
        // A frame with data for other programs, such as the table of contents of zstd:chunked.
        if matches!(u32::from_le_bytes(magic), 0x184d_2a50..=0x184d_2a5f) {
            let mut left = u32::from_le_bytes(stored.field(Unsound::Zstandard)?);
            while left > 0 {
                let here = stored.rest()?.len();
                if here == 0 {
                    return Err(Unsound::EndsEarly.into());
                }
                let count = u32::try_from(here).unwrap_or(left).min(left);
                stored.advance(usize::try_from(count).unwrap_or(here));
                left -= count;
            }
            return Ok(true);
        }
        let mut stream = Stream { stored, error: None };
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
    stored: &'p mut Stored<'a>,
    error: Option<PackedError>,
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let stop = || io::Error::other("the archive can't be read");
        if self.stored.stops() {
            self.error = Some(PackedError::Cancelled);
            return Err(stop());
        }
        match self.stored.rest() {
            Ok(rest) => {
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                self.stored.advance(count);
                Ok(count)
            }
            Err(error) => {
                self.error = Some(error);
                Err(stop())
            }
        }
    }
}
