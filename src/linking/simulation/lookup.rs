//! The look-up of a symbol in the image's own hash table, as both loaders do it (glibc's
//! elf/dl-lookup.c `do_lookup_x`, musl's ldso/dynlink.c `gnu_lookup`, `sysv_lookup`).

use object::elf;

use super::course::Stop;
use super::dynamic::Dynamic;
use super::space::Space;
use super::table::Symbols;

const OUTSIDE: &str = "its hash table points outside of its memory";
/// musl divides by the number of buckets. Division by zero kills the process on x64, but not on
/// arm64.
const NO_BUCKETS: Stop = Stop::Unsure("its hash table has no buckets");
/// A limit that no chain of a real file reaches.
const MOST: u64 = 1 << 16;

pub(super) struct Hash {
    kind: Kind,
    buckets: u32,
    /// Index of the first symbol in the table; `DT_GNU_HASH` only.
    base: u32,
    /// True for musl, which computes indexes in 32 bits.
    pub counts_in_32_bits: bool,
    words: u32,
    shift: u32,
    at: u64,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Gnu,
    SystemV,
    None,
}

impl Hash {
    /// `_dl_setup_hash`
    pub fn read(space: &Space<'_>, dynamic: &Dynamic) -> Result<Hash, Stop> {
        if let Some(at) = dynamic.value(elf::DT_GNU_HASH) {
            let word = |index: u64| space.word(at.wrapping_add(index * 4), OUTSIDE);
            return Ok(Hash {
                kind: Kind::Gnu,
                buckets: word(0)?,
                base: word(1)?,
                counts_in_32_bits: false,
                words: word(2)?,
                shift: word(3)?,
                at: at.wrapping_add(16),
            });
        }
        let none = Hash {
            kind: Kind::None,
            buckets: 0,
            base: 0,
            counts_in_32_bits: false,
            words: 0,
            shift: 0,
            at: 0,
        };
        match dynamic.value(elf::DT_HASH) {
            Some(at) => Ok(Hash {
                kind: Kind::SystemV,
                buckets: space.word(at, OUTSIDE)?,
                at: at.wrapping_add(8),
                ..none
            }),
            None => Ok(none),
        }
    }

    /// True if the number of bloom filter words isn't a power of two; glibc then kills the process.
    pub fn has_odd_filter(&self) -> bool {
        self.kind == Kind::Gnu && self.words & self.words.wrapping_sub(1) != 0
    }

    /// True if there is no hash table.
    pub fn is_missing(&self) -> bool {
        self.kind == Kind::None
    }

    /// True if the look-up finds a definition called `name`. `without_version`: no version is
    /// required, so hidden symbols are skipped.
    pub fn finds(
        &self,
        space: &Space<'_>,
        symbols: &Symbols,
        name: &[u8],
        without_version: bool,
    ) -> Result<bool, Stop> {
        let found = match self.kind {
            _ if self.buckets == 0 && !self.counts_in_32_bits => None,
            Kind::Gnu => self.by_gnu_hash(space, symbols, name)?,
            Kind::SystemV => self.by_system_v_hash(space, symbols, name)?,
            Kind::None => None,
        };
        let Some(index) = found else { return Ok(false) };
        match symbols.versions_at {
            Some(at) if without_version => {
                let version = space.half(at.wrapping_add(u64::from(index) * 2), OUTSIDE)?;
                Ok(version & elf::VERSYM_HIDDEN.0 == 0)
            }
            _ => Ok(true),
        }
    }

    fn by_gnu_hash(
        &self,
        space: &Space<'_>,
        symbols: &Symbols,
        name: &[u8],
    ) -> Result<Option<u32>, Stop> {
        let hash = name
            .iter()
            .fold(5381u32, |hash, &byte| hash.wrapping_mul(33).wrapping_add(byte.into()));
        let size = u64::from(space.pointer_size);
        let bits = u32::from(space.pointer_size) * 8;
        let index = u64::from((hash / bits) & self.words.wrapping_sub(1));
        let filter = space.pointer(self.at.wrapping_add(index * size), OUTSIDE)?;
        // x64 and arm64 shift by the lower bits of the count only.
        let second = hash.wrapping_shr(self.shift);
        if filter >> (hash % bits) & filter >> (second % bits) & 1 == 0 {
            return Ok(None);
        }
        if self.buckets == 0 {
            return Err(NO_BUCKETS);
        }
        let buckets = self.at.wrapping_add(u64::from(self.words) * size);
        let mut index =
            space.word(buckets.wrapping_add(u64::from(hash % self.buckets) * 4), OUTSIDE)?;
        if index == 0 {
            return Ok(None);
        }
        let chains = buckets.wrapping_add(u64::from(self.buckets) * 4);
        // glibc subtracts in pointer width, musl in 32 bits.
        let first = u64::from(index).wrapping_sub(u64::from(self.base));
        let first =
            if self.counts_in_32_bits { u64::from(index.wrapping_sub(self.base)) } else { first };
        for step in 0..MOST {
            let entry = space
                .word(chains.wrapping_add(first.wrapping_add(step).wrapping_mul(4)), OUTSIDE)?;
            if (entry ^ hash) >> 1 == 0 && symbols.is_definition(space, index, name)? {
                return Ok(Some(index));
            }
            if entry & 1 == 1 {
                return Ok(None);
            }
            index = index.wrapping_add(1);
        }
        Err(Stop::Unsure("a chain of its hash table has no end"))
    }

    fn by_system_v_hash(
        &self,
        space: &Space<'_>,
        symbols: &Symbols,
        name: &[u8],
    ) -> Result<Option<u32>, Stop> {
        let mut hash = 0u32;
        for &byte in name {
            hash = (hash << 4).wrapping_add(byte.into());
            let high = hash & 0xf000_0000;
            hash = (hash ^ (high >> 24)) & !high;
        }
        if self.buckets == 0 {
            return Err(NO_BUCKETS);
        }
        let chains = self.at.wrapping_add(u64::from(self.buckets) * 4);
        let mut index =
            space.word(self.at.wrapping_add(u64::from(hash % self.buckets) * 4), OUTSIDE)?;
        for _ in 0..MOST {
            if index == 0 {
                return Ok(None);
            }
            if symbols.is_definition(space, index, name)? {
                return Ok(Some(index));
            }
            index = space.word(chains.wrapping_add(u64::from(index) * 4), OUTSIDE)?;
        }
        Err(Stop::Unsure("a chain of its hash table has no end"))
    }
}
