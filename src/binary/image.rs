//! One linked image of any format: what it needs, exports and relocates.

use super::elf::constructors;
use super::elf::facts::ElfFacts;
use super::elf::imports::{self as elf_imports, Binding};
use super::elf::relocations::{self, Relocation};
use super::macho::facts::MachOFacts;
use super::macho::{imports as macho_imports, pointers as macho_pointers};
use super::memory::Memory;
use super::pe::facts::PeFacts;
use super::pe::pointers as pe_pointers;
use super::pointers::Pointers;
use super::symbols::Symbols;
use crate::files::Source;
use crate::hash::HashSet;
use crate::model::{Arch, FileFormat, Libc, Platform};

/// A library that the image needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// As written in the file: a soname, an install name, a DLL name.
    pub name: String,
    /// PE only: true if it is delay-loaded, at the first call.
    pub delayed: bool,
    /// True if it may be missing (Mach-O weak).
    pub weak: bool,
}

/// One linked image: an ELF file, a PE file, or one slice of a Mach-O file.
#[derive(Debug)]
pub struct Image {
    /// Container format.
    pub format: FileFormat,
    /// The operating system; `None` if it isn't known.
    pub platform: Option<Platform>,
    /// The processor; `None` for machines without a name in Node.
    pub arch: Option<Arch>,
    /// The libc, for Linux images that show it.
    pub libc: Option<Libc>,
    /// The newest symbol version that is required of that libc ("2.28").
    pub libc_version: Option<String>,
    /// Libraries needed, in file order.
    pub libraries: Vec<Library>,
    /// Imports and exports.
    pub symbols: Symbols,
    /// Segments.
    pub memory: Memory,
    /// Parts that contradict each other and could not be read. Facts that depend on them are
    /// unknown.
    pub unread: Vec<&'static str>,
    /// Facts of one format only.
    pub details: Details,
    /// The positions of its relocation tables.
    pub(super) relocations: Relocations,
}

/// Facts of one format only.
#[derive(Debug)]
pub enum Details {
    /// ELF.
    Elf(Box<ElfFacts>),
    /// Mach-O.
    MachO(MachOFacts),
    /// PE.
    Pe(PeFacts),
}

/// The positions of the relocation tables, which are read only if the pointers are needed.
#[derive(Debug)]
pub(super) enum Relocations {
    Elf(relocations::Tables),
    MachO(macho_pointers::Tables),
    Pe(pe_pointers::Relocations),
}

impl Image {
    /// Reads the relocated pointers. Addresses are as linked; symbols that the image itself defines
    /// are resolved to its own definition.
    #[must_use]
    pub fn pointers(&self, source: &Source) -> Pointers {
        match &self.relocations {
            Relocations::Elf(tables) => {
                relocations::pointers(tables, &self.memory, source, 0..=u64::MAX)
            }
            Relocations::MachO(tables) => {
                macho_pointers::pointers(tables, &self.symbols, &self.memory, source)
            }
            Relocations::Pe(table) => pe_pointers::pointers(table, &self.memory, source),
        }
    }

    /// Every relocation against one of the imports called `names`, in the loader's order. ELF only.
    #[must_use]
    pub fn bindings(&self, source: &Source, names: &HashSet<&[u8]>) -> Vec<Binding<'_>> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                elf_imports::bindings(tables, &self.memory, source, &self.symbols, names)
            }
            _ => Vec::new(),
        }
    }

    /// Every relocation, those of calls first, as musl's loader reads them. ELF only.
    #[must_use]
    pub fn relocations(&self, source: &Source) -> Vec<Relocation> {
        let Relocations::Elf(tables) = &self.relocations else { return Vec::new() };
        let mut relocations = relocations::all(tables, &self.memory, source);
        relocations.sort_by_key(|relocation| !relocation.lazy);
        relocations
    }

    /// True if there is a relocation of this type. ELF only.
    #[must_use]
    pub fn has_relocation(&self, source: &Source, number: u32) -> bool {
        let Relocations::Elf(tables) = &self.relocations else { return false };
        let mut found = false;
        relocations::each_relocation(tables, &self.memory, source, &mut |relocation| {
            found |= relocation.number == number;
        });
        found
    }

    /// The name of the symbol that a relocation is against. ELF only.
    #[must_use]
    pub fn symbol_name(&self, source: &Source, symbol: u32) -> Option<Vec<u8>> {
        let Relocations::Elf(tables) = &self.relocations else { return None };
        elf_imports::name(tables, &self.memory, source, symbol)
    }

    /// The first of `bindings` that a constructor of the image calls, so loading itself needs it.
    /// ELF for x64 only.
    #[must_use]
    pub fn constructor_calls<'a, 'i>(
        &self,
        source: &Source,
        bindings: &'a [Binding<'i>],
    ) -> Option<&'a Binding<'i>> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                constructors::constructor_calls(tables, &self.memory, source, bindings)
            }
            _ => None,
        }
    }

    /// The GOT slots through which a function at `address` is certain to call other functions. ELF
    /// for x64 only.
    #[must_use]
    pub fn slots_called(&self, source: &Source, address: u64) -> Vec<u64> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                constructors::slots_called(tables, &self.memory, source, address)
            }
            _ => Vec::new(),
        }
    }

    /// The GOT slots of the first calls of the function at `address` into other objects. ELF for
    /// x64 only.
    #[must_use]
    pub fn first_slots(&self, source: &Source, address: u64) -> Vec<u64> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                constructors::first_slots(tables, &self.memory, source, address)
            }
            _ => Vec::new(),
        }
    }

    /// The addresses that constructors load at their beginning, in the order in which they run. ELF
    /// for x64 only.
    #[must_use]
    pub fn constructor_addresses(&self, source: &Source) -> Vec<u64> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                constructors::constructor_addresses(tables, &self.memory, source)
            }
            _ => Vec::new(),
        }
    }

    /// The imports with lazy binding only. Mach-O only.
    #[must_use]
    pub fn lazily_bound(&self, source: &Source) -> HashSet<Vec<u8>> {
        match &self.relocations {
            Relocations::MachO(tables) => macho_imports::lazy(tables, &self.memory, source),
            _ => HashSet::default(),
        }
    }

    /// True for a library that re-exports others, so it may provide any symbol.
    #[must_use]
    pub fn has_reexports(&self) -> bool {
        matches!(&self.details, Details::MachO(facts) if facts.has_reexports)
    }

    /// True for a slice that only newer processors of its family load (arm64e, x86_64h).
    #[must_use]
    pub fn is_for_newer_processors(&self) -> bool {
        let Details::MachO(facts) = &self.details else { return false };
        matches!(facts.cpu_name.as_str(), "arm64e" | "x86_64h")
    }

    /// The ELF facts, for an ELF image.
    #[must_use]
    pub fn elf(&self) -> Option<&ElfFacts> {
        match &self.details {
            Details::Elf(facts) => Some(facts),
            _ => None,
        }
    }
}
