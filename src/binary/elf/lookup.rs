//! ELF: looks a symbol up in one object through its hash table, as `ld.so` does, without listing
//! its other symbols. In an executable with 46,000 exports a look-up reads some fifty bytes.

use std::path::Path;

use object::elf::{self, FileHeader32, FileHeader64};
use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader, Sym};

use super::super::memory::{Memory, Segment};
use super::Headers;
use super::dynamic::{Entries, can_be_found, linked, structure};
use super::system;
use crate::files::{Limits, Source};
use crate::hash::HashMap;
use crate::model::Arch;

/// An ELF file in which symbols can be looked up.
pub struct SymbolLookup {
    /// `e_ident`, complete.
    pub ident: [u8; 16],
    /// `e_machine`.
    pub machine: u16,
    /// `DT_FLAGS_1`.
    pub flags_1: u64,
    source: Source,
    memory: Memory,
    endian: Endianness,
    gnu_hash: Option<GnuHash>,
    /// `DT_HASH`: address, bucket count.
    sysv_hash: Option<(u64, u32)>,
    symbols_at: u64,
    strings_at: u64,
    /// `DT_VERSYM`
    versions_at: Option<u64>,
    /// The versions that it defines, and those that it requires (a copied variable has one of
    /// these), by their index.
    versions: HashMap<u16, Vec<u8>>,
    /// Offsets of the `DT_NEEDED` names.
    needed: Vec<u64>,
    /// Offsets of `DT_RPATH` and `DT_RUNPATH`.
    search: [Option<u64>; 2],
    /// Offset of `DT_SONAME`.
    soname: Option<u64>,
}

struct GnuHash {
    bucket_count: u32,
    symbol_base: u32,
    bloom_count: u32,
    bloom_shift: u32,
    bloom_at: u64,
}

impl SymbolLookup {
    /// Opens the object at `path`; `None` if it can't be read, isn't an ELF file, or has no hash
    /// table.
    #[must_use]
    pub fn open(path: &Path) -> Option<SymbolLookup> {
        let source = Source::open(path).ok()?.for_look_ups();
        let mut ident = [0; 16];
        source.read(0, &mut ident);
        match (ident.starts_with(&elf::ELFMAG), ident[4]) {
            (true, 1) => Self::read::<FileHeader32<Endianness>>(source, ident),
            (true, 2) => Self::read::<FileHeader64<Endianness>>(source, ident),
            _ => None,
        }
    }

    fn read<Elf: FileHeader<Endian = Endianness>>(
        source: Source,
        ident: [u8; 16],
    ) -> Option<SymbolLookup> {
        let headers = Headers::<Elf>::read(&source, ident)?;
        let mut memory = headers.memory(&source);
        let endian = headers.endian;
        let mut dynamic = None;
        for program in &headers.programs {
            match program.p_type(endian) {
                elf::PT_LOAD if memory.segments.len() < Limits::SEGMENTS => {
                    memory.segments.push(Segment::of(program, endian));
                }
                elf::PT_DYNAMIC => dynamic = Some(program.p_vaddr(endian).into()),
                _ => {}
            }
        }
        let entries = Entries::read::<Elf>(&source, &memory, endian, dynamic?)?;
        let value = |tag| entries.value(tag);
        let word = |address: u64| memory.u32(&source, address);
        let gnu_hash = value(elf::DT_GNU_HASH).and_then(|at| {
            Some(GnuHash {
                bucket_count: word(at)?,
                symbol_base: word(at.checked_add(4)?)?,
                bloom_count: word(at.checked_add(8)?)?,
                bloom_shift: word(at.checked_add(12)?)?,
                bloom_at: at.checked_add(16)?,
            })
        });
        let sysv_hash = value(elf::DT_HASH).and_then(|at| Some((at, word(at)?)));
        let search = [value(elf::DT_RPATH), value(elf::DT_RUNPATH)];
        let (symbols_at, strings_at) = (value(elf::DT_SYMTAB)?, value(elf::DT_STRTAB)?);
        let mut versions = match value(elf::DT_VERDEF) {
            Some(table) => defined_versions(&source, &memory, endian, table, strings_at),
            None => HashMap::default(),
        };
        if let Some(table) = value(elf::DT_VERNEED) {
            versions.extend(needed_versions(&source, &memory, endian, table, strings_at));
        }
        let versions_at = value(elf::DT_VERSYM);
        (gnu_hash.is_some() || sysv_hash.is_some()).then_some(SymbolLookup {
            ident,
            machine: headers.header.e_machine(endian).0,
            flags_1: value(elf::DT_FLAGS_1).unwrap_or(0),
            soname: value(elf::DT_SONAME),
            versions_at,
            versions,
            source,
            memory,
            endian,
            gnu_hash,
            sysv_hash,
            symbols_at,
            strings_at,
            needed: entries.needed,
            search,
        })
    }

    /// `DT_RPATH` and `DT_RUNPATH`, as written.
    #[must_use]
    pub fn search_paths(&self) -> [Option<String>; 2] {
        self.search.map(|offset| self.string(offset?))
    }

    /// `DT_SONAME`.
    #[must_use]
    pub fn soname(&self) -> Option<String> {
        self.string(self.soname?)
    }

    /// The name in `process.arch`.
    #[must_use]
    pub fn arch(&self) -> Option<Arch> {
        system::arch(self.machine, self.memory.pointer_size == 8, self.memory.big_endian)
    }

    fn string(&self, offset: u64) -> Option<String> {
        let text = self.memory.c_string(
            &self.source,
            self.strings_at.checked_add(offset)?,
            Limits::NAME,
        )?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    /// The names of the libraries it needs.
    #[must_use]
    pub fn libraries(&self) -> Vec<String> {
        self.needed.iter().filter_map(|offset| self.string(*offset)).collect()
    }

    /// True if the object exports `name`, in `version` if one is required; `None` if its tables
    /// contradict each other.
    #[must_use]
    pub fn defines(&self, name: &[u8], version: Option<&[u8]>) -> Option<bool> {
        self.source.refill();
        match (&self.gnu_hash, self.sysv_hash) {
            (Some(table), _) => self.by_gnu_hash(table, name, version),
            (None, Some((at, buckets))) => self.by_sysv_hash(at, buckets, name, version),
            (None, None) => None,
        }
    }

    fn by_gnu_hash(&self, table: &GnuHash, name: &[u8], version: Option<&[u8]>) -> Option<bool> {
        if table.bucket_count == 0 || table.bloom_count == 0 {
            return Some(false);
        }
        let hash = name
            .iter()
            .fold(5381u32, |hash, &byte| hash.wrapping_mul(33).wrapping_add(byte.into()));
        let pointer = u64::from(self.memory.pointer_size);
        let bits = u32::from(self.memory.pointer_size).saturating_mul(8);
        let bloom = element(table.bloom_at, ((hash / bits) % table.bloom_count).into(), pointer)?;
        let bloom = self.memory.pointer(&self.source, bloom)?;
        let second = hash.checked_shr(table.bloom_shift).unwrap_or(0);
        if bloom >> (hash % bits) & bloom >> (second % bits) & 1 == 0 {
            return Some(false);
        }
        let buckets_at = element(table.bloom_at, table.bloom_count.into(), pointer)?;
        let mut index = self.word(element(buckets_at, (hash % table.bucket_count).into(), 4)?)?;
        if index < table.symbol_base {
            return Some(false);
        }
        let chains_at = element(buckets_at, table.bucket_count.into(), 4)?;
        for _ in 0..Limits::SYMBOLS {
            let entry =
                self.word(element(chains_at, index.checked_sub(table.symbol_base)?.into(), 4)?)?;
            if (entry ^ hash) >> 1 == 0 && self.is(index, name)? && self.fits(index, version) {
                return Some(true);
            }
            if entry & 1 == 1 {
                return Some(false);
            }
            index = index.checked_add(1)?;
        }
        None
    }

    fn by_sysv_hash(
        &self,
        at: u64,
        buckets: u32,
        name: &[u8],
        version: Option<&[u8]>,
    ) -> Option<bool> {
        if buckets == 0 {
            return Some(false);
        }
        let mut hash = 0u32;
        for &byte in name {
            hash = (hash << 4).wrapping_add(byte.into());
            let high = hash & 0xf000_0000;
            hash = (hash ^ (high >> 24)) & !high;
        }
        let buckets_at = at.checked_add(8)?;
        let chains_at = element(buckets_at, buckets.into(), 4)?;
        let mut index = self.word(element(buckets_at, (hash % buckets).into(), 4)?)?;
        for _ in 0..Limits::SYMBOLS {
            if index == 0 {
                return Some(false);
            }
            if self.is(index, name)? && self.fits(index, version) {
                return Some(true);
            }
            index = self.word(element(chains_at, index.into(), 4)?)?;
        }
        None
    }

    /// True if symbol `index` has the required version (elf/dl-lookup.c `check_match`).
    fn fits(&self, index: u32, version: Option<&[u8]>) -> bool {
        let (Some(at), Some(version)) = (self.versions_at, version) else { return true };
        let mut bytes = [0; 2];
        let place = element(at, index.into(), 2);
        if place.is_none_or(|place| self.memory.read(&self.source, place, &mut bytes).is_err()) {
            return true;
        }
        let number = if self.memory.big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        };
        match self.versions.get(&(number & elf::VERSYM_VERSION)) {
            Some(name) => name == version,
            // If no version is required, a symbol that isn't hidden matches.
            None => number & elf::VERSYM_HIDDEN.0 == 0,
        }
    }

    /// True if symbol `index` is a definition called `name`.
    fn is(&self, index: u32, name: &[u8]) -> Option<bool> {
        match self.memory.pointer_size {
            4 => self.is_symbol::<elf::Sym32<Endianness>>(index, name),
            _ => self.is_symbol::<elf::Sym64<Endianness>>(index, name),
        }
    }

    fn is_symbol<S: Sym<Endian = Endianness>>(&self, index: u32, name: &[u8]) -> Option<bool> {
        let mut bytes = vec![0; size_of::<S>()];
        self.memory
            .read(
                &self.source,
                element(self.symbols_at, index.into(), size_of::<S>() as u64)?,
                &mut bytes,
            )
            .ok()?;
        let (symbol, _) = object::pod::from_bytes::<S>(&bytes).ok()?;
        if !can_be_found(symbol, self.endian) {
            return Some(false);
        }
        let mut text = vec![0; name.len() + 1];
        let at = self.strings_at.checked_add(symbol.st_name(self.endian).into())?;
        // A name that would end past the table doesn't match.
        let readable = self.memory.read(&self.source, at, &mut text).is_ok();
        Some(readable && text.ends_with(&[0]) && text.starts_with(name))
    }

    fn word(&self, address: u64) -> Option<u32> {
        self.memory.u32(&self.source, address)
    }
}

/// The address of a table's element; `None` past the end of memory.
fn element(table: u64, index: u64, size: u64) -> Option<u64> {
    table.checked_add(index.checked_mul(size)?)
}

/// The versions that an object defines, by their index, without the base version of the object
/// itself.
fn defined_versions(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    strings_at: u64,
) -> HashMap<u16, Vec<u8>> {
    let definitions = linked(source, memory, table, |definition: &elf::Verdef<Endianness>| {
        definition.vd_next.get(endian)
    });
    let named = definitions.filter_map(|(at, definition)| {
        if definition.vd_flags.get(endian).0 & elf::VER_FLG_BASE.0 != 0 {
            return None;
        }
        let aux_at = at.saturating_add(definition.vd_aux.get(endian).into());
        let aux = structure::<elf::Verdaux<Endianness>>(source, memory, aux_at)?;
        let name = memory.c_string(
            source,
            strings_at.checked_add(aux.vda_name.get(endian).into())?,
            Limits::NAME,
        )?;
        Some((definition.vd_ndx.get(endian).0 & elf::VERSYM_VERSION, name))
    });
    named.collect()
}

/// The versions that an object requires of others, by their index.
fn needed_versions(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    strings_at: u64,
) -> HashMap<u16, Vec<u8>> {
    let mut versions = HashMap::default();
    for (at, need) in
        linked(source, memory, table, |need: &elf::Verneed<Endianness>| need.vn_next.get(endian))
    {
        let aux_at = at.saturating_add(need.vn_aux.get(endian).into());
        for (_, aux) in linked(source, memory, aux_at, |aux: &elf::Vernaux<Endianness>| {
            aux.vna_next.get(endian)
        }) {
            let name = strings_at.checked_add(aux.vna_name.get(endian).into());
            if let Some(name) = name.and_then(|at| memory.c_string(source, at, Limits::NAME))
                && versions.len() < Limits::LIBRARIES
            {
                versions.insert(aux.vna_other.get(endian).0 & elf::VERSYM_VERSION, name);
            }
        }
    }
    versions
}
