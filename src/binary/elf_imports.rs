//! ELF: how each import is bound. Asked only about imports that are missing.

use std::collections::{HashMap, HashSet};

use object::elf;
use object::endian::Endianness;
use object::read::elf::Sym;

use super::elf_relocations::{self, Relocation, Tables};
use super::memory::Memory;
use super::source::{Limits, Source};

/// A relocation against an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The import's name.
    pub name: Vec<u8>,
    /// In `DT_JMPREL`: bound at the first call unless the image or the process asks for eager binding.
    pub lazy: bool,
    /// It fills an entry of the global offset table (`R_*_GLOB_DAT`).
    pub through_table: bool,
    /// Where the loader writes the address.
    pub(super) slot: u64,
}

/// Most bindings that are listed.
const MOST_BINDINGS: usize = 4096;

/// Every relocation against one of `names`, in the order in which the loader meets them.
pub(super) fn bindings(tables: &Tables, memory: &Memory, source: &Source, names: &HashSet<&[u8]>) -> Vec<Binding> {
    let mut bindings = Vec::new();
    // Many relocations are against one symbol: its name is read once.
    let mut wanted: HashMap<u32, Option<Vec<u8>>> = HashMap::new();
    for relocation in elf_relocations::all(tables, memory, source).into_iter().filter(|relocation| relocation.symbol != 0) {
        let Relocation { slot, symbol, lazy, through_table, .. } = relocation;
        let read = || name(tables, memory, source, symbol).filter(|name| names.contains(name.as_slice()));
        if let Some(name) = wanted.entry(symbol).or_insert_with(read) {
            bindings.push(Binding { name: name.clone(), lazy, through_table, slot });
            // The eager ones come first, and they decide.
            if bindings.len() == MOST_BINDINGS {
                break;
            }
        }
    }
    bindings
}

/// The name of a symbol by its index.
pub(super) fn name(tables: &Tables, memory: &Memory, source: &Source, symbol: u32) -> Option<Vec<u8>> {
    match memory.pointer_size {
        4 => name_of::<elf::Sym32<Endianness>>(tables, memory, source, symbol),
        _ => name_of::<elf::Sym64<Endianness>>(tables, memory, source, symbol),
    }
}

fn name_of<S: Sym<Endian = Endianness>>(tables: &Tables, memory: &Memory, source: &Source, index: u32) -> Option<Vec<u8>> {
    let endian = if memory.big_endian { Endianness::Big } else { Endianness::Little };
    let mut bytes = vec![0; size_of::<S>()];
    let at = tables.symbols_at.checked_add(u64::from(index) * size_of::<S>() as u64)?;
    memory.read(source, at, &mut bytes).ok()?;
    let (symbol, _) = object::pod::from_bytes::<S>(&bytes).ok()?;
    memory.c_string(source, tables.strings_at.checked_add(symbol.st_name(endian).into())?, Limits::NAME)
}
