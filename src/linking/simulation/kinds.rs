//! The types of relocations, independent of the machine.

use object::elf;

/// The relocation types that glibc supports on x64 and musl doesn't (arch/x86_64/reloc.h).
pub(super) const MUSL_UNKNOWN: [u32; 4] = [32, 33, 37, 38];

/// The groups of types that the simulation distinguishes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Nothing,
    Relative,
    Absolute,
    Table,
    Call,
    /// The loader calls a resolver function of the image, which returns the address (`IRELATIVE`).
    Indirect,
    /// The module, the offset in its thread-local storage, or the offset from the thread pointer.
    ThreadLocal,
    /// A TLS descriptor, which has two pointers.
    Descriptor,
    /// The loader supports it, but no linker writes it into a shared library.
    Odd,
    Unknown,
}

/// The group of a relocation type.
pub(super) fn kind(machine: u16, number: u32) -> Kind {
    match (elf::Machine(machine), number) {
        (_, 0) => Kind::Nothing,
        (elf::EM_X86_64, 1) | (elf::EM_386, 1) | (elf::EM_ARM, 2) | (elf::EM_AARCH64, 257) => {
            Kind::Absolute
        }
        (elf::EM_X86_64 | elf::EM_386, 6) | (elf::EM_ARM, 21) | (elf::EM_AARCH64, 1025) => {
            Kind::Table
        }
        (elf::EM_X86_64 | elf::EM_386, 7) | (elf::EM_ARM, 22) | (elf::EM_AARCH64, 1026) => {
            Kind::Call
        }
        (elf::EM_X86_64 | elf::EM_386, 8) | (elf::EM_ARM, 23) | (elf::EM_AARCH64, 1027) => {
            Kind::Relative
        }
        (elf::EM_X86_64, 16..=18)
        | (elf::EM_386, 14 | 35..=37)
        | (elf::EM_ARM, 17..=19)
        | (elf::EM_AARCH64, 1028..=1030) => Kind::ThreadLocal,
        (elf::EM_X86_64, 36) | (elf::EM_386, 41) | (elf::EM_ARM, 13) | (elf::EM_AARCH64, 1031) => {
            Kind::Descriptor
        }
        (elf::EM_X86_64, 37) | (elf::EM_386, 42) | (elf::EM_ARM, 160) | (elf::EM_AARCH64, 1032) => {
            Kind::Indirect
        }
        (elf::EM_X86_64, 2 | 5 | 10 | 32 | 33 | 38) => Kind::Odd,
        (elf::EM_X86_64, _) => Kind::Unknown,
        _ => Kind::Odd,
    }
}

/// A type in glibc's format: two hexadecimal digits, or eight.
pub(super) fn digits(number: u32) -> String {
    if number > 0xff { format!("{number:08x}") } else { format!("{number:02x}") }
}
