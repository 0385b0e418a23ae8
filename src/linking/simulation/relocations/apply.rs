//! The effect of a relocation without lazy binding.

use object::elf;

use super::entries::Entry;
use super::relocator::{NOT_LISTED, Relocator, SLOT, Target};
use crate::binary::PAGE;
use crate::linking::simulation::course::Stop;
use crate::linking::simulation::kinds::{Kind, MUSL_UNKNOWN, digits, kind};
use crate::linking::simulation::space::EXECUTE;

const NO_SYMBOL: &str = "a relocation is against a symbol that doesn't exist";
/// Weak symbols that no process defines, so the loader looks them up in the image itself. Compilers
/// add them to every library.
const NOWHERE: [&[u8]; 3] =
    [b"_ITM_deregisterTMCloneTable", b"_ITM_registerTMCloneTable", b"__gmon_start__"];

/// The largest offset of a pointer into another library's data: that of functions in a virtual
/// table.
const MOST_INTO_FOREIGN: u64 = 1 << 10;

impl Relocator<'_, '_> {
    /// Applies `R_*_RELATIVE`.
    pub fn relative(&mut self, entry: Entry) -> Result<(), Stop> {
        let size = u64::from(self.space.pointer_size);
        self.write(entry.slot, size)?;
        let addend = match entry.addend {
            Some(addend) => addend,
            None => self.space.pointer(entry.slot, SLOT)?,
        };
        // Compilers write pointers up to one page before or after the object that they are for.
        let near = |more: u64| self.space.is_used(addend.wrapping_add(more));
        if !(near(0) || near(PAGE) || near(PAGE.wrapping_neg())) {
            self.doubt("a relocation makes a pointer to outside of its memory");
        }
        self.points(entry.slot, Target::Own(addend));
        Ok(())
    }

    /// Applies a relocation without lazy binding.
    pub fn apply(&mut self, entry: Entry) -> Result<(), Stop> {
        let size = u64::from(self.space.pointer_size);
        let version = self.version(entry.symbol)?;
        let mut kind = kind(self.machine, entry.kind);
        if self.is_musl()
            && elf::Machine(self.machine) == elf::EM_X86_64
            && MUSL_UNKNOWN.contains(&entry.kind)
        {
            kind = Kind::Unknown;
        }
        match kind {
            Kind::Nothing => {
                if entry.slot != 0 || entry.symbol != 0 {
                    self.doubt("a relocation without a type has an address or a symbol");
                }
                return Ok(());
            }
            Kind::Relative => {
                if entry.symbol != 0 {
                    self.doubt("a relocation that needs no symbol has one");
                    if self.is_musl() {
                        // musl looks the symbol up nevertheless.
                        self.symbols.get(self.space, entry.symbol)?;
                        return Err(Stop::Unsure("a relocation that needs no symbol has one"));
                    }
                }
                return self.relative(entry);
            }
            Kind::Indirect if !self.is_musl() => {
                let target = match entry.addend {
                    Some(addend) => addend,
                    None => self.space.pointer(entry.slot, SLOT)?,
                };
                self.space.check(
                    target,
                    1,
                    EXECUTE,
                    "the resolver function of a relocation isn't \
                    code",
                )?;
                return self.write(entry.slot, size);
            }
            _ => {}
        }
        let symbol = self.symbols.get(self.space, entry.symbol)?;
        let (weak, defined, local) = (symbol.is_weak(), symbol.is_defined(), symbol.is_local());
        if !local {
            let name = self.symbols.name(self.space, &symbol)?;
            // musl defers a relocation whose symbol isn't defined until the first call.
            let waits = self.may_wait && matches!(kind, Kind::Call | Kind::Table);
            let is_there =
                self.symbols.most(self.space).is_none_or(|most| u64::from(entry.symbol) < most);
            if waits && (!is_there || name.is_empty()) {
                self.doubt(NO_SYMBOL);
                return Ok(());
            }
            if !is_there {
                return Err(Stop::Unsure(NO_SYMBOL));
            }
            match self.highest_version {
                Some(0) if version > 0 => {
                    return Err(Stop::Dies(
                        "a symbol has a version, but there is no table of versions",
                    ));
                }
                Some(highest) if highest > 0 && version > highest => {
                    return Err(Stop::Unsure("a symbol has a version that doesn't exist"));
                }
                _ => {}
            }
            if name.is_empty() && !weak {
                return Err(Stop::Unsure("a relocation is against a symbol without a name"));
            }
            let is_nowhere_else = NOWHERE.contains(&&*name);
            if defined || is_nowhere_else {
                match self.hash.finds(self.space, &self.symbols, &name, self.is_musl()) {
                    Ok(false) if defined && waits => self.doubt(NOT_LISTED),
                    Ok(false) if defined => return Err(Stop::Unsure(NOT_LISTED)),
                    // The loader doesn't look up a symbol here that the executable or an earlier
                    // library defines.
                    Err(_) if !is_nowhere_else => self.doubt(NOT_LISTED),
                    found => drop(found?),
                }
            }
        } else if entry.symbol != 0 && !defined {
            self.doubt("a relocation is against a local symbol that isn't defined");
        }
        if symbol.has_odd_kind() || symbol.is_indirect() {
            self.doubt("a relocation is against a symbol of an unusual type");
        }
        match kind {
            Kind::Unknown => {
                return Err(Stop::Throws {
                    text: if self.is_musl() {
                        format!("unsupported relocation type {}", entry.kind)
                    } else {
                        format!("unexpected reloc type 0x{}", digits(entry.kind))
                    },
                    what: "it has a relocation of a type that the loader doesn't support",
                });
            }
            Kind::Odd => self.doubt("it has a relocation of a type that no shared library has"),
            Kind::ThreadLocal | Kind::Descriptor if !self.has_thread_local && entry.symbol == 0 => {
                self.doubt("a relocation is for thread-local storage, but the file has none");
            }
            Kind::Absolute | Kind::Table | Kind::Call if entry.symbol == 0 => {
                self.doubt("a relocation is against no symbol");
            }
            _ => {}
        }
        if matches!(kind, Kind::Call | Kind::Table)
            && entry.addend.is_some_and(|addend| addend != 0)
        {
            self.doubt("a relocation of a function's address has an addend");
        }
        if kind == Kind::Absolute
            && symbol.is_function()
            && entry.addend.is_some_and(|addend| addend != 0)
        {
            self.doubt("a relocation of a function's address has an addend");
        }
        if kind == Kind::Absolute
            && !defined
            && entry.addend.is_some_and(|addend| addend > MOST_INTO_FOREIGN)
        {
            self.doubt("a relocation makes a pointer with a large offset into another library");
        }
        if let Some(index) = [Kind::Call, Kind::Table].iter().position(|one| *one == kind)
            && !self.bound[index].insert(entry.symbol)
        {
            self.doubt("a symbol is bound twice");
        }
        match self.write(entry.slot, if kind == Kind::Descriptor { size * 2 } else { size }) {
            Err(stop)
                if self.may_wait
                    && !defined
                    && !local
                    && matches!(kind, Kind::Call | Kind::Table) =>
            {
                let name = self.symbols.name(self.space, &symbol)?;
                if self.waiting.is_none() {
                    self.waiting = Some((stop, name.into_owned()));
                }
                return Ok(());
            }
            written => written?,
        }
        if matches!(kind, Kind::Absolute | Kind::Table) {
            let own = symbol
                .value
                .wrapping_add(entry.addend.filter(|_| kind == Kind::Absolute).unwrap_or(0));
            self.points(entry.slot, if defined { Target::Own(own) } else { Target::Foreign });
        }
        Ok(())
    }
}
