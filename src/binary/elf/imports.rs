//! ELF: the binding of imports. Used only for missing imports.

use object::elf;
use object::endian::Endianness;
use object::read::elf::Sym;

use super::super::memory::Memory;
use super::super::symbols::Symbols;
use super::relocations::{self, Relocation, Tables};
use crate::files::{Limits, Source};
use crate::hash::HashSet;

/// A relocation against an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'i> {
    /// The import's name.
    pub name: &'i [u8],
    /// True in `DT_JMPREL`: bound at the first call, unless the image or the process requires eager
    /// binding.
    pub lazy: bool,
    /// True if it fills an entry of the global offset table (`R_*_GLOB_DAT`).
    pub through_table: bool,
    /// The address to which the loader writes.
    pub slot: u64,
}

/// The maximum number of bindings that are listed.
const MOST_BINDINGS: usize = 4096;

/// Every relocation against one of `names`, which are imports in `symbols`, in the loader's order.
pub(in crate::binary) fn bindings<'i>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    symbols: &'i Symbols,
    names: &HashSet<&[u8]>,
) -> Vec<Binding<'i>> {
    let mut bindings = Vec::new();
    // Relocations have symbol indexes, so the names are looked up once.
    let wanted = symbols.indexes(names);
    relocations::each_relocation(tables, memory, source, &mut |relocation| {
        // Eager bindings come first, and they decide.
        if bindings.len() < MOST_BINDINGS
            && let Some(name) = wanted.get(&relocation.symbol)
        {
            let Relocation { slot, lazy, through_table, .. } = relocation;
            bindings.push(Binding { name, lazy, through_table, slot });
        }
    });
    bindings
}

/// The name of a symbol by its index.
pub(in crate::binary) fn name(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    symbol: u32,
) -> Option<Vec<u8>> {
    match memory.pointer_size {
        4 => name_of::<elf::Sym32<Endianness>>(tables, memory, source, symbol),
        _ => name_of::<elf::Sym64<Endianness>>(tables, memory, source, symbol),
    }
}

fn name_of<S: Sym<Endian = Endianness>>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    index: u32,
) -> Option<Vec<u8>> {
    let endian = if memory.big_endian { Endianness::Big } else { Endianness::Little };
    let mut bytes = vec![0; size_of::<S>()];
    let at = tables.symbols_at.checked_add(u64::from(index).checked_mul(size_of::<S>() as u64)?)?;
    memory.read(source, at, &mut bytes).ok()?;
    let (symbol, _) = object::pod::from_bytes::<S>(&bytes).ok()?;
    memory.c_string(
        source,
        tables.strings_at.checked_add(symbol.st_name(endian).into())?,
        Limits::NAME,
    )
}
