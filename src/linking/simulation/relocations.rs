//! The effect of an image's relocations on its memory, in the order of glibc (elf/do-rel.h,
//! elf/dynamic-link.h, sysdeps/x86_64/dl-machine.h; read in 2.36, compared with 2.41) or musl.

use object::elf;

use super::course::Stop;
use super::dynamic::Dynamic;
use super::kinds::{Kind, MUSL_UNKNOWN, digits, kind};
use super::lookup::Hash;
use super::space::{EXECUTE, Space, WRITE};
use super::table::Symbols;
use crate::binary::PAGE;
use crate::hash::HashSet;

const NO_SYMBOL: &str = "a relocation is against a symbol that doesn't exist";
const NOT_LISTED: &str = "its hash table doesn't list a symbol that it defines";
/// Weak symbols that no process defines, so that the loader looks them up in the image itself.
/// Compilers add them to every library.
const NOWHERE: [&[u8]; 3] =
    [b"_ITM_deregisterTMCloneTable", b"_ITM_registerTMCloneTable", b"__gmon_start__"];
const SLOT: &str = "a relocation writes to memory that isn't writable";
const TABLE: &str = "its relocations are outside of its memory";

/// The largest offset of a pointer into another library's data: that of functions in a virtual
/// table.
const MOST_INTO_FOREIGN: u64 = 1 << 10;

/// One relocation, as it is in the file.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub slot: u64,
    pub kind: u32,
    pub symbol: u32,
    /// `None`: the addend is in the slot.
    pub addend: Option<u64>,
}

/// The target of a pointer that a relocation writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// An address in the image.
    Own(u64),
    /// An address in another image.
    Foreign,
}

/// The image while it is relocated.
pub(super) struct Relocator<'r, 's> {
    pub space: &'r Space<'s>,
    pub dynamic: &'r Dynamic,
    pub symbols: Symbols,
    pub hash: Hash,
    pub machine: u16,
    /// glibc: the highest index of a symbol version. musl has no such table.
    pub highest_version: Option<u16>,
    /// musl: true if relocations against missing symbols are deferred, without a write.
    pub may_wait: bool,
    /// The fault that the first deferred relocation causes if its symbol is defined, and the
    /// symbol's name.
    pub waiting: Option<(Stop, Vec<u8>)>,
    pub has_thread_local: bool,
    /// The ranges of the constructor and destructor arrays, to record the pointers that are written
    /// there.
    pub lists: Vec<(u64, u64)>,
    pub written: Vec<(u64, Target)>,
    pub doubt: Option<&'static str>,
    pub slots: Vec<u64>,
    /// Symbols that were bound by a PLT relocation, and by a GOT relocation. Linkers write one
    /// relocation of each type per symbol.
    pub bound: [HashSet<u32>; 2],
    pub budget: usize,
}

impl Relocator<'_, '_> {
    pub fn doubt(&mut self, doubt: &'static str) {
        self.doubt.get_or_insert(doubt);
    }

    /// Size of an entry in bytes.
    pub fn size(&self, has_addends: bool) -> u64 {
        u64::from(self.space.pointer_size) * if has_addends { 3 } else { 2 }
    }

    /// Passes every entry that begins before `end` to `take`. Like the loader, it reads without
    /// further checks.
    pub fn each(
        &mut self,
        start: u64,
        has_addends: bool,
        end: impl Fn(u64) -> bool,
        take: &mut dyn FnMut(&mut Self, Entry) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        const AT_ONCE: u64 = 256;
        let size = self.size(has_addends);
        let mut at = start;
        let mut buffer = vec![0; usize::try_from(AT_ONCE * size).unwrap_or(0)];
        let step = usize::try_from(size).unwrap_or(1);
        while !end(at) {
            // If a block can't be read completely, the entries are read one by one.
            let mut length = buffer.len();
            if self.space.read(at, &mut buffer, TABLE).is_err() {
                length = step;
                self.space.read(at, &mut buffer[..step], TABLE)?;
            }
            for piece in buffer[..length].chunks_exact(step) {
                if end(at) {
                    return Ok(());
                }
                self.budget = self
                    .budget
                    .checked_sub(1)
                    .ok_or(Stop::Unsure("it has more relocations than abi-guard examines"))?;
                let entry = entry(piece, has_addends);
                take(self, entry)?;
                at = at.wrapping_add(size);
            }
        }
        Ok(())
    }

    /// Records a write of `length` bytes.
    pub fn write(&mut self, slot: u64, length: u64) -> Result<(), Stop> {
        self.space.check(slot, length, WRITE, SLOT)?;
        self.slots.push(slot);
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

    pub fn points(&mut self, slot: u64, target: Target) {
        if self.lists.iter().any(|(start, size)| slot.wrapping_sub(*start) < *size) {
            self.written.push((slot, target));
        }
    }

    /// `R_*_RELATIVE`
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

    /// `DT_RELR`
    pub fn packed(&mut self) -> Result<(), Stop> {
        let Some(start) = self.dynamic.value(elf::DT_RELR) else { return Ok(()) };
        let size = u64::from(self.space.pointer_size);
        let length = self
            .dynamic
            .value(elf::DT_RELRSZ)
            .ok_or(Stop::Dies("its packed relocations have no size"))?;
        let bits = size * 8 - 1;
        let (mut at, mut next) = (0, 0u64);
        while at < length {
            let mut entry = self.space.pointer(start.wrapping_add(at), TABLE)?;
            if entry & 1 == 0 {
                self.relative(Entry { slot: entry, kind: 0, symbol: 0, addend: None })?;
                next = entry.wrapping_add(size);
            } else {
                entry >>= 1;
                for index in 0..bits {
                    if entry >> index & 1 == 1 {
                        let slot = next.wrapping_add(index * size);
                        self.relative(Entry { slot, kind: 0, symbol: 0, addend: None })?;
                    }
                }
                next = next.wrapping_add(bits * size);
            }
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or(Stop::Unsure("it has more relocations than abi-guard examines"))?;
            at += size;
        }
        Ok(())
    }

    fn is_musl(&self) -> bool {
        self.highest_version.is_none()
    }

    /// The index of a symbol's version; musl doesn't use it.
    fn version(&self, symbol: u32) -> Result<u16, Stop> {
        const WHAT: &str = "its symbol version table is outside of its memory";
        match self.symbols.versions_at {
            Some(at) if !self.is_musl() => {
                Ok(self.space.half(at.wrapping_add(u64::from(symbol) * 2), WHAT)?
                    & elf::VERSYM_VERSION)
            }
            _ => Ok(0),
        }
    }

    /// A relocation without lazy binding.
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

    /// A PLT relocation with lazy binding.
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

    /// Checks that need all relocations.
    pub fn finish(&mut self) {
        self.slots.sort_unstable();
        if self.slots.windows(2).any(|pair| pair[0] == pair[1]) {
            self.doubt("two relocations write to the same address");
        }
    }
}

fn entry(bytes: &[u8], has_addends: bool) -> Entry {
    let word = |at: usize| match bytes.get(at..at + 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    };
    let long = |at: usize| u64::from(word(at)) | u64::from(word(at + 4)) << 32;
    if bytes.len() >= 16 {
        Entry {
            slot: long(0),
            kind: word(8),
            symbol: word(12),
            addend: has_addends.then(|| long(16)),
        }
    } else {
        let addend = has_addends.then(|| u64::from(word(8)));
        Entry { slot: word(0).into(), kind: word(4) & 0xff, symbol: word(4) >> 8, addend }
    }
}
