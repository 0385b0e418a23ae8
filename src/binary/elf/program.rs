//! ELF: the unchanged program headers, for code that needs more than the positions of segments.

use object::endian::Endianness;
use object::read::elf::ProgramHeader;

/// One program header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// `p_type`.
    pub kind: u32,
    /// `p_flags`.
    pub flags: u32,
    /// `p_offset`.
    pub offset: u64,
    /// `p_vaddr`.
    pub address: u64,
    /// `p_filesz`.
    pub file_size: u64,
    /// `p_memsz`.
    pub memory_size: u64,
    /// `p_align`.
    pub alignment: u64,
}

impl Program {
    pub(super) fn of<P: ProgramHeader<Endian = Endianness>>(
        program: &P,
        endian: Endianness,
    ) -> Program {
        Program {
            kind: program.p_type(endian).0,
            flags: program.p_flags(endian).0,
            offset: program.p_offset(endian).into(),
            address: program.p_vaddr(endian).into(),
            file_size: program.p_filesz(endian).into(),
            memory_size: program.p_memsz(endian).into(),
            alignment: program.p_align(endian).into(),
        }
    }
}
