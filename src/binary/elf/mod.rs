//! ELF: the header as `ld.so` checks it, the segments, and the missing parts of a truncated file.

pub(super) mod constructors;
pub(super) mod dynamic;
pub(super) mod facts;
pub(super) mod imports;
pub(super) mod lookup;
pub(super) mod program;
pub(super) mod relocations;
pub(super) mod system;
#[cfg(test)]
mod tests;

use object::elf::{self, FileHeader32, FileHeader64};
use object::endian::{Endian, Endianness};
use object::read::elf::{FileHeader, ProgramHeader};

use super::image::{Details, Image, Relocations};
use super::memory::{Fault, Memory, PAGE, Segment};
use super::names::text;
use crate::files::{Limits, Source};
use crate::hash::HashMap;
use crate::model::FileFormat;
use dynamic::{Dynamic, Extent};
use facts::{ElfFacts, HeaderTable, Loss};
use program::Program;

/// The maximum number of program headers that are kept: linkers write about a dozen.
const MOST_PROGRAMS: usize = 1 << 10;

/// Reads an ELF image; `None` if the header is incomplete.
pub(super) fn read(source: &Source, extent: Extent) -> Option<Image> {
    let mut ident = [0; 16];
    if source.read(0, &mut ident) < ident.len() {
        return None;
    }
    // An unknown identification is read as the usual one, so that the report can contain more than
    // "wrong header".
    match ident[4] {
        1 => read_class::<FileHeader32<Endianness>>(source, ident, extent),
        _ => read_class::<FileHeader64<Endianness>>(source, ident, extent),
    }
}

fn read_class<Elf: FileHeader<Endian = Endianness>>(
    source: &Source,
    ident: [u8; 16],
    extent: Extent,
) -> Option<Image> {
    let headers = Headers::<Elf>::read(source, ident)?;
    let mut memory = headers.memory(source);
    let Headers { header, endian, table: header_table, programs } = headers;
    let mut facts = ElfFacts {
        ident,
        file_type: header.e_type(endian).0,
        machine: header.e_machine(endian).0,
        version: header.e_version(endian),
        header_table,
        header_at: header.e_phoff(endian).into(),
        programs: Vec::new(),
        loadable: 0,
        address_off_page: false,
        interpreter: None,
        has_dynamic: false,
        has_library_names: false,
        filters: Vec::new(),
        misnamed_in_hash: false,
        soname: None,
        rpath: None,
        runpath: None,
        flags: 0,
        flags_1: 0,
        version_needs: Vec::new(),
        version_names: HashMap::default(),
        version_definitions: Vec::new(),
        executable_stack: system::stack_is_executable_by_default(header.e_machine(endian)),
        isa_needed: 0,
        tls_size: 0,
        packed_relocations: false,
        packed_constructors: false,
        loss: Loss::Nothing,
    };
    let mut dynamic_at = None;
    let mut notes = Vec::new();
    if programs.len() <= MOST_PROGRAMS {
        facts.programs = programs.iter().map(|program| Program::of(program, endian)).collect();
    }
    for program in &programs {
        let offset: u64 = program.p_offset(endian).into();
        let file_size: u64 = program.p_filesz(endian).into();
        let address: u64 = program.p_vaddr(endian).into();
        let memory_size: u64 = program.p_memsz(endian).into();
        match program.p_type(endian) {
            elf::PT_LOAD => {
                facts.loadable += 1;
                facts.address_off_page |= address.wrapping_sub(offset) & (PAGE - 1) != 0;
                if memory.segments.len() < Limits::SEGMENTS {
                    memory.segments.push(Segment::of(program, endian));
                }
            }
            elf::PT_DYNAMIC => {
                facts.has_dynamic = true;
                dynamic_at = Some((address, memory_size));
            }
            elf::PT_INTERP => {
                facts.interpreter = source
                    .bytes(offset, file_size.min(Limits::NAME as u64))
                    .map(|path| text(&path));
            }
            elf::PT_GNU_STACK => {
                facts.executable_stack = program.p_flags(endian).0 & elf::PF_X.0 != 0;
            }
            elf::PT_TLS => facts.tls_size = memory_size,
            // Linkers also write the properties into a segment of their own.
            elf::PT_NOTE | elf::PT_GNU_PROPERTY => notes.push((offset, file_size)),
            _ => {}
        }
    }

    let dynamic = match dynamic_at {
        Some((address, _)) => {
            let place = dynamic::Place { endian, machine: facts.machine, address };
            dynamic::read::<Elf>(source, &memory, place, extent)
        }
        None => Dynamic::default(),
    };
    let mut unread = dynamic.unread;
    if facts.loadable > Limits::SEGMENTS {
        unread.push("program headers (too many segments)");
    }
    facts.filters = dynamic.filters;
    facts.misnamed_in_hash = dynamic.misnamed_in_hash;
    facts.has_library_names = dynamic.has_library_names;
    facts.soname = dynamic.soname;
    facts.rpath = dynamic.rpath;
    facts.runpath = dynamic.runpath;
    facts.flags = dynamic.flags;
    facts.flags_1 = dynamic.flags_1;
    facts.packed_relocations = dynamic.relocations.has_packed();
    facts.packed_constructors =
        facts.packed_relocations && packs_constructors(&dynamic.relocations, &memory, source);
    facts.version_needs = dynamic.version_needs;
    facts.version_names = dynamic.version_names;
    facts.version_definitions = dynamic.version_definitions;
    facts.loss = loss(&memory, source, dynamic_at, &dynamic.tables, &dynamic.relocations);

    facts.isa_needed = system::isa_needed(source, &notes);
    let owners = system::note_owners(source, &notes, endian.is_big_endian());
    let system = system::identify(&facts, &dynamic.libraries, &owners);
    Some(Image {
        format: FileFormat::Elf,
        platform: system.platform,
        arch: system::arch(facts.machine, header.is_type_64(), endian.is_big_endian()),
        libc: system.libc,
        libc_version: system.libc_version,
        libraries: dynamic.libraries,
        symbols: dynamic.symbols,
        memory,
        unread,
        details: Details::Elf(Box::new(facts)),
        relocations: Relocations::Elf(dynamic.relocations),
    })
}

impl Segment {
    /// A `PT_LOAD` entry as a segment.
    pub(super) fn of<P: ProgramHeader<Endian = Endianness>>(
        program: &P,
        endian: Endianness,
    ) -> Segment {
        Segment {
            address: program.p_vaddr(endian).into(),
            memory_size: program.p_memsz(endian).into(),
            file_offset: program.p_offset(endian).into(),
            file_size: program.p_filesz(endian).into(),
            executable: program.p_flags(endian).0 & elf::PF_X.0 != 0,
        }
    }
}

/// Reads `PT_INTERP` alone.
pub(super) fn interpreter(source: &Source) -> Option<String> {
    let mut ident = [0; 16];
    source.read(0, &mut ident);
    match (ident.starts_with(&elf::ELFMAG), ident[4]) {
        (true, 1) => interpreter_of::<FileHeader32<Endianness>>(source, ident),
        (true, 2) => interpreter_of::<FileHeader64<Endianness>>(source, ident),
        _ => None,
    }
}

fn interpreter_of<Elf: FileHeader<Endian = Endianness>>(
    source: &Source,
    ident: [u8; 16],
) -> Option<String> {
    let Headers { endian, programs, .. } = Headers::<Elf>::read(source, ident)?;
    let program = programs.iter().find(|program| program.p_type(endian) == elf::PT_INTERP)?;
    let length: u64 = program.p_filesz(endian).into();
    source
        .bytes(program.p_offset(endian).into(), length.min(Limits::NAME as u64))
        .map(|path| text(&path))
}

/// The ELF header and the program headers, which the loader reads before it maps anything.
pub(super) struct Headers<Elf: FileHeader> {
    pub header: Elf,
    pub endian: Endianness,
    table: HeaderTable,
    /// Empty unless the table is complete.
    pub programs: Vec<Elf::ProgramHeader>,
}

impl<Elf: FileHeader<Endian = Endianness>> Headers<Elf> {
    /// Reads them by the class of `Elf` and the byte order in `ident`; `None` if the header is
    /// incomplete.
    pub fn read(source: &Source, ident: [u8; 16]) -> Option<Headers<Elf>> {
        let bytes = source.bytes(0, size_of::<Elf>() as u64)?;
        let header = *object::pod::from_bytes::<Elf>(&bytes).ok()?.0;
        let endian = if ident[5] == 2 { Endianness::Big } else { Endianness::Little };
        let mut headers =
            Headers { header, endian, table: HeaderTable::Whole, programs: Vec::new() };
        let entry = size_of::<Elf::ProgramHeader>();
        let offset: u64 = header.e_phoff(endian).into();
        let count = usize::from(header.e_phnum(endian));
        if usize::from(header.e_phentsize(endian)) != entry {
            headers.table = HeaderTable::WrongEntrySize;
        } else if offset.checked_add((count * entry) as u64).is_none() {
            headers.table = HeaderTable::Wraps;
        } else if i64::try_from(offset.saturating_add((count * entry) as u64)).is_err() {
            headers.table = HeaderTable::NoPosition;
        } else if let Some(table) = source.bytes(offset, (count * entry) as u64) {
            headers.programs = object::pod::slice_from_bytes(&table, count).ok()?.0.to_vec();
        } else {
            headers.table = HeaderTable::PastEndOfFile;
        }
        Some(headers)
    }

    /// The memory of this image, without segments.
    pub fn memory(&self, source: &Source) -> Memory {
        Memory {
            segments: Vec::new(),
            pointer_size: if self.header.is_type_64() { 8 } else { 4 },
            big_endian: self.endian.is_big_endian(),
            file_end: source.size(),
        }
    }
}

/// Computes the part of the segments that is past the end of the file, in whole pages, and whether
/// the loader is certain to access it.
///
/// `ld.so` reads the dynamic section and its tables, writes every relocation's target, and clears
/// the rest of the last file page of a segment that is longer in memory (`_dl_map_segments`, glibc
/// elf/dl-map-segments.h).
fn loss(
    memory: &Memory,
    source: &Source,
    dynamic_at: Option<(u64, u64)>,
    tables: &[(u64, u64)],
    relocations: &relocations::Tables,
) -> Loss {
    let missing = memory.missing();
    if missing == 0 {
        return Loss::Nothing;
    }
    let first_lost = memory.file_end.next_multiple_of(PAGE);
    let pages_lost = memory.segments.iter().any(|segment| {
        segment.file_size > 0 && segment.file_offset.saturating_add(segment.file_size) > first_lost
    });
    if !pages_lost {
        return Loss::WithinPage { bytes: missing };
    }
    let is_lost = |address: u64| memory.read(source, address, &mut [0]) == Err(Fault::Lost);
    let range_lost = |&(start, size): &(u64, u64)| {
        size > 0 && (is_lost(start) || is_lost(start.saturating_add(size - 1)))
    };
    let clears_lost_page = memory.segments.iter().any(|segment| {
        let file_end = segment.file_offset.saturating_add(segment.file_size);
        segment.memory_size > segment.file_size && file_end % PAGE != 0 && file_end > first_lost
    });
    let touched = clears_lost_page
        || dynamic_at.iter().any(range_lost)
        || tables.iter().any(range_lost)
        || relocations::slots(relocations, memory, source).into_iter().any(is_lost);
    Loss::Pages { bytes: missing, touched }
}

/// True if a packed relocation fills the constructor array.
fn packs_constructors(relocations: &relocations::Tables, memory: &Memory, source: &Source) -> bool {
    let Some((start, size)) = relocations.constructors else { return false };
    let list = start..start.saturating_add(size);
    relocations::all(relocations, memory, source)
        .iter()
        .any(|entry| entry.number == 0 && list.contains(&entry.slot))
}
