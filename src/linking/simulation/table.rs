//! The symbol table, as relocations and look-ups use it.

use std::borrow::Cow;

use object::elf;

use super::course::Stop;
use super::dynamic::Dynamic;
use super::space::Space;
use crate::binary::LONGEST_NAME;

const SYMBOLS: &str = "its symbol table is outside of its memory";
const NAMES: &str = "a symbol's name is outside of its memory";

pub(super) struct Symbols {
    at: u64,
    /// True for musl, which uses the symbol index of a relocation as an `int`.
    has_signed_indexes: bool,
    pub strings_at: u64,
    pub versions_at: Option<u64>,
}

/// One symbol.
#[derive(Clone, Copy)]
pub(super) struct Symbol {
    name: u32,
    info: u8,
    other: u8,
    section: u16,
    pub value: u64,
}

impl Symbols {
    /// `None` if there is no symbol table or no string table: the loader follows a null pointer.
    pub fn of(dynamic: &Dynamic) -> Option<Symbols> {
        Some(Symbols {
            at: dynamic.value(elf::DT_SYMTAB)?,
            has_signed_indexes: false,
            strings_at: dynamic.value(elf::DT_STRTAB)?,
            versions_at: dynamic.value(elf::DT_VERSYM),
        })
    }

    /// The tables as musl sees them: a missing table is at the image's start.
    pub fn anywhere(dynamic: &Dynamic) -> Symbols {
        let at = |tag| dynamic.value(tag).unwrap_or(0);
        Symbols {
            at: at(elf::DT_SYMTAB),
            has_signed_indexes: true,
            strings_at: at(elf::DT_STRTAB),
            versions_at: dynamic.value(elf::DT_VERSYM),
        }
    }

    /// The maximum number of symbols, if the linker has put the names directly after them;
    /// otherwise `None`.
    pub fn most(&self, space: &Space<'_>) -> Option<u64> {
        Some(self.strings_at.checked_sub(self.at)? / size(space))
    }

    pub fn get(&self, space: &Space<'_>, index: u32) -> Result<Symbol, Stop> {
        let size = size(space);
        let at = match self.has_signed_indexes {
            true => self.at.wrapping_add_signed(
                i64::from(index.cast_signed()).wrapping_mul(size.cast_signed()),
            ),
            false => self.at.wrapping_add(u64::from(index).wrapping_mul(size)),
        };
        let mut bytes = [0; 24];
        let wide = space.pointer_size == 8;
        let bytes = if wide { &mut bytes[..] } else { &mut bytes[..16] };
        space.read(at, bytes, SYMBOLS)?;
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        let half = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let name = word(0);
        Ok(if wide {
            let value = u64::from(word(8)) | u64::from(word(12)) << 32;
            Symbol { name, info: bytes[4], other: bytes[5], section: half(6), value }
        } else {
            Symbol {
                name,
                info: bytes[12],
                other: bytes[13],
                section: half(14),
                value: word(4).into(),
            }
        })
    }

    pub fn name<'n>(&self, space: &'n Space<'_>, symbol: &Symbol) -> Result<Cow<'n, [u8]>, Stop> {
        space.string(self.strings_at.wrapping_add(symbol.name.into()), LONGEST_NAME, NAMES)
    }

    /// True if a look-up of `name` accepts this symbol (`check_match`, and the checks after it).
    pub fn is_definition(&self, space: &Space<'_>, index: u32, name: &[u8]) -> Result<bool, Stop> {
        let symbol = self.get(space, index)?;
        if !symbol.can_be_found() {
            return Ok(false);
        }
        // The loader's comparison stops at the first difference; this one reads the whole name.
        Ok(self.name(space, &symbol)? == name)
    }
}

impl Symbol {
    /// True if it is bound without a look-up.
    pub fn is_local(&self) -> bool {
        self.binding() == elf::STB_LOCAL.0 || matches!(self.other & 3, 1 | 2)
    }

    pub fn is_weak(&self) -> bool {
        self.binding() == elf::STB_WEAK.0
    }

    pub fn is_defined(&self) -> bool {
        self.section != 0
    }

    pub fn is_function(&self) -> bool {
        self.info & 15 == elf::STT_FUNC.0
    }

    fn binding(&self) -> u8 {
        self.info >> 4
    }

    /// True if its address is that of a resolver function, which returns the real address
    /// (`STT_GNU_IFUNC`).
    pub fn is_indirect(&self) -> bool {
        self.info & 15 == elf::STT_GNU_IFUNC.0 && self.is_defined()
    }

    /// True if it is neither a function nor data nor thread-local. No linker requires such a
    /// symbol.
    pub fn has_odd_kind(&self) -> bool {
        !matches!(self.info & 15, 0..=3 | 5 | 6 | 10)
    }

    fn can_be_found(&self) -> bool {
        let kind = self.info & 15;
        let is_of_kind = matches!(kind, 0 | 1 | 2 | 5 | 6 | 10);
        let has_address =
            self.value != 0 || self.section == elf::SHN_ABS.0 || kind == elf::STT_TLS.0;
        let is_visible = matches!(self.binding(), 1 | 2 | 10) && !matches!(self.other & 3, 1 | 2);
        self.is_defined() && is_of_kind && has_address && is_visible
    }
}

fn size(space: &Space<'_>) -> u64 {
    if space.pointer_size == 8 { 24 } else { 16 }
}
