//! The system whose load is simulated.

use object::elf;

use crate::linking::loader::Loader;
use crate::versions::within_32_bits;

/// The properties in which systems differ.
#[derive(Clone, Copy)]
pub(in crate::linking) struct Settings<'a> {
    pub loader: Loader,
    /// Version of the libc.
    pub version: Option<&'a str>,
    /// `e_machine`
    pub machine: u16,
}

impl Settings<'_> {
    /// True if the glibc is older than `version`; `None` if its version isn't known.
    pub(super) fn glibc_before(&self, version: [u32; 2]) -> Option<bool> {
        let known = within_32_bits(self.version?)?;
        Some(*known.first_chunk::<2>()? < version)
    }

    /// True if the relocations of this machine have addends.
    pub(super) fn has_addends(&self, wide: bool) -> bool {
        wide || !matches!(elf::Machine(self.machine), elf::EM_386 | elf::EM_ARM)
    }
}
