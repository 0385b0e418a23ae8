//! ELF: the data to which `PT_DYNAMIC` leads: libraries, symbols, symbol versions. Section headers
//! are never read.

use std::cell::Cell;

use object::elf::{self, GnuHashHeader};
use object::endian::{Endianness, U16, U32};
use object::read::elf::{Dyn, FileHeader, Sym};

use super::super::image::Library;
use super::super::memory::Memory;
use super::super::names::text;
use super::super::symbols::Symbols;
use super::facts::VersionNeed;
use super::relocations::{self, Tables};
use crate::files::{Limits, Source};
use crate::hash::HashMap;

/// The data to which `PT_DYNAMIC` leads.
#[derive(Default)]
pub(super) struct Dynamic {
    pub libraries: Vec<Library>,
    pub filters: Vec<String>,
    pub has_library_names: bool,
    pub misnamed_in_hash: bool,
    pub soname: Option<String>,
    pub rpath: Option<String>,
    pub runpath: Option<String>,
    pub flags: u64,
    pub flags_1: u64,
    pub symbols: Symbols,
    pub version_needs: Vec<VersionNeed>,
    pub version_names: HashMap<u16, String>,
    pub version_definitions: Vec<String>,
    pub relocations: Tables,
    /// Address and size of every table that the loader reads.
    pub tables: Vec<(u64, u64)>,
    pub unread: Vec<&'static str>,
}

/// The maximum number of entries in a dynamic section.
const MOST_ENTRIES: u64 = 1 << 16;

/// The entries of a dynamic section, up to `DT_NULL`.
pub(super) struct Entries {
    values: HashMap<i64, u64>,
    /// Offsets of the `DT_NEEDED` names, in order.
    pub needed: Vec<u64>,
    /// Those of them that come from `DT_FILTER`.
    filters: Vec<u64>,
}

impl Entries {
    /// Reads the section at an address, as it is in memory; `None` if it can't be read. Loaders
    /// read up to `DT_NULL`, whatever size `PT_DYNAMIC` has.
    pub fn read<Elf: FileHeader<Endian = Endianness>>(
        source: &Source,
        memory: &Memory,
        endian: Endianness,
        address: u64,
    ) -> Option<Entries> {
        let mut entries =
            Entries { values: HashMap::default(), needed: Vec::new(), filters: Vec::new() };
        for index in 0..MOST_ENTRIES {
            let at = address.checked_add(index.checked_mul(size_of::<Elf::Dyn>() as u64)?)?;
            let entry = structure::<Elf::Dyn>(source, memory, at)?;
            match entry.tag(endian) {
                elf::DT_NULL => return Some(entries),
                // A library that is filtered must exist too.
                tag @ (elf::DT_NEEDED | elf::DT_FILTER)
                    if entries.needed.len() < Limits::LIBRARIES =>
                {
                    entries.needed.push(entry.val(endian));
                    if tag == elf::DT_FILTER {
                        entries.filters.push(entry.val(endian));
                    }
                }
                // If a tag is repeated, the last entry is used (elf_get_dynamic_info).
                tag => drop(entries.values.insert(tag.0, entry.val(endian))),
            }
        }
        None
    }

    /// The value of a tag.
    pub fn value(&self, tag: elf::DynamicTag) -> Option<u64> {
        self.values.get(&tag.0).copied()
    }
}

/// Reads the data to which the dynamic section at an address leads.
pub(super) fn read<Elf: FileHeader<Endian = Endianness>>(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    machine: u16,
    address: u64,
) -> Dynamic {
    let mut dynamic = Dynamic::default();
    let Some(entries) = Entries::read::<Elf>(source, memory, endian, address) else {
        dynamic.unread.push("dynamic section");
        return dynamic;
    };
    let value = |tag| entries.value(tag);

    dynamic.flags = value(elf::DT_FLAGS).unwrap_or(0);
    dynamic.flags_1 = value(elf::DT_FLAGS_1).unwrap_or(0);
    if value(elf::DT_BIND_NOW).is_some() {
        dynamic.flags |= elf::DF_BIND_NOW.0;
    }
    dynamic.relocations = relocations::tables(machine, &value);
    dynamic.tables.extend(dynamic.relocations.ranges());

    let strings_at = value(elf::DT_STRTAB);
    let strings_size = value(elf::DT_STRSZ).unwrap_or(0);
    let Some(Ok(strings)) = strings_at.map(|at| memory.bytes(source, at, strings_size)) else {
        dynamic.unread.push("dynamic string table");
        dynamic.has_library_names = entries.needed.is_empty();
        dynamic.tables.extend(strings_at.map(|at| (at, strings_size)));
        return dynamic;
    };
    // Loaders don't check the table's size.
    let outside = Cell::new(false);
    let string = |offset: u64| {
        let tail = usize::try_from(offset)
            .ok()
            .and_then(|offset| strings.get(offset..))
            .unwrap_or_default();
        let name = tail.get(..tail.len().min(Limits::NAME)).unwrap_or_default();
        outside.set(outside.get() || !name.contains(&0));
        text(name)
    };
    dynamic.libraries = entries
        .needed
        .iter()
        .map(|offset| Library { name: string(*offset), delayed: false, weak: false })
        .collect();
    dynamic.filters = entries.filters.iter().map(|offset| string(*offset)).collect();
    dynamic.rpath = value(elf::DT_RPATH).map(string);
    dynamic.runpath = value(elf::DT_RUNPATH).map(string);
    dynamic.has_library_names = !outside.replace(false);
    dynamic.soname = value(elf::DT_SONAME).map(string);
    // Loaders follow the links between the entries and ignore the counts (`DT_VERNEEDNUM`,
    // `vn_cnt`).
    if let Some(at) = value(elf::DT_VERNEED) {
        (dynamic.version_needs, dynamic.version_names) =
            version_needs(source, memory, endian, at, &string);
    }
    if let Some(at) = value(elf::DT_VERDEF) {
        dynamic.version_definitions = version_definitions(source, memory, endian, at, &string);
    }
    if outside.get() || !dynamic.has_library_names {
        dynamic.unread.push("dynamic string table");
        dynamic.version_needs.clear();
    }
    let symbols_at = value(elf::DT_SYMTAB).unwrap_or(0);
    let count = symbol_count(source, memory, endian, &value)
        // Without a hash table, or with an empty one, the imports still exist: linkers put the
        // string table directly after the symbols.
        .or_else(|| Some(strings_at?.checked_sub(symbols_at)? / size_of::<Elf::Sym>() as u64))
        .unwrap_or(0);
    let table_size = count.saturating_mul(size_of::<Elf::Sym>() as u64);
    dynamic.relocations.symbols_size = table_size;
    dynamic.tables.push((symbols_at, table_size));
    dynamic.tables.extend(strings_at.map(|at| (at, strings_size)));
    match memory.bytes(source, symbols_at, table_size) {
        // Both tables begin with a null entry. If they don't, the contents of the file have moved.
        Ok(table)
            if table.iter().take(size_of::<Elf::Sym>()).any(|&byte| byte != 0)
                || strings.first() != Some(&0) =>
        {
            dynamic.unread.push("dynamic symbol table");
        }
        Ok(table) => {
            let length = table.len() / size_of::<Elf::Sym>();
            let (table, _) =
                object::pod::slice_from_bytes::<Elf::Sym>(&table, length).unwrap_or((&[], &[]));
            let versions = value(elf::DT_VERSYM)
                .and_then(|at| memory.bytes(source, at, count.saturating_mul(2)).ok());
            if table.iter().any(|symbol| symbol.st_name(endian) as usize >= strings.len()) {
                dynamic.unread.push("dynamic string table");
            }
            // Loaders use such a symbol as a definition for data, but not for calls; only
            // executables have them.
            if table
                .iter()
                .any(|symbol| symbol.is_undefined(endian) && symbol.st_value(endian).into() != 0)
            {
                dynamic.unread.push("dynamic symbol table");
            }
            if let Some(at) = value(elf::DT_GNU_HASH) {
                dynamic.misnamed_in_hash =
                    misnamed(source, memory, endian, at, table, &strings).unwrap_or(false);
            }
            dynamic.symbols = collect(table, endian, strings, &versions.unwrap_or_default());
            if dynamic.symbols.is_cut() {
                dynamic.unread.push("dynamic symbol table (too many symbols)");
            }
        }
        Err(_) => dynamic.unread.push("dynamic symbol table"),
    }
    dynamic
}

fn collect<S: Sym<Endian = Endianness>>(
    table: &[S],
    endian: Endianness,
    strings: Vec<u8>,
    versions: &[u8],
) -> Symbols {
    let (versions, _) =
        object::pod::slice_from_bytes::<U16<Endianness>>(versions, versions.len() / 2)
            .unwrap_or((&[], &[]));
    let mut symbols = Symbols::in_table(strings);
    let indexes = 0u32..;
    for (index, symbol) in
        indexes.zip(table).filter(|(_, symbol)| symbol.st_bind() != elf::STB_LOCAL)
    {
        let name = symbol.st_name(endian) as usize;
        if symbol.is_undefined(endian) {
            // 0 and 1 mean no version.
            let version = versions
                .get(index as usize)
                .map(|version| version.get(endian) & elf::VERSYM_VERSION)
                .filter(|version| *version > 1);
            symbols.import_at(name, version, symbol.st_bind() == elf::STB_WEAK, index);
        } else if can_be_found(symbol, endian) {
            symbols.export_at(name, symbol.st_value(endian).into());
        }
    }
    symbols
}

/// True if the value of `DT_GNU_HASH` for a symbol isn't the hash of its name, so that a look-up
/// doesn't find it. `None` if the table can't be read.
fn misnamed<S: Sym<Endian = Endianness>>(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    at: u64,
    symbols: &[S],
    strings: &[u8],
) -> Option<bool> {
    let header = structure::<GnuHashHeader<Endianness>>(source, memory, at)?;
    let filter =
        u64::from(header.bloom_count.get(endian)).checked_mul(memory.pointer_size.into())?;
    let chains = u64::from(header.bucket_count.get(endian))
        .checked_mul(4)?
        .checked_add(filter)?
        .checked_add(at)?
        .checked_add(16)?;
    let base = usize::try_from(header.symbol_base.get(endian)).ok()?;
    let listed = symbols.get(base..)?;
    let values =
        memory.bytes(source, chains, u64::try_from(listed.len()).ok()?.checked_mul(4)?).ok()?;
    let (values, _) =
        object::pod::slice_from_bytes::<U32<Endianness>>(&values, listed.len()).ok()?;
    // Names may share bytes. The limit is the same as for all names together.
    let mut left = Limits::NAMES;
    for (symbol, value) in listed.iter().zip(values) {
        let name = usize::try_from(symbol.st_name(endian))
            .ok()
            .and_then(|at| strings.get(at..))
            .unwrap_or_default();
        let (mut hash, mut length) = (5381u32, 0);
        for &byte in name.iter().take(Limits::NAME).take_while(|byte| **byte != 0) {
            hash = hash.wrapping_mul(33).wrapping_add(byte.into());
            length += 1;
        }
        if (hash ^ value.get(endian)) >> 1 != 0 {
            return Some(true);
        }
        left = left.checked_sub(length)?;
    }
    Some(false)
}

/// True for a definition that loaders can find by its name (glibc's elf/dl-lookup.c `check_match`,
/// musl's `find_sym2`).
pub(super) fn can_be_found<S: Sym<Endian = Endianness>>(symbol: &S, endian: Endianness) -> bool {
    let kind = symbol.st_type();
    let is_of_kind = matches!(
        kind,
        elf::STT_NOTYPE
            | elf::STT_OBJECT
            | elf::STT_FUNC
            | elf::STT_COMMON
            | elf::STT_TLS
            | elf::STT_GNU_IFUNC
    );
    let has_address = symbol.st_value(endian).into() != 0
        || kind == elf::STT_TLS
        || symbol.st_shndx(endian) == elf::SHN_ABS;
    is_of_kind
        && has_address
        && matches!(symbol.st_bind(), elf::STB_GLOBAL | elf::STB_WEAK | elf::STB_GNU_UNIQUE)
        && !symbol.is_undefined(endian)
        && !matches!(symbol.st_visibility(), elf::STV_HIDDEN | elf::STV_INTERNAL)
}

/// The number of dynamic symbols, from the hash tables that the loader uses: `DT_HASH` contains it;
/// for `DT_GNU_HASH` it follows from the end of the last chain.
fn symbol_count(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    value: &impl Fn(elf::DynamicTag) -> Option<u64>,
) -> Option<u64> {
    // Loaders use DT_GNU_HASH if both exist.
    listed_symbols(source, memory, endian, value).or_else(|| {
        let hash = value(elf::DT_HASH)?;
        // The second word is nchain. s390x and Alpha have 64-bit words here.
        let wide =
            memory.pointer_size == 8 && memory.big_endian && memory.u32(source, hash) == Some(0);
        memory.u32(source, hash.checked_add(if wide { 12 } else { 4 })?).map(u64::from)
    })
}

/// The number of symbols by `DT_GNU_HASH`; `None` if it lists none.
fn listed_symbols(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    value: &impl Fn(elf::DynamicTag) -> Option<u64>,
) -> Option<u64> {
    let table = value(elf::DT_GNU_HASH)?;
    let bytes = memory.bytes(source, table, size_of::<GnuHashHeader<Endianness>>() as u64).ok()?;
    let (header, _) = object::pod::from_bytes::<GnuHashHeader<Endianness>>(&bytes).ok()?;
    let base = header.symbol_base.get(endian);
    let bucket_count = u64::from(header.bucket_count.get(endian));
    let bloom_size =
        u64::from(header.bloom_count.get(endian)).checked_mul(memory.pointer_size.into())?;
    let buckets_at = table.checked_add(16)?.checked_add(bloom_size)?;
    let buckets = memory.bytes(source, buckets_at, bucket_count.checked_mul(4)?).ok()?;
    let (buckets, _) =
        object::pod::slice_from_bytes::<U32<Endianness>>(&buckets, buckets.len() / 4).ok()?;
    let last = buckets.iter().map(|bucket| bucket.get(endian)).max().unwrap_or(0);
    // Without exports the table shows nothing about the imports, which precede the symbols that it
    // lists. In this case GNU ld writes 1 as their number.
    if last < base {
        return None;
    }
    let chains_at = buckets_at.checked_add(bucket_count.checked_mul(4)?)?;
    for index in u64::from(last)..u64::from(last).saturating_add(Limits::SYMBOLS as u64) {
        // The lowest bit of a hash value ends its chain.
        let within = index.checked_sub(base.into())?.checked_mul(4)?;
        if memory.u32(source, chains_at.checked_add(within)?)? & 1 == 1 {
            return index.checked_add(1);
        }
    }
    None
}

fn version_needs(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    string: &impl Fn(u64) -> String,
) -> (Vec<VersionNeed>, HashMap<u16, String>) {
    let (mut needs, mut names) = (Vec::new(), HashMap::default());
    let mut left = Limits::LIBRARIES;
    for (at, need) in
        linked(source, memory, table, |need: &elf::Verneed<Endianness>| need.vn_next.get(endian))
    {
        let mut versions = Vec::new();
        let aux_at = at.saturating_add(need.vn_aux.get(endian).into());
        for (_, aux) in linked(source, memory, aux_at, |aux: &elf::Vernaux<Endianness>| {
            aux.vna_next.get(endian)
        })
        .take(left)
        {
            left = left.saturating_sub(1);
            names.insert(
                aux.vna_other.get(endian).0 & elf::VERSYM_VERSION,
                string(aux.vna_name.get(endian).into()),
            );
            // The loader only warns about a missing weak version.
            if aux.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 == 0 {
                versions.push(string(aux.vna_name.get(endian).into()));
            }
        }
        needs.push(VersionNeed { library: string(need.vn_file.get(endian).into()), versions });
    }
    (needs, names)
}

/// `.gnu.version_d`: the versions that a library defines.
fn version_definitions(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    string: &impl Fn(u64) -> String,
) -> Vec<String> {
    linked(source, memory, table, |definition: &elf::Verdef<Endianness>| {
        definition.vd_next.get(endian)
    })
    .filter_map(|(at, definition)| {
        let aux_at = at.saturating_add(definition.vd_aux.get(endian).into());
        structure::<elf::Verdaux<Endianness>>(source, memory, aux_at)
    })
    .map(|aux| string(aux.vda_name.get(endian).into()))
    .collect()
}

/// The structures from `start` on, up to the maximum in [`Limits`], each with its address; `next`
/// returns the distance to the next one, 0 at the end.
pub(super) fn linked<T: object::pod::Pod>(
    source: &Source,
    memory: &Memory,
    start: u64,
    next: impl Fn(&T) -> u32,
) -> impl Iterator<Item = (u64, T)> {
    let mut at = Some(start);
    (0..Limits::LIBRARIES).map_while(move |_| {
        let here = at?;
        let value = structure::<T>(source, memory, here)?;
        at = match next(&value) {
            0 => None,
            distance => Some(here.saturating_add(distance.into())),
        };
        Some((here, value))
    })
}

pub(super) fn structure<T: object::pod::Pod>(
    source: &Source,
    memory: &Memory,
    address: u64,
) -> Option<T> {
    let mut bytes = vec![0; size_of::<T>()];
    memory.read(source, address, &mut bytes).ok()?;
    object::pod::from_bytes::<T>(&bytes).ok().map(|(value, _)| *value)
}
