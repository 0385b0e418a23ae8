//! One linked image, whatever its format: what it needs, offers and relocates.

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

/// A library the image asks the loader for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// As written in the file: a soname, an install name, a DLL name.
    pub name: String,
    /// PE only: loaded when first called, not with the image.
    pub delayed: bool,
    /// It may be absent (Mach-O weak).
    pub weak: bool,
}

/// One linked image: an ELF file, a PE file, or one slice of a Mach-O file.
#[derive(Debug)]
pub struct Image {
    /// Container format.
    pub format: FileFormat,
    /// The operating system; `None` where it can't be told.
    pub platform: Option<Platform>,
    /// The processor; `None` for machines Node has no name for.
    pub arch: Option<Arch>,
    /// The libc, for Linux images that show which one they are for.
    pub libc: Option<Libc>,
    /// The newest symbol version asked of that libc ("2.28"): it needs at least this one.
    pub libc_version: Option<String>,
    /// Libraries needed, in file order.
    pub libraries: Vec<Library>,
    /// Imports and exports.
    pub symbols: Symbols,
    /// Segments.
    pub memory: Memory,
    /// Parts that contradict themselves and could not be read; what rests on them is unknown.
    pub unread: Vec<&'static str>,
    /// What only one format has.
    pub details: Details,
    /// Where its relocation tables lie.
    pub(super) relocations: Relocations,
}

/// Facts that only one format has.
#[derive(Debug)]
pub enum Details {
    /// ELF.
    Elf(Box<ElfFacts>),
    /// Mach-O.
    MachO(MachOFacts),
    /// PE.
    Pe(PeFacts),
}

/// Where the relocation tables lie; they are read only when somebody asks for the pointers.
#[derive(Debug)]
pub(super) enum Relocations {
    Elf(relocations::Tables),
    MachO(macho_pointers::Tables),
    Pe(pe_pointers::Relocations),
}

impl Image {
    /// Reads the relocated pointers. Addresses are as linked; symbols defined in the image itself
    /// are resolved to their own definition.
    #[must_use]
    pub fn pointers(&self, source: &Source) -> Pointers {
        match &self.relocations {
            Relocations::Elf(tables) => {
                relocations::pointers(tables, &self.memory, source, 0..=u64::MAX)
            }
            Relocations::MachO(tables) => macho_pointers::pointers(tables, &self.memory, source),
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

    /// Every relocation, those of calls before all others, as musl's loader takes them. ELF only.
    #[must_use]
    pub fn relocations(&self, source: &Source) -> Vec<Relocation> {
        let Relocations::Elf(tables) = &self.relocations else { return Vec::new() };
        let mut relocations = relocations::all(tables, &self.memory, source);
        relocations.sort_by_key(|relocation| !relocation.lazy);
        relocations
    }

    /// True when there is a relocation with this number. ELF only.
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

    /// The first of `bindings` that a constructor of the image calls, so that loading itself needs
    /// it. ELF for x64 only.
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

    /// The places through which a function at `address` surely calls others. ELF for x64 only.
    #[must_use]
    pub fn slots_called(&self, source: &Source, address: u64) -> Vec<u64> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                constructors::slots_called(tables, &self.memory, source, address)
            }
            _ => Vec::new(),
        }
    }

    /// The addresses that constructors take at their beginning, in the order in which they run. ELF
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

    /// The imports that are bound at their first call only. Mach-O only.
    #[must_use]
    pub fn lazily_bound(&self, source: &Source) -> HashSet<Vec<u8>> {
        match &self.relocations {
            Relocations::MachO(tables) => macho_imports::lazy(tables, &self.memory, source),
            _ => HashSet::default(),
        }
    }

    /// True for a library that re-exports others, so that it may provide any symbol.
    #[must_use]
    pub fn has_reexports(&self) -> bool {
        matches!(&self.details, Details::MachO(facts) if facts.has_reexports)
    }

    /// True for a slice that only some processors of its kind take (arm64e, x86_64h).
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
