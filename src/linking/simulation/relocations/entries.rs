//! The relocation entries of an image, as they are in its tables.

use object::elf;

use super::relocator::Relocator;
use crate::linking::simulation::course::Stop;

const TABLE: &str = "its relocations are outside of its memory";
/// The number of entries in the first block that is read of a table, and in each later one.
const FIRST_BLOCK: usize = 256;
const LATER_BLOCK: usize = 2048;

/// One relocation, as it is in the file.
#[derive(Clone, Copy)]
pub(in crate::linking::simulation) struct Entry {
    pub slot: u64,
    pub kind: u32,
    pub symbol: u32,
    /// `None`: the addend is in the slot.
    pub addend: Option<u64>,
}

impl Relocator<'_, '_> {
    /// Size of an entry in bytes.
    pub fn size(&self, has_addends: bool) -> u64 {
        u64::from(self.space.pointer_size) * if has_addends { 3 } else { 2 }
    }

    /// Passes every entry that begins before `end` to `take`. Like the loader, it reads without
    /// further checks.
    pub fn each(
        &mut self,
        start: u64,
        has_addends: bool,
        end: impl Fn(u64) -> bool,
        take: &mut dyn FnMut(&mut Self, Entry) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let size = self.size(has_addends);
        let mut at = start;
        let step = usize::try_from(size).unwrap_or(1);
        let mut buffer = vec![0; FIRST_BLOCK * step];
        while !end(at) {
            // If a block can't be read completely, the entries are read one by one.
            let mut length = buffer.len();
            if self.space.read(at, &mut buffer, TABLE).is_err() {
                length = step;
                self.space.read(at, &mut buffer[..step], TABLE)?;
            }
            for piece in buffer[..length].chunks_exact(step) {
                if end(at) {
                    return Ok(());
                }
                self.budget = self
                    .budget
                    .checked_sub(1)
                    .ok_or(Stop::Unsure("it has more relocations than abi-guard examines"))?;
                let entry = entry(piece, has_addends);
                take(self, entry)?;
                at = at.wrapping_add(size);
            }
            // Most tables are short, and a few have hundreds of thousands of entries.
            buffer.resize(LATER_BLOCK * step, 0);
        }
        Ok(())
    }

    /// Applies the packed relative relocations, `DT_RELR`.
    pub fn packed(&mut self) -> Result<(), Stop> {
        let Some(start) = self.dynamic.value(elf::DT_RELR) else { return Ok(()) };
        let size = u64::from(self.space.pointer_size);
        let length = self
            .dynamic
            .value(elf::DT_RELRSZ)
            .ok_or(Stop::Dies("its packed relocations have no size"))?;
        let bits = size * 8 - 1;
        let (mut at, mut next) = (0, 0u64);
        while at < length {
            let mut entry = self.space.pointer(start.wrapping_add(at), TABLE)?;
            if entry & 1 == 0 {
                self.relative(Entry { slot: entry, kind: 0, symbol: 0, addend: None })?;
                next = entry.wrapping_add(size);
            } else {
                entry >>= 1;
                for index in 0..bits {
                    if entry >> index & 1 == 1 {
                        let slot = next.wrapping_add(index * size);
                        self.relative(Entry { slot, kind: 0, symbol: 0, addend: None })?;
                    }
                }
                next = next.wrapping_add(bits * size);
            }
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or(Stop::Unsure("it has more relocations than abi-guard examines"))?;
            at += size;
        }
        Ok(())
    }
}

/// Decodes an entry; every machine of the simulation is little-endian.
fn entry(bytes: &[u8], has_addends: bool) -> Entry {
    let word = |at: usize| match bytes.get(at..at + 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    };
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    if bytes.len() >= 16 {
        Entry {
            slot: long(0),
            kind: word(8),
            symbol: word(12),
            addend: has_addends.then(|| long(16)),
        }
    } else {
        let addend = has_addends.then(|| u64::from(word(8)));
        Entry { slot: word(0).into(), kind: word(4) & 0xff, symbol: word(4) >> 8, addend }
    }
}
