//! PE: imports, loaded with the DLL or delay-loaded at the first call.

use object::LittleEndian as LE;
use object::pe::{IMAGE_DELAYLOAD_RVA_BASED, ImageDelayloadDescriptor, ImageImportDescriptor};

use super::super::image::Library;
use super::super::memory::Memory;
use super::super::symbols::Symbols;
use crate::files::{Limits, Source};

/// The prefix of GNU ld's names for descriptors of delay-loaded imports.
const GNU_DESCRIPTOR: &[u8] = b"_DELAY_IMPORT_DESCRIPTOR_";

/// Reads both import directories into `symbols` and returns the libraries in file order.
///
/// # Errors
/// The libraries found so far, if an address in a directory isn't mapped.
pub(super) fn read(
    source: &Source,
    memory: &Memory,
    base: u64,
    normal: Option<u32>,
    delayed: Option<u32>,
    symbols: &mut Symbols,
) -> Result<Vec<Library>, Vec<Library>> {
    let descriptors = if delayed.is_none() { gnu_descriptors(symbols) } else { Vec::new() };
    let mut reader = Reader { source, memory, base, symbols, libraries: Vec::new() };
    let complete = normal.is_none_or(|at| reader.normal(at))
        && delayed.is_none_or(|at| reader.delayed(at))
        && descriptors.into_iter().all(|at| reader.descriptor(at).is_some());
    if complete { Ok(reader.libraries) } else { Err(reader.libraries) }
}

/// GNU ld writes no directory of delay-loaded imports: the code that calls `__delayLoadHelper2`
/// passes the address of the descriptor. The descriptors are found by the names that MinGW exports
/// by default.
fn gnu_descriptors(symbols: &Symbols) -> Vec<u64> {
    let is_descriptor = |name: &[u8]| {
        let start = name.iter().position(|byte| *byte != b'_').unwrap_or(0).saturating_sub(1);
        name[start..].starts_with(GNU_DESCRIPTOR)
    };
    symbols
        .exports()
        .filter(|export| is_descriptor(export.name))
        .map(|export| export.address)
        .take(Limits::LIBRARIES)
        .collect()
}

struct Reader<'a> {
    source: &'a Source,
    memory: &'a Memory,
    base: u64,
    symbols: &'a mut Symbols,
    libraries: Vec<Library>,
}

impl Reader<'_> {
    fn normal(&mut self, at: u32) -> bool {
        for index in 0..Limits::LIBRARIES as u64 {
            let at = self.rva(at).wrapping_add(index * size_of::<ImageImportDescriptor>() as u64);
            let Some(descriptor) = self.structure::<ImageImportDescriptor>(at) else {
                return false;
            };
            if descriptor.is_null() || descriptor.name.get(LE) == 0 {
                return true;
            }
            let thunks = match descriptor.original_first_thunk.get(LE) {
                0 => descriptor.first_thunk.get(LE),
                thunks => thunks,
            };
            let (name, thunks) = (self.rva(descriptor.name.get(LE)), self.rva(thunks));
            if !self.library(name, thunks, false, 0) {
                return false;
            }
        }
        false
    }

    fn delayed(&mut self, at: u32) -> bool {
        for index in 0..Limits::LIBRARIES as u64 {
            let at =
                self.rva(at).wrapping_add(index * size_of::<ImageDelayloadDescriptor>() as u64);
            match self.descriptor(at) {
                None => return false,
                Some(false) => return true,
                Some(true) => {}
            }
        }
        false
    }

    /// Adds the import of one delay-load descriptor; false for the one that ends a directory,
    /// `None` if an address isn't mapped.
    fn descriptor(&mut self, at: u64) -> Option<bool> {
        let descriptor = self.structure::<ImageDelayloadDescriptor>(at)?;
        if descriptor.is_null() {
            return Some(false);
        }
        let (name, thunks) =
            (descriptor.dll_name_rva.get(LE), descriptor.import_name_table_rva.get(LE));
        // Before Visual C++ 7 these were addresses, not offsets from the image base.
        let by_offset = descriptor.attributes.get(LE) & IMAGE_DELAYLOAD_RVA_BASED != 0;
        let found = if by_offset {
            self.library(self.rva(name), self.rva(thunks), true, 0)
        } else {
            self.library(name.into(), thunks.into(), true, self.base)
        };
        found.then_some(true)
    }

    /// Adds one library and its imports. Thunks contain offsets from the image base, or addresses
    /// if `bias` is the base.
    fn library(&mut self, name: u64, thunks: u64, delayed: bool, bias: u64) -> bool {
        let Some(name) = self.memory.c_string(self.source, name, Limits::NAME) else {
            return false;
        };
        let index = u16::try_from(self.libraries.len()).ok();
        self.libraries.push(Library {
            name: String::from_utf8_lossy(&name).into_owned(),
            delayed,
            weak: false,
        });
        let size = u64::from(self.memory.pointer_size);
        let by_number = 1u64 << (size * 8 - 1);
        for position in 0..Limits::SYMBOLS as u64 {
            let Some(thunk) =
                self.memory.pointer(self.source, thunks.wrapping_add(position * size))
            else {
                return false;
            };
            if thunk == 0 {
                return true;
            }
            if thunk & by_number != 0 {
                continue;
            }
            // A two-byte hint precedes the name.
            let at = self.base.wrapping_add(thunk.wrapping_sub(bias)).wrapping_add(2);
            let Some(name) = self.memory.c_string(self.source, at, Limits::NAME) else {
                return false;
            };
            self.symbols.import(&name, index, false);
            if self.symbols.is_cut() {
                return false;
            }
        }
        false
    }

    fn rva(&self, rva: u32) -> u64 {
        self.base.wrapping_add(rva.into())
    }

    fn structure<T: object::pod::Pod>(&self, address: u64) -> Option<T> {
        let mut bytes = vec![0; size_of::<T>()];
        self.memory.read(self.source, address, &mut bytes).ok()?;
        object::pod::from_bytes::<T>(&bytes).ok().map(|(value, _)| *value)
    }
}
