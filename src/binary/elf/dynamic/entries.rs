//! The dynamic section: its tags and their values.

use object::elf;
use object::endian::Endianness;
use object::read::elf::{Dyn, FileHeader};

use super::structures::structure;
use crate::binary::memory::Memory;
use crate::files::{Limits, Source};
use crate::hash::HashMap;

/// The maximum number of entries in a dynamic section.
const MOST_ENTRIES: u64 = 1 << 16;

/// The entries of a dynamic section, up to `DT_NULL`.
pub(in crate::binary::elf) struct Entries {
    values: HashMap<i64, u64>,
    /// Offsets of the `DT_NEEDED` names, in order.
    pub needed: Vec<u64>,
    /// Those of them that come from `DT_FILTER`.
    pub filters: Vec<u64>,
}

impl Entries {
    /// Reads the section at an address, as it is in memory; `None` if it can't be read. Loaders
    /// read up to `DT_NULL`, whatever size `PT_DYNAMIC` has.
    pub fn read<Elf: FileHeader<Endian = Endianness>>(
        source: &Source,
        memory: &Memory,
        endian: Endianness,
        address: u64,
    ) -> Option<Entries> {
        let mut entries =
            Entries { values: HashMap::default(), needed: Vec::new(), filters: Vec::new() };
        for index in 0..MOST_ENTRIES {
            let at = address.checked_add(index.checked_mul(size_of::<Elf::Dyn>() as u64)?)?;
            let entry = structure::<Elf::Dyn>(source, memory, at)?;
            match entry.tag(endian) {
                elf::DT_NULL => return Some(entries),
                // A library that is filtered must exist too.
                tag @ (elf::DT_NEEDED | elf::DT_FILTER)
                    if entries.needed.len() < Limits::LIBRARIES =>
                {
                    entries.needed.push(entry.val(endian));
                    if tag == elf::DT_FILTER {
                        entries.filters.push(entry.val(endian));
                    }
                }
                // If a tag is repeated, the last entry is used (elf_get_dynamic_info).
                tag => drop(entries.values.insert(tag.0, entry.val(endian))),
            }
        }
        None
    }

    /// The value of a tag.
    pub fn value(&self, tag: elf::DynamicTag) -> Option<u64> {
        self.values.get(&tag.0).copied()
    }
}
