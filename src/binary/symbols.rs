//! The symbols of an image, kept as ranges of one string table so that thousands of names cost no allocation each.

use super::source::Limits;

/// A symbol the image takes from elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Import<'a> {
    /// Name without the underscore that Mach-O puts before C names.
    pub name: &'a [u8],
    /// Index in [`super::Image::libraries`], where the format binds a symbol to one library (PE, two-level Mach-O).
    pub library: Option<u16>,
    /// It may stay unresolved.
    pub weak: bool,
}

/// A symbol the image offers.
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
}

/// All imports and exports of one image.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    strings: Vec<u8>,
    imports: Vec<ImportEntry>,
    exports: Vec<(Name, u64)>,
}

impl Symbols {
    /// Starts from a string table whose offsets the following calls refer to.
    #[must_use]
    pub fn over(strings: Vec<u8>) -> Symbols {
        Symbols { strings, ..Symbols::default() }
    }

    /// Adds an import whose name stands at `offset` of the string table. A name that is empty, unterminated or too long is
    /// left out: no loader could ask for it.
    pub fn import_at(&mut self, offset: usize, library: Option<u16>, weak: bool) {
        if let Some(name) = self.name_at(offset) {
            self.imports.push(ImportEntry { name, library, weak });
        }
    }

    /// Adds an export whose name stands at `offset` of the string table.
    pub fn export_at(&mut self, offset: usize, address: u64) {
        if let Some(name) = self.name_at(offset) {
            self.exports.push((name, address));
        }
    }

    /// Adds an import by its name.
    pub fn import(&mut self, name: &[u8], library: Option<u16>, weak: bool) {
        if let Some(name) = self.keep(name) {
            self.imports.push(ImportEntry { name, library, weak });
        }
    }

    /// Adds an export by its name.
    pub fn export(&mut self, name: &[u8], address: u64) {
        if let Some(name) = self.keep(name) {
            self.exports.push((name, address));
        }
    }

    /// Every import, in file order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'_>> {
        self.imports.iter().map(|entry| Import { name: self.text(entry.name), library: entry.library, weak: entry.weak })
    }

    /// Every export, in file order.
    pub fn exports(&self) -> impl Iterator<Item = Export<'_>> {
        self.exports.iter().map(|&(name, address)| Export { name: self.text(name), address })
    }

    fn text(&self, name: Name) -> &[u8] {
        let start = name.start as usize;
        &self.strings[start..start + usize::from(name.length)]
    }

    fn name_at(&self, offset: usize) -> Option<Name> {
        let tail = self.strings.get(offset..)?;
        let length = memchr::memchr(0, &tail[..tail.len().min(Limits::NAME + 1)])?;
        (length > 0).then_some(Name { start: u32::try_from(offset).ok()?, length: u16::try_from(length).ok()? })
    }

    fn keep(&mut self, name: &[u8]) -> Option<Name> {
        if name.is_empty() || name.len() > Limits::NAME {
            return None;
        }
        let start = u32::try_from(self.strings.len()).ok()?;
        self.strings.extend_from_slice(name);
        Some(Name { start, length: u16::try_from(name.len()).ok()? })
    }
}
