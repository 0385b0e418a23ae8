//! ELF: the data to which `PT_DYNAMIC` leads: libraries, symbols, symbol versions. Section headers
//! are never read.

mod contents;
mod entries;
mod hashes;
mod structures;
mod symbols;
mod versions;

use std::cell::Cell;

use object::elf;
use object::endian::Endianness;
use object::read::elf::{FileHeader, Sym};

use super::relocations;
use crate::binary::image::Library;
use crate::binary::memory::Memory;
use crate::binary::names::text;
use crate::files::{Limits, Source};
pub(super) use contents::Dynamic;
pub(super) use entries::Entries;
use hashes::{misnamed, symbol_count};
pub(super) use structures::{linked, structure};
pub(super) use symbols::can_be_found;
use symbols::collect;
use versions::{version_definitions, version_needs};

/// The part of an image that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Everything but the symbols.
    WithoutSymbols,
}

/// A dynamic section, and how it is read.
pub(super) struct Place {
    pub endian: Endianness,
    pub machine: u16,
    /// Its address.
    pub address: u64,
}

/// Reads the data to which a dynamic section leads.
pub(super) fn read<Elf: FileHeader<Endian = Endianness>>(
    source: &Source,
    memory: &Memory,
    Place { endian, machine, address }: Place,
    extent: Extent,
) -> Dynamic {
    let mut dynamic = Dynamic::default();
    let Some(entries) = Entries::read::<Elf>(source, memory, endian, address) else {
        dynamic.unread.push("dynamic section");
        return dynamic;
    };
    let value = |tag| entries.value(tag);

    dynamic.flags = value(elf::DT_FLAGS).unwrap_or(0);
    dynamic.flags_1 = value(elf::DT_FLAGS_1).unwrap_or(0);
    if value(elf::DT_BIND_NOW).is_some() {
        dynamic.flags |= elf::DF_BIND_NOW.0;
    }
    dynamic.relocations = relocations::tables(machine, &value);
    dynamic.tables.extend(dynamic.relocations.ranges());

    let strings_at = value(elf::DT_STRTAB);
    let strings_size = value(elf::DT_STRSZ).unwrap_or(0);
    let Some(Ok(strings)) = strings_at.map(|at| memory.bytes(source, at, strings_size)) else {
        dynamic.unread.push("dynamic string table");
        dynamic.has_library_names = entries.needed.is_empty();
        dynamic.tables.extend(strings_at.map(|at| (at, strings_size)));
        return dynamic;
    };
    // Loaders don't check the table's size.
    let outside = Cell::new(false);
    let string = |offset: u64| {
        let tail = usize::try_from(offset)
            .ok()
            .and_then(|offset| strings.get(offset..))
            .unwrap_or_default();
        let name = tail.get(..tail.len().min(Limits::NAME)).unwrap_or_default();
        outside.set(outside.get() || !name.contains(&0));
        text(name)
    };
    dynamic.libraries = entries
        .needed
        .iter()
        .map(|offset| Library { name: string(*offset), delayed: false, weak: false })
        .collect();
    dynamic.filters = entries.filters.iter().map(|offset| string(*offset)).collect();
    dynamic.rpath = value(elf::DT_RPATH).map(string);
    dynamic.runpath = value(elf::DT_RUNPATH).map(string);
    dynamic.has_library_names = !outside.replace(false);
    dynamic.soname = value(elf::DT_SONAME).map(string);
    // Loaders follow the links between the entries and ignore the counts (`DT_VERNEEDNUM`,
    // `vn_cnt`).
    if let Some(at) = value(elf::DT_VERNEED) {
        (dynamic.version_needs, dynamic.version_names) =
            version_needs(source, memory, endian, at, &string);
    }
    if let Some(at) = value(elf::DT_VERDEF) {
        dynamic.version_definitions = version_definitions(source, memory, endian, at, &string);
    }
    if outside.get() || !dynamic.has_library_names {
        dynamic.unread.push("dynamic string table");
        dynamic.version_needs.clear();
    }
    let symbols_at = value(elf::DT_SYMTAB).unwrap_or(0);
    let count = symbol_count(source, memory, endian, &value)
        // Without a hash table, or with an empty one, the imports still exist: linkers put the
        // string table directly after the symbols.
        .or_else(|| Some(strings_at?.checked_sub(symbols_at)? / size_of::<Elf::Sym>() as u64))
        .unwrap_or(0);
    let table_size = count.saturating_mul(size_of::<Elf::Sym>() as u64);
    dynamic.relocations.symbols_size = table_size;
    dynamic.tables.push((symbols_at, table_size));
    dynamic.tables.extend(strings_at.map(|at| (at, strings_size)));
    if extent == Extent::WithoutSymbols {
        return dynamic;
    }
    match memory.bytes(source, symbols_at, table_size) {
        // Both tables begin with a null entry. If they don't, the contents of the file have moved.
        Ok(table)
            if table.iter().take(size_of::<Elf::Sym>()).any(|&byte| byte != 0)
                || strings.first() != Some(&0) =>
        {
            dynamic.unread.push("dynamic symbol table");
        }
        Ok(table) => {
            let length = table.len() / size_of::<Elf::Sym>();
            let (table, _) =
                object::pod::slice_from_bytes::<Elf::Sym>(&table, length).unwrap_or((&[], &[]));
            let versions = value(elf::DT_VERSYM)
                .and_then(|at| memory.bytes(source, at, count.saturating_mul(2)).ok());
            if table.iter().any(|symbol| symbol.st_name(endian) as usize >= strings.len()) {
                dynamic.unread.push("dynamic string table");
            }
            // Loaders use such a symbol as a definition for data, but not for calls; only
            // executables have them.
            if table
                .iter()
                .any(|symbol| symbol.is_undefined(endian) && symbol.st_value(endian).into() != 0)
            {
                dynamic.unread.push("dynamic symbol table");
            }
            if let Some(at) = value(elf::DT_GNU_HASH) {
                dynamic.misnamed_in_hash =
                    misnamed(source, memory, endian, at, table, &strings).unwrap_or(false);
            }
            dynamic.symbols = collect(table, endian, strings, &versions.unwrap_or_default());
            if dynamic.symbols.is_cut() {
                dynamic.unread.push("dynamic symbol table (too many symbols)");
            }
        }
        Err(_) => dynamic.unread.push("dynamic symbol table"),
    }
    dynamic
}
