//! Unpacks xz ("The .xz File Format"), which Debian packages use.

use xz4rust::XzDecoder;

use super::error::{PackedError, Unsound};
use super::stored::Stored;

/// The maximum size of the window, in bytes: that of `xz -9`.
const MOST_WINDOW: usize = 64 << 20;
/// The size of the window at first, in bytes. It grows if the archive demands it.
const FIRST_WINDOW: usize = 1 << 20;

/// The streams of a file, one after the other.
pub(super) struct Xz {
    decoder: Box<XzDecoder<'static>>,
    is_between_streams: bool,
}

impl Xz {
    pub fn new() -> Xz {
        let decoder = XzDecoder::in_heap_with_alloc_dict_size(FIRST_WINDOW, MOST_WINDOW);
        Xz { decoder, is_between_streams: false }
    }

    /// Unpacks the next bytes; 0 at the end.
    pub fn read(
        &mut self,
        stored: &mut Stored<'_>,
        piece: &mut [u8],
    ) -> Result<usize, PackedError> {
        loop {
            if stored.stops() {
                return Err(PackedError::Cancelled);
            }
            let input = stored.rest()?;
            if self.is_between_streams {
                // Zeros pad a stream to a multiple of four bytes.
                let zeros = input.iter().take_while(|byte| **byte == 0).count();
                match (input.len(), zeros) {
                    (0, _) => return Ok(0),
                    (_, 0) => {
                        self.decoder.reset();
                        self.is_between_streams = false;
                    }
                    _ => stored.advance(zeros),
                }
                continue;
            }
            if input.is_empty() {
                return Err(Unsound::EndsEarly.into());
            }
            let done = self.decoder.decode(input, piece).map_err(|_| Unsound::Xz)?;
            stored.advance(done.input_consumed());
            self.is_between_streams = done.is_end_of_stream();
            if done.output_produced() > 0 {
                return Ok(done.output_produced());
            }
        }
    }
}
