//! Properties that no linker writes and no loader checks. The addon's own code may fail because of
//! them, but that isn't certain.

use object::elf::{self, DynamicTag};

use super::dynamic::Dynamic;
use super::space::{READ, Space};
use crate::binary::Program;

/// The first such property in the program headers and the dynamic section of a mapped image.
/// `by_symbol`: no constructor registers the addon.
pub(super) fn first(
    space: &Space<'_>,
    programs: &[Program],
    dynamic: &Dynamic,
    has_addends: bool,
    by_symbol: bool,
) -> Option<&'static str> {
    segments(space, programs).or_else(|| tables(space, dynamic, has_addends, by_symbol))
}

fn segments(space: &Space<'_>, programs: &[Program]) -> Option<&'static str> {
    let mut parts: Vec<(u64, u64)> = programs
        .iter()
        .filter(|program| program.kind == elf::PT_LOAD.0 && program.file_size > 0)
        .map(|program| (program.offset, program.offset.saturating_add(program.file_size)))
        .collect();
    parts.sort_unstable();
    if parts.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Some("two of its segments map the same part of the file");
    }
    // Linkers write read-only segments completely to the file.
    let is_cut = |program: &Program| {
        program.kind == elf::PT_LOAD.0
            && program.flags & elf::PF_W.0 == 0
            && program.memory_size != program.file_size
    };
    if programs.iter().any(is_cut) {
        return Some("a read-only segment is longer in memory than in the file");
    }
    // The offset of a part from the start of its segment is the same in memory and in the file.
    let within = |part: &Program, whole: &Program| {
        whole.kind == elf::PT_LOAD.0 && part.address.wrapping_sub(whole.address) < whole.memory_size
    };
    let has_moved = |part: &Program| {
        let whole = programs.iter().find(|whole| within(part, whole));
        whole.is_none_or(|whole| {
            part.address.wrapping_sub(whole.address) != part.offset.wrapping_sub(whole.offset)
        })
    };
    let is_part = |program: &&Program| {
        let kind = elf::ProgramType(program.kind);
        program.file_size > 0
            && matches!(
                kind,
                elf::PT_DYNAMIC | elf::PT_TLS | elf::PT_GNU_RELRO | elf::PT_GNU_EH_FRAME
            )
    };
    if programs.iter().filter(is_part).any(has_moved) {
        return Some("the address and the file offset of a part of a segment don't match");
    }
    let is_missing = |program: &Program| !space.allows(program.address, program.memory_size, READ);
    let unwinding = programs.iter().filter(|program| program.kind == elf::PT_GNU_EH_FRAME.0);
    unwinding
        .clone()
        .any(is_missing)
        .then_some("its exception-handling table is outside of its memory")
}

fn tables(
    space: &Space<'_>,
    dynamic: &Dynamic,
    has_addends: bool,
    by_symbol: bool,
) -> Option<&'static str> {
    let value = |tag: DynamicTag| dynamic.value(tag).unwrap_or(0);
    let size = u64::from(space.pointer_size);
    let entry = size * if has_addends { 3 } else { 2 };
    let (table, length) =
        if has_addends { (elf::DT_RELA, elf::DT_RELASZ) } else { (elf::DT_REL, elf::DT_RELSZ) };
    for (start, length, entry) in [
        (table, length, entry),
        (elf::DT_JMPREL, elf::DT_PLTRELSZ, entry),
        (elf::DT_RELR, elf::DT_RELRSZ, size),
        (elf::DT_INIT_ARRAY, elf::DT_INIT_ARRAYSZ, size),
        (elf::DT_FINI_ARRAY, elf::DT_FINI_ARRAYSZ, size),
    ] {
        if value(length) % entry != 0 || (value(length) > 0) != (value(start) > 0) {
            return Some(
                "one of its tables has a size but no address, or a size that isn't a multiple of \
                    its entry size",
            );
        }
    }
    if value(elf::DT_JMPREL) > 0 && dynamic.value(elf::DT_PLTREL).is_none() {
        return Some("its PLT relocations have no type, so that the loader applies none of them");
    }
    if value(elf::DT_PLTGOT) % size != 0 {
        return Some("its global offset table isn't aligned to pointers");
    }
    let ends = value(elf::DT_FINI_ARRAY);
    let constructors = value(elf::DT_INIT_ARRAY);
    if !by_symbol
        && constructors > 0
        && ends > constructors
        && constructors.wrapping_add(value(elf::DT_INIT_ARRAYSZ)) != ends
    {
        return Some("its constructor array doesn't end where its destructor array begins");
    }
    // Linkers write the two tables next to each other.
    let end = value(table).wrapping_add(value(length));
    let calls = value(elf::DT_JMPREL);
    if value(length) > 0
        && calls > value(table)
        && end != calls
        && end != calls.wrapping_add(value(elf::DT_PLTRELSZ))
    {
        return Some("its relocation table doesn't end where its PLT relocations begin or end");
    }
    None
}
