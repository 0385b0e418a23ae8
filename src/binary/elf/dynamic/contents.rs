//! The type of the data to which `PT_DYNAMIC` leads.

use crate::binary::elf::facts::VersionNeed;
use crate::binary::elf::relocations::Tables;
use crate::binary::image::Library;
use crate::binary::symbols::Symbols;
use crate::hash::HashMap;

/// The data to which `PT_DYNAMIC` leads.
#[derive(Default)]
pub(in crate::binary::elf) struct Dynamic {
    pub libraries: Vec<Library>,
    pub filters: Vec<String>,
    pub has_library_names: bool,
    pub misnamed_in_hash: bool,
    pub soname: Option<String>,
    pub rpath: Option<String>,
    pub runpath: Option<String>,
    pub flags: u64,
    pub flags_1: u64,
    pub symbols: Symbols,
    pub version_needs: Vec<VersionNeed>,
    pub version_names: HashMap<u16, String>,
    pub version_definitions: Vec<String>,
    pub relocations: Tables,
    /// Address and size of every table that the loader reads.
    pub tables: Vec<(u64, u64)>,
    pub unread: Vec<&'static str>,
}
