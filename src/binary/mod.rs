//! Bytes → [`Binary`]: the file as an object file. Nothing in this room depends on Node.
//!
//! `elf`, `macho` and `pe` have the same function names. Each reads the parts that its loader reads
//! (ELF from `PT_DYNAMIC`, never from section headers), so that a stripped file, or one with wrong
//! section headers, gives the same result. All of it can safely be given untrusted input: every
//! length is bounded by
//! [`crate::files::Limits`].

mod elf;
mod image;
mod impostor;
mod macho;
mod memory;
mod names;
mod pe;
mod pointers;
mod symbols;

use crate::files::Source;
use elf::dynamic::Extent;
pub use elf::facts::{ElfFacts, HeaderTable, Loss, VersionNeed};
pub use elf::imports::Binding;
pub use elf::lookup::SymbolLookup;
pub use elf::program::Program;
pub use image::{Details, Image};
pub use impostor::Impostor;
pub use macho::facts::MachOFacts;
pub use macho::signature::Signature;
pub use memory::{Memory, PAGE};
pub use pointers::Pointers;
pub use symbols::Import;

/// Longest name that is read, in bytes.
pub const LONGEST_NAME: usize = crate::files::Limits::NAME;
/// The maximum number of relocations that are examined in one image.
pub const MOST_RELOCATIONS: usize = crate::files::Limits::RELOCATIONS;

/// A file, seen as an object file.
#[derive(Debug)]
pub struct Binary {
    /// Size in bytes.
    pub size: u64,
    /// Its contents.
    pub contents: Contents,
}

/// The contents of a file.
#[derive(Debug)]
pub enum Contents {
    /// One image (ELF, PE, thin Mach-O).
    Single(Box<Image>),
    /// A universal Mach-O file: one image per architecture, in file order.
    Universal(Vec<Image>),
    /// Not an object file, or one whose header is damaged.
    Impostor(Impostor),
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

/// Reads the type and the contents of `source`.
#[must_use]
pub fn read(source: &Source) -> Binary {
    let mut head = [0; 4096];
    let count = source.read(0, &mut head);
    let head = &head[..count];
    let contents = if head.starts_with(&object::elf::ELFMAG) {
        elf::read(source, Extent::Whole).map(|image| Contents::Single(Box::new(image)))
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
        contents.unwrap_or_else(|| Contents::Impostor(impostor::recognize(head, source.size())));
    Binary { size: source.size(), contents }
}

/// Reads an ELF library as a search needs it: without its symbols, which are most of the work.
/// `None` if it is no ELF file.
#[must_use]
pub fn read_library(source: &Source) -> Option<Image> {
    let mut magic = [0; 4];
    if source.read(0, &mut magic) < magic.len() || magic != object::elf::ELFMAG {
        return None;
    }
    let image = elf::read(source, Extent::WithoutSymbols)?;
    // Whether mapping a truncated file ends the process depends on its symbols, too.
    match image.elf() {
        Some(facts) if facts.loss != Loss::Nothing => elf::read(source, Extent::Whole),
        _ => Some(image),
    }
}

/// The loader that an ELF executable requests (`PT_INTERP`), without reading the rest of the file.
#[must_use]
pub fn interpreter(source: &Source) -> Option<String> {
    elf::interpreter(source)
}
