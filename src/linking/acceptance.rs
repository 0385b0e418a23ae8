//! What the loaders of glibc and musl accept as a loadable object, and their error texts for the
//! others. This is the only table of these rules: the library search applies it to each library
//! that it finds, the verdict applies it to the addon itself.
//!
//! Sources: glibc's elf/dl-load.c, where `open_verify` checks the header and
//! `_dl_map_object_from_fd` checks the program headers (2.36, compared with 2.41); musl's
//! ldso/dynlink.c, `map_library` (1.2.5), which checks far less. The order matters, because the
//! loader reports the first rejection. It was measured with files that have two defects each (glibc
//! 2.36, November 2026).

use object::elf;

use crate::binary::{ElfFacts, HeaderTable};
use crate::model::Arch;

/// The values that a process requires in the ELF header of an object that it loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// `EI_CLASS`: 1 for 32 bits, 2 for 64 bits.
    pub class: u8,
    /// `EI_DATA`: 1 for little-endian, 2 for big-endian.
    pub data: u8,
    /// `e_machine`; `None` for a processor without a known number, for which every file is
    /// rejected.
    pub machine: Option<u16>,
}

impl Expected {
    /// The values that a process on `arch` requires.
    #[must_use]
    pub fn of_arch(arch: &Arch) -> Expected {
        let is_32_bit = matches!(
            arch,
            Arch::Ia32 | Arch::Arm | Arch::Mips | Arch::MipsEl | Arch::Ppc | Arch::S390
        );
        let is_big_endian = matches!(arch, Arch::S390x | Arch::S390 | Arch::Ppc | Arch::Mips);
        let machine = match arch {
            Arch::X64 => Some(elf::EM_X86_64),
            Arch::Ia32 => Some(elf::EM_386),
            Arch::Arm64 => Some(elf::EM_AARCH64),
            Arch::Arm => Some(elf::EM_ARM),
            Arch::S390x | Arch::S390 => Some(elf::EM_S390),
            Arch::Ppc64 => Some(elf::EM_PPC64),
            Arch::Ppc => Some(elf::EM_PPC),
            Arch::RiscV64 => Some(elf::EM_RISCV),
            Arch::Loong64 => Some(elf::EM_LOONGARCH),
            Arch::Mips | Arch::MipsEl => Some(elf::EM_MIPS),
            _ => None,
        };
        Expected {
            class: if is_32_bit { 1 } else { 2 },
            data: if is_big_endian { 2 } else { 1 },
            machine: machine.map(|machine| machine.0),
        }
    }

    /// Size of an ELF header of this class, in bytes; glibc calls a shorter file "too short".
    #[must_use]
    pub fn header_size(self) -> u64 {
        if self.class == 2 { 64 } else { 52 }
    }
}

/// The fields of an ELF header that loaders compare, each read in the file's own byte order.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// `e_ident`
    pub ident: [u8; 16],
    /// `e_type`
    pub file_type: u16,
    /// `e_machine`
    pub machine: u16,
    /// `e_version`
    pub version: u32,
}

impl Header {
    /// The header of a file that was parsed.
    #[must_use]
    pub fn of(facts: &ElfFacts) -> Header {
        let ElfFacts { ident, file_type, machine, version, .. } = *facts;
        Header { ident, file_type, machine, version }
    }

    /// The header in the first bytes of a file; `None` without ELF's magic number.
    pub(super) fn parse(bytes: &[u8; 64]) -> Option<Header> {
        let ident: [u8; 16] = *bytes.first_chunk()?;
        let is_big_endian = ident[5] == 2;
        let half = |at: usize| {
            let half = [bytes[at], bytes[at + 1]];
            if is_big_endian { u16::from_be_bytes(half) } else { u16::from_le_bytes(half) }
        };
        let word = [bytes[20], bytes[21], bytes[22], bytes[23]];
        let version =
            if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
        ident.starts_with(&elf::ELFMAG).then(|| Header {
            ident,
            file_type: half(16),
            machine: half(18),
            version,
        })
    }

    /// True if the file was linked: a library or a program.
    fn is_linked(&self) -> bool {
        matches!(elf::FileType(self.file_type), elf::ET_DYN | elf::ET_EXEC)
    }
}

/// Why a loader rejects an ELF file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The file is shorter than an ELF header.
    TooShort,
    /// The file has no ELF magic number.
    NotElf,
    /// The file is for 32-bit processors and the process is 64-bit, or the other way round.
    OtherClass,
    /// The file is for another processor.
    OtherMachine,
    /// The file has the other byte order.
    OtherByteOrder,
    /// `EI_VERSION` isn't 1.
    IdentVersion,
    /// `EI_OSABI` is neither System V nor GNU.
    OsAbi,
    /// glibc doesn't support the `EI_ABIVERSION`.
    AbiVersion,
    /// The padding bytes of `e_ident` are not zero.
    Padding,
    /// `e_version` isn't 1.
    Version,
    /// An object file that was never linked, or a core dump.
    Unlinked,
    /// `e_phentsize` is wrong.
    EntrySize,
    /// The program header table extends past the end of the file.
    TableCut,
    /// The program header table has an offset that is larger than any file.
    TableNowhere,
    /// The end of the program header table overflows; the bytes that the loader reads instead are
    /// random.
    TableWraps,
    /// The address and the file offset of a segment differ modulo the page size.
    OffPage,
    /// The alignment of a segment isn't a multiple of the page size (glibc before 2.35).
    Alignment,
    /// There is no `PT_LOAD`.
    NothingToLoad,
    /// A program with fixed addresses.
    Executable,
    /// There is no `PT_DYNAMIC`, or the loader ignores it.
    NoDynamic,
    /// `DF_1_PIE`: a position-independent program.
    PositionIndependentExecutable,
    /// `DF_1_NOOPEN`
    NotForDlopen,
}

/// The error text of glibc's loader, without the file name in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlibcText {
    what: &'static str,
    /// The text after a second colon, mostly that of an errno.
    cause: Option<&'static str>,
}

impl GlibcText {
    /// `open_verify` opens a folder like a file, and reading it fails.
    pub(super) const IS_A_DIRECTORY: GlibcText =
        GlibcText::with_cause("cannot read file data", "Is a directory");
    /// The text of a glibc that doesn't make the stack executable (2.41 and newer).
    pub const EXECUTABLE_STACK: GlibcText = GlibcText::with_cause(
        "cannot enable executable stack as shared object requires",
        "Invalid argument",
    );

    const fn plain(what: &'static str) -> GlibcText {
        GlibcText { what, cause: None }
    }

    const fn with_cause(what: &'static str, cause: &'static str) -> GlibcText {
        GlibcText { what, cause: Some(cause) }
    }

    /// The part that gives the reason.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.cause.unwrap_or(self.what)
    }
}

impl std::fmt::Display for GlibcText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.cause {
            Some(cause) => write!(formatter, "{}: {cause}", self.what),
            None => formatter.write_str(self.what),
        }
    }
}

impl Rejection {
    /// The text with which glibc's loader rejects the file, without the name before it.
    #[must_use]
    pub fn glibc_text(self, expected: Expected) -> GlibcText {
        let what = match self {
            Rejection::OtherClass => {
                let class = if expected.class == 2 { "ELFCLASS32" } else { "ELFCLASS64" };
                return GlibcText::with_cause("wrong ELF class", class);
            }
            // `open_verify` sets ENOENT, so the text is the same as for a missing file.
            Rejection::OtherMachine => {
                let cause = "No such file or directory";
                return GlibcText::with_cause("cannot open shared object file", cause);
            }
            Rejection::TableNowhere => {
                return GlibcText::with_cause("cannot read file data", "Invalid argument");
            }
            Rejection::TooShort => "file too short",
            Rejection::NotElf => "invalid ELF header",
            Rejection::OtherByteOrder if expected.data == 2 => {
                "ELF file data encoding not big-endian"
            }
            Rejection::OtherByteOrder => "ELF file data encoding not little-endian",
            Rejection::IdentVersion => "ELF file version ident does not match current one",
            Rejection::OsAbi => "ELF file OS ABI invalid",
            Rejection::AbiVersion => "ELF file ABI version invalid",
            Rejection::Padding => "nonzero padding in e_ident",
            Rejection::Version => "ELF file version does not match current one",
            Rejection::Unlinked => "only ET_DYN and ET_EXEC can be loaded",
            Rejection::EntrySize => "ELF file's phentsize not the expected size",
            Rejection::TableCut | Rejection::TableWraps => "cannot read file data",
            Rejection::OffPage => "ELF load command address/offset not page-aligned",
            Rejection::Alignment => "ELF load command alignment not page-aligned",
            Rejection::NothingToLoad => "object file has no loadable segments",
            Rejection::Executable => "cannot dynamically load executable",
            Rejection::NoDynamic => "object file has no dynamic section",
            Rejection::PositionIndependentExecutable => {
                "cannot dynamically load position-independent executable"
            }
            Rejection::NotForDlopen => "shared object cannot be dlopen()ed",
        };
        GlibcText::plain(what)
    }

    /// True for errors of `open_verify`: their text has the file's whole path. Later errors have
    /// the name by which the library was requested.
    #[must_use]
    pub fn names_path(self) -> bool {
        !matches!(
            self,
            Rejection::OffPage
                | Rejection::Alignment
                | Rejection::NothingToLoad
                | Rejection::Executable
                | Rejection::NoDynamic
                | Rejection::PositionIndependentExecutable
                | Rejection::NotForDlopen
        )
    }

    /// The reason that musl's loader gives: the text of an errno.
    #[must_use]
    pub fn musl_text(self) -> &'static str {
        match self {
            Rejection::NothingToLoad => "Out of memory",
            Rejection::TableNowhere => "Invalid argument",
            _ => "Exec format error",
        }
    }
}

/// The first error that glibc's `open_verify` finds in a header.
#[must_use]
pub fn glibc_header(header: &Header, expected: Expected) -> Option<Rejection> {
    let ident = &header.ident;
    // glibc reads `e_machine` in the byte order of the process, before it checks the file's byte
    // order.
    let is_swapped = (ident[5] == 2) != (expected.data == 2);
    let machine = if is_swapped { header.machine.swap_bytes() } else { header.machine };
    if ident[4] != expected.class {
        Some(Rejection::OtherClass)
    } else if Some(machine) != expected.machine {
        Some(Rejection::OtherMachine)
    } else if ident[5] != expected.data {
        Some(Rejection::OtherByteOrder)
    } else if ident[6] != 1 {
        Some(Rejection::IdentVersion)
    } else if !matches!(ident[7], 0 | 3) {
        Some(Rejection::OsAbi)
    } else if ident[8] != 0 && (ident[7] != 3 || ident[8] >= 4) {
        Some(Rejection::AbiVersion)
    } else if ident[9..].iter().any(|&byte| byte != 0) {
        Some(Rejection::Padding)
    } else if header.version != 1 {
        Some(Rejection::Version)
    } else if !header.is_linked() {
        Some(Rejection::Unlinked)
    } else {
        None
    }
}

/// The first error that glibc finds in the program headers. `is_old`: the glibc is older than 2.36,
/// which accepts an empty dynamic section.
#[must_use]
pub fn glibc_segments(facts: &ElfFacts, is_old: bool) -> Option<Rejection> {
    let table = table(facts.header_table);
    if table.is_some() {
        table
    } else if facts.address_off_page {
        Some(Rejection::OffPage)
    } else if facts.loadable == 0 {
        Some(Rejection::NothingToLoad)
    } else if elf::FileType(facts.file_type) == elf::ET_EXEC {
        Some(Rejection::Executable)
    } else if !facts.has_dynamic || lacks_dynamic(facts, is_old) {
        Some(Rejection::NoDynamic)
    } else if facts.flags_1 & elf::DF_1_PIE.0 != 0 {
        Some(Rejection::PositionIndependentExecutable)
    } else if facts.flags_1 & elf::DF_1_NOOPEN.0 != 0 {
        Some(Rejection::NotForDlopen)
    } else {
        None
    }
}

/// glibc ignores a dynamic section at address 0 and, since 2.36, one without bytes in the file, as
/// files with debugging information have it.
fn lacks_dynamic(facts: &ElfFacts, is_old: bool) -> bool {
    let mut headers = facts.programs.iter().filter(|program| program.kind == elf::PT_DYNAMIC.0);
    let is_empty = !is_old && headers.clone().any(|program| program.file_size == 0);
    is_empty
        || headers
            .rfind(|program| is_old || program.file_size > 0)
            .is_some_and(|program| program.address == 0)
}

/// True for a version of glibc before 2.36. An unknown version counts as newer.
#[must_use]
pub fn takes_empty_dynamic(glibc: Option<&[u32]>) -> bool {
    glibc.is_some_and(|version| version < &[2, 36][..])
}

/// The first error that musl's `map_library` finds. It doesn't check the class, the byte order or
/// the machine; a wrong class or byte order results in [`Rejection::EntrySize`].
#[must_use]
pub fn musl(facts: &ElfFacts) -> Option<Rejection> {
    if !Header::of(facts).is_linked() {
        return Some(Rejection::Unlinked);
    }
    let dynamic = facts.programs.iter().rfind(|program| program.kind == elf::PT_DYNAMIC.0);
    table(facts.header_table)
        .or_else(|| {
            let is_none = !facts.has_dynamic || dynamic.is_some_and(|program| program.address == 0);
            is_none.then_some(Rejection::NoDynamic)
        })
        .or_else(|| (facts.loadable == 0).then_some(Rejection::NothingToLoad))
}

fn table(table: HeaderTable) -> Option<Rejection> {
    match table {
        HeaderTable::Whole => None,
        HeaderTable::WrongEntrySize => Some(Rejection::EntrySize),
        HeaderTable::PastEndOfFile => Some(Rejection::TableCut),
        HeaderTable::NoPosition => Some(Rejection::TableNowhere),
        HeaderTable::Wraps => Some(Rejection::TableWraps),
    }
}
