//! The exports of each release of Node.js: names of V8, Node's C++, Node-API, libuv, OpenSSL, zlib
//! and nghttp2, for the official builds for Linux, macOS and Windows on 64-bit processors.
//!
//! The tables are data (`data/exports/`, with their generator and date), read from every executable
//! of the lines that npm ships. They cover only names of those families. For any other name
//! (`std::`, libc), and for releases between or before those that were read, the result is
//! [`Presence::Unknown`] if it doesn't follow from what was read. Builds of distributions may
//! export more or less, because they use libuv, OpenSSL and others from the system.

pub(super) mod names;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use memchr::{memchr, memchr_iter};
use semver::Version;
use serde::Deserialize;

use crate::files::own_json;
use crate::model::{Arch, Platform};
use names::Names;

/// Whether a release of Node.js exports a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The release exports it.
    There,
    /// A later release exports it: the first one of the line that was read with it.
    Since(Version),
    /// An earlier release exported it: the first one of the line that was read without it.
    Gone(Version),
    /// No release of its line exports it.
    Missing,
    /// The tables don't cover the name, the release or the system.
    Unknown,
}

/// Whether Node.js `version` exports `name` on a system, given as `process.platform` and
/// `process.arch`.
///
/// `name` is the name as linked, without the underscore that Mach-O puts before C names (as in
/// [`crate::Binary`]). A release newer than all that were read is assumed to export what the newest
/// of its line exports; for other names the result is unknown. Node-API is the same on all systems
/// (the generator checks it), so its functions have a result on every system.
#[must_use]
pub fn presence(platform: &Platform, arch: &Arch, version: &Version, name: &[u8]) -> Presence {
    let known = || {
        let table = table()?;
        let column = table.column(platform, arch, name)?;
        let line = table.line(version.major)?;
        let life = table.life(column, line, table.find(name))?;
        life.at(column.releases.get(line)?, version)
    };
    known().unwrap_or(Presence::Unknown)
}

/// The releases from which on every covered name in `names` is exported: one for each line whose
/// newest release exports them all, oldest line first. Names as in [`presence`]; those that aren't
/// covered are ignored. `None` if no name is covered, or if the tables have no such system.
#[must_use]
pub fn releases_with<'a>(
    platform: &Platform,
    arch: &Arch,
    names: impl IntoIterator<Item = &'a [u8]>,
) -> Option<Vec<Version>> {
    let table = table()?;
    let mut wanted = Vec::new();
    for name in names.into_iter().filter(|name| table.description.names.cover(name)) {
        wanted.push((table.column(platform, arch, name)?, table.find(name)));
    }
    if wanted.is_empty() {
        return None;
    }
    let first_of_line = |line: usize| {
        let firsts = wanted.iter().map(|(column, index)| {
            let life = table.life(column, line, *index)?;
            let releases = column.releases.get(line)?;
            releases.get(life.first).filter(|_| life.gone == NONE)
        });
        // The latest of them, or `None` if one name has none.
        firsts.collect::<Option<Vec<_>>>()?.into_iter().max().cloned()
    };
    Some((0..table.description.lines.len()).filter_map(first_of_line).collect())
}

/// The day the tables were made, as `YYYY-MM-DD`.
#[must_use]
pub fn generated_at() -> &'static str {
    table().map_or("", |table| &table.description.generated_at)
}

/// Every name with an index divisible by this is stored completely; as in format.mjs.
const BLOCK: usize = 16;
/// Index for "no such release".
const NONE: usize = 255;
/// Index for a name that was added and removed more than once.
const VARYING: usize = 254;
/// The maximum unpacked size of exports.bin, in bytes. It has 0.9 MB.
const LARGEST: usize = 4 << 20;

/// exports.json: the description of the tables.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    generated_at: String,
    lines: Vec<u64>,
    #[serde(flatten)]
    names: Names,
    platforms: Vec<Packages>,
}

#[derive(Deserialize)]
struct Packages {
    platform: Platform,
    /// Name of a package → the releases read in it.
    packages: BTreeMap<String, Vec<Version>>,
}

/// All tables: names sorted by their bytes, and a column for each platform.
struct Table {
    description: Description,
    body: Vec<u8>,
    /// The range in `body` with the lengths that each name shares with the name before it.
    shared: Range<usize>,
    /// The positions in `body` at which the suffix of every [`BLOCK`]-th name begins.
    blocks: Vec<usize>,
    columns: Vec<Column>,
}

struct Column {
    /// The releases read of each line, ascending.
    releases: Vec<Vec<Version>>,
    /// The range in `body` with the patterns, and for each name the number of its pattern: lower
    /// bytes, upper bytes.
    patterns: Range<usize>,
    low: Range<usize>,
    high: Range<usize>,
}

/// The releases of a line that added and removed a name, as indexes of the releases that were read.
struct Life {
    first: usize,
    gone: usize,
}

fn table() -> Option<&'static Table> {
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

    fn line(&self, major: u64) -> Option<usize> {
        self.description.lines.binary_search(&major).ok()
    }

    /// The column for a name on a system, if there is one.
    fn column(&self, platform: &Platform, arch: &Arch, name: &[u8]) -> Option<&Column> {
        let is_node_api = name.starts_with(b"napi_") || name.starts_with(b"node_api_");
        let platform = match (platform, arch) {
            _ if is_node_api => &Platform::Linux,
            (Platform::Linux | Platform::Darwin | Platform::Win32, Arch::X64 | Arch::Arm64) => {
                platform
            }
            // Names are mangled in the same way (compared in 20.11.0), but OpenSSL has additional
            // functions for these processors.
            (Platform::Linux, Arch::Ppc64 | Arch::S390x) if name.starts_with(b"_Z") => platform,
            // On 32-bit systems size_t is an unsigned int, so that functions with such a parameter
            // have other names.
            _ => return None,
        };
        let index = self.description.platforms.iter().position(|one| one.platform == *platform)?;
        self.columns.get(index).filter(|_| self.description.names.cover(name))
    }

    /// The index of a name, if a release of some platform has it.
    fn find(&self, name: &[u8]) -> Option<usize> {
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

    /// The life of the name with this index (`None`: a covered name that no release has) in a line.
    /// `None` if it isn't known.
    fn life(&self, column: &Column, line: usize, index: Option<usize>) -> Option<Life> {
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

impl Life {
    fn has(&self, index: usize) -> bool {
        self.first <= index && index < self.gone
    }

    /// The result for a release of the line whose `releases` were read. `None` if it isn't known.
    fn at(&self, releases: &[Version], version: &Version) -> Option<Presence> {
        // Pre-releases and nightly builds are built from other sources than the line of their name.
        if !version.pre.is_empty() {
            return None;
        }
        let before = releases.partition_point(|read| read <= version).checked_sub(1)?;
        let is_there = self.has(before);
        let is_known = releases.get(before) == Some(version)
            || match releases.get(before + 1) {
                Some(_) => self.has(before + 1) == is_there,
                // It is newer than all that were read.
                None => is_there,
            };
        if !is_known {
            return None;
        }
        Some(match (is_there, releases.get(self.first), releases.get(self.gone)) {
            (true, ..) => Presence::There,
            (false, Some(first), _) if self.first > before => Presence::Since(first.clone()),
            (false, _, Some(gone)) => Presence::Gone(gone.clone()),
            _ => Presence::Missing,
        })
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::Presence::{Gone, Missing, Since, There, Unknown};
    use super::{BLOCK, Presence, generated_at, presence, releases_with, table};
    use crate::model::{Arch, Platform};

    const NODE_API: &[u8] = b"napi_create_object";
    /// `String::WriteUtf8(Isolate*, char*, int, int*, int) const`, removed in V8 14.
    const WRITE_UTF8: &[u8] = b"_ZNK2v86String9WriteUtf8EPNS_7IsolateEPciPii";
    const WRITE_UTF8_MSVC: &[u8] = b"?WriteUtf8@String@v8@@QEBAHPEAVIsolate@2@PEADHPEAHH@Z";

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    fn on(system: &str, release: &str, name: &[u8]) -> Presence {
        let (platform, arch) = system.split_once('-').expect("a system");
        presence(&Platform::from_name(platform), &Arch::from_name(arch), &version(release), name)
    }

    #[test]
    fn every_name_is_found_at_its_place_and_covered() {
        let table = table().expect("the tables fit their reader");
        assert_eq!(generated_at().len(), 10);
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

    #[test]
    fn releases_have_what_their_executables_export() {
        let key = b"node_api_create_property_key_utf16";
        for (system, release, name, expected) in [
            ("linux-x64", "16.0.0", NODE_API, There),
            ("linux-arm64", "20.20.2", key, There),
            ("linux-s390x", "20.11.0", WRITE_UTF8, There),
            ("linux-x64", "20.0.0", key, Since(version("20.12.0"))),
            ("linux-x64", "18.20.8", key, Missing),
            // Node 18.18.1 went back to libuv 1.46, and 24.13.1 named an experimental function.
            ("linux-x64", "18.18.0", b"uv_clock_gettime", There),
            ("linux-x64", "18.20.8", b"uv_clock_gettime", Gone(version("18.18.1"))),
            ("win32-x64", "24.12.0", b"napi_create_object_with_properties", There),
            (
                "win32-x64",
                "24.21.0",
                b"napi_create_object_with_properties",
                Gone(version("24.13.1")),
            ),
            ("linux-x64", "25.9.0", WRITE_UTF8, There),
            ("linux-x64", "26.10.0", WRITE_UTF8, Missing),
            ("darwin-arm64", "24.18.1", WRITE_UTF8, There),
            ("darwin-arm64", "26.10.0", WRITE_UTF8, Missing),
            ("win32-x64", "24.21.0", WRITE_UTF8_MSVC, There),
            ("win32-x64", "26.10.0", WRITE_UTF8_MSVC, Missing),
            ("linux-x64", "24.0.0", b"_ZN2v86String26ExternalStringResourceBaseD2Ev", There),
            (
                "linux-x64",
                "24.21.0",
                b"_ZN2v86String26ExternalStringResourceBaseD2Ev",
                Gone(version("24.11.1")),
            ),
            ("linux-x64", "26.10.0", b"uv_no_such_function", Missing),
            ("linux-x64", "26.10.0", b"SSL_new", There),
        ] {
            assert_eq!(
                on(system, release, name),
                expected,
                "{system} {release} {}",
                String::from_utf8_lossy(name)
            );
        }
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        for (system, release, name) in [
            ("linux-x64", "26.10.0", b"malloc".as_slice()),
            ("linux-x64", "26.10.0", b"_ZNSt6vectorIN2v85LocalINS0_5ValueEEESaIS3_EE9push_backEv"),
            (
                "win32-x64",
                "26.10.0",
                b"??$make_unique@VPlatform@v8@@@std@@YA?AV?$unique_ptr@VPlatform@v8@@@0@XZ",
            ),
            // 32 bits, other systems, lines and builds.
            ("linux-arm", "20.0.0", WRITE_UTF8),
            ("linux-s390x", "20.11.0", b"SSL_new"),
            ("win32-ia32", "20.20.2", WRITE_UTF8_MSVC),
            ("freebsd-x64", "20.20.2", WRITE_UTF8),
            ("linux-x64", "14.21.3", WRITE_UTF8),
            ("linux-x64", "27.0.0", NODE_API),
            ("linux-x64", "24.0.0-nightly20250101", NODE_API),
            // There is no package of it, or none that old.
            ("win32-x64", "21.7.3", WRITE_UTF8_MSVC),
            ("win32-x64", "20.0.0", WRITE_UTF8_MSVC),
            // It is newer than all that were read, so that it may have been added.
            ("linux-x64", "26.99.0", b"napi_no_such_function"),
        ] {
            assert_eq!(
                on(system, release, name),
                Unknown,
                "{system} {release} {}",
                String::from_utf8_lossy(name)
            );
        }
        assert_eq!(on("linux-x64", "26.99.0", NODE_API), There);
    }

    #[test]
    fn node_api_is_the_same_everywhere() {
        for system in
            ["linux-arm", "win32-ia32", "win32-x64", "darwin-arm64", "freebsd-x64", "aix-ppc64"]
        {
            assert_eq!(on(system, "21.0.0", NODE_API), There);
            assert_eq!(on(system, "21.0.0", b"napi_no_such_function"), Missing);
        }
    }

    #[test]
    fn releases_that_have_all_names_are_listed_by_line() {
        let releases = |system: &str, names: &[&'static [u8]]| -> Option<Vec<String>> {
            let (platform, arch) = system.split_once('-').expect("a system");
            let (platform, arch) = (Platform::from_name(platform), Arch::from_name(arch));
            let found = releases_with(&platform, &arch, names.iter().copied())?;
            Some(found.iter().map(ToString::to_string).collect())
        };
        let all: Vec<String> = (16..=26).map(|line| format!("{line}.0.0")).collect();
        assert_eq!(releases("linux-x64", &[NODE_API, b"malloc"]), Some(all.clone()));
        assert_eq!(releases("linux-x64", &[NODE_API, WRITE_UTF8]), Some(all[..10].to_vec()));
        assert_eq!(releases("linux-x64", &[NODE_API, b"uv_no_such_function"]), Some(Vec::new()));
        let key: &[u8] = b"node_api_create_property_key_utf16";
        let expected = ["20.12.0", "21.7.0", "22.0.0", "23.0.0", "24.0.0", "25.0.0", "26.0.0"]
            .map(str::to_owned);
        assert_eq!(releases("win32-x64", &[key]), Some(expected.to_vec()));
        assert_eq!(releases("linux-x64", &[b"malloc"]), None);
        assert_eq!(releases("linux-arm", &[WRITE_UTF8]), None);
    }
}
