//! A cache of the parts of a file that were read last, so that small reads at scattered positions
//! don't need a system call each.

/// The cached blocks. The index of a block determines its slot.
#[derive(Default)]
pub(super) struct Blocks {
    kind: Kind,
    slots: Vec<Slot>,
}

/// The pattern in which a file is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole tables, one after the other, and the data that they refer to.
    #[default]
    Tables,
    /// A few bytes each at scattered positions of a large table.
    LookUps,
}

impl Kind {
    /// The size of a block in bytes.
    pub fn size(self) -> usize {
        match self {
            Kind::Tables => 16 << 10,
            Kind::LookUps => 4 << 10,
        }
    }

    fn slots(self) -> usize {
        match self {
            Kind::Tables => 64,
            Kind::LookUps => 512,
        }
    }
}

#[derive(Clone, Default)]
struct Slot {
    /// The index of the cached block; `None` for an empty slot.
    index: Option<u64>,
    bytes: Vec<u8>,
}

impl Blocks {
    pub fn new(kind: Kind) -> Blocks {
        Blocks { kind, ..Blocks::default() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Fills `buffer` from `offset`, and returns the number of bytes that the file has there.
    /// `read` fills its buffer from a position and returns the number of bytes, which is less than
    /// the length of the buffer only at the end of the file. `None` ends the reading.
    pub fn read(
        &mut self,
        offset: u64,
        buffer: &mut [u8],
        read: &mut dyn FnMut(u64, &mut [u8]) -> Option<usize>,
    ) -> usize {
        let size = self.kind.size() as u64;
        let mut done = 0;
        while done < buffer.len() {
            let at = offset.saturating_add(done as u64);
            let Some(block) = self.block(at / size, read) else { break };
            let within = usize::try_from(at % size).unwrap_or(usize::MAX);
            let available = block.get(within..).unwrap_or_default();
            let count = available.len().min(buffer.len() - done);
            if count == 0 {
                break;
            }
            buffer[done..done + count].copy_from_slice(&available[..count]);
            done += count;
        }
        done
    }

    fn block(
        &mut self,
        index: u64,
        read: &mut dyn FnMut(u64, &mut [u8]) -> Option<usize>,
    ) -> Option<&[u8]> {
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); self.kind.slots()];
        }
        let place =
            |index: u64| usize::try_from(index % self.kind.slots() as u64).unwrap_or_default();
        if self.slots[place(index)].index != Some(index) {
            let size = self.kind.size();
            let slot = &mut self.slots[place(index)];
            slot.index = None;
            slot.bytes.resize(size, 0);
            let length = read(index.saturating_mul(size as u64), &mut slot.bytes)?;
            slot.bytes.truncate(length);
            if length == 0 {
                return None;
            }
            slot.index = Some(index);
        }
        Some(&self.slots[place(index)].bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Blocks, Kind};

    #[test]
    fn a_read_returns_the_bytes_of_the_file() {
        let file: Vec<u8> = (0..100_000u32).map(|number| (number % 251) as u8).collect();
        for kind in [Kind::Tables, Kind::LookUps] {
            let mut blocks = Blocks::new(kind);
            let mut calls = 0;
            let mut read = |offset: u64, buffer: &mut [u8]| {
                calls += 1;
                let rest =
                    file.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
                let count = rest.len().min(buffer.len());
                buffer[..count].copy_from_slice(&rest[..count]);
                Some(count)
            };
            for (offset, length) in [
                (0, 16),
                (90, 700),
                (4090, 12),
                (99_990, 40),
                (5, 3),
                (200_000, 4),
                (99_999, 1),
                (50_000, 255),
            ] {
                let mut buffer = vec![0; length];
                let count = blocks.read(offset, &mut buffer, &mut read);
                let expected =
                    file.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
                let expected = &expected[..expected.len().min(length)];
                assert_eq!(&buffer[..count], expected, "{offset} {length}");
            }
            let before = calls;
            let mut read = |_: u64, _: &mut [u8]| unreachable!("it is known");
            blocks.read(5, &mut [0; 3], &mut read);
            assert!(before > 0);
        }
    }
}
