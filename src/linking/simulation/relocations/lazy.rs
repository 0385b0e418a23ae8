//! The effect of a PLT relocation with lazy binding.

use object::elf;

use super::entries::Entry;
use super::relocator::{NOT_LISTED, Relocator, SLOT};
use crate::linking::simulation::course::Stop;
use crate::linking::simulation::kinds::{Kind, digits, kind};
use crate::linking::simulation::space::EXECUTE;

impl Relocator<'_, '_> {
    /// Prepares a call that is bound when it is first made.
    pub fn lazy(&mut self, entry: Entry) -> Result<(), Stop> {
        match kind(self.machine, entry.kind) {
            Kind::Call => {
                let size = u64::from(self.space.pointer_size);
                self.write(entry.slot, size)?;
                // Until the first call the slot has the address of the stub that calls the loader.
                let stub = self.space.pointer(entry.slot, SLOT)?;
                if !self.space.allows(stub, 1, EXECUTE) {
                    self.doubt("the stub of a lazily bound call isn't code");
                }
                let most = self.symbols.most(self.space);
                if entry.symbol == 0 || most.is_some_and(|most| u64::from(entry.symbol) >= most) {
                    self.doubt("a lazily bound call has no symbol");
                } else if let Ok(symbol) = self.symbols.get(self.space, entry.symbol)
                    && symbol.is_defined()
                    && !symbol.is_local()
                {
                    let name = self.symbols.name(self.space, &symbol).unwrap_or_default();
                    if self.hash.finds(self.space, &self.symbols, &name, false) != Ok(true) {
                        self.doubt(NOT_LISTED);
                    }
                }
                if self.version(entry.symbol).is_ok_and(|version| {
                    self.highest_version.is_some_and(|highest| version > highest)
                }) {
                    self.doubt("a symbol has a version that doesn't exist");
                }
                if !self.bound[0].insert(entry.symbol) {
                    self.doubt("a symbol is bound twice");
                }
                Ok(())
            }
            Kind::Descriptor | Kind::Indirect => self.apply(entry),
            _ if elf::Machine(self.machine) == elf::EM_X86_64 => Err(Stop::Throws {
                text: format!("unexpected PLT reloc type 0x{}", digits(entry.kind)),
                what: "it has a PLT relocation of a type that the loader doesn't support",
            }),
            _ => {
                self.doubt("it has a PLT relocation of an unusual type");
                Ok(())
            }
        }
    }
}
