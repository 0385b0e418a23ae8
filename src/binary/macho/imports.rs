//! Mach-O: the imports with lazy binding.

use object::endian::{Endianness, U32};

use super::super::memory::Memory;
use super::super::names::c_name;
use super::pointers::Tables;
use crate::files::{Limits, Source};
use crate::hash::HashSet;

/// Names of the imports with lazy binding only. With chained fixups every bind is eager.
pub(in crate::binary) fn lazy(
    tables: &Tables,
    memory: &Memory,
    source: &Source,
) -> HashSet<Vec<u8>> {
    let endian = if memory.big_endian { Endianness::Big } else { Endianness::Little };
    let (None, Some((at, _, command))) = (tables.chained, &tables.opcodes) else {
        return HashSet::default();
    };
    // Offsets are relative to the start of the image.
    let start = at.saturating_sub(command.rebase_off.get(endian).into());
    let read = |offset: U32<Endianness>, size: U32<Endianness>| {
        source.bytes(start.saturating_add(offset.get(endian).into()), size.get(endian).into())
    };
    let mut here = *command;
    (here.lazy_bind_off, here.bind_off) = (U32::new(endian, 0), U32::new(endian, 0));
    let mut names = HashSet::default();
    let name = |symbol: &[u8]| c_name(symbol).to_vec();
    if let Some(bytes) = read(command.lazy_bind_off, command.lazy_bind_size)
        && let Ok(binds) = here.lazy_binds(endian, &bytes[..], memory.pointer_size)
    {
        names.extend(
            binds.take(Limits::SYMBOLS).map_while(Result::ok).map(|bind| name(bind.symbol)),
        );
    }
    if let Some(bytes) = read(command.bind_off, command.bind_size)
        && let Ok(binds) = here.binds(endian, &bytes[..], memory.pointer_size)
    {
        for bind in binds.take(Limits::RELOCATIONS).map_while(Result::ok) {
            names.remove(&name(bind.symbol));
        }
    }
    names
}
