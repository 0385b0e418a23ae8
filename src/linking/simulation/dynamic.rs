//! The dynamic section as a loader reads it: from the address in `PT_DYNAMIC` up to the first
//! `DT_NULL`, whatever size the header gives.

use std::ops::Range;

use object::elf::{self, DynamicTag};

use super::course::Stop;
use super::space::Space;
use crate::binary::{ElfFacts, Program};

/// A limit that is larger than any linker's output.
const MOST: u64 = 1 << 12;
/// The reason if an entry is outside of the image's memory.
pub(super) const OUTSIDE: &str = "its dynamic section is outside of its memory";

/// One entry.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub tag: i64,
    pub value: u64,
    /// Address of the entry in the image.
    pub address: u64,
}

pub(super) struct Dynamic {
    pub entries: Vec<Entry>,
}

impl Dynamic {
    pub fn read(space: &Space<'_>, start: u64) -> Result<Dynamic, Stop> {
        let size = u64::from(space.pointer_size);
        let mut entries = Vec::new();
        for index in 0..MOST {
            let address = start.wrapping_add(index * 2 * size);
            let tag = space.pointer(address, OUTSIDE)?;
            let tag = if size == 4 {
                i64::from(u32::try_from(tag).unwrap_or(0).cast_signed())
            } else {
                tag.cast_signed()
            };
            if tag == 0 {
                return Ok(Dynamic { entries });
            }
            let value = space.pointer(address.wrapping_add(size), OUTSIDE)?;
            entries.push(Entry { tag, value, address });
        }
        Err(Stop::Unsure("its dynamic section has no end"))
    }

    /// The entry that the loader uses: the last one with this tag.
    pub fn entry(&self, tag: DynamicTag) -> Option<Entry> {
        self.entries.iter().rev().find(|entry| entry.tag == tag.0).copied()
    }

    pub fn value(&self, tag: DynamicTag) -> Option<u64> {
        self.entry(tag).map(|entry| entry.value)
    }

    /// True if an address is in the ELF header or in one of the tables, which contain no code.
    pub fn is_table(&self, address: u64) -> bool {
        let tables = [
            (elf::DT_RELA, elf::DT_RELASZ),
            (elf::DT_REL, elf::DT_RELSZ),
            (elf::DT_JMPREL, elf::DT_PLTRELSZ),
            (elf::DT_STRTAB, elf::DT_STRSZ),
        ];
        let lies_in = |start: Option<u64>, size: Option<u64>| {
            start.zip(size).is_some_and(|(start, size)| address.wrapping_sub(start) < size)
        };
        // Nothing contains the size of the symbol table. It ends before the next table; tools like
        // patchelf move the names behind the code.
        const OTHERS: [DynamicTag; 9] = [
            elf::DT_STRTAB,
            elf::DT_VERSYM,
            elf::DT_VERNEED,
            elf::DT_VERDEF,
            elf::DT_RELA,
            elf::DT_REL,
            elf::DT_JMPREL,
            elf::DT_HASH,
            elf::DT_GNU_HASH,
        ];
        let symbols = self.value(elf::DT_SYMTAB);
        let symbols_end = symbols.and_then(|start| {
            let sizes = OTHERS.into_iter().filter_map(|tag| self.value(tag)?.checked_sub(start));
            sizes.filter(|size| *size > 0).min()
        });
        address < 64
            || lies_in(symbols, symbols_end)
            || tables.iter().any(|(start, size)| lies_in(self.value(*start), self.value(*size)))
    }

    /// True if the image's memory contains its hash table, its symbols or their names. If it
    /// contains none of them, their segment isn't mapped.
    pub fn has_any_table(&self, space: &Space<'_>) -> bool {
        let hash = self.value(elf::DT_GNU_HASH).or_else(|| self.value(elf::DT_HASH));
        [hash, self.value(elf::DT_SYMTAB), self.value(elf::DT_STRTAB)]
            .into_iter()
            .any(|at| space.is_used(at.unwrap_or(0)))
    }

    /// The range from the first table that relocation uses to the end of the last one. Linkers
    /// write them next to each other.
    pub fn tables(&self) -> Range<u64> {
        const TABLES: [(DynamicTag, Option<DynamicTag>); 9] = [
            (elf::DT_GNU_HASH, None),
            (elf::DT_HASH, None),
            (elf::DT_SYMTAB, None),
            (elf::DT_VERSYM, None),
            (elf::DT_STRTAB, Some(elf::DT_STRSZ)),
            (elf::DT_RELA, Some(elf::DT_RELASZ)),
            (elf::DT_REL, Some(elf::DT_RELSZ)),
            (elf::DT_JMPREL, Some(elf::DT_PLTRELSZ)),
            (elf::DT_RELR, Some(elf::DT_RELRSZ)),
        ];
        let (mut first, mut end) = (u64::MAX, 0);
        for (start, size) in TABLES {
            if let Some(start) = self.value(start) {
                let size = size.and_then(|size| self.value(size)).unwrap_or(0);
                first = first.min(start);
                end = end.max(start.saturating_add(size));
            }
        }
        first..end
    }

    /// True if every symbol is bound while loading.
    pub fn binds_now(&self) -> bool {
        let flags = |tag| self.value(tag).unwrap_or(0);
        self.value(elf::DT_BIND_NOW).is_some()
            || flags(elf::DT_FLAGS) & elf::DF_BIND_NOW.0 != 0
            || flags(elf::DT_FLAGS_1) & elf::DF_1_NOW.0 != 0
    }

    /// True if relocations may change read-only memory.
    pub fn has_text_relocations(&self) -> bool {
        self.value(elf::DT_TEXTREL).is_some()
            || self.value(elf::DT_FLAGS).unwrap_or(0) & elf::DF_TEXTREL.0 != 0
    }
}

/// The program header of the dynamic section; loaders use the last one.
pub(super) fn dynamic_header(facts: &ElfFacts) -> Option<&Program> {
    facts.programs.iter().rev().find(|program| program.kind == elf::PT_DYNAMIC.0)
}
