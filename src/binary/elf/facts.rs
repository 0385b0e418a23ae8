//! Facts of ELF files only: the header fields that loaders compare, the program headers, the
//! dynamic section.

use object::elf;

use super::program::Program;
use crate::hash::HashMap;

/// Facts of ELF files only: the header fields that the loader compares, and the flags of the
/// dynamic section.
#[derive(Debug)]
pub struct ElfFacts {
    /// `e_ident`, complete.
    pub ident: [u8; 16],
    /// `e_type`.
    pub file_type: u16,
    /// `e_machine`.
    pub machine: u16,
    /// `e_version`.
    pub version: u32,
    /// State of the program header table.
    pub header_table: HeaderTable,
    /// `e_phoff`.
    pub header_at: u64,
    /// The program headers, in file order; empty if there are more than `MOST_PROGRAMS`.
    pub programs: Vec<Program>,
    /// Number of `PT_LOAD` entries.
    pub loadable: usize,
    /// True if a `PT_LOAD` has an address and an offset that differ modulo the usual page size.
    pub address_off_page: bool,
    /// `PT_INTERP`: the loader of an executable.
    pub interpreter: Option<String>,
    /// True if there is a `PT_DYNAMIC`.
    pub has_dynamic: bool,
    /// True if the names of the needed libraries and the run-paths could be read.
    pub has_library_names: bool,
    /// `DT_FILTER`: the needed libraries that only glibc searches.
    pub filters: Vec<String>,
    /// True if the hash table lists a symbol under another name than its own.
    pub misnamed_in_hash: bool,
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_RPATH`, as written.
    pub rpath: Option<String>,
    /// `DT_RUNPATH`, as written.
    pub runpath: Option<String>,
    /// `DT_FLAGS`, with `DF_BIND_NOW` also set for `DT_BIND_NOW`.
    pub flags: u64,
    /// `DT_FLAGS_1`.
    pub flags_1: u64,
    /// `.gnu.version_r`: symbol versions that are required of each library.
    pub version_needs: Vec<VersionNeed>,
    /// The index of each of them in this file.
    pub version_names: HashMap<u16, String>,
    /// `.gnu.version_d`: symbol versions that the library defines.
    pub version_definitions: Vec<String>,
    /// True if `PT_GNU_STACK` is executable, or absent on a machine where that means executable.
    pub executable_stack: bool,
    /// `GNU_PROPERTY_X86_ISA_1_NEEDED`: bits of the x86-64 levels that it needs; x86-64-v2 is 2,
    /// -v3 4, -v4 8.
    pub isa_needed: u32,
    /// Bytes of thread-local storage.
    pub tls_size: u64,
    /// True if it has `DT_RELR` relocations.
    pub packed_relocations: bool,
    /// True if one of them fills the constructor array.
    pub packed_constructors: bool,
    /// The part of the segments that is past the end of the file.
    pub loss: Loss,
}

impl ElfFacts {
    /// True if a system with pages of `size` bytes can't map a segment: its address and offset
    /// differ modulo that size.
    #[must_use]
    pub fn is_off_page(&self, size: u64) -> bool {
        self.segments()
            .any(|program| program.address.wrapping_sub(program.offset) & size.wrapping_sub(1) != 0)
    }

    /// True if a segment asks for a smaller alignment than pages of `size` bytes have.
    #[must_use]
    pub fn is_below_page(&self, size: u64) -> bool {
        self.segments().any(|program| program.alignment & size.wrapping_sub(1) != 0)
    }

    fn segments(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter().filter(|program| program.kind == elf::PT_LOAD.0)
    }

    /// True if every symbol is bound while loading, not at its first call.
    #[must_use]
    pub fn binds_now(&self) -> bool {
        self.flags & elf::DF_BIND_NOW.0 != 0 || self.flags_1 & elf::DF_1_NOW.0 != 0
    }
}

/// State of the program header table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderTable {
    /// Readable.
    Whole,
    /// `e_phentsize` isn't the size of an entry of this class.
    WrongEntrySize,
    /// All or part of it is past the end of the file.
    PastEndOfFile,
    /// Its offset is larger than any file (2^63 and up).
    NoPosition,
    /// Its end overflows the width of the header's fields.
    Wraps,
}

/// The part of an image's segments that is missing because the file is truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// Less than a page, which reads as zeros.
    WithinPage {
        /// Missing bytes.
        bytes: u64,
    },
    /// At least one whole page; an access to it raises SIGBUS.
    Pages {
        /// Missing bytes.
        bytes: u64,
        /// True if the loader itself is certain to access such a page.
        touched: bool,
    },
}

/// The symbol versions that the image requires of one library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionNeed {
    /// The library's soname.
    pub library: String,
    /// Version names ("GLIBC_2.28").
    pub versions: Vec<String>,
}
