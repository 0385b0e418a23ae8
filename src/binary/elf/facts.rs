//! What only ELF has: the header fields that loaders compare, the program headers, the dynamic
//! section.

use object::elf;

use super::program::Program;
use crate::hash::HashMap;

/// What only ELF has: the header fields the loader compares, and the flags of the dynamic section.
#[derive(Debug)]
pub struct ElfFacts {
    /// `e_ident`, whole.
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
    /// The program headers, in file order; none where there are more than `MOST_PROGRAMS`.
    pub programs: Vec<Program>,
    /// Number of `PT_LOAD` entries.
    pub loadable: usize,
    /// A `PT_LOAD` whose address and offset disagree within a page.
    pub address_off_page: bool,
    /// `PT_INTERP`: the loader of an executable.
    pub interpreter: Option<String>,
    /// There is a `PT_DYNAMIC`.
    pub has_dynamic: bool,
    /// The names of the libraries that it needs and of the folders that it names for them could be
    /// read.
    pub has_library_names: bool,
    /// `DT_FILTER`: of the libraries it needs those that only glibc looks for.
    pub filters: Vec<String>,
    /// A symbol stands in the hash table under another name than its own.
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
    /// `.gnu.version_r`: symbol versions asked of each library.
    pub version_needs: Vec<VersionNeed>,
    /// The number that each of them has in this file.
    pub version_names: HashMap<u16, String>,
    /// `.gnu.version_d`: symbol versions that a library offers.
    pub version_definitions: Vec<String>,
    /// `PT_GNU_STACK` is executable, or absent where that means executable.
    pub executable_stack: bool,
    /// `GNU_PROPERTY_X86_ISA_1_NEEDED`: bits of the levels of x86-64 it needs, x86-64-v2 being 2,
    /// -v3 4, -v4 8.
    pub isa_needed: u32,
    /// Bytes of thread-local storage.
    pub tls_size: u64,
    /// It has `DT_RELR` relocations.
    pub packed_relocations: bool,
    /// One of them fills the list of constructors.
    pub packed_constructors: bool,
    /// What of the segments lies past the end of the file.
    pub loss: Loss,
}

impl ElfFacts {
    /// Every symbol is bound while loading, not at its first call.
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
    /// It lies past the end of the file, in whole or in part.
    PastEndOfFile,
    /// Its offset is no position a file can have (2^63 and up).
    NoPosition,
    /// Its end is no number of the header's width.
    Wraps,
}

/// What of an image's segments is missing because the file ends too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    Nothing,
    /// Less than a page: read as zeros.
    WithinPage {
        /// Missing bytes.
        bytes: u64,
    },
    /// At least one whole page; touching it is SIGBUS.
    Pages {
        /// Missing bytes.
        bytes: u64,
        /// The loader itself is sure to touch such a page.
        touched: bool,
    },
}

/// The symbol versions that the image asks of one library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionNeed {
    /// The library's soname.
    pub library: String,
    /// Version names ("GLIBC_2.28").
    pub versions: Vec<String>,
}
