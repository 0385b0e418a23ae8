//! ELF: how each import is bound. Asked only about imports that are missing.

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
    /// In `DT_JMPREL`: bound at the first call unless the image or the process asks for eager
    /// binding.
    pub lazy: bool,
    /// It fills an entry of the global offset table (`R_*_GLOB_DAT`).
    pub through_table: bool,
    /// Where the loader writes the address.
    pub(super) slot: u64,
}

/// Most bindings that are listed.
const MOST_BINDINGS: usize = 4096;

/// Every relocation against one of `names`, which are among the imports in `symbols`, in the order
/// in which the loader meets them.
pub(in crate::binary) fn bindings<'i>(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
    symbols: &'i Symbols,
    names: &HashSet<&[u8]>,
) -> Vec<Binding<'i>> {
    let mut bindings = Vec::new();
    // Relocations speak of symbols by their place, so no name has to be read again.
    let wanted = symbols.indexes(names);
    relocations::each_relocation(tables, memory, source, &mut |relocation| {
        // The eager ones come first, and they decide.
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
