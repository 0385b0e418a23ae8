//! The packed table of exports: its reader, and the look-up of a name in it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use memchr::{memchr, memchr_iter};
use semver::Version;
use serde::Deserialize;

use super::life::{Life, NONE};
use super::names::Names;
use crate::files::own_json;
use crate::model::{Arch, Platform};

/// Every name with an index divisible by this is stored completely; as in format.mjs.
const BLOCK: usize = 16;
/// Index for a name that was added and removed more than once.
const VARYING: usize = 254;
/// The maximum unpacked size of exports.bin, in bytes. It has 0.9 MB.
const LARGEST: usize = 4 << 20;

/// exports.json: the description of the tables.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Description {
    pub generated_at: String,
    pub lines: Vec<u64>,
    #[serde(flatten)]
    pub names: Names,
    platforms: Vec<Packages>,
}

#[derive(Deserialize)]
struct Packages {
    platform: Platform,
    /// Name of a package → the releases read in it.
    packages: BTreeMap<String, Vec<Version>>,
}

/// All tables: names sorted by their bytes, and a column for each platform.
pub(super) struct Table {
    pub description: Description,
    body: Vec<u8>,
    /// The range in `body` with the lengths that each name shares with the name before it.
    shared: Range<usize>,
    /// The positions in `body` at which the suffix of every [`BLOCK`]-th name begins.
    blocks: Vec<usize>,
    columns: Vec<Column>,
}

pub(super) struct Column {
    /// For each line, the releases that were read, ascending.
    pub releases: Vec<Vec<Version>>,
    /// The range in `body` with the patterns: two bytes for each line (format.mjs).
    patterns: Range<usize>,
    /// The ranges in `body` with the number of each name's pattern: its lower byte, its upper byte.
    low: Range<usize>,
    high: Range<usize>,
}

/// The table that is compiled in.
pub(super) fn table() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    // A unit test checks that there is one.
    TABLE
        .get_or_init(|| {
            Table::read(
                include_str!("../data/exports/exports.json"),
                include_bytes!("../data/exports/exports.bin"),
            )
        })
        .as_ref()
}

impl Table {
    fn read(description: &'static str, packed: &[u8]) -> Option<Table> {
        let description: Description = own_json(description).ok()?;
        // The system provides zeroed memory page by page. A growing buffer would be copied
        // repeatedly.
        let mut body = vec![0; LARGEST];
        let length = miniz_oxide::inflate::decompress_slice_iter_to_slice(
            &mut body,
            std::iter::once(packed),
            false,
            false,
        );
        body.truncate(length.ok()?);
        body.shrink_to_fit();
        let mut at = 0;
        let mut take = |length: usize| {
            let range = at..at + length;
            at = range.end;
            (at <= body.len()).then_some(range)
        };
        let platforms = description.platforms.len();
        let head: Vec<usize> =
            body.get(take(4 * (2 + platforms))?)?.chunks_exact(4).map(number).collect();
        let (&count, &length) = (head.first()?, head.get(1)?);
        let shared = take(count)?;
        let suffixes = take(length)?;
        let mut columns = Vec::with_capacity(platforms);
        for (platform, patterns) in description.platforms.iter().zip(head.get(2..)?) {
            columns.push(Column {
                releases: platform.lines(&description.lines),
                patterns: take(patterns * 2 * description.lines.len())?,
                low: take(count)?,
                high: take(count)?,
            });
        }
        let behind =
            memchr_iter(b'\n', &body[suffixes.clone()]).map(|end| suffixes.start + end + 1);
        let blocks =
            std::iter::once(suffixes.start).chain(behind).take(count).step_by(BLOCK).collect();
        Some(Table { description, body, shared, blocks, columns })
    }

    /// The index of the release line with this major version.
    pub fn line(&self, major: u64) -> Option<usize> {
        self.description.lines.binary_search(&major).ok()
    }

    /// The column for a name on a system, if there is one.
    pub fn column(&self, platform: &Platform, arch: &Arch, name: &[u8]) -> Option<&Column> {
        let is_node_api = name.starts_with(b"napi_") || name.starts_with(b"node_api_");
        let platform = match (platform, arch) {
            _ if is_node_api => &Platform::Linux,
            (Platform::Linux | Platform::Darwin | Platform::Win32, Arch::X64 | Arch::Arm64) => {
                platform
            }
            // Names are mangled in the same way (compared in 20.11.0), but OpenSSL has additional
            // functions for these processors.
            (Platform::Linux, Arch::Ppc64 | Arch::S390x) if name.starts_with(b"_Z") => platform,
            // On 32-bit systems size_t is an unsigned int, so functions with such a parameter have
            // other names.
            _ => return None,
        };
        let index = self.description.platforms.iter().position(|one| one.platform == *platform)?;
        self.columns.get(index).filter(|_| self.description.names.cover(name))
    }

    /// The index of a name, if a release of some platform has it.
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let block =
            self.blocks.partition_point(|&start| self.suffix(start) <= name).checked_sub(1)?;
        let shared = self.body.get(self.shared.clone())?;
        let mut at = *self.blocks.get(block)?;
        let mut current = Vec::new();
        for (index, &length) in shared.iter().enumerate().skip(block * BLOCK).take(BLOCK) {
            let suffix = self.suffix(at);
            current.truncate(usize::from(length));
            current.extend_from_slice(suffix);
            if current == name {
                return Some(index);
            }
            at += suffix.len() + 1;
        }
        None
    }

    fn suffix(&self, start: usize) -> &[u8] {
        let rest = self.body.get(start..).unwrap_or_default();
        &rest[..memchr(b'\n', rest).unwrap_or(rest.len())]
    }

    /// The life of a name in a line; `None` if it isn't known. `index` is the name's index, or
    /// `None` for a covered name that no release has.
    pub fn life(&self, column: &Column, line: usize, index: Option<usize>) -> Option<Life> {
        let Some(index) = index else { return Some(Life { first: NONE, gone: NONE }) };
        let byte = |range: &Range<usize>, at: usize| {
            self.body.get(range.clone())?.get(at).map(|byte| usize::from(*byte))
        };
        let pattern = byte(&column.low, index)? | byte(&column.high, index)? << 8;
        let at = 2 * (pattern * self.description.lines.len() + line);
        let life =
            Life { first: byte(&column.patterns, at)?, gone: byte(&column.patterns, at + 1)? };
        (life.first != VARYING).then_some(life)
    }
}

impl Packages {
    /// The releases of each line, ascending, once each.
    fn lines(&self, lines: &[u64]) -> Vec<Vec<Version>> {
        let mut all: Vec<&Version> = self.packages.values().flatten().collect();
        all.sort_unstable();
        all.dedup();
        let of_line = |line: &u64| {
            all.iter()
                .filter(|version| version.major == *line)
                .map(|version| (*version).clone())
                .collect()
        };
        lines.iter().map(of_line).collect()
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, table};

    #[test]
    fn every_name_is_found_at_its_place_and_covered() {
        let table = table().expect("the tables fit their reader");
        let shared = &table.body[table.shared.clone()];
        let mut name = Vec::new();
        let mut at = table.blocks[0];
        for (index, &length) in shared.iter().enumerate() {
            assert!(index % BLOCK != 0 || (length == 0 && table.blocks[index / BLOCK] == at));
            let suffix = table.suffix(at);
            name.truncate(usize::from(length));
            name.extend_from_slice(suffix);
            at += suffix.len() + 1;
            assert_eq!(table.find(&name), Some(index));
            assert!(table.description.names.cover(&name), "{}", String::from_utf8_lossy(&name));
        }
        assert!(shared.len() > 20_000);
        assert_eq!(table.columns.last().map(|last| last.high.end), Some(table.body.len()));
    }
}
