//! glibc's load of an image, in glibc's order.

pub(super) mod map;

use object::elf;

use super::common::{look_up, relocator};
use super::constructors::{at_exit, call, calls_into_nothing, misled, protected_too_much};
use super::course::{At, Course, Step, Stop};
use super::dynamic::Dynamic;
use super::entrances::Entrances;
use super::kinds::{Kind, kind};
use super::lookup::Hash;
use super::relocations::{Entry, Relocator};
use super::settings::Settings;
use super::space::{READ, Space, WRITE, ceiling, floor};
use super::table::Symbols;
use super::{doubts, versions};
use crate::binary::{ElfFacts, Image, Program};
use crate::files::Source;

pub(super) fn follow(
    image: &Image,
    facts: &ElfFacts,
    source: &Source,
    settings: Settings<'_>,
    course: &mut Course,
) -> Result<(), (Step, Stop)> {
    let entrances = Entrances::of(image);
    let mut space = Space::new(source, image.memory.pointer_size, image.memory.big_endian);
    let Some(header) = super::dynamic::dynamic_header(facts) else { return Ok(()) };
    let is_wide = space.pointer_size == 8;
    map::map(&mut space, &facts.programs, settings).at(Step::Mapping)?;
    let dynamic = map::dynamic(&space, header, settings).at(Step::Mapping)?;
    map::notes(&space, &facts.programs, facts.header_at, is_wide).at(Step::Mapping)?;
    let hash = Hash::read(&space, &dynamic).at(Step::Mapping)?;
    if hash.has_odd_filter() {
        return Err(Stop::Dies("its hash table has a size that the loader doesn't support"))
            .at(Step::Mapping);
    }
    names(&space, &dynamic).at(Step::Mapping)?;
    let libraries: Vec<&str> =
        image.libraries.iter().map(|library| library.name.as_str()).collect();
    let highest = versions::check(&space, &dynamic, &libraries).at(Step::Versions)?;
    let Some(symbols) = Symbols::of(&dynamic) else {
        return Err(Stop::Dies(
            "it has no symbol table, or no string table for the names of its \
            symbols",
        ))
        .at(Step::Relocation);
    };

    let opened = open_text(&mut space, &facts.programs, &dynamic).at(Step::Relocation)?;
    space.keep(dynamic.tables());
    let mut relocator = relocator(&space, &dynamic, symbols, hash, facts);
    relocator.highest_version = Some(highest);
    let lazy_slots = relocate(&mut relocator, settings);
    relocator.finish();
    let has_addends = settings.has_addends(space.pointer_size == 8);
    course.doubt = relocator.doubt.or_else(|| {
        doubts::first(&space, &facts.programs, &dynamic, has_addends, entrances.by_symbol)
    });
    let lazy_slots = lazy_slots.at(Step::Relocation)?;
    let Relocator { written, slots, symbols, hash, .. } = relocator;
    for (program, protection) in opened {
        space.protect(program.0, program.1, protection);
    }
    protect(&mut space, &facts.programs, course).at(Step::Relocation)?;
    // Their slots follow three reserved entries of the GOT.
    if let (Some(first), Some(table)) = (lazy_slots.iter().min(), dynamic.value(elf::DT_PLTGOT))
        && *first != table.wrapping_add(3 * u64::from(space.pointer_size))
    {
        course
            .doubt
            .get_or_insert("its global offset table isn't where its lazily bound calls are");
    }
    let stuck = protected_too_much(&space, &lazy_slots);
    course.doubt = course.doubt.or(stuck).or_else(|| thread_local(&space, &facts.programs));

    call(&space, &dynamic, &written, false).at(Step::Constructors)?;
    calls_into_nothing(image, &entrances, &space, &dynamic, &written, &slots, &lazy_slots)
        .at(Step::Constructors)?;
    let misled = misled(image, &space, &facts.programs, &dynamic, &written);
    course.doubt = course.doubt.or(misled).or_else(|| at_exit(&space, &dynamic, &written));
    look_up(&facts.programs, &space, &hash, &symbols, &entrances, course)
}

/// The names of the needed libraries are read before any library is searched (elf/dl-deps.c).
fn names(space: &Space<'_>, dynamic: &Dynamic) -> Result<(), Stop> {
    let needed = dynamic
        .entries
        .iter()
        .filter(|entry| matches!(elf::DynamicTag(entry.tag), elf::DT_NEEDED | elf::DT_FILTER));
    let strings = dynamic.value(elf::DT_STRTAB);
    for entry in needed {
        let strings = strings.ok_or(Stop::Dies(
            "it needs libraries, but has no string table for \
            their names",
        ))?;
        space.check(
            strings.wrapping_add(entry.value),
            1,
            READ,
            "the name of a library that it needs is outside of its memory",
        )?;
    }
    Ok(())
}

/// A range of pages, and its protection.
type Opened = ((u64, u64), u8);

/// `DT_TEXTREL`: the loader makes read-only segments writable while it relocates.
fn open_text(
    space: &mut Space<'_>,
    programs: &[Program],
    dynamic: &Dynamic,
) -> Result<Vec<Opened>, Stop> {
    let mut opened = Vec::new();
    if !dynamic.has_text_relocations() {
        return Ok(opened);
    }
    for program in programs
        .iter()
        .filter(|program| program.kind == elf::PT_LOAD.0 && program.flags & elf::PF_W.0 == 0)
    {
        let (start, end) =
            (floor(program.address), ceiling(program.address.wrapping_add(program.memory_size)));
        let protection = super::space::protection(program.flags);
        if !space.protect(start, end, protection | WRITE) {
            return Err(Stop::Unsure("a segment can't be made writable for its relocations"));
        }
        opened.push(((start, end), protection));
    }
    Ok(opened)
}

/// `_dl_relocate_object`. Returns the GOT slots of lazily bound calls.
fn relocate(relocator: &mut Relocator<'_, '_>, settings: Settings<'_>) -> Result<Vec<u64>, Stop> {
    let dynamic = relocator.dynamic;
    let size = u64::from(relocator.space.pointer_size);
    let calls = dynamic.value(elf::DT_JMPREL);
    let lazy = !dynamic.binds_now();
    if lazy && calls.is_some() {
        const TABLE: &str =
            "the loader writes to its global offset table, which isn't writable memory";
        let Some(table) = dynamic.value(elf::DT_PLTGOT) else {
            return Err(Stop::Dies("it has no global offset table"));
        };
        relocator.space.check(table.wrapping_add(size), size * 2, READ | WRITE, TABLE)?;
        if relocator.space.pointer(table.wrapping_add(size), TABLE)? != 0 {
            relocator.doubt("its global offset table isn't empty where the loader writes");
        }
    }
    if settings.glibc_before([2, 36]) != Some(true) {
        relocator.packed()?;
    }
    let has_addends = settings.has_addends(size == 8);
    let (table, table_size, table_count) = match has_addends {
        true => (elf::DT_RELA, elf::DT_RELASZ, elf::DT_RELACOUNT),
        false => (elf::DT_REL, elf::DT_RELSZ, elf::DT_RELCOUNT),
    };
    const NO_SIZE: Stop = Stop::Dies("its relocations have no size");
    // (start, size), (start, size): elf/dynamic-link.h `_ELF_DYNAMIC_DO_RELOC`.
    let mut first = (0, 0);
    let mut relative = 0;
    if let Some(start) = dynamic.value(table).filter(|start| *start != 0) {
        first = (start, dynamic.value(table_size).ok_or(NO_SIZE)?);
        relative = dynamic.value(table_count).unwrap_or(0);
    }
    let mut second = None;
    if dynamic.value(elf::DT_PLTREL).is_some() {
        let start = calls.ok_or(Stop::Dies("its PLT relocations have no address"))?;
        let length = dynamic.value(elf::DT_PLTRELSZ).ok_or(NO_SIZE)?;
        if first.0 == 0 {
            first.0 = start;
        }
        if first.0.wrapping_add(first.1) == start.wrapping_add(length) {
            first.1 = first.1.wrapping_sub(length);
        }
        if !lazy && first.0.wrapping_add(first.1) == start {
            first.1 = first.1.wrapping_add(length);
        } else {
            second = Some((start, length));
        }
    }
    range(relocator, first, relative, has_addends, false)?;
    if lazy {
        relocator.slots.list();
    }
    if let Some(second) = second {
        range(relocator, second, 0, has_addends, lazy)?;
    }
    Ok(relocator.slots.take_list())
}

/// `elf_dynamic_do_Rela`
fn range(
    relocator: &mut Relocator<'_, '_>,
    (start, length): (u64, u64),
    relative: u64,
    has_addends: bool,
    lazy: bool,
) -> Result<(), Stop> {
    let size = relocator.size(has_addends);
    let middle = start.wrapping_add(relative.wrapping_mul(size));
    let end = start.wrapping_add(length);
    let asserts = elf::Machine(relocator.machine) == elf::EM_X86_64;
    relocator.each(start, has_addends, |at| at >= middle, &mut |relocator, entry| match kind(
        relocator.machine,
        entry.kind,
    ) {
        Kind::Relative => relocator.relative(entry),
        _ if asserts && entry.kind != elf::R_X86_64_RELATIVE64.0 => Err(Stop::Dies(
            "one of the relocations that DT_RELACOUNT counts as relative isn't \
                relative",
        )),
        _ => {
            relocator.doubt(
                "one of the relocations that DT_RELACOUNT counts as relative isn't \
                relative",
            );
            relocator.relative(entry)
        }
    })?;
    let mut later: Vec<Entry> = Vec::new();
    relocator.each(middle, has_addends, |at| at >= end, &mut |relocator, entry| {
        if kind(relocator.machine, entry.kind) == Kind::Indirect {
            later.push(entry);
            return Ok(());
        }
        if lazy { relocator.lazy(entry) } else { relocator.apply(entry) }
    })?;
    later
        .into_iter()
        .try_for_each(|entry| if lazy { relocator.lazy(entry) } else { relocator.apply(entry) })
}

/// `_dl_protect_relro`
fn protect(space: &mut Space<'_>, programs: &[Program], course: &mut Course) -> Result<(), Stop> {
    let Some(program) = programs.iter().rev().find(|program| program.kind == elf::PT_GNU_RELRO.0)
    else {
        return Ok(());
    };
    let (start, end) =
        (floor(program.address), floor(program.address.wrapping_add(program.memory_size)));
    if program.memory_size == 0 || start == end {
        return Ok(());
    }
    const WHAT: &str = "the range that it makes read-only after relocation is outside of its \
        memory";
    if end < start || !space.protect(start, end, READ) {
        // An access far from the image faults. Near the image there may be memory of other objects.
        let is_far = end < start || matches!(space.check(end, 1, 0, WHAT), Err(Stop::Dies(_)));
        if is_far {
            let text = "cannot apply additional memory protection after relocation: Cannot \
                allocate memory";
            return Err(Stop::throws(text, WHAT));
        }
        return Err(Stop::Unsure(WHAT));
    }
    let is_partly = |other: &&Program| {
        other.kind == elf::PT_LOAD.0
            && other.flags & elf::PF_W.0 != 0
            && other.memory_size > other.file_size
            && floor(other.address.wrapping_add(other.file_size)) < end
            && other.address >= start
            && ceiling(other.address.wrapping_add(other.memory_size)) > ceiling(end)
    };
    if programs.iter().any(|other| is_partly(&other)) {
        course.doubt.get_or_insert(
            "the range that it makes read-only after relocation is written \
            to later",
        );
    }
    Ok(())
}

/// Checks `PT_TLS`. Its memory is copied when a thread first uses it.
fn thread_local(space: &Space<'_>, programs: &[Program]) -> Option<&'static str> {
    let program = programs
        .iter()
        .rev()
        .find(|program| program.kind == elf::PT_TLS.0 && program.memory_size != 0)?;
    let is_sound = program.file_size <= program.memory_size
        && (program.alignment == 0 || program.address % program.alignment == 0)
        && space.allows(program.address, program.file_size, READ)
        && (program.alignment == 0
            || program.alignment.is_power_of_two() && program.alignment <= 1 << 20)
        && program.memory_size <= 1 << 30;
    (!is_sound).then_some("its thread-local storage is outside of its memory")
}
