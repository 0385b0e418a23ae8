//! glibc's mapping of an image and its checks of the dynamic section (elf/dl-load.c
//! `_dl_map_object_from_fd`, elf/dl-map-segments.h, elf/get-dynamic-info.h, elf/dl-setup_hash.c;
//! read in 2.36, compared with 2.41).

use object::elf;

use super::super::course::Stop;
use super::super::dynamic::Dynamic;
use super::super::run::Backing;
use super::super::settings::Settings;
use super::super::space::{READ, Space, WRITE, ceiling, floor};
use crate::binary::{PAGE, Program};

/// The end of user space for 48-bit addresses, as on x64 and most arm64 systems.
const USER_SPACE: u64 = 1 << 47;
/// Address space that every process has, in bytes. Whether more is available isn't known.
const SURE_SPACE: u64 = 64 << 30;
/// Memory that every process gets, in bytes. Whether more is available depends on the computer.
const SURE_MEMORY: u64 = 256 << 20;
/// The largest file offset that every file system allows (ext4's 16 TB), and the first one that no
/// file system allows.
const LARGEST_POSITION: u64 = 1 << 44;
const NO_POSITION: u64 = 1 << 63;

const MAP: &str = "failed to map segment from shared object";

/// `struct loadcmd`
struct Command {
    start: u64,
    map_end: u64,
    data_end: u64,
    allocated_end: u64,
    position: u64,
    protection: u8,
}

impl Command {
    fn of(program: &Program) -> Command {
        Command {
            start: floor(program.address),
            map_end: ceiling(program.address.wrapping_add(program.file_size)),
            data_end: program.address.wrapping_add(program.file_size),
            allocated_end: program.address.wrapping_add(program.memory_size),
            position: floor(program.offset),
            protection: super::super::space::protection(program.flags),
        }
    }
}

/// Maps the segments.
pub(super) fn map(
    space: &mut Space<'_>,
    programs: &[Program],
    settings: Settings<'_>,
) -> Result<(), Stop> {
    let commands: Vec<Command> =
        programs.iter().filter(|program| program.kind == elf::PT_LOAD.0).map(Command::of).collect();
    let (Some(first), Some(last)) = (commands.first(), commands.last()) else { return Ok(()) };
    let length = last.allocated_end.wrapping_sub(first.start);
    let reserved_end = first.start.wrapping_add(ceiling(length));
    reserve(first, length)?;
    let alignment = programs
        .iter()
        .filter(|program| program.kind == elf::PT_LOAD.0)
        .map(|program| program.alignment);
    aligned(
        length,
        alignment.filter(|alignment| alignment.is_power_of_two()).max().unwrap_or(0),
        settings,
    )?;
    space.map(first.start, reserved_end, first.protection, Backing::File(first.position));
    let has_holes = commands.windows(2).any(|pair| pair[0].map_end != pair[1].start);
    if has_holes {
        if last.start < first.map_end {
            return Err(Stop::throws(
                "ELF load command address/offset not page-aligned",
                "its segments are out of order",
            ));
        }
        if !space.protect(first.map_end, last.start, 0) {
            return Err(Stop::Unsure("its segments overlap"));
        }
    }
    for (index, command) in commands.iter().enumerate() {
        if index > 0 && command.map_end > command.start {
            overlay(command.start, command.map_end, first.start, reserved_end)?;
            has_position(command.position)?;
            space.map(
                command.start,
                command.map_end,
                command.protection,
                Backing::File(command.position),
            );
        }
        zero(space, command, first.start, reserved_end)?;
    }
    Ok(())
}

/// The first mapping, which reserves memory for all segments.
fn reserve(first: &Command, length: u64) -> Result<(), Stop> {
    if length == 0 || length > USER_SPACE {
        return Err(Stop::throws(
            MAP,
            "its segments have a size of zero, or one that exceeds the \
            address space",
        ));
    }
    has_position(first.position)?;
    let is_charged = first.protection & WRITE != 0;
    if length > if is_charged { SURE_MEMORY } else { SURE_SPACE } {
        return Err(Stop::Unsure("its segments may need more memory than is available"));
    }
    if first.start.checked_add(length).is_none() {
        return Err(Stop::Unsure("its segments extend beyond the end of the address space"));
    }
    Ok(())
}

/// glibc reserves additional memory for an alignment that is larger than a page (since 2.35).
fn aligned(length: u64, alignment: u64, settings: Settings<'_>) -> Result<(), Stop> {
    if alignment <= PAGE || settings.glibc_before([2, 35]) == Some(true) {
        return Ok(());
    }
    match length.max(alignment).wrapping_add(alignment) {
        0 | USER_SPACE.. => Err(Stop::throws(
            MAP,
            "its alignment needs more memory than the \
            address space has",
        )),
        SURE_SPACE.. => Err(Stop::Unsure("its alignment may need more memory than is available")),
        _ => Ok(()),
    }
}

fn has_position(position: u64) -> Result<(), Stop> {
    match position {
        0..LARGEST_POSITION => Ok(()),
        LARGEST_POSITION..NO_POSITION => {
            Err(Stop::Unsure("a segment has a file offset that is larger than any file"))
        }
        _ => Err(Stop::throws(MAP, "a segment has a file offset that is larger than any file")),
    }
}

/// A later mapping replaces the memory at its address. If that is outside of the image's own
/// memory, it may belong to other libraries.
fn overlay(start: u64, end: u64, first: u64, reserved_end: u64) -> Result<(), Stop> {
    if start >= first && end <= reserved_end {
        return Ok(());
    }
    // The image's address isn't known, but memory at this distance from it doesn't exist.
    if start.wrapping_sub(first) >= USER_SPACE && start >= first {
        return Err(Stop::throws(MAP, "a segment's address is outside of the address space"));
    }
    Err(Stop::Unsure(
        "a segment extends beyond the memory that the loader reserves for all \
        segments",
    ))
}

/// Clears the part of a segment that isn't in the file.
fn zero(
    space: &mut Space<'_>,
    command: &Command,
    first: u64,
    reserved_end: u64,
) -> Result<(), Stop> {
    let (start, end) = (command.data_end, command.allocated_end);
    if end <= start {
        return Ok(());
    }
    let page = ceiling(start);
    let page = if end < page { end } else { page };
    if page > start {
        const WHAT: &str = "the memory that the loader clears behind a segment isn't mapped";
        // glibc makes the page writable for that, if it isn't. The segment mapped this page itself,
        // unless the segment has no bytes in the file.
        if command.protection & WRITE == 0 {
            if !space.protect(
                floor(start),
                floor(start).saturating_add(PAGE),
                command.protection | READ | WRITE,
            ) {
                return Err(Stop::throws("cannot change memory protections", WHAT));
            }
            space.check(start, page - start, WRITE, WHAT)?;
            space.protect(floor(start), floor(start).saturating_add(PAGE), command.protection);
        } else {
            space.check(start, page - start, WRITE, WHAT)?;
        }
    }
    if end > page {
        overlay(page, ceiling(end), first, reserved_end)?;
        if command.protection & WRITE != 0 && end - page > SURE_MEMORY {
            return Err(Stop::Unsure("a segment may need more memory than is available"));
        }
        space.map(page, ceiling(end), command.protection, Backing::Zeros);
    }
    Ok(())
}

/// Entries to whose values the loader adds the load address, in place.
const ADJUSTED: [elf::DynamicTag; 10] = [
    elf::DT_HASH,
    elf::DT_PLTGOT,
    elf::DT_STRTAB,
    elf::DT_SYMTAB,
    elf::DT_RELR,
    elf::DT_JMPREL,
    elf::DT_VERSYM,
    elf::DT_GNU_HASH,
    elf::DT_RELA,
    elf::DT_REL,
];

/// `elf_get_dynamic_info`, and the checks that follow it.
pub(super) fn dynamic(
    space: &Space<'_>,
    program: &Program,
    settings: Settings<'_>,
) -> Result<Dynamic, Stop> {
    let dynamic = Dynamic::read(space, program.address)?;
    // glibc before 2.35 didn't check the flags of PT_DYNAMIC.
    if program.flags & elf::PF_W.0 != 0 || settings.glibc_before([2, 35]) == Some(true) {
        for entry in ADJUSTED.iter().filter_map(|tag| dynamic.entry(*tag)) {
            let is_skipped = matches!(elf::DynamicTag(entry.tag), elf::DT_RELA | elf::DT_REL)
                && entry.value == 0;
            let size = u64::from(space.pointer_size);
            if !is_skipped {
                space.check(
                    entry.address.wrapping_add(size),
                    size,
                    WRITE,
                    "the loader writes to its dynamic section, which isn't writable",
                )?;
            }
        }
    }
    let wide = space.pointer_size == 8;
    // 32-bit machines have relocations without addends here, 64-bit machines with addends.
    let (table, entry_size, size) = match settings.has_addends(wide) {
        true => (elf::DT_RELA, elf::DT_RELAENT, if wide { 24 } else { 12 }),
        false => (elf::DT_REL, elf::DT_RELENT, if wide { 16 } else { 8 }),
    };
    if dynamic.value(elf::DT_PLTREL).is_some_and(|kind| kind != table.0.cast_unsigned()) {
        return Err(Stop::Dies(
            "its PLT relocations are of a type that the loader doesn't support",
        ));
    }
    if dynamic.value(table).is_some() && dynamic.value(entry_size) != Some(size) {
        return Err(Stop::Dies(
            "its relocations have an entry size that the loader doesn't support",
        ));
    }
    let knows_packed = settings.glibc_before([2, 36]) == Some(false);
    if knows_packed
        && dynamic.value(elf::DT_RELR).is_some()
        && dynamic.value(elf::DT_RELRENT) != Some(u64::from(space.pointer_size))
    {
        return Err(Stop::Dies(
            "its packed relocations have an entry size that the loader doesn't \
            support",
        ));
    }
    Ok(dynamic)
}

/// Reads the program headers in memory as the loader does, and the notes to which they point.
pub(super) fn notes(
    space: &Space<'_>,
    programs: &[Program],
    header_at: u64,
    wide: bool,
) -> Result<(), Stop> {
    const WHERE: &str = "its program headers are outside of its memory";
    let own = programs
        .iter()
        .rev()
        .find(|program| program.kind == elf::PT_PHDR.0 && program.address != 0);
    if let Some(own) = own {
        let size = programs.len() as u64 * if wide { 56 } else { 32 };
        space.check(own.address, size, READ, WHERE)?;
        // The address differs from that of the headers in the file.
        let expected = programs.iter().find(|program| {
            program.kind == elf::PT_LOAD.0
                && header_at.wrapping_sub(program.offset) < program.file_size
        });
        if expected.is_none_or(|program| {
            program.address.wrapping_add(header_at.wrapping_sub(program.offset)) != own.address
        }) {
            return Err(Stop::Unsure(
                "its PT_PHDR entry gives another address for the program \
                headers",
            ));
        }
    }
    let alignment = if wide { 8 } else { 4 };
    for note in programs
        .iter()
        .rev()
        .filter(|one| matches!(elf::ProgramType(one.kind), elf::PT_NOTE | elf::PT_GNU_PROPERTY))
    {
        if note.alignment != alignment || note.memory_size < 12 {
            continue;
        }
        let mut found = false;
        match properties(space, note, &mut found) {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // The contents of the properties may make the loader stop earlier.
            Err(Stop::Dies(what)) if found => return Err(Stop::Unsure(what)),
            Err(stop) => return Err(stop),
        }
    }
    Ok(())
}

/// `_dl_process_property_note` of x86: walks the notes up to the one with the properties. Returns
/// true if it was found.
fn properties(space: &Space<'_>, note: &Program, found: &mut bool) -> Result<bool, Stop> {
    const WHAT: &str = "its notes are outside of its memory";
    const MOST: usize = 1 << 12;
    let mut within = 0u64;
    for _ in 0..MOST {
        if within.wrapping_add(12) >= note.memory_size {
            return Ok(*found);
        }
        let at = note.address.wrapping_add(within);
        let (name, size, kind) = (
            space.word(at, WHAT)?,
            space.word(at.wrapping_add(4), WHAT)?,
            space.word(at.wrapping_add(8), WHAT)?,
        );
        // NT_GNU_PROPERTY_TYPE_0 of "GNU". The walk ends at a second one, and at one with an
        // invalid size.
        if name == 4
            && kind == 5
            && space.word(at.wrapping_add(12), WHAT)? == u32::from_le_bytes(*b"GNU\0")
        {
            if *found || size < 8 || u64::from(size) % note.alignment != 0 {
                return Ok(true);
            }
            *found = true;
        }
        let rounded = |size: u32| u64::from(size).next_multiple_of(note.alignment);
        // ELF_NOTE_NEXT_OFFSET
        within = within
            .wrapping_add(u64::from(name).wrapping_add(12).next_multiple_of(note.alignment))
            .wrapping_add(rounded(size));
    }
    Err(Stop::Unsure("its notes have no end"))
}
