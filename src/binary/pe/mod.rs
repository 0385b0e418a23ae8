//! PE: headers, sections, exports and base relocations of a Windows DLL.

pub(super) mod facts;
pub(super) mod imports;
pub(super) mod pointers;

use object::LittleEndian as LE;
use object::pe::{self, ImageDosHeader, ImageNtHeaders32, ImageNtHeaders64};
use object::read::pe::{ExportTable, ExportTarget, ImageNtHeaders, ImageOptionalHeader};

use super::image::{Details, Image, Relocations as AnyRelocations};
use super::memory::{Memory, Segment};
use super::symbols::Symbols;
use crate::files::{Limits, Source};
use crate::model::{Arch, FileFormat, Platform};
use facts::PeFacts;
use pointers::Relocations;

/// Every file that Windows maps has its headers in this many bytes (`SizeOfHeaders` is a page or
/// two).
const HEADERS: u64 = 64 << 10;

/// Reads a PE image; `None` if the headers are missing or truncated.
pub(super) fn read(source: &Source) -> Option<Image> {
    let head = source.bytes(0, source.size().min(HEADERS))?;
    match object::read::pe::optional_header_magic(&head[..]).ok()? {
        pe::IMAGE_NT_OPTIONAL_HDR32_MAGIC => read_class::<ImageNtHeaders32>(source, &head),
        pe::IMAGE_NT_OPTIONAL_HDR64_MAGIC => read_class::<ImageNtHeaders64>(source, &head),
        _ => None,
    }
}

fn read_class<Pe: ImageNtHeaders>(source: &Source, head: &[u8]) -> Option<Image> {
    let dos = ImageDosHeader::parse(head).ok()?;
    let mut offset = dos.nt_headers_offset().into();
    let (headers, directories) = Pe::parse(head, &mut offset).ok()?;
    let sections = headers.sections(head, offset).ok()?;
    let optional = headers.optional_header();
    let base = optional.image_base();

    let mut memory = Memory {
        segments: vec![Segment {
            address: base,
            memory_size: optional.size_of_headers().into(),
            file_offset: 0,
            file_size: optional.size_of_headers().into(),
            executable: false,
        }],
        pointer_size: if headers.is_type_64() { 8 } else { 4 },
        big_endian: false,
        file_end: source.size(),
    };
    for section in sections.iter().take(Limits::SEGMENTS) {
        let in_file = u64::from(section.size_of_raw_data.get(LE));
        let in_memory = match section.virtual_size.get(LE) {
            0 => in_file,
            size => size.into(),
        };
        memory.segments.push(Segment {
            address: base.wrapping_add(section.virtual_address.get(LE).into()),
            memory_size: in_memory,
            file_offset: section.pointer_to_raw_data.get(LE).into(),
            file_size: in_file.min(in_memory),
            executable: section.characteristics.get(LE).0 & pe::IMAGE_SCN_MEM_EXECUTE.0 != 0,
        });
    }
    let mut unread = Vec::new();
    if sections.len() > Limits::SEGMENTS {
        unread.push("section table (too many sections)");
    }
    let missing = memory.missing();

    let directory = |index: usize| {
        directories
            .get(index)
            .map(|directory| (directory.virtual_address.get(LE), directory.size.get(LE)))
            .filter(|&(address, _)| address != 0)
    };
    let mut symbols = Symbols::default();
    if let Some((address, size)) = directory(pe::IMAGE_DIRECTORY_ENTRY_EXPORT)
        && !exports(&mut symbols, &memory, source, base, address, size)
    {
        unread.push("export directory");
    }
    let imported = imports::read(
        source,
        &memory,
        base,
        directory(pe::IMAGE_DIRECTORY_ENTRY_IMPORT).map(|(address, _)| address),
        directory(pe::IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT).map(|(address, _)| address),
        &mut symbols,
    );
    let libraries = imported.unwrap_or_else(|libraries| {
        unread.push("import directory");
        libraries
    });
    if symbols.is_cut() {
        unread.push("symbols (too many)");
    }
    let (relocations_at, relocations_size) =
        directory(pe::IMAGE_DIRECTORY_ENTRY_BASERELOC).unwrap_or_default();
    let machine = headers.file_header().machine.get(LE);
    let configuration = directory(pe::IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG);
    let is_hybrid = machine == pe::IMAGE_FILE_MACHINE_ARM64
        && configuration.is_some_and(|(address, _)| {
            has_hybrid_metadata(&memory, source, base.wrapping_add(address.into()))
        });
    Some(Image {
        format: FileFormat::Pe,
        platform: Some(Platform::Win32),
        arch: arch(machine),
        libc: None,
        libc_version: None,
        libraries,
        symbols,
        memory,
        unread,
        details: Details::Pe(PeFacts {
            machine: machine.0,
            is_dll: headers.file_header().characteristics.get(LE).0 & pe::IMAGE_FILE_DLL.0 != 0,
            is_hybrid,
            missing,
        }),
        relocations: AnyRelocations::Pe(Relocations {
            address: base.wrapping_add(relocations_at.into()),
            size: relocations_size.into(),
            image_base: base,
        }),
    })
}

/// True if the load configuration at `address` points to metadata of hybrid code
/// (`CHPEMetadataPointer` of `IMAGE_LOAD_CONFIG_DIRECTORY64`).
fn has_hybrid_metadata(memory: &Memory, source: &Source, address: u64) -> bool {
    const POINTER: u32 = 200;
    let is_long_enough = memory.u32(source, address).is_some_and(|size| size >= POINTER + 8);
    is_long_enough
        && memory
            .pointer(source, address.wrapping_add(POINTER.into()))
            .is_some_and(|pointer| pointer != 0)
}

fn exports(
    symbols: &mut Symbols,
    memory: &Memory,
    source: &Source,
    base: u64,
    address: u32,
    size: u32,
) -> bool {
    let Ok(bytes) = memory.bytes(source, base.wrapping_add(address.into()), size.into()) else {
        return false;
    };
    let Ok(table) = ExportTable::parse(&bytes, address) else { return false };
    for (pointer, index) in table.name_iter().take(Limits::SYMBOLS) {
        let Ok(name) = table.name_from_pointer(pointer) else { return false };
        let address = match table.target_by_index(index) {
            Ok(ExportTarget::Address(address)) => base.wrapping_add(address.into()),
            _ => 0,
        };
        symbols.export(name, address);
    }
    true
}

fn arch(machine: pe::Machine) -> Option<Arch> {
    match machine {
        pe::IMAGE_FILE_MACHINE_AMD64 => Some(Arch::X64),
        pe::IMAGE_FILE_MACHINE_I386 => Some(Arch::Ia32),
        pe::IMAGE_FILE_MACHINE_ARM64 => Some(Arch::Arm64),
        pe::IMAGE_FILE_MACHINE_ARMNT => Some(Arch::Arm),
        _ => None,
    }
}
