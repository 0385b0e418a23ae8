//! Mach-O: thin and universal files, load commands, symbols.

pub(super) mod facts;
pub(super) mod imports;
pub(super) mod pointers;
pub(super) mod signature;
pub(super) mod trie;

use object::endian::{Endian, Endianness, U32};
use object::macho::{self, FatArch32, FatArch64, FatHeader, MachHeader32, MachHeader64};
use object::read::macho::{FatArch, LoadCommandVariant, MachHeader, MachOFatFile, Nlist};

use super::image::{Details, Image, Library, Relocations};
use super::memory::{Memory, Segment};
use super::names::{c_name, text};
use super::symbols::{Symbols, name_in};
use crate::files::{Limits, Source};
use crate::model::{Arch, FileFormat, Platform};
use facts::MachOFacts;
use pointers::Tables;
use signature::Signature;

/// A Java class file has the same magic as a universal binary, but no plausible number of
/// architectures.
pub(super) fn is_universal(head: &[u8]) -> bool {
    let magic =
        head.starts_with(&[0xca, 0xfe, 0xba, 0xbe]) || head.starts_with(&[0xca, 0xfe, 0xba, 0xbf]);
    magic
        && head.get(4..8).is_some_and(|count| {
            (1..=30).contains(&u32::from_be_bytes(count.try_into().unwrap_or([0; 4])))
        })
}

pub(super) fn is_thin(head: &[u8]) -> bool {
    [
        [0xfe, 0xed, 0xfa, 0xce],
        [0xfe, 0xed, 0xfa, 0xcf],
        [0xce, 0xfa, 0xed, 0xfe],
        [0xcf, 0xfa, 0xed, 0xfe],
    ]
    .iter()
    .any(|magic| head.starts_with(magic))
}

/// Reads every slice; `None` if the table of slices is truncated or no slice can be read.
pub(super) fn read_universal(source: &Source, head: &[u8]) -> Option<Vec<Image>> {
    let ranges: Vec<(u64, u64)> = match fat_header(head)?.magic.get(object::BigEndian) {
        macho::FAT_MAGIC_64 => slices::<FatArch64>(head)?,
        _ => slices::<FatArch32>(head)?,
    };
    let images: Vec<Image> = ranges
        .into_iter()
        .take(Limits::SLICES)
        .filter_map(|(offset, size)| read(source, offset, size))
        .collect();
    (!images.is_empty()).then_some(images)
}

fn fat_header(head: &[u8]) -> Option<&FatHeader> {
    object::pod::from_bytes::<FatHeader>(head).ok().map(|(header, _)| header)
}

fn slices<Fat: FatArch>(head: &[u8]) -> Option<Vec<(u64, u64)>> {
    let file = MachOFatFile::<Fat>::parse(head).ok()?;
    Some(file.arches().iter().map(FatArch::file_range).collect())
}

/// Reads the image of `size` bytes at `start`.
pub(super) fn read(source: &Source, start: u64, size: u64) -> Option<Image> {
    let mut magic = [0; 4];
    source.read(start, &mut magic);
    match magic {
        [0xfe, 0xed, 0xfa, 0xce] | [0xce, 0xfa, 0xed, 0xfe] => {
            read_class::<MachHeader32<Endianness>>(source, start, size)
        }
        [0xfe, 0xed, 0xfa, 0xcf] | [0xcf, 0xfa, 0xed, 0xfe] => {
            read_class::<MachHeader64<Endianness>>(source, start, size)
        }
        _ => None,
    }
}

/// The facts from the load commands, collected before symbols can be read.
struct Commands {
    image: Image,
    facts: MachOFacts,
    tables: Tables,
    symbol_table: Option<macho::SymtabCommand<Endianness>>,
    exports: Option<(u64, u64)>,
    build_platform: Option<Platform>,
    /// Offset and size of the signature.
    signature: Option<(u64, u64)>,
}

fn read_class<Mach: MachHeader<Endian = Endianness>>(
    source: &Source,
    start: u64,
    size: u64,
) -> Option<Image> {
    let head = source.bytes(start, size_of::<Mach>() as u64)?;
    let (header, _) = object::pod::from_bytes::<Mach>(&head).ok()?;
    let endian = header.endian().ok()?;
    let commands_size = u64::from(header.sizeofcmds(endian)).min(1 << 20);
    let bytes = source.bytes(start, size_of::<Mach>() as u64 + commands_size)?;
    let cpu = (header.cputype(endian), header.cpusubtype(endian));
    let mut all = Commands {
        image: Image {
            format: FileFormat::MachO,
            platform: None,
            arch: arch(cpu.0),
            libc: None,
            libc_version: None,
            libraries: Vec::new(),
            symbols: Symbols::default(),
            memory: Memory {
                segments: Vec::new(),
                pointer_size: Mach::pointer_size(),
                big_endian: endian.is_big_endian(),
                file_end: source.size().min(start.saturating_add(size)),
            },
            unread: Vec::new(),
            details: Details::MachO(MachOFacts::default()),
            relocations: Relocations::MachO(Tables::default()),
        },
        facts: MachOFacts {
            file_type: header.filetype(endian).0,
            cpu_name: cpu_name(cpu.0, cpu.1),
            ..MachOFacts::default()
        },
        tables: Tables::default(),
        symbol_table: None,
        exports: None,
        build_platform: None,
        signature: None,
    };
    let mut commands = header.load_commands(endian, &bytes[..], 0).ok()?;
    loop {
        match commands.next() {
            Ok(Some(command)) => {
                if let Ok(variant) = command.variant() {
                    note(&mut all, endian, start, &variant, command.cmd(), |name| {
                        command.string(endian, name).map(text).unwrap_or_default()
                    });
                }
            }
            Ok(None) => break,
            Err(_) => {
                all.image.unread.push("load commands");
                break;
            }
        }
    }
    #[rustfmt::skip] // The formatted line would have 101 columns.
    let Commands {
        mut image, mut facts, tables, symbol_table, exports, build_platform, signature,
    } = all;
    // Only Apple silicon requires a signature.
    let is_asked_for = image.arch == Some(Arch::Arm64);
    facts.signature = match signature {
        Some((offset, size)) if is_asked_for => signature::read(source, start, offset, size),
        Some(_) => Signature::Present,
        None => Signature::None,
    };
    facts.missing = image.memory.missing();
    facts.chained_fixups = tables.chained.is_some();
    image.platform = Some(build_platform.unwrap_or(Platform::Darwin));
    if let Some(table) = symbol_table {
        match symbols::<Mach>(source, start, endian, &table, exports.is_none()) {
            Some(symbols) => image.symbols = symbols,
            None => image.unread.push("symbol table"),
        }
    }
    if let Some((offset, size)) = exports {
        let base = image
            .memory
            .segments
            .iter()
            .find(|segment| segment.file_size > 0)
            .map_or(0, |first| first.address);
        let whole = source.bytes(start.saturating_add(offset), size).is_some_and(|trie| {
            trie::each(&trie, |name, address| {
                image.symbols.export(c_name(name), base.wrapping_add(address));
            })
        });
        if !whole {
            image.unread.push("export trie");
        }
    }
    if image.memory.segments.len() > Limits::SEGMENTS {
        image.unread.push("load commands (too many segments)");
    }
    if image.symbols.is_cut() {
        image.unread.push("symbols (too many)");
    }
    image.relocations = Relocations::MachO(tables);
    image.details = Details::MachO(facts);
    Some(image)
}

fn note(
    all: &mut Commands,
    endian: Endianness,
    start: u64,
    variant: &LoadCommandVariant<'_, Endianness>,
    kind: macho::LoadCommandType,
    string: impl Fn(macho::LcStr<Endianness>) -> String,
) {
    let image = &mut all.image;
    let absolute = |offset: U32<Endianness>| start.saturating_add(offset.get(endian).into());
    match *variant {
        LoadCommandVariant::Segment32(segment, _) => {
            add_segment(&mut image.memory, segment, endian, start);
        }
        LoadCommandVariant::Segment64(segment, _) => {
            add_segment(&mut image.memory, segment, endian, start);
        }
        LoadCommandVariant::Symtab(table) => {
            all.symbol_table = Some(*table);
            all.tables.symbols = Some((absolute(table.symoff), table.nsyms.get(endian)));
        }
        LoadCommandVariant::Dysymtab(table) => {
            all.tables.local = Some((absolute(table.locreloff), table.nlocrel.get(endian)));
            all.tables.external = Some((absolute(table.extreloff), table.nextrel.get(endian)));
        }
        LoadCommandVariant::Dylib(dylib) if image.libraries.len() < Limits::LIBRARIES => {
            all.facts.has_reexports |= kind == macho::LC_REEXPORT_DYLIB;
            image.libraries.push(Library {
                name: string(dylib.dylib.name),
                delayed: false,
                weak: kind == macho::LC_LOAD_WEAK_DYLIB,
            });
        }
        LoadCommandVariant::Rpath(rpath) if all.facts.rpaths.len() < Limits::LIBRARIES => {
            all.facts.rpaths.push(string(rpath.path));
        }
        LoadCommandVariant::DyldInfo(info) => {
            all.tables.opcodes =
                Some((absolute(info.rebase_off), info.rebase_size.get(endian).into(), *info));
            let size = info.export_size.get(endian);
            if size > 0 {
                all.exports = Some((info.export_off.get(endian).into(), size.into()));
            }
        }
        LoadCommandVariant::LinkeditData(data) => {
            let range = (u64::from(data.dataoff.get(endian)), u64::from(data.datasize.get(endian)));
            match kind {
                macho::LC_CODE_SIGNATURE => all.signature = Some(range),
                macho::LC_DYLD_CHAINED_FIXUPS => {
                    all.tables.chained = Some((start.saturating_add(range.0), range.1));
                }
                macho::LC_DYLD_EXPORTS_TRIE if range.1 > 0 => all.exports = Some(range),
                _ => {}
            }
        }
        LoadCommandVariant::VersionMin(version) => {
            all.facts.minimum_os = Some(version_text(version.version.get(endian).0));
            all.build_platform.get_or_insert(if kind == macho::LC_VERSION_MIN_MACOSX {
                Platform::Darwin
            } else {
                Platform::Ios
            });
        }
        LoadCommandVariant::BuildVersion(version, _) => {
            all.facts.minimum_os = Some(version_text(version.minos.get(endian).0));
            // A zippered library names macOS and Mac Catalyst; macOS decides.
            if version.platform.get(endian) == macho::PLATFORM_MACOS {
                all.build_platform = Some(Platform::Darwin);
            } else {
                all.build_platform.get_or_insert(Platform::Ios);
            }
        }
        _ => {}
    }
}

fn add_segment<S: object::read::macho::Segment<Endian = Endianness>>(
    memory: &mut Memory,
    segment: &S,
    endian: Endianness,
    start: u64,
) {
    // One more than allowed, which marks that there were too many.
    if memory.segments.len() > Limits::SEGMENTS {
        return;
    }
    memory.segments.push(Segment {
        address: segment.vmaddr(endian).into(),
        memory_size: segment.vmsize(endian).into(),
        file_offset: start.saturating_add(segment.fileoff(endian).into()),
        file_size: segment.filesize(endian).into(),
        executable: segment.initprot(endian).0 & macho::VM_PROT_EXECUTE.0 != 0,
    });
}

/// Reads imports, and also exports if there is no export trie.
fn symbols<Mach: MachHeader<Endian = Endianness>>(
    source: &Source,
    start: u64,
    endian: Endianness,
    table: &macho::SymtabCommand<Endianness>,
    with_exports: bool,
) -> Option<Symbols> {
    let count = table.nsyms.get(endian) as usize;
    let entries = source.bytes(
        start.checked_add(table.symoff.get(endian).into())?,
        count as u64 * size_of::<Mach::Nlist>() as u64,
    )?;
    let strings = source.bytes(
        start.checked_add(table.stroff.get(endian).into())?,
        table.strsize.get(endian).into(),
    )?;
    let (entries, _) = object::pod::slice_from_bytes::<Mach::Nlist>(&entries, count).ok()?;
    let mut symbols = Symbols::default();
    for entry in
        entries.iter().filter(|entry| entry.n_type().0 & macho::N_EXT.0 != 0 && !entry.is_stab())
    {
        let Some(name) = name_in(&strings, entry.n_strx(endian) as usize) else { continue };
        if entry.is_undefined() {
            let ordinal = entry.n_desc(endian).0 >> 8;
            // Ordinals start at 1; 0 is the image itself, 254 and 255 mean flat look-up and the
            // executable.
            let library = (1..=0xfd).contains(&ordinal).then(|| ordinal - 1);
            symbols.import(
                c_name(name),
                library,
                entry.n_desc(endian).0 & macho::N_WEAK_REF.0 != 0,
            );
        } else if with_exports && entry.is_definition() {
            symbols.export(c_name(name), entry.n_value(endian).into());
        }
    }
    Some(symbols)
}

/// 16.8.8 bits → "11.3" or "10.15.1".
fn version_text(version: u32) -> String {
    match (version >> 16, (version >> 8) & 0xff, version & 0xff) {
        (major, minor, 0) => format!("{major}.{minor}"),
        (major, minor, patch) => format!("{major}.{minor}.{patch}"),
    }
}

fn arch(cpu: macho::CpuType) -> Option<Arch> {
    match cpu {
        macho::CPU_TYPE_X86_64 => Some(Arch::X64),
        macho::CPU_TYPE_X86 => Some(Arch::Ia32),
        macho::CPU_TYPE_ARM64 => Some(Arch::Arm64),
        macho::CPU_TYPE_ARM => Some(Arch::Arm),
        macho::CPU_TYPE_POWERPC => Some(Arch::Ppc),
        macho::CPU_TYPE_POWERPC64 => Some(Arch::Ppc64),
        _ => None,
    }
}

/// The name dyld prints (common/MachOFile.cpp, `GradedArchs`).
fn cpu_name(cpu: macho::CpuType, subtype: macho::CpuSubtype) -> String {
    let name = match (cpu, subtype.0 & 0x00ff_ffff) {
        (macho::CPU_TYPE_X86_64, 8) => "x86_64h",
        (macho::CPU_TYPE_X86_64, _) => "x86_64",
        (macho::CPU_TYPE_X86, _) => "i386",
        (macho::CPU_TYPE_ARM64, 2) => "arm64e",
        (macho::CPU_TYPE_ARM64, _) => "arm64",
        (macho::CPU_TYPE_ARM, _) => "armv7",
        (macho::CPU_TYPE_POWERPC, _) => "ppc",
        (macho::CPU_TYPE_POWERPC64, _) => "ppc64",
        _ => return format!("unknown({},{})", cpu.0, subtype.0),
    };
    name.to_owned()
}
