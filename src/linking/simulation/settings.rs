//! The system in which a load is followed.

use object::elf;

use crate::linking::loader::Loader;
use crate::versions::within_32_bits;

/// What differs between systems.
#[derive(Clone, Copy)]
pub(in crate::linking) struct Settings<'a> {
    pub loader: Loader,
    /// Version of the libc.
    pub version: Option<&'a str>,
    /// `e_machine`
    pub machine: u16,
}

impl Settings<'_> {
    /// Whether the glibc is older than a version; `None` where that isn't known.
    pub(super) fn glibc_before(&self, version: [u32; 2]) -> Option<bool> {
        let known = within_32_bits(self.version?)?;
        Some(*known.first_chunk::<2>()? < version)
    }

    /// The relocations of this machine have addends.
    pub(super) fn has_addends(&self, wide: bool) -> bool {
        wide || !matches!(elf::Machine(self.machine), elf::EM_386 | elf::EM_ARM)
    }
}
