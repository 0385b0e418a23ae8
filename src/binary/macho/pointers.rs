//! Mach-O: the pointers that dyld slides: rebase opcodes, chained fixups, and the local relocations
//! of old files.

use object::endian::{Endianness, U32};
use object::macho;
use object::read::macho::{DyldChainedFixups, Fixup};

use super::super::memory::Memory;
use super::super::pointers::Pointers;
use crate::files::{Limits, Source};

/// The positions of the fixups, absolute in the file.
#[derive(Debug, Default)]
pub(in crate::binary) struct Tables {
    /// Position, size, and the load command that contains them.
    pub opcodes: Option<(u64, u64, macho::DyldInfoCommand<Endianness>)>,
    pub chained: Option<(u64, u64)>,
    /// Position and number of `LC_DYSYMTAB` local relocations, the only type before Mac OS X 10.6.
    pub local: Option<(u64, u32)>,
}

/// Reads every rebased pointer.
pub(in crate::binary) fn pointers(tables: &Tables, memory: &Memory, source: &Source) -> Pointers {
    let endian = if memory.big_endian { Endianness::Big } else { Endianness::Little };
    let slots = if let Some(range) = tables.chained {
        chained(range, memory, source, endian)
    } else if let Some((offset, size, command)) = &tables.opcodes {
        opcodes(*offset, *size, command, memory, source, endian)
    } else if let Some(range) = tables.local {
        local(range, memory, source, endian)
    } else {
        Vec::new()
    };
    Pointers::sorted(slots)
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
    memory: &Memory,
    source: &Source,
    endian: Endianness,
) -> Vec<(u64, u64)> {
    let mut slots = Vec::new();
    let Some(bytes) = source.bytes(offset, size) else { return slots };
    let Ok(fixups) = DyldChainedFixups::parse(endian, &bytes) else { return slots };
    let Ok(segments) = fixups.segments(endian) else { return slots };
    // Targets are offsets from the mach header, which is at the beginning of __TEXT.
    let base = memory
        .segments
        .iter()
        .find(|segment| segment.file_size > 0)
        .map_or(0, |first| first.address);
    for starts in segments.take(Limits::SEGMENTS).map_while(Result::ok) {
        let Some(segment) = memory.segments.get(starts.index() as usize) else { continue };
        let Some(data) = source.bytes(segment.file_offset, segment.file_size) else { continue };
        for fixup in starts.fixups(endian, base, &data).take(Limits::RELOCATIONS - slots.len()) {
            let Ok((at, fixup)) = fixup else { break };
            if let Fixup::Rebase(rebase) = fixup {
                slots.push((
                    segment.address.wrapping_add(at),
                    base.wrapping_add(rebase.target_offset),
                ));
            }
        }
    }
    slots
}

fn local(
    (offset, count): (u64, u32),
    memory: &Memory,
    source: &Source,
    endian: Endianness,
) -> Vec<(u64, u64)> {
    let count = (count as usize).min(Limits::RELOCATIONS);
    let size = size_of::<macho::Relocation<Endianness>>();
    let Some(bytes) = source.bytes(offset, (count as u64).saturating_mul(size as u64)) else {
        return Vec::new();
    };
    let Ok((entries, _)) =
        object::pod::slice_from_bytes::<macho::Relocation<Endianness>>(&bytes, count)
    else {
        return Vec::new();
    };
    // Addresses are relative to the first segment on 32-bit systems, and to the first one that
    // isn't code on x86_64.
    let first = memory.segments.first().map_or(0, |segment| segment.address);
    let writable = memory
        .segments
        .iter()
        .find(|segment| !segment.executable)
        .map_or(first, |segment| segment.address);
    let base = if memory.pointer_size == 8 { writable } else { first };
    entries
        .iter()
        .filter_map(|entry| {
            let info = entry.info(endian);
            let pointer_sized = 1u8.checked_shl(info.r_length.into()) == Some(memory.pointer_size);
            let slot = base.wrapping_add(info.r_address.into());
            (pointer_sized && !info.r_pcrel).then_some(())?;
            Some((slot, memory.pointer(source, slot)?))
        })
        .collect()
}
