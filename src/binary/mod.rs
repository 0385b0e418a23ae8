//! Bytes → [`Binary`]: what a file is as an object file. Nothing in this room has heard of Node.
//!
//! `elf`, `macho` and `pe` have the same function names. Each reads what its loader reads (ELF from
//! `PT_DYNAMIC`, never from section headers), so a stripped file or one whose section headers lie
//! reads the same. All of it can be safely given untrusted input: every length is bounded by
//! [`crate::files::Limits`].

mod elf;
mod elf_constructors;
mod elf_dynamic;
mod elf_imports;
mod elf_lookup;
mod elf_program;
mod elf_relocations;
mod elf_system;
#[cfg(test)]
mod elf_tests;
mod impostor;
mod macho;
mod macho_binds;
mod macho_pointers;
mod macho_signature;
mod macho_trie;
mod memory;
mod pe;
mod pe_imports;

mod symbols;

use crate::files::Source;
use crate::hash::HashSet;
pub use elf::{ElfFacts, HeaderTable, Loss};
pub use elf_dynamic::VersionNeed;
pub use elf_imports::Binding;
pub use elf_lookup::SymbolLookup;
pub use elf_program::Program;
pub use elf_relocations::Relocation;
pub use elf_system::LIBC_FLAVOURS;
pub use impostor::Impostor;
pub use macho::MachOFacts;
pub use macho_signature::Signature;
pub use memory::{Fault, Memory, PAGE};
pub use pe::PeFacts;
pub use symbols::{Import, Symbols};

/// Longest name that is read, in bytes.
pub const LONGEST_NAME: usize = crate::files::Limits::NAME;
/// Most relocations that are looked at in one image.
pub const MOST_RELOCATIONS: usize = crate::files::Limits::RELOCATIONS;

/// A file, seen as an object file.
#[derive(Debug)]
pub struct Binary {
    /// Size in bytes.
    pub size: u64,
    /// What it holds.
    pub contents: Contents,
}

/// What a file holds.
#[derive(Debug)]
pub enum Contents {
    /// One image (ELF, PE, thin Mach-O).
    Single(Box<Image>),
    /// A universal Mach-O file: one image per architecture, in file order.
    Universal(Vec<Image>),
    /// No object file at all, or one too damaged to have a header.
    Impostor(Impostor),
}

/// The formats of object files.
pub use crate::model::FileFormat as Format;

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
    pub format: Format,
    /// As `process.platform` would say, also `android`, `freebsd`, `openbsd`, `netbsd`, `ios`;
    /// `None` where it can't be told.
    pub platform: Option<&'static str>,
    /// As `process.arch` would say; `None` for machines Node has no name for.
    pub arch: Option<&'static str>,
    /// `glibc` or `musl`, for Linux images that show which one they are for.
    pub libc: Option<&'static str>,
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
    relocations: Relocations,
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
enum Relocations {
    Elf(elf_relocations::Tables),
    MachO(macho_pointers::Tables),
    Pe(pe::Relocations),
}

/// The slots of an image that hold a relocated pointer, each with the address it points to.
#[derive(Debug, Default)]
pub struct Pointers {
    slots: Vec<(u64, u64)>,
}

impl Pointers {
    fn sorted(mut slots: Vec<(u64, u64)>) -> Pointers {
        // Linkers write them in a few runs, each in order.
        slots.sort();
        slots.dedup_by_key(|slot| slot.0);
        Pointers { slots }
    }

    /// The address that the slot at `slot` will point to, if a relocation writes there.
    #[must_use]
    pub fn target(&self, slot: u64) -> Option<u64> {
        let index = self.slots.binary_search_by_key(&slot, |entry| entry.0).ok()?;
        Some(self.slots[index].1)
    }

    /// The same for a slot that lies a few bytes behind the one with number `from`, as fields of
    /// one struct do.
    #[must_use]
    pub fn target_behind(&self, from: usize, slot: u64) -> Option<u64> {
        let behind = self.slots.get(from..).unwrap_or_default();
        behind
            .iter()
            .take_while(|entry| entry.0 <= slot)
            .find(|entry| entry.0 == slot)
            .map(|entry| entry.1)
    }

    /// Number of slots.
    #[must_use]
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// The slot with this number, in the order of addresses.
    #[must_use]
    pub fn slot(&self, number: usize) -> Option<u64> {
        self.slots.get(number).map(|entry| entry.0)
    }
}

impl Image {
    /// Reads the relocated pointers. Addresses are as linked; symbols defined in the image itself
    /// are resolved to their own definition.
    #[must_use]
    pub fn pointers(&self, source: &Source) -> Pointers {
        match &self.relocations {
            Relocations::Elf(tables) => {
                elf_relocations::pointers(tables, &self.memory, source, 0..=u64::MAX)
            }
            Relocations::MachO(tables) => macho_pointers::pointers(tables, &self.memory, source),
            Relocations::Pe(table) => pe::pointers(table, &self.memory, source),
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
        let mut relocations = elf_relocations::all(tables, &self.memory, source);
        relocations.sort_by_key(|relocation| !relocation.lazy);
        relocations
    }

    /// True when there is a relocation with this number. ELF only.
    #[must_use]
    pub fn has_relocation(&self, source: &Source, number: u32) -> bool {
        let Relocations::Elf(tables) = &self.relocations else { return false };
        let mut found = false;
        elf_relocations::each_relocation(tables, &self.memory, source, &mut |relocation| {
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
                elf_constructors::constructor_calls(tables, &self.memory, source, bindings)
            }
            _ => None,
        }
    }

    /// The places through which a function at `address` surely calls others. ELF for x64 only.
    #[must_use]
    pub fn slots_called(&self, source: &Source, address: u64) -> Vec<u64> {
        match &self.relocations {
            Relocations::Elf(tables) => {
                elf_constructors::slots_called(tables, &self.memory, source, address)
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
                elf_constructors::constructor_addresses(tables, &self.memory, source)
            }
            _ => Vec::new(),
        }
    }

    /// The imports that are bound at their first call only. Mach-O only.
    #[must_use]
    pub fn lazily_bound(&self, source: &Source) -> HashSet<Vec<u8>> {
        match &self.relocations {
            Relocations::MachO(tables) => macho_binds::lazy(tables, &self.memory, source),
            _ => HashSet::default(),
        }
    }

    /// True for a library that offers what others have.
    #[must_use]
    pub fn hands_on(&self) -> bool {
        matches!(&self.details, Details::MachO(facts) if facts.hands_on)
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

impl Binary {
    /// The images in it: one, several for a universal file, none for an impostor.
    #[must_use]
    pub fn images(&self) -> &[Image] {
        match &self.contents {
            Contents::Single(image) => std::slice::from_ref(image),
            Contents::Universal(images) => images,
            Contents::Impostor(_) => &[],
        }
    }
}

/// Reads what `source` is.
#[must_use]
pub fn read(source: &Source) -> Binary {
    let mut head = [0; 4096];
    let count = source.read(0, &mut head);
    let head = &head[..count];
    let contents = if head.starts_with(&object::elf::ELFMAG) {
        elf::read(source).map(|image| Contents::Single(Box::new(image)))
    } else if macho::is_universal(head) {
        macho::read_universal(source, head).map(Contents::Universal)
    } else if macho::is_thin(head) {
        macho::read(source, 0, source.size()).map(|image| Contents::Single(Box::new(image)))
    } else if head.starts_with(b"MZ") {
        pe::read(source).map(|image| Contents::Single(Box::new(image)))
    } else {
        None
    };
    let contents =
        contents.unwrap_or_else(|| Contents::Impostor(impostor::recognise(head, source.size())));
    Binary { size: source.size(), contents }
}

/// The loader that an ELF executable asks for (`PT_INTERP`), read without looking at anything else
/// of the file.
#[must_use]
pub fn interpreter(source: &Source) -> Option<String> {
    elf::interpreter(source)
}
