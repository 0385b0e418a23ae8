//! The functions of Node-API that Bun and Deno export (`data/exports/others.json`), by release.

use std::collections::HashMap;
use std::sync::LazyLock;

use semver::Version;
use serde::Deserialize;

use super::life::Presence;
use crate::files::own_json;
use crate::model::RuntimeName;

/// The releases that were read, oldest first.
#[derive(Debug, Deserialize)]
struct File {
    bun: Vec<Release>,
    deno: Vec<Release>,
}

/// The changes of one release since the one before it in the list.
#[derive(Debug, Deserialize)]
struct Release {
    version: Version,
    added: Vec<String>,
    removed: Vec<String>,
}

/// The releases of one runtime, and for each function the releases that export it.
#[derive(Debug)]
struct Table {
    releases: Vec<Version>,
    functions: HashMap<String, Vec<bool>>,
}

impl Table {
    fn new(releases: Vec<Release>) -> Table {
        let count = releases.len();
        let mut table = Table { releases: Vec::with_capacity(count), functions: HashMap::new() };
        for (index, release) in releases.into_iter().enumerate() {
            for (names, is_there) in [(release.added, true), (release.removed, false)] {
                for name in names {
                    let of_releases =
                        table.functions.entry(name).or_insert_with(|| vec![false; count]);
                    of_releases[index..].fill(is_there);
                }
            }
            table.releases.push(release.version);
        }
        table
    }

    /// `None` if the releases around `version` differ, or if it is older than all.
    fn presence(&self, version: &Version, name: &str) -> Option<Presence> {
        if !version.pre.is_empty() {
            return None;
        }
        let before = self.releases.partition_point(|read| read <= version).checked_sub(1)?;
        let Some(of_releases) = self.functions.get(name) else {
            // Releases that are newer than all that were read may export it.
            return (before + 1 < self.releases.len() || self.releases[before] == *version)
                .then_some(Presence::Missing);
        };
        let is_there = of_releases[before];
        let is_known = self.releases[before] == *version
            || of_releases.get(before + 1).map_or(is_there, |next| *next == is_there);
        if !is_known {
            return None;
        }
        if is_there {
            return Some(Presence::There);
        }
        let later = (before + 1..self.releases.len()).find(|index| of_releases[*index]);
        let since = later.map(|index| Presence::Since(self.releases[index].clone()));
        Some(since.unwrap_or(Presence::Missing))
    }
}

/// Whether a release of Bun or Deno exports the function `name` of Node-API; unknown for other
/// runtimes.
#[must_use]
pub fn presence_in(runtime: RuntimeName, version: &Version, name: &[u8]) -> Presence {
    static TABLES: LazyLock<Option<(Table, Table)>> = LazyLock::new(|| {
        let file: File = own_json(include_str!("../data/exports/others.json")).ok()?;
        Some((Table::new(file.bun), Table::new(file.deno)))
    });
    let known = || {
        let (bun, deno) = TABLES.as_ref()?;
        let table = match runtime {
            RuntimeName::Bun => bun,
            RuntimeName::Deno => deno,
            _ => return None,
        };
        table.presence(version, std::str::from_utf8(name).ok()?)
    };
    known().unwrap_or(Presence::Unknown)
}

#[cfg(test)]
mod tests {
    use super::{Presence, presence_in};
    use crate::model::RuntimeName;

    #[test]
    fn releases_export_what_was_read_from_their_executables() {
        let of = |runtime, version: &str, name: &str| {
            presence_in(runtime, &version.parse().expect("a version"), name.as_bytes())
        };
        assert_eq!(of(RuntimeName::Bun, "1.4.5", "napi_create_object"), Presence::There);
        assert_eq!(of(RuntimeName::Bun, "1.4.99", "napi_create_object"), Presence::There);
        assert_eq!(of(RuntimeName::Deno, "2.9.6", "napi_create_object"), Presence::There);
        assert_eq!(of(RuntimeName::Bun, "0.1.0", "napi_create_object"), Presence::Unknown);
        assert_eq!(of(RuntimeName::Bun, "1.4.5", "napi_no_such_function"), Presence::Missing);
        assert_eq!(of(RuntimeName::Bun, "9.0.0", "napi_no_such_function"), Presence::Unknown);
        assert_eq!(of(RuntimeName::Node, "22.0.0", "napi_create_object"), Presence::Unknown);
    }
}
