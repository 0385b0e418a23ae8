//! Mach-O: the pointers into the image itself. dyld slides most of them: rebase opcodes, chained
//! fixups, local relocations of old files. It binds the others to a symbol that the image exports,
//! so that another image may replace it: all exports in a flat namespace, weak ones in any file.

use object::endian::{Endianness, U32};
use object::macho;
use object::read::macho::{DyldChainedFixups, Fixup, Nlist};

use super::super::memory::Memory;
use super::super::names::c_name;
use super::super::pointers::Pointers;
use super::super::symbols::Symbols;
use crate::files::{Limits, Source};
use crate::hash::HashMap;

/// The positions of the fixups, absolute in the file.
#[derive(Debug, Default)]
pub(in crate::binary) struct Tables {
    /// Position, size, and the load command that contains them.
    pub opcodes: Option<(u64, u64, macho::DyldInfoCommand<Endianness>)>,
    pub chained: Option<(u64, u64)>,
    /// Position and number of `LC_DYSYMTAB` local relocations, before Mac OS X 10.6.
    pub local: Option<(u64, u32)>,
    /// Position and number of the relocations there that are against a symbol.
    pub external: Option<(u64, u32)>,
    /// Position and number of the entries of the symbol table.
    pub symbols: Option<(u64, u32)>,
}

/// A slot that is bound to a symbol.
struct Bind<'d> {
    slot: u64,
    name: &'d [u8],
    addend: i64,
}

/// Reads every pointer into the image; `symbols` are the symbols of the image.
pub(in crate::binary) fn pointers(
    tables: &Tables,
    symbols: &Symbols,
    memory: &Memory,
    source: &Source,
) -> Pointers {
    let endian = if memory.big_endian { Endianness::Big } else { Endianness::Little };
    let slots = if let Some(range) = tables.chained {
        chained(range, symbols, memory, source, endian)
    } else if let Some((offset, size, command)) = &tables.opcodes {
        let mut slots = opcodes(*offset, *size, command, memory, source, endian);
        slots.extend(bound_by_opcodes(*offset, command, symbols, memory, source, endian));
        slots
    } else {
        let relocations = Relocations { memory, source, endian };
        let mut slots = relocations.local(tables);
        slots.extend(relocations.against_own_symbols(tables));
        slots
    };
    Pointers::sorted(slots)
}

/// The slots of `binds` whose symbol the image exports. dyld may bind them to an equal symbol of an
/// image that was loaded earlier; then this target is a function of the same name.
fn bound_to_exports(binds: &[Bind<'_>], symbols: &Symbols) -> Vec<(u64, u64)> {
    let mut by_name: HashMap<&[u8], Vec<&Bind<'_>>> = HashMap::default();
    for bind in binds {
        by_name.entry(bind.name).or_default().push(bind);
    }
    if by_name.is_empty() {
        return Vec::new();
    }
    let mut slots = Vec::new();
    for export in symbols.exports() {
        // Only the first of equal exports counts, as for dyld.
        for bind in by_name.remove(export.name).into_iter().flatten() {
            slots.push((bind.slot, export.address.wrapping_add_signed(bind.addend)));
        }
    }
    slots
}

/// True for a library that dyld finds by the symbol: any image, the image itself, or the first weak
/// definition.
fn is_any(library: macho::BindDylib) -> bool {
    [
        macho::BIND_SPECIAL_DYLIB_SELF,
        macho::BIND_SPECIAL_DYLIB_FLAT_LOOKUP,
        macho::BIND_SPECIAL_DYLIB_WEAK_LOOKUP,
    ]
    .contains(&library)
}

/// The slots that opcodes bind to a symbol of any image, with the image's own definitions.
fn bound_by_opcodes(
    offset: u64,
    command: &macho::DyldInfoCommand<Endianness>,
    symbols: &Symbols,
    memory: &Memory,
    source: &Source,
    endian: Endianness,
) -> Vec<(u64, u64)> {
    // Offsets are relative to the start of the image.
    let start = offset.saturating_sub(command.rebase_off.get(endian).into());
    let bytes = |offset: U32<Endianness>, size: U32<Endianness>| {
        let at = start.saturating_add(offset.get(endian).into());
        source.bytes(at, size.get(endian).into()).unwrap_or_default()
    };
    let mut here = *command;
    (here.bind_off, here.weak_bind_off) = (U32::new(endian, 0), U32::new(endian, 0));
    let eager = bytes(command.bind_off, command.bind_size);
    let weak = bytes(command.weak_bind_off, command.weak_bind_size);
    let size = memory.pointer_size;
    let eager = here.binds(endian, &eager[..], size).into_iter().flatten().map_while(Result::ok);
    let weak = here.weak_binds(endian, &weak[..], size).into_iter().flatten().map_while(Result::ok);
    let binds: Vec<Bind<'_>> = eager
        .filter(|bind| is_any(bind.dylib))
        .chain(weak)
        .take(Limits::RELOCATIONS)
        .filter(|bind| bind.kind == macho::BIND_TYPE_POINTER)
        .filter_map(|bind| {
            let segment = memory.segments.get(usize::from(bind.segment_index))?;
            Some(Bind {
                slot: segment.address.wrapping_add(bind.segment_offset),
                name: c_name(bind.symbol),
                addend: bind.addend,
            })
        })
        .collect();
    bound_to_exports(&binds, symbols)
}

fn opcodes(
    offset: u64,
    size: u64,
    command: &macho::DyldInfoCommand<Endianness>,
    memory: &Memory,
    source: &Source,
    endian: Endianness,
) -> Vec<(u64, u64)> {
    let Some(bytes) = source.bytes(offset, size) else { return Vec::new() };
    let mut command = *command;
    command.rebase_off = U32::new(endian, 0);
    let Ok(rebases) = command.rebases(endian, &bytes[..], memory.pointer_size) else {
        return Vec::new();
    };
    rebases
        .take(Limits::RELOCATIONS)
        .map_while(Result::ok)
        .filter_map(|rebase| {
            let segment = memory.segments.get(usize::from(rebase.segment_index))?;
            let slot = segment.address.wrapping_add(rebase.segment_offset);
            Some((slot, memory.pointer(source, slot)?))
        })
        .collect()
}

fn chained(
    (offset, size): (u64, u64),
    symbols: &Symbols,
    memory: &Memory,
    source: &Source,
    endian: Endianness,
) -> Vec<(u64, u64)> {
    let (mut slots, mut binds) = (Vec::new(), Vec::new());
    let Some(bytes) = source.bytes(offset, size) else { return slots };
    let Ok(fixups) = DyldChainedFixups::parse(endian, &bytes) else { return slots };
    let Ok(segments) = fixups.segments(endian) else { return slots };
    // The names of imports of any image, by their ordinal.
    let imports: Vec<Option<(&[u8], i64)>> = fixups
        .imports(endian)
        .into_iter()
        .flatten()
        .take(Limits::SYMBOLS)
        .map_while(Result::ok)
        .map(|import| is_any(import.dylib).then_some((c_name(import.name), import.addend)))
        .collect();
    // Targets are offsets from the mach header, which is at the beginning of __TEXT.
    let base = memory
        .segments
        .iter()
        .find(|segment| segment.file_size > 0)
        .map_or(0, |first| first.address);
    for starts in segments.take(Limits::SEGMENTS).map_while(Result::ok) {
        let Some(segment) = memory.segments.get(starts.index() as usize) else { continue };
        let Some(data) = source.bytes(segment.file_offset, segment.file_size) else { continue };
        for fixup in
            starts.fixups(endian, base, &data).take(Limits::RELOCATIONS - slots.len() - binds.len())
        {
            let Ok((at, fixup)) = fixup else { break };
            let slot = segment.address.wrapping_add(at);
            match fixup {
                Fixup::Rebase(rebase) => {
                    slots.push((slot, base.wrapping_add(rebase.target_offset)));
                }
                Fixup::Bind(bind) => {
                    let import = imports.get(bind.ordinal as usize).copied().flatten();
                    binds.extend(import.map(|(name, addend)| Bind {
                        slot,
                        name,
                        addend: addend.saturating_add(bind.addend.into()),
                    }));
                }
                Fixup::KernelCacheRebase(_) | Fixup::SegmentedRebase(_) => {}
            }
        }
    }
    slots.extend(bound_to_exports(&binds, symbols));
    slots
}

/// The relocations of files for Mac OS X 10.5 and older.
struct Relocations<'a> {
    memory: &'a Memory,
    source: &'a Source,
    endian: Endianness,
}

impl Relocations<'_> {
    /// The slots that are slid.
    fn local(&self, tables: &Tables) -> Vec<(u64, u64)> {
        let slots = self.each(tables.local);
        slots.filter_map(|(slot, _)| Some((slot, self.content(slot)?))).collect()
    }

    /// The slots that are bound to a symbol which the image defines.
    fn against_own_symbols(&self, tables: &Tables) -> Vec<(u64, u64)> {
        let slots = self.each(tables.external);
        let own = slots.filter_map(|(slot, symbol)| {
            let target = self.definition(tables, symbol)?;
            Some((slot, target.wrapping_add(self.content(slot)?)))
        });
        own.collect()
    }

    /// The pointer-sized slots of a table, each with its symbol.
    fn each(&self, table: Option<(u64, u32)>) -> impl Iterator<Item = (u64, u32)> {
        let (offset, count) = table.unwrap_or_default();
        let count = (count as usize).min(Limits::RELOCATIONS);
        let size = size_of::<macho::Relocation<Endianness>>() as u64;
        let bytes =
            self.source.bytes(offset, (count as u64).saturating_mul(size)).unwrap_or_default();
        let entries = object::pod::slice_from_bytes::<macho::Relocation<Endianness>>(&bytes, count)
            .map(|(entries, _)| entries.to_vec())
            .unwrap_or_default();
        // Addresses are relative to the first segment on 32-bit systems, and to the first one that
        // isn't code on x86_64.
        let segments = &self.memory.segments;
        let first = segments.first().map_or(0, |segment| segment.address);
        let writable =
            segments.iter().find(|segment| !segment.executable).map_or(first, |one| one.address);
        let base = if self.memory.pointer_size == 8 { writable } else { first };
        let (endian, pointer) = (self.endian, self.memory.pointer_size);
        entries.into_iter().filter_map(move |entry| {
            let info = entry.info(endian);
            let is_pointer = 1u8.checked_shl(info.r_length.into()) == Some(pointer);
            (is_pointer && !info.r_pcrel)
                .then(|| (base.wrapping_add(info.r_address.into()), info.r_symbolnum))
        })
    }

    fn content(&self, slot: u64) -> Option<u64> {
        self.memory.pointer(self.source, slot)
    }

    /// The address of a symbol that the image defines.
    fn definition(&self, tables: &Tables, symbol: u32) -> Option<u64> {
        let (offset, count) = tables.symbols?;
        let is_wide = self.memory.pointer_size == 8;
        let size = if is_wide { size_of::<Nlist64>() } else { size_of::<Nlist32>() } as u64;
        let at = offset.checked_add(u64::from(symbol).checked_mul(size)?)?;
        let bytes = (symbol < count).then(|| self.source.bytes(at, size))??;
        if is_wide {
            defined_at(object::pod::from_bytes::<Nlist64>(&bytes).ok()?.0, self.endian)
        } else {
            defined_at(object::pod::from_bytes::<Nlist32>(&bytes).ok()?.0, self.endian)
        }
    }
}

type Nlist32 = macho::Nlist32<Endianness>;
type Nlist64 = macho::Nlist64<Endianness>;

fn defined_at<N: Nlist<Endian = Endianness>>(entry: &N, endian: Endianness) -> Option<u64> {
    entry.is_definition().then(|| entry.n_value(endian).into())
}
