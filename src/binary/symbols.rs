//! The symbols of an image, stored as ranges of one string table so that thousands of names need no
//! separate allocations. For ELF it is the file's own table.

use crate::files::Limits;
use crate::hash::{HashMap, HashSet};

/// A symbol that the image imports.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Name without the underscore that Mach-O puts before C names.
    pub name: &'a [u8],
    /// Index in [`super::Image::libraries`], if the format binds a symbol to one library (PE,
    /// two-level Mach-O).
    pub library: Option<u16>,
    /// True if it may stay unresolved.
    pub weak: bool,
    /// ELF: index of the required version, as in [`super::ElfFacts::version_names`].
    pub version: Option<u16>,
}

/// A symbol that the image exports.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    /// Name without the underscore that Mach-O puts before C names.
    pub name: &'a [u8],
    /// Virtual address as linked.
    pub address: u64,
}

#[derive(Clone, Copy, Debug)]
struct Name {
    start: u32,
    length: u16,
}

#[derive(Clone, Copy, Debug)]
struct ImportEntry {
    name: Name,
    library: Option<u16>,
    weak: bool,
    version: Option<u16>,
    /// ELF: index in the symbol table.
    index: u32,
}

/// All imports and exports of one image.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    strings: Vec<u8>,
    imports: Vec<ImportEntry>,
    exports: Vec<(Name, u64)>,
    /// Bytes of all names.
    length: usize,
    cut: bool,
}

impl Symbols {
    /// Adds an import by its name. An empty name, or one that is too long, is ignored: no loader
    /// could look it up.
    pub fn import(&mut self, name: &[u8], library: Option<u16>, weak: bool) {
        if let Some(name) = self.keep(name) {
            self.imports.push(ImportEntry { name, library, weak, version: None, index: 0 });
        }
    }

    /// Adds an export by its name.
    pub fn export(&mut self, name: &[u8], address: u64) {
        if let Some(name) = self.keep(name) {
            self.exports.push((name, address));
        }
    }

    /// An empty list with the string table for symbols that are added later.
    pub fn in_table(strings: Vec<u8>) -> Symbols {
        Symbols { strings, ..Symbols::default() }
    }

    /// Adds an import whose name is in the table, as [`Symbols::import`], with the required version
    /// and with its symbol index, which relocations refer to.
    pub fn import_at(&mut self, name: usize, version: Option<u16>, weak: bool, index: u32) {
        if let Some(name) = self.keep_at(name) {
            self.imports.push(ImportEntry { name, library: None, weak, version, index });
        }
    }

    /// Adds an export whose name is in the table.
    pub fn export_at(&mut self, name: usize, address: u64) {
        if let Some(name) = self.keep_at(name) {
            self.exports.push((name, address));
        }
    }

    /// True if [`Limits`] was exceeded, so some are missing here.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.cut
    }

    /// Every import, in file order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'_>> {
        self.imports.iter().map(|&ImportEntry { name, library, weak, version, .. }| Import {
            name: self.text(name),
            library,
            weak,
            version,
        })
    }

    /// The imports with one of `names`, by their index in the symbol table. ELF only.
    #[must_use]
    pub fn indexes(&self, names: &HashSet<&[u8]>) -> HashMap<u32, &[u8]> {
        let named = self.imports.iter().map(|import| (import.index, self.text(import.name)));
        named.filter(|(index, name)| *index != 0 && names.contains(name)).collect()
    }

    /// Every export, in file order.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.exports.iter().map(|&(name, address)| Export { name: self.text(name), address })
    }

    fn text(&self, name: Name) -> &[u8] {
        let start = name.start as usize;
        &self.strings[start..start + usize::from(name.length)]
    }

    fn keep(&mut self, name: &[u8]) -> Option<Name> {
        let kept = self.measured(self.strings.len(), name.len())?;
        self.strings.extend_from_slice(name);
        Some(kept)
    }

    fn keep_at(&mut self, start: usize) -> Option<Name> {
        let length = name_in(&self.strings, start)?.len();
        self.measured(start, length)
    }

    /// A name, if it is valid and there is room for it.
    fn measured(&mut self, start: usize, length: usize) -> Option<Name> {
        if length == 0 || length > Limits::NAME {
            return None;
        }
        let count = self.imports.len() + self.exports.len();
        if count >= Limits::SYMBOLS || self.length + length > Limits::NAMES {
            self.cut = true;
            return None;
        }
        let name = Name { start: u32::try_from(start).ok()?, length: u16::try_from(length).ok()? };
        self.length += length;
        Some(name)
    }
}

/// The NUL-terminated name at `offset` of a string table; `None` if it is unterminated or longer
/// than [`Limits::NAME`].
pub(super) fn name_in(strings: &[u8], offset: usize) -> Option<&[u8]> {
    let tail = strings.get(offset..)?;
    let length = memchr::memchr(0, &tail[..tail.len().min(Limits::NAME + 1)])?;
    Some(&tail[..length])
}
