//! The ABI table: the `NODE_MODULE_VERSION` and Node-API version of each release of each runtime.
//!
//! The table is data (`data/releases.json`, with its generator and date); this file only looks
//! numbers up. The result for an unknown number is `None`, not an error.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use semver::Version;
use serde::Deserialize;

use crate::files::own_json;
use crate::model::RuntimeName;
use crate::model::reports::RuntimeRelease;

/// The facts of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The release.
    pub version: Version,
    /// `NODE_MODULE_VERSION`.
    pub abi: Option<u32>,
    /// Node-API version.
    pub node_api: Option<u32>,
    /// The Node.js that it contains or is compatible with (Bun, Deno); itself for Node.js.
    pub node: Option<Version>,
}

/// One row of the table: all releases from `first` up to the next row have these facts.
#[derive(Clone, Debug)]
pub struct Row {
    /// First release of the row.
    pub first: Version,
    /// Last known release of the row.
    pub last: Version,
    /// `NODE_MODULE_VERSION`.
    pub abi: Option<u32>,
    /// Node-API version.
    pub node_api: Option<u32>,
    /// The Node.js that it contains.
    pub node: Option<Version>,
    /// A name that differs from the runtime's ("io.js").
    pub label: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    generated_at: String,
    runtimes: BTreeMap<String, Runtime>,
    lts: BTreeMap<String, u64>,
    reserved: Vec<Reserved>,
}

#[derive(Deserialize)]
struct Runtime {
    releases: BTreeMap<String, Vec<Option<u64>>>,
    rows: Vec<FileRow>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileRow {
    from: Version,
    abi: Option<u32>,
    node_api: Option<u32>,
    node: Option<Version>,
    label: Option<String>,
}

#[derive(Deserialize)]
struct Reserved {
    abi: u32,
    runtime: String,
    version: String,
}

fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        own_json(include_str!("data/releases.json")).unwrap_or_else(|error| {
            // A unit test parses the same text, so this can't happen in a release.
            unreachable!("data/releases.json doesn't fit its reader: {error}")
        })
    })
}

fn runtime(kind: RuntimeName) -> Option<&'static Runtime> {
    file().runtimes.get(kind.as_str())
}

/// The day the table was made, as `YYYY-MM-DD`.
#[must_use]
pub fn generated_at() -> &'static str {
    &file().generated_at
}

/// The lines of Node.js that have, or had, long-term support, by their codenames.
pub(super) fn lts() -> &'static BTreeMap<String, u64> {
    &file().lts
}

/// All known releases of a line: `major`, or `major.minor`. Ascending.
fn releases(kind: RuntimeName, major: u64, minor: Option<u64>) -> Vec<Version> {
    let Some(minors) = runtime(kind).and_then(|runtime| runtime.releases.get(&major.to_string()))
    else {
        return Vec::new();
    };
    (0..)
        .zip(minors)
        .filter(|(index, _)| minor.is_none_or(|minor| minor == *index))
        .filter_map(|(minor, patch)| Some(Version::new(major, minor, (*patch)?)))
        .collect()
}

/// The newest known release of a line; of all lines when `major` is `None`.
#[must_use]
pub fn newest(kind: RuntimeName, major: Option<u64>, minor: Option<u64>) -> Option<Version> {
    let major = match major {
        Some(major) => major,
        None => runtime(kind)?.releases.keys().filter_map(|major| major.parse().ok()).max()?,
    };
    releases(kind, major, minor).pop()
}

/// The facts of `version`. For an unknown major version only the reserved facts are known. A
/// version newer than any known one of its line gets the facts of the newest known one.
#[must_use]
pub fn release(kind: RuntimeName, version: &Version) -> Release {
    let mut release = Release { version: version.clone(), abi: None, node_api: None, node: None };
    if kind == RuntimeName::Node {
        release.node = Some(version.clone());
    }
    let row =
        runtime(kind).and_then(|runtime| runtime.rows.iter().rfind(|row| row.from <= *version));
    let known = newest(kind, None, None).is_some_and(|newest| *version <= newest)
        || row.is_some_and(|row| row.from.major == version.major);
    match row {
        // Nightlies of Electron have no order.
        Some(row) if known && !version.pre.contains("nightly") => {
            release.abi = row.abi;
            release.node_api = row.node_api;
            release.node = release.node.or_else(|| row.node.clone());
        }
        _ => {
            let name = kind.as_str();
            let reserved = file()
                .reserved
                .iter()
                .find(|row| row.runtime == name && row.version == version.major.to_string());
            release.abi = reserved.map(|row| row.abi);
        }
    }
    release
}

/// The first release of every row in a line, so that each distinct set of facts is represented.
#[must_use]
pub fn turning_points(kind: RuntimeName, major: u64, minor: Option<u64>) -> Vec<Version> {
    let start = Version::new(major, minor.unwrap_or(0), 0);
    let rows = runtime(kind).map(|runtime| &runtime.rows[..]).unwrap_or_default();
    let mut points = vec![start.clone()];
    points.extend(
        rows.iter()
            .map(|row| &row.from)
            .filter(|from| {
                from.major == major
                    && minor.is_none_or(|minor| minor == from.minor)
                    && from.pre.is_empty()
                    && **from > start
            })
            .cloned(),
    );
    points
}

/// The ABIs that are reserved for later releases.
pub(super) fn reserved(kind: RuntimeName) -> impl Iterator<Item = u32> {
    let of_kind = move |row: &&Reserved| row.runtime == kind.as_str();
    file().reserved.iter().filter(of_kind).map(|row| row.abi)
}

/// The whole table, in the form in which it is listed.
#[must_use]
pub fn table() -> Vec<RuntimeRelease> {
    let rows = RuntimeName::ALL.iter().flat_map(|&kind| {
        rows(kind).iter().map(move |row| RuntimeRelease {
            runtime: kind,
            first: row.first.to_string(),
            last: row.last.to_string(),
            abi: row.abi,
            node_api: row.node_api,
            node: row.node.as_ref().map(ToString::to_string),
        })
    });
    rows.collect()
}

/// Every row of a runtime's table.
#[must_use]
pub fn rows(kind: RuntimeName) -> &'static [Row] {
    static ROWS: OnceLock<HashMap<RuntimeName, Vec<Row>>> = OnceLock::new();
    let all = ROWS
        .get_or_init(|| RuntimeName::ALL.iter().map(|kind| (*kind, read_rows(*kind))).collect());
    all.get(&kind).map_or(&[], Vec::as_slice)
}

/// The newest release of each minor version of each line.
fn newest_patches(kind: RuntimeName) -> Vec<Version> {
    runtime(kind)
        .into_iter()
        .flat_map(|runtime| runtime.releases.keys())
        .filter_map(|major| major.parse().ok())
        .flat_map(|major| releases(kind, major, None))
        .collect()
}

/// The newest release of each row for which `is_wanted` is true; rows without one, and those of
/// prereleases, are omitted. Every patch below the newest one of its minor version counts as a
/// release.
#[must_use]
pub fn newest_of_rows(kind: RuntimeName, is_wanted: impl Fn(&Version) -> bool) -> Vec<Version> {
    let minors = newest_patches(kind);
    let of_row = |row: &Row| {
        let patches = minors.iter().flat_map(|newest| {
            (0..=newest.patch).map(|patch| Version::new(newest.major, newest.minor, patch))
        });
        patches
            .chain([row.last.clone()])
            .filter(|version| row.first <= *version && *version <= row.last && is_wanted(version))
            .max()
    };
    rows(kind).iter().filter(|row| row.first.pre.is_empty()).filter_map(of_row).collect()
}

fn read_rows(kind: RuntimeName) -> Vec<Row> {
    let rows = runtime(kind).map(|runtime| &runtime.rows[..]).unwrap_or_default();
    let all = newest_patches(kind);
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            let next = rows.get(index + 1).map(|row| &row.from);
            // The list has only the highest patch of each minor version; a row may end below it.
            let before_next = next
                .filter(|next| next.pre.is_empty() && next.patch > 0)
                .map(|next| Version::new(next.major, next.minor, next.patch - 1));
            let last = all
                .iter()
                .chain(&before_next)
                .filter(|version| **version >= row.from && next.is_none_or(|next| *version < next))
                .max()
                .unwrap_or(&row.from);
            Row {
                first: row.from.clone(),
                last: last.clone(),
                abi: row.abi,
                node_api: row.node_api,
                node: if kind == RuntimeName::Node { None } else { row.node.clone() },
                label: row.label.clone(),
            }
        })
        .collect()
}

/// The first release of each line that has this Node-API version: "22.14".
#[must_use]
pub fn first_with_node_api(kind: RuntimeName, version: u32) -> Vec<String> {
    let mut releases: Vec<(u64, String)> = Vec::new();
    for row in rows(kind)
        .iter()
        .filter(|row| row.node_api.is_some_and(|own| own >= version) && row.first.pre.is_empty())
    {
        if releases.iter().all(|(major, _)| *major != row.first.major) {
            releases.push((row.first.major, format!("{}.{}", row.first.major, row.first.minor)));
        }
    }
    releases.into_iter().map(|(_, release)| release).collect()
}

/// The newest known release with this ABI.
#[must_use]
pub fn newest_with_abi(kind: RuntimeName, abi: u32) -> Option<Version> {
    rows(kind).iter().filter(|row| row.abi == Some(abi)).map(|row| row.last.clone()).max()
}

/// The first of the runtimes with an ABI, in words: "Node.js 18". `None` for a number that no
/// release has.
#[must_use]
pub fn name_of_abi(abi: impl TryInto<u32>) -> Option<String> {
    runtimes_with_abi(abi.try_into().ok()?).into_iter().next()
}

/// The first runtime with an ABI, and the number: "Node.js 18 (ABI 108)"; the number alone if no
/// release has it.
#[must_use]
pub fn title_of_abi(abi: impl TryInto<u32> + std::fmt::Display + Copy) -> String {
    name_of_abi(abi).map_or_else(|| format!("ABI {abi}"), |name| format!("{name} (ABI {abi})"))
}

/// The runtimes with an ABI, in words ("Node.js 18", "Electron 25", "io.js 2"). Empty for a number
/// that no release has.
#[must_use]
pub fn runtimes_with_abi(abi: u32) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for kind in [RuntimeName::Node, RuntimeName::Electron, RuntimeName::Nw] {
        // Bun, Deno, and NW.js since 0.27 use Node's numbers; addons are built for Node.
        let is_own = |row: &&Row| kind != RuntimeName::Nw || row.node.is_none();
        for row in rows(kind).iter().filter(is_own).filter(|row| row.abi == Some(abi)) {
            let label = row.label.as_deref().unwrap_or(kind.title());
            for major in row.first.major..=row.last.major {
                let line = match (major, &row.first) {
                    (0, first) => format!("0.{}", first.minor),
                    _ => major.to_string(),
                };
                let name = format!("{label} {line}");
                // A pre-release that had the previous number doesn't represent its line.
                if (row.first.pre.is_empty() || row.last.pre.is_empty()) && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        for row in
            file().reserved.iter().filter(|row| row.abi == abi && row.runtime == kind.as_str())
        {
            names.push(format!("{} {} (not released yet)", kind.title(), row.version));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{newest, newest_with_abi, release, rows, runtimes_with_abi, turning_points};
    use crate::model::RuntimeName;

    fn facts(kind: RuntimeName, version: &str) -> (Option<u32>, Option<u32>) {
        let release = release(kind, &version.parse().expect("a version"));
        (release.abi, release.node_api)
    }

    #[test]
    fn releases_have_the_numbers_their_executables_report() {
        for (kind, version, expected) in [
            (RuntimeName::Node, "0.10.48", (Some(11), None)),
            (RuntimeName::Node, "0.12.18", (Some(14), None)),
            (RuntimeName::Node, "8.17.0", (Some(57), Some(4))),
            (RuntimeName::Node, "18.16.1", (Some(108), Some(8))),
            (RuntimeName::Node, "18.17.0", (Some(108), Some(9))),
            (RuntimeName::Node, "20.2.0", (Some(115), Some(8))),
            (RuntimeName::Node, "22.13.1", (Some(127), Some(9))),
            (RuntimeName::Node, "22.14.0", (Some(127), Some(10))),
            (RuntimeName::Node, "26.10.0", (Some(147), Some(10))),
            (RuntimeName::Electron, "4.0.3", (Some(64), Some(3))),
            (RuntimeName::Electron, "4.0.4", (Some(69), Some(3))),
            (RuntimeName::Electron, "14.0.1", (Some(89), Some(8))),
            (RuntimeName::Electron, "14.0.2", (Some(97), Some(8))),
            (RuntimeName::Electron, "15.0.0-alpha.3", (Some(89), Some(8))),
            (RuntimeName::Electron, "26.6.10", (Some(116), Some(8))),
            (RuntimeName::Electron, "31.7.7", (Some(125), Some(9))),
            (RuntimeName::Bun, "1.4.5", (Some(147), Some(10))),
            (RuntimeName::Deno, "2.9.6", (Some(147), Some(10))),
        ] {
            assert_eq!(facts(kind, version), expected, "{kind:?} {version}");
        }
    }

    #[test]
    fn unknown_versions_and_abis_are_not_errors() {
        assert_eq!(facts(RuntimeName::Node, "99.0.0"), (None, None));
        assert!(runtimes_with_abi(1999).is_empty());
        assert_eq!(newest(RuntimeName::Node, Some(99), None), None);
    }

    #[test]
    fn abis_are_described_by_their_releases() {
        assert_eq!(runtimes_with_abi(108), ["Node.js 18"]);
        assert_eq!(runtimes_with_abi(116), ["Electron 25", "Electron 26"]);
        assert!(
            runtimes_with_abi(64).starts_with(&["Node.js 10".to_owned(), "Electron 3".to_owned()])
        );
        assert_eq!(runtimes_with_abi(11)[0], "Node.js 0.9");
        assert_eq!(runtimes_with_abi(153), ["Node.js 27 (not released yet)"]);
    }

    #[test]
    fn turning_points_are_the_releases_where_a_line_changes() {
        let points = turning_points(RuntimeName::Node, 22, None);
        assert_eq!(points, [Version::new(22, 0, 0), Version::new(22, 14, 0)]);
        assert_eq!(newest_with_abi(RuntimeName::Node, 93).map(|version| version.major), Some(16));
        let electron = rows(RuntimeName::Electron);
        assert!(electron.len() > 40);
        assert!(
            electron.iter().any(|row| row.abi == Some(64) && row.last == Version::new(4, 0, 3))
        );
    }
}
