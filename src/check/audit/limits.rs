//! The files that need newer versions of a system than the author allows.

use std::path::Path;

use super::limit::{GLIBC, Limit};
use super::subject::Audit;
use crate::addon::node_api_version;
use crate::binary::{Details, Image};
use crate::check::file::{Inspected, inspect};
use crate::files::{normalized, shown};
use crate::model::problem::publishing::{FloorKind, FloorTooHigh};
use crate::model::reports::AbiReport;
use crate::model::{Arch, Libc, Platform, Problem};
use crate::runtime::distributions;
use crate::versions::numbers;

/// The maximum number of symbols in the facts of a problem, and in its message.
const MOST_SYMBOLS: usize = 20;
const MOST_SHOWN: usize = 4;
/// The first macOS for arm64. No file for arm64 can support an older one.
const FIRST_ON_ARM64: &str = "11";

impl Audit<'_> {
    /// A problem for each limit that the file, or a library of the package that it loads, exceeds.
    pub(super) fn excess(&self, inspected: &Inspected, report: &AbiReport) -> Vec<Problem> {
        let of_limit = |limit: &Limit| match limit.what {
            FloorKind::Glibc | FloorKind::Glibcxx | FloorKind::Cxxabi => {
                self.newer_symbols(limit, inspected)
            }
            FloorKind::Macos => {
                inspected.images().iter().find_map(|image| newer_macos(limit, image))
            }
            FloorKind::NodeApi => newer_node_api(limit, inspected, report),
        };
        self.limits.iter().filter_map(of_limit).collect()
    }

    fn newer_symbols(&self, limit: &Limit, inspected: &Inspected) -> Option<Problem> {
        for image in inspected.images() {
            if image.libc != Some(Libc::Glibc) || image.platform != Some(Platform::Linux) {
                continue;
            }
            let Some(arch) = &image.arch else { continue };
            let libraries = self.own_libraries(inspected, image, &format!("linux-{arch}-glibc"));
            let own = libraries.iter().filter_map(|library| {
                let path = normalized(Path::new(&library.path));
                let inner = shown(path.strip_prefix(&self.installed.directory).ok()?);
                let read = inspect(&path).ok()?;
                Need::of(limit, read.images().first()?, Some(inner.replace('\\', "/")))
            });
            let newest =
                Need::of(limit, image, None).into_iter().chain(own).reduce(|newest, other| {
                    if exceeds(&other.version, &newest.version) { other } else { newest }
                });
            if let Some(need) = newest {
                return Some(need.problem(limit));
            }
        }
        None
    }
}

/// A newer version than a limit, and the part that needs it.
struct Need {
    version: String,
    library: Option<String>,
    symbols: Vec<String>,
    needed_by: Option<String>,
}

impl Need {
    /// The newest need of an image, if it exceeds the limit.
    fn of(limit: &Limit, image: &Image, needed_by: Option<String>) -> Option<Need> {
        let prefix = match limit.what {
            FloorKind::Glibcxx => distributions::GLIBCXX,
            FloorKind::Cxxabi => distributions::CXXABI,
            _ => GLIBC,
        };
        let facts = image.elf()?;
        let version_of = |name: &str| {
            let version = name.strip_prefix(prefix)?.to_owned();
            exceeds(&version, &limit.version).then_some(version)
        };
        let mut newest: Option<(String, &str)> = None;
        for need in &facts.version_needs {
            for version in need.versions.iter().filter_map(|name| version_of(name)) {
                if newest.as_ref().is_none_or(|(known, _)| exceeds(&version, known)) {
                    newest = Some((version, &need.library));
                }
            }
        }
        let (version, library) = newest?;
        let symbols = newest_first(image.symbols.imports().filter_map(|import| {
            let version = version_of(facts.version_names.get(&import.version?)?)?;
            Some((numbers(&version)?, String::from_utf8_lossy(import.name).into_owned()))
        }));
        Some(Need { version, library: Some(library.to_owned()), symbols, needed_by })
    }

    fn problem(self, limit: &Limit) -> Problem {
        let title = limit.what.title();
        let by = self
            .needed_by
            .as_ref()
            .map(|library| format!("its library {library} needs"))
            .unwrap_or_else(|| "needs".to_owned());
        let library =
            self.library.as_ref().map(|library| format!(" of {library}")).unwrap_or_default();
        let from = match self.symbols.len() {
            0 if library.is_empty() => String::new(),
            0 => format!(" ({}{library})", &library[4..]),
            some => {
                let shown = self.symbols[..some.min(MOST_SHOWN)].join(", ");
                let more = if some > MOST_SHOWN { " and others" } else { "" };
                format!(" for {shown}{more}{library}")
            }
        };
        let message = format!(
            "{by} {title} {}, newer than the allowed {}{from}",
            self.version, limit.version
        );
        let facts = FloorTooHigh {
            what: limit.what,
            max: limit.version.clone(),
            needs: self.version,
            symbols: self.symbols,
            library: self.library,
            needed_by: self.needed_by,
        };
        Problem::error(facts, message)
    }

    fn of_file(version: String, symbols: Vec<String>) -> Need {
        Need { version, library: None, symbols, needed_by: None }
    }
}

fn newer_macos(limit: &Limit, image: &Image) -> Option<Problem> {
    let Details::MachO(facts) = &image.details else { return None };
    if image.platform != Some(Platform::Darwin) {
        return None;
    }
    let needs = facts.minimum_os.clone()?;
    let is_first = image.arch == Some(Arch::Arm64) && !exceeds(&needs, FIRST_ON_ARM64);
    (exceeds(&needs, &limit.version) && !is_first)
        .then(|| Need::of_file(needs, Vec::new()).problem(limit))
}

/// An addon without a declared version needs the version of the functions that it imports.
fn newer_node_api(limit: &Limit, inspected: &Inspected, report: &AbiReport) -> Option<Problem> {
    let max: u32 = limit.version.parse().ok()?;
    let needs = report.addon.as_ref()?.node_api.as_ref()?.needed().filter(|needs| *needs > max)?;
    let imports = inspected.images().iter().flat_map(|image| image.symbols.imports());
    let functions = newest_first(imports.filter_map(|import| {
        let version = node_api_version(import.name).filter(|version| *version > max)?;
        Some((version, String::from_utf8_lossy(import.name).into_owned()))
    }));
    Some(Need::of_file(needs.to_string(), functions).problem(limit))
}

/// The first names with their versions, those of the newest version first.
fn newest_first<V: Ord>(named: impl Iterator<Item = (V, String)>) -> Vec<String> {
    let mut named: Vec<(V, String)> = named.collect();
    named.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    named.dedup();
    named.into_iter().map(|(_, name)| name).take(MOST_SYMBOLS).collect()
}

/// True if `version` is newer than `max`: "2.10" than "2.9", but not "11.0" than "11".
fn exceeds(version: &str, max: &str) -> bool {
    let parts = |text: &str| {
        let mut parts = numbers(text).unwrap_or_default();
        while parts.last() == Some(&0) {
            parts.pop();
        }
        parts
    };
    parts(version) > parts(max)
}

#[cfg(test)]
mod tests {
    use super::exceeds;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, max, expected) in [
            ("2.28", "2.28", false),
            ("2.28", "2.9", true),
            ("2.9", "2.28", false),
            ("11.0", "11", false),
            ("11", "11.0", false),
            ("11.0.1", "11", true),
            ("3.4.25", "3.4", true),
            ("10.13", "11", false),
        ] {
            assert_eq!(exceeds(version, max), expected, "{version} {max}");
        }
    }
}
