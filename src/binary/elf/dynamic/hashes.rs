//! The hash tables of the dynamic symbols, `DT_GNU_HASH` and `DT_HASH`.

use object::elf::{self, GnuHashHeader};
use object::endian::{Endianness, U32};
use object::read::elf::Sym;

use super::structures::structure;
use crate::binary::memory::Memory;
use crate::files::{Limits, Source};

/// True if the value of `DT_GNU_HASH` for a symbol isn't the hash of its name, so a look-up doesn't
/// find it. `None` if the table can't be read.
pub(super) fn misnamed<S: Sym<Endian = Endianness>>(
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
    let buckets = filter.checked_add(at)?.checked_add(16)?;
    let buckets_size = u64::from(header.bucket_count.get(endian)).checked_mul(4)?;
    let chains = buckets.checked_add(buckets_size)?;
    let base = usize::try_from(header.symbol_base.get(endian)).ok()?;
    let listed = symbols.get(base..)?;
    // Without exports GNU ld writes an empty table, and the number of symbols isn't in it.
    let exports_nothing = listed.iter().all(|symbol| symbol.is_undefined(endian));
    if exports_nothing && memory.bytes(source, buckets, buckets_size).ok()?.iter().all(|&b| b == 0)
    {
        return Some(false);
    }
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

/// The number of dynamic symbols, from the hash tables that the loader uses: `DT_HASH` contains it;
/// for `DT_GNU_HASH` it follows from the end of the last chain.
pub(super) fn symbol_count(
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
