//! ELF: the relocations that write a pointer (`RELATIVE`, absolute ones against a symbol of the
//! image, `DT_RELR`).

use std::cell::LazyCell;
use std::ops::RangeInclusive;

use object::elf;
use object::endian::Endianness;
use object::read::elf::{FileHeader, Rel, Rela, RelrIterator, Sym};

use super::super::memory::Memory;
use super::super::pointers::Pointers;
use crate::files::{Limits, Source};

/// The positions of the relocation tables, and how to read them.
#[derive(Clone, Debug, Default)]
pub(in crate::binary) struct Tables {
    rela: Option<(u64, u64)>,
    rel: Option<(u64, u64)>,
    relr: Option<(u64, u64)>,
    /// `DT_JMPREL`: only its targets are used, as addresses that the loader writes to.
    plt: Option<(u64, u64)>,
    plt_has_addends: bool,
    pub symbols_at: u64,
    pub symbols_size: u64,
    pub strings_at: u64,
    /// `DT_INIT_ARRAY`: address and size.
    pub constructors: Option<(u64, u64)>,
    pub machine: u16,
}

impl Tables {
    /// True when the image has `DT_RELR` relocations.
    pub fn has_packed(&self) -> bool {
        self.relr.is_some_and(|(_, size)| size > 0)
    }

    /// Address and size of each table.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        [self.rela, self.rel, self.relr, self.plt].into_iter().flatten()
    }
}

/// Finds the tables in the dynamic section.
pub(super) fn tables(machine: u16, value: &impl Fn(elf::DynamicTag) -> Option<u64>) -> Tables {
    let range = |at, size| Some((value(at)?, value(size).unwrap_or(0)));
    Tables {
        rela: range(elf::DT_RELA, elf::DT_RELASZ),
        rel: range(elf::DT_REL, elf::DT_RELSZ),
        relr: range(elf::DT_RELR, elf::DT_RELRSZ),
        plt: range(elf::DT_JMPREL, elf::DT_PLTRELSZ),
        plt_has_addends: value(elf::DT_PLTREL) == Some(elf::DT_RELA.0.cast_unsigned()),
        symbols_at: value(elf::DT_SYMTAB).unwrap_or(0),
        // Known only after the hash table has been read.
        symbols_size: 0,
        strings_at: value(elf::DT_STRTAB).unwrap_or(0),
        constructors: range(elf::DT_INIT_ARRAY, elf::DT_INIT_ARRAYSZ),
        machine,
    }
}

/// One relocation, in a form for all types of tables.
struct Entry {
    slot: u64,
    kind: Kind,
    symbol: u32,
    /// `None`: the addend is in the slot itself.
    addend: Option<u64>,
    /// True if it is in `DT_JMPREL`.
    lazy: bool,
    /// The machine's number of its type; 0 for a packed one.
    number: u32,
}

/// Reads the pointers that relocations write to slots in `range`.
pub(in crate::binary) fn pointers(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    range: RangeInclusive<u64>,
) -> Pointers {
    match (memory.pointer_size, memory.big_endian) {
        (4, big) => collect::<elf::FileHeader32<Endianness>>(
            tables,
            memory,
            source,
            endianness(big),
            &range,
        ),
        (_, big) => collect::<elf::FileHeader64<Endianness>>(
            tables,
            memory,
            source,
            endianness(big),
            &range,
        ),
    }
}

fn collect<Elf: FileHeader<Endian = Endianness>>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    endian: Endianness,
    range: &RangeInclusive<u64>,
) -> Pointers {
    let mut slots = Vec::new();
    // Relocations refer to symbols in any order, so the table is read completely; without such
    // relocations it isn't read.
    let symbols = LazyCell::new(|| {
        memory.bytes(source, tables.symbols_at, tables.symbols_size).unwrap_or_default()
    });
    let symbol_at = |index: u32| {
        let tail = symbols.get((index as usize).checked_mul(size_of::<Elf::Sym>())?..)?;
        object::pod::from_bytes::<Elf::Sym>(tail).ok().map(|(symbol, _)| symbol)
    };
    let mask = if memory.pointer_size == 4 { u64::from(u32::MAX) } else { u64::MAX };
    each::<Elf>(tables, memory, source, endian, false, &mut |entry| {
        if !range.contains(&entry.slot) {
            return;
        }
        let addend = entry.addend.or_else(|| memory.pointer(source, entry.slot));
        let target = match entry.kind {
            Kind::Relative => addend,
            // The address of a symbol that the image itself defines.
            _ if entry.symbol == 0 => None,
            _ => symbol_at(entry.symbol)
                .filter(|symbol| !symbol.is_undefined(endian))
                .zip(addend)
                .map(|(symbol, addend)| symbol.st_value(endian).into().wrapping_add(addend)),
        };
        if let Some(target) = target {
            slots.push((entry.slot, target & mask));
        }
    });
    Pointers::sorted(slots)
}

/// Every address that the loader writes to while it relocates.
pub(super) fn slots(tables: &Tables, memory: &Memory, source: &Source) -> Vec<u64> {
    let mut slots = Vec::new();
    everything(tables, memory, source, &mut |entry| slots.push(entry.slot));
    slots
}

/// The parts of a relocation that concern symbols.
#[derive(Clone, Copy, Debug)]
pub struct Relocation {
    /// The address to which the loader writes.
    pub(super) slot: u64,
    /// Index in the symbol table; 0 for none.
    pub symbol: u32,
    /// True in `DT_JMPREL`.
    pub lazy: bool,
    /// `R_*_GLOB_DAT`.
    pub through_table: bool,
    /// The machine's number of its type.
    pub number: u32,
}

/// Every relocation, in the order of glibc's loader.
pub(in crate::binary) fn all(tables: &Tables, memory: &Memory, source: &Source) -> Vec<Relocation> {
    let mut entries = Vec::new();
    each_relocation(tables, memory, source, &mut |relocation| entries.push(relocation));
    entries
}

/// The same relocations, passed one by one to a function.
pub(in crate::binary) fn each_relocation(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    found: &mut impl FnMut(Relocation),
) {
    everything(tables, memory, source, &mut |entry| {
        let Entry { slot, kind, symbol, lazy, number, .. } = entry;
        found(Relocation { slot, symbol, lazy, through_table: kind == Kind::Table, number });
    });
}

fn everything(tables: &Tables, memory: &Memory, source: &Source, found: &mut impl FnMut(Entry)) {
    match (memory.pointer_size, memory.big_endian) {
        (4, big) => each::<elf::FileHeader32<Endianness>>(
            tables,
            memory,
            source,
            endianness(big),
            true,
            found,
        ),
        (_, big) => each::<elf::FileHeader64<Endianness>>(
            tables,
            memory,
            source,
            endianness(big),
            true,
            found,
        ),
    }
}

/// The relevant types, independent of the machine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Load address plus addend.
    Relative,
    /// Symbol plus addend, pointer-sized.
    Absolute,
    /// An entry of the global offset table.
    Table,
    Other,
}

/// The machine's numbers of `R_*_RELATIVE`, of the pointer-sized absolute relocation, and of
/// `R_*_GLOB_DAT`.
fn numbers(machine: u16) -> [Option<u32>; 3] {
    let (relative, absolute, table) = match elf::Machine(machine) {
        elf::EM_386 => (elf::R_386_RELATIVE, elf::R_386_32, Some(elf::R_386_GLOB_DAT)),
        elf::EM_AARCH64 => {
            (elf::R_AARCH64_RELATIVE, elf::R_AARCH64_ABS64, Some(elf::R_AARCH64_GLOB_DAT))
        }
        elf::EM_ARM => (elf::R_ARM_RELATIVE, elf::R_ARM_ABS32, Some(elf::R_ARM_GLOB_DAT)),
        elf::EM_S390 => (elf::R_390_RELATIVE, elf::R_390_64, Some(elf::R_390_GLOB_DAT)),
        elf::EM_PPC64 => (elf::R_PPC64_RELATIVE, elf::R_PPC64_ADDR64, Some(elf::R_PPC64_GLOB_DAT)),
        elf::EM_RISCV => (elf::R_RISCV_RELATIVE, elf::R_RISCV_64, None),
        elf::EM_LOONGARCH => (elf::R_LARCH_RELATIVE, elf::R_LARCH_64, None),
        _ => (elf::R_X86_64_RELATIVE, elf::R_X86_64_64, Some(elf::R_X86_64_GLOB_DAT)),
    };
    [Some(relative.0), Some(absolute.0), table.map(|number| number.0)]
}

fn each<Elf: FileHeader<Endian = Endianness>>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    endian: Endianness,
    everything: bool,
    found: &mut impl FnMut(Entry),
) {
    let [relative, absolute, table] = numbers(tables.machine);
    let mut budget = Limits::RELOCATIONS;
    let mut add = |lazy: bool, slot: u64, number: u32, symbol: u32, addend: Option<u64>| {
        let kind = match Some(number) {
            number if number == relative => Kind::Relative,
            number if number == absolute => Kind::Absolute,
            number if number == table => Kind::Table,
            _ => Kind::Other,
        };
        if everything || matches!(kind, Kind::Relative | Kind::Absolute) {
            found(Entry { slot, kind, symbol, addend, lazy, number });
        }
    };
    let plt = if everything { tables.plt } else { None };
    let (plt_rela, plt_rel) = if tables.plt_has_addends { (plt, None) } else { (None, plt) };
    for (table, lazy) in [(tables.rela, false), (plt_rela, true)] {
        let Some(table) = table else { continue };
        chunks::<Elf::Rela>(table, memory, source, &mut budget, |relocation| {
            add(
                lazy,
                relocation.r_offset(endian).into(),
                relocation.r_type(endian, false).0,
                relocation.r_sym(endian, false),
                Some(relocation.r_addend(endian).into().cast_unsigned()),
            );
        });
    }
    for (table, lazy) in [(tables.rel, false), (plt_rel, true)] {
        let Some(table) = table else { continue };
        chunks::<Elf::Rel>(table, memory, source, &mut budget, |relocation| {
            add(
                lazy,
                relocation.r_offset(endian).into(),
                relocation.r_type(endian).0,
                relocation.r_sym(endian),
                None,
            );
        });
    }
    if let Some((at, size)) = tables.relr
        && let Ok(bytes) = memory.bytes(source, at, size)
    {
        let count = bytes.len() / size_of::<Elf::Relr>();
        let (packed, _) =
            object::pod::slice_from_bytes::<Elf::Relr>(&bytes, count).unwrap_or((&[], &[]));
        for slot in RelrIterator::<Elf>::new(endian, packed).take(budget) {
            found(Entry {
                slot: slot.into(),
                kind: Kind::Relative,
                symbol: 0,
                addend: None,
                lazy: false,
                number: 0,
            });
        }
    }
}

/// Reads a table in pieces, so that the half million relocations of a large addon are never in
/// memory at once.
fn chunks<T: object::pod::Pod>(
    (at, size): (u64, u64),
    memory: &Memory,
    source: &Source,
    budget: &mut usize,
    mut found: impl FnMut(&T),
) {
    // The size that fits into a processor's inner caches.
    const ENTRIES: u64 = 1024;
    let entry = size_of::<T>() as u64;
    let mut index = 0;
    let count = size / entry;
    while index < count && *budget > 0 {
        let length = count.saturating_sub(index).min(ENTRIES).min(*budget as u64);
        let Some(start) = at.checked_add(index.saturating_mul(entry)) else { return };
        let Ok(bytes) = memory.bytes(source, start, length.saturating_mul(entry)) else { return };
        let read = bytes.len() / size_of::<T>();
        let (entries, _) = object::pod::slice_from_bytes::<T>(&bytes, read).unwrap_or((&[], &[]));
        entries.iter().for_each(&mut found);
        *budget = budget.saturating_sub(read);
        index = index.saturating_add(length);
    }
}

fn endianness(big: bool) -> Endianness {
    if big { Endianness::Big } else { Endianness::Little }
}
