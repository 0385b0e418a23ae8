//! musl's load of an image, in musl's order (ldso/dynlink.c 1.2.5 `map_library`, `decode_dyn`,
//! `reloc_all`, `do_relocs`, `do_init_fini`). It has no checks, and doesn't write to the dynamic
//! section.

use object::elf;

use super::common::{look_up, relocator};
use super::constructors::{at_exit, call, calls_into_nothing, misled};
use super::course::{At, Course, Step, Stop};
use super::doubts;
use super::dynamic::Dynamic;
use super::entrances::Entrances;
use super::lookup::Hash;
use super::relocations::{Entry, Relocator};
use super::run::Backing;
use super::settings::Settings;
use super::space::{READ, Space, WRITE, ceiling, floor};
use super::table::Symbols;
use crate::binary::{ElfFacts, Image, PAGE, Program};
use crate::files::Source;

/// The end of user space, and the part of it that every process has.
const USER_SPACE: u64 = 1 << 47;
const SURE_SPACE: u64 = 64 << 30;
const SURE_MEMORY: u64 = 256 << 20;
/// The text that this error has in place of the one that usually precedes the file's name.
pub(super) const OUT_OF_MEMORY: &str = "Error preparing lazy relocation for";

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
    map(&mut space, &facts.programs).at(Step::Mapping)?;
    if !space.is_used(header.address) {
        // The memory there, zeros or a part of another library, has no hash table, and musl divides
        // by the number of its buckets.
        return Err(Stop::Dies(super::dynamic::OUTSIDE)).at(Step::Mapping);
    }
    let dynamic = Dynamic::read(&space, header.address).at(Step::Mapping)?;
    if dynamic.value(elf::DT_TEXTREL).is_some() {
        // musl makes all segments writable and executable, and leaves them so.
        space.open_all();
    }
    // musl uses the image's start as the address of a missing table.
    let symbols = Symbols::anywhere(&dynamic);
    if !dynamic.has_any_table(&space) {
        // Their segment isn't mapped. If the memory is zero, the hash table has no buckets, and
        // musl divides by their number. Any other value leads to a symbol that doesn't exist.
        return Err(Stop::Dies("its hash table, symbols and names are outside of its memory"))
            .at(Step::Mapping);
    }
    let mut hash = Hash::read(&space, &dynamic).at(Step::Mapping)?;
    hash.counts_in_32_bits = true;
    if hash.is_missing() {
        return Err(Stop::Dies("it has no hash table")).at(Step::Mapping);
    }
    // musl checks whether the image is another libc before it reads the names of the libraries.
    hash.finds(&space, &symbols, b"__libc_start_main", true).at(Step::Mapping)?;
    for entry in dynamic.entries.iter().filter(|entry| elf::DynamicTag(entry.tag) == elf::DT_NEEDED)
    {
        let name = symbols.strings_at.wrapping_add(entry.value);
        space
            .check(name, 1, READ, "the name of a library that it needs is outside of its memory")
            .at(Step::Mapping)?;
    }
    space.keep(dynamic.tables());
    let mut relocator = relocator(&space, &dynamic, symbols, hash, facts);
    relocator.may_wait = !dynamic.binds_now();
    prepare_lazy(&dynamic, space.pointer_size).at(Step::Relocation)?;
    let done = relocate(&mut relocator);
    relocator.finish();
    let has_addends = settings.has_addends(space.pointer_size == 8);
    course.doubt = relocator.doubt.or_else(|| {
        doubts::first(&space, &facts.programs, &dynamic, has_addends, entrances.by_symbol)
    });
    done.at(Step::Relocation)?;
    match relocator.waiting.take() {
        Some((Stop::Dies(what), symbol)) => {
            return Err((Step::Relocation, Stop::DiesIfBound { what, symbol }));
        }
        Some((stop, _)) => return Err((Step::Relocation, stop)),
        None => {}
    }
    let Relocator { written, slots, symbols, hash, .. } = relocator;
    protect(&mut space, &facts.programs).at(Step::Relocation)?;
    thread_local(&space, &facts.programs).at(Step::Relocation)?;
    call(&space, &dynamic, &written, true).at(Step::Constructors)?;
    calls_into_nothing(image, &entrances, &space, &dynamic, &written, &slots, &[])
        .at(Step::Constructors)?;
    let misled = misled(image, &space, &facts.programs, &dynamic, &written);
    course.doubt = course.doubt.or(misled).or_else(|| at_exit(&space, &dynamic, &written));
    look_up(&facts.programs, &space, &hash, &symbols, &entrances, course)
}

/// `map_library`
fn map(space: &mut Space<'_>, programs: &[Program]) -> Result<(), Stop> {
    let segments: Vec<&Program> =
        programs.iter().filter(|program| program.kind == elf::PT_LOAD.0).collect();
    let Some(first) = segments.iter().min_by_key(|program| program.address) else { return Ok(()) };
    let lowest = floor(first.address);
    let end = |program: &Program| program.address.wrapping_add(program.memory_size);
    let highest = ceiling(segments.iter().map(|program| end(program)).max().unwrap_or(0));
    let length = highest.wrapping_sub(lowest).wrapping_add(floor(first.offset));
    if length == 0 || length > USER_SPACE {
        let text = if length == 0 { "Invalid argument" } else { "Out of memory" };
        return Err(Stop::throws(
            text,
            "its segments have a size of zero, or one that exceeds the \
            address space",
        ));
    }
    let is_charged = first.flags & elf::PF_W.0 != 0;
    if length > if is_charged { SURE_MEMORY } else { SURE_SPACE } || highest < lowest {
        return Err(Stop::Unsure("its segments may need more memory than is available"));
    }
    if segments.iter().any(|program| (1 << 44..1 << 63).contains(&program.offset)) {
        return Err(Stop::Unsure("a segment has a file offset that is larger than any file"));
    }
    if first.offset >= 1 << 63 {
        return Err(Stop::throws(
            "Value too large for data type",
            "a segment has a file offset that is larger than any file",
        ));
    }
    let reserved_end = lowest.wrapping_add(ceiling(length));
    let protection = |program: &Program| super::space::protection(program.flags);
    space.map(lowest, reserved_end, protection(first), Backing::File(floor(first.offset)));
    for program in &segments {
        let (start, page_end) = (floor(program.address), ceiling(end(program)));
        if start != lowest {
            if program.offset >= 1 << 63 {
                return Err(Stop::throws(
                    "Value too large for data type",
                    "a segment has a file offset that is larger than any file",
                ));
            }
            if page_end < start {
                return Err(Stop::Unsure("a segment has a size that exceeds the address space"));
            }
            space.map(start, page_end, protection(program), Backing::File(floor(program.offset)));
        }
        if program.memory_size > program.file_size && program.flags & elf::PF_W.0 != 0 {
            const WHAT: &str = "the memory that the loader clears behind a segment isn't mapped";
            let rest = program.address.wrapping_add(program.file_size);
            let page = ceiling(rest);
            space.check(rest, page.wrapping_sub(rest) & (PAGE - 1), WRITE, WHAT)?;
            if page_end.saturating_sub(page) > SURE_MEMORY {
                return Err(Stop::Unsure("a segment may need more memory than is available"));
            }
            space.map(page, page_end, protection(program), Backing::Zeros);
        }
    }
    Ok(())
}

/// Reserves memory for the deferred relocations, for the largest possible number of them.
fn prepare_lazy(dynamic: &Dynamic, pointer_size: u8) -> Result<(), Stop> {
    let value = |tag| dynamic.value(tag).unwrap_or(0);
    if dynamic.binds_now() {
        return Ok(());
    }
    let count = (value(elf::DT_RELSZ) / 2)
        .wrapping_add(value(elf::DT_RELASZ) / 3)
        .wrapping_add(value(elf::DT_PLTRELSZ) / 2);
    match count.wrapping_add(1).checked_mul(u64::from(pointer_size) * 3) {
        Some(0..SURE_MEMORY) => Ok(()),
        Some(SURE_MEMORY..USER_SPACE) => {
            Err(Stop::Unsure("its relocations may need more memory than is available"))
        }
        _ => Err(Stop::throws(
            OUT_OF_MEMORY,
            "its relocations need more memory than the address \
            space has",
        )),
    }
}

/// `reloc_all`
fn relocate(relocator: &mut Relocator<'_, '_>) -> Result<(), Stop> {
    let dynamic = relocator.dynamic;
    let value = |tag| dynamic.value(tag).unwrap_or(0);
    let has_addends = value(elf::DT_PLTREL) == elf::DT_RELA.0.cast_unsigned();
    table(relocator, value(elf::DT_JMPREL), value(elf::DT_PLTRELSZ), has_addends)?;
    table(relocator, value(elf::DT_REL), value(elf::DT_RELSZ), false)?;
    table(relocator, value(elf::DT_RELA), value(elf::DT_RELASZ), true)?;
    if value(elf::DT_RELRSZ) > 0 { relocator.packed() } else { Ok(()) }
}

/// `do_relocs`: it ends only when the remaining size is exactly zero.
fn table(
    relocator: &mut Relocator<'_, '_>,
    start: u64,
    length: u64,
    has_addends: bool,
) -> Result<(), Stop> {
    let size = relocator.size(has_addends);
    let end = start.wrapping_add(length);
    let is_whole = length.is_multiple_of(size);
    relocator.each(start, has_addends, |at| is_whole && at == end, &mut |relocator, entry| {
        one(relocator, entry)
    })
}

fn one(relocator: &mut Relocator<'_, '_>, mut entry: Entry) -> Result<(), Stop> {
    // arch/x86_64/reloc.h `R_TYPE`
    entry.kind &= 0x7fff_ffff;
    relocator.apply(entry)
}

/// RELRO.
fn protect(space: &mut Space<'_>, programs: &[Program]) -> Result<(), Stop> {
    let Some(program) = programs.iter().rev().find(|program| program.kind == elf::PT_GNU_RELRO.0)
    else {
        return Ok(());
    };
    let (start, end) =
        (floor(program.address), floor(program.address.wrapping_add(program.memory_size)));
    if start == end {
        return Ok(());
    }
    if end < start || !space.protect(start, end, READ) {
        return Err(Stop::Unsure(
            "the range that it makes read-only after relocation is outside of its memory",
        ));
    }
    Ok(())
}

/// Checks `PT_TLS`. It is copied for every existing thread.
fn thread_local(space: &Space<'_>, programs: &[Program]) -> Result<(), Stop> {
    let program = programs
        .iter()
        .rev()
        .find(|program| program.kind == elf::PT_TLS.0 && program.memory_size != 0);
    let Some(program) = program else { return Ok(()) };
    const WHAT: &str = "its thread-local storage is outside of its memory";
    if program.file_size > program.memory_size
        || program.memory_size > 1 << 30
        || program.alignment > 1 << 20
    {
        return Err(Stop::Unsure(WHAT));
    }
    space.check(program.address, program.file_size, READ, WHAT)
}
