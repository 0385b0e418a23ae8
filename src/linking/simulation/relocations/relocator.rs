//! The state of an image while it is relocated, and the writes to its memory.

use object::elf;

use super::slots::Slots;
use crate::hash::HashSet;
use crate::linking::simulation::course::Stop;
use crate::linking::simulation::dynamic::Dynamic;
use crate::linking::simulation::lookup::Hash;
use crate::linking::simulation::space::{Space, WRITE};
use crate::linking::simulation::table::Symbols;

pub(super) const SLOT: &str = "a relocation writes to memory that isn't writable";
pub(super) const NOT_LISTED: &str = "its hash table doesn't list a symbol that it defines";

/// The target of a pointer that a relocation writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::linking::simulation) enum Target {
    /// An address in the image.
    Own(u64),
    /// An address in another image.
    Foreign,
}

/// The image while it is relocated.
pub(in crate::linking::simulation) struct Relocator<'r, 's> {
    pub space: &'r Space<'s>,
    pub dynamic: &'r Dynamic,
    pub symbols: Symbols,
    pub hash: Hash,
    pub machine: u16,
    /// glibc: the highest index of a symbol version. musl has no such table.
    pub highest_version: Option<u16>,
    /// musl: true if relocations against missing symbols are deferred, without a write.
    pub may_wait: bool,
    /// The first deferred relocation whose write would fault: the fault, and the symbol's name. The
    /// loader writes only if the symbol is found later.
    pub waiting: Option<(Stop, Vec<u8>)>,
    pub has_thread_local: bool,
    /// The ranges of the constructor and destructor arrays, to record the pointers that are written
    /// there.
    pub lists: Vec<(u64, u64)>,
    pub written: Vec<(u64, Target)>,
    pub doubt: Option<&'static str>,
    /// The addresses that are written.
    pub slots: Slots,
    /// Symbols that were bound by a PLT relocation, and by a GOT relocation. Linkers write one
    /// relocation of each type per symbol.
    pub bound: [HashSet<u32>; 2],
    pub budget: usize,
}

impl Relocator<'_, '_> {
    pub fn doubt(&mut self, doubt: &'static str) {
        self.doubt.get_or_insert(doubt);
    }

    /// Records a write of `length` bytes.
    pub fn write(&mut self, slot: u64, length: u64) -> Result<(), Stop> {
        self.space.check(slot, length, WRITE, SLOT)?;
        self.slots.add(slot);
        if !slot.is_multiple_of(u64::from(self.space.pointer_size)) {
            self.doubt("a relocation writes to an address that isn't aligned to pointers");
        }
        let section = self.dynamic.entries.first().zip(self.dynamic.entries.last());
        if section.is_some_and(|(first, last)| {
            slot >= first.address && slot <= last.address.saturating_add(8)
        }) {
            self.doubt("a relocation changes its dynamic section");
        }
        Ok(())
    }

    /// Records the target of a pointer that is written to a constructor or destructor array.
    pub fn points(&mut self, slot: u64, target: Target) {
        if self.lists.iter().any(|(start, size)| slot.wrapping_sub(*start) < *size) {
            self.written.push((slot, target));
        }
    }

    pub(super) fn is_musl(&self) -> bool {
        self.highest_version.is_none()
    }

    /// The index of a symbol's version; musl doesn't use it.
    pub(super) fn version(&self, symbol: u32) -> Result<u16, Stop> {
        const WHAT: &str = "its symbol version table is outside of its memory";
        match self.symbols.versions_at {
            Some(at) if !self.is_musl() => {
                Ok(self.space.half(at.wrapping_add(u64::from(symbol) * 2), WHAT)?
                    & elf::VERSYM_VERSION)
            }
            _ => Ok(0),
        }
    }

    /// Checks that need all relocations.
    pub fn finish(&mut self) {
        if self.slots.has_doubles() {
            self.doubt("two relocations write to the same address");
        }
    }
}
