//! An image as it is in memory: addresses → file bytes, as the loader maps them.

use crate::files::{Limits, Source};

/// The page size that decides what a truncated file loses. It is 4 KiB on x64 and ia32; arm64 and
/// ppc64 systems may use larger pages, so less is lost, never more.
pub const PAGE: u64 = 4096;

/// One loadable part of an image (`PT_LOAD`, a Mach-O segment, a PE section).
#[derive(Clone, Debug)]
pub struct Segment {
    /// Virtual address as linked.
    pub address: u64,
    /// Bytes in memory; the bytes after `file_size` are zero.
    pub memory_size: u64,
    /// Absolute position in the file.
    pub file_offset: u64,
    /// Bytes taken from the file.
    pub file_size: u64,
    /// True if the loader maps it executable.
    pub executable: bool,
}

/// Why an address could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No segment covers it.
    Unmapped,
    /// It is on a page that is completely past the end of the file: an access raises SIGBUS.
    Lost,
}

/// The segments of an image with its pointer layout.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// In file order; if segments overlap, the later one replaces the earlier one, as with
    /// `MAP_FIXED`.
    pub segments: Vec<Segment>,
    /// 4 or 8.
    pub pointer_size: u8,
    /// Byte order of the image.
    pub big_endian: bool,
    /// The end of the image in the file: the file's size, or the end of its slice in a universal
    /// file.
    pub file_end: u64,
}

impl Memory {
    /// The number of bytes of the segments that are past the end of the file.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let past_end = |segment: &Segment| {
            segment
                .file_offset
                .saturating_add(segment.file_size)
                .saturating_sub(self.file_end)
                .min(segment.file_size)
        };
        self.segments.iter().map(past_end).max().unwrap_or(0)
    }

    /// True if `address` is in memory that the loader maps executable.
    #[must_use]
    pub fn is_executable(&self, address: u64) -> bool {
        self.segment_at(address).is_some_and(|segment| segment.executable)
    }

    /// Fills `buffer` with the memory at `address`: file bytes, zeros past a segment's file part,
    /// and zeros between the end of the file and the end of its last page.
    ///
    /// # Errors
    /// [`Fault`] if the loader itself could not read it.
    pub fn read(&self, source: &Source, address: u64, buffer: &mut [u8]) -> Result<(), Fault> {
        let mut done = 0;
        while done < buffer.len() {
            let at = address.checked_add(done as u64).ok_or(Fault::Unmapped)?;
            let segment = self.segment_at(at).ok_or(Fault::Unmapped)?;
            let within = at - segment.address;
            let wanted = buffer.len() - done;
            let in_file = segment.file_size.saturating_sub(within);
            let part = &mut buffer[done..];
            if in_file == 0 {
                let count = clamp(segment.memory_size - within, wanted);
                part[..count].fill(0);
                done += count;
                continue;
            }
            let offset = segment.file_offset.checked_add(within).ok_or(Fault::Unmapped)?;
            if offset >= self.file_end {
                if offset >= self.file_end.next_multiple_of(PAGE) {
                    return Err(Fault::Lost);
                }
                let count =
                    clamp((self.file_end.next_multiple_of(PAGE) - offset).min(in_file), wanted);
                part[..count].fill(0);
                done += count;
                continue;
            }
            let count = clamp(in_file.min(self.file_end - offset), wanted);
            if source.read(offset, &mut part[..count]) < count {
                return Err(Fault::Lost);
            }
            done += count;
        }
        Ok(())
    }

    /// Like [`Memory::read`], but bytes past the end of the segment read as zeros.
    ///
    /// # Errors
    /// [`Fault`] if the first byte can't be read.
    pub fn read_within_segment(
        &self,
        source: &Source,
        address: u64,
        buffer: &mut [u8],
    ) -> Result<(), Fault> {
        let segment = self.segment_at(address).ok_or(Fault::Unmapped)?;
        let count = clamp(
            segment.memory_size.max(segment.file_size) - (address - segment.address),
            buffer.len(),
        );
        buffer[count..].fill(0);
        self.read(source, address, &mut buffer[..count])
    }

    /// Reads `length` bytes; like [`Memory::read`], and `Unmapped` if `length` exceeds
    /// [`Limits::TABLE`].
    ///
    /// # Errors
    /// [`Fault`] as for [`Memory::read`].
    pub fn bytes(&self, source: &Source, address: u64, length: u64) -> Result<Vec<u8>, Fault> {
        let mapped: u64 =
            self.segments.iter().map(|segment| segment.file_size.min(self.file_end)).sum();
        if length > Limits::TABLE || length > mapped.saturating_add(PAGE) {
            return Err(Fault::Unmapped);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| Fault::Unmapped)?];
        self.read(source, address, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads a 32-bit number in the image's byte order.
    #[must_use]
    pub fn u32(&self, source: &Source, address: u64) -> Option<u32> {
        let mut bytes = [0; 4];
        self.read(source, address, &mut bytes).ok()?;
        Some(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// Reads a pointer of the image's size and byte order.
    #[must_use]
    pub fn pointer(&self, source: &Source, address: u64) -> Option<u64> {
        if self.pointer_size == 4 {
            return self.u32(source, address).map(u64::from);
        }
        let mut bytes = [0; 8];
        self.read(source, address, &mut bytes).ok()?;
        Some(if self.big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// Reads a NUL-terminated string of at most `longest` bytes.
    #[must_use]
    pub fn c_string(&self, source: &Source, address: u64, longest: usize) -> Option<Vec<u8>> {
        let mut string = Vec::new();
        let mut chunk = [0; 64];
        while string.len() <= longest {
            let at = address.checked_add(string.len() as u64)?;
            let segment = self.segment_at(at)?;
            let left = segment.memory_size.max(segment.file_size) - (at - segment.address);
            let count = clamp(left, chunk.len());
            self.read(source, at, &mut chunk[..count]).ok()?;
            if let Some(end) = chunk[..count].iter().position(|&byte| byte == 0) {
                string.extend_from_slice(&chunk[..end]);
                return (string.len() <= longest).then_some(string);
            }
            string.extend_from_slice(&chunk[..count]);
        }
        None
    }

    fn segment_at(&self, address: u64) -> Option<&Segment> {
        self.segments.iter().rev().find(|segment| {
            address
                .checked_sub(segment.address)
                .is_some_and(|within| within < segment.memory_size.max(segment.file_size))
        })
    }
}

fn clamp(available: u64, wanted: usize) -> usize {
    usize::try_from(available).map_or(wanted, |available| available.min(wanted))
}
