//! Plug'n'Play, in the format of Yarn and pnpm: a script that contains a table of all packages. The
//! table is JSON, in a string of `.pnp.cjs`, or in `.pnp.data.json` beside it. The script isn't
//! run.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::script::first_string;
use crate::files::{self, Source, join_steps, normalized};

/// The longest table that is read, in bytes.
const LONGEST: u64 = 16 << 20;
/// The maximum amount of memory for its values while it is read, in bytes. The table of a project
/// with 1,500 packages takes 3 MiB.
const MOST_MEMORY: usize = 64 << 20;

/// A Plug'n'Play table.
#[derive(Debug)]
pub struct Pnp {
    packages: Vec<Entry>,
    by_name: HashMap<(String, String), usize>,
    by_location: HashMap<PathBuf, Vec<usize>>,
}

#[derive(Debug)]
struct Entry {
    location: PathBuf,
    /// Requested name → name and reference of the package.
    dependencies: HashMap<String, (String, String)>,
    is_workspace: bool,
}

/// The table that applies to `directory`: in it, or in the nearest folder above.
#[must_use]
pub fn find(directory: &Path) -> Option<PathBuf> {
    files::ancestors(directory)
        .map(|folder| folder.join(".pnp.cjs"))
        .find(|path| files::exists(path))
}

impl Pnp {
    /// Reads the table of the script at `path`.
    ///
    /// # Errors
    /// The system's error; `InvalidData` if the script contains no table.
    pub fn read(path: &Path) -> io::Result<Pnp> {
        let unsound = |what: &str| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("no table of packages in it: {what}"),
            )
        };
        let base = path.parent().unwrap_or(path);
        let text = Source::open(path)?.contents(LONGEST)?;
        let text = String::from_utf8_lossy(&text);
        let json = match text.find("RAW_RUNTIME_STATE =") {
            Some(at) => {
                first_string(&text[at..]).ok_or_else(|| unsound("its string has no end"))?
            }
            None => {
                let data = Source::open(&base.join(".pnp.data.json"))
                    .and_then(|source| source.contents(LONGEST));
                String::from_utf8_lossy(
                    &data
                        .map_err(|_| unsound("it is neither in this file nor in .pnp.data.json"))?,
                )
                .into_owned()
            }
        };
        let table: Value =
            files::json_within(&json, MOST_MEMORY).map_err(|error| unsound(&error.to_string()))?;
        Pnp::from_table(base, &table).ok_or_else(|| unsound("it has an unknown structure"))
    }

    fn from_table(base: &Path, table: &Value) -> Option<Pnp> {
        let roots: HashSet<(&str, &str)> = table
            .get("dependencyTreeRoots")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|root| {
                Some((root.get("name")?.as_str()?, root.get("reference")?.as_str()?))
            })
            .collect();
        let mut pnp =
            Pnp { packages: Vec::new(), by_name: HashMap::new(), by_location: HashMap::new() };
        for pair in table.get("packageRegistryData")?.as_array()? {
            let name = pair.get(0)?.as_str().unwrap_or_default();
            for version in pair.get(1)?.as_array()? {
                let reference = version.get(0)?.as_str().unwrap_or_default();
                let package = version.get(1)?;
                let Some(location) = location(base, package.get("packageLocation")?.as_str()?)
                else {
                    continue;
                };
                let location = devirtualized(&location);
                let dependencies = package
                    .get("packageDependencies")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                let index = pnp.packages.len();
                pnp.packages.push(Entry {
                    location: location.clone(),
                    dependencies: dependencies.filter_map(dependency).collect(),
                    is_workspace: name.is_empty() || roots.contains(&(name, reference)),
                });
                pnp.by_name.insert((name.to_owned(), reference.to_owned()), index);
                pnp.by_location.entry(location).or_default().push(index);
            }
        }
        Some(pnp)
    }

    /// True if one of its packages is at `location`.
    #[must_use]
    pub fn governs(&self, location: &Path) -> bool {
        self.by_location.contains_key(location)
    }

    /// The folders of the project and its workspaces.
    pub fn workspaces(&self) -> impl Iterator<Item = &Path> {
        self.packages
            .iter()
            .filter(|package| package.is_workspace)
            .map(|package| package.location.as_path())
    }

    /// The folder that `require(name)` finds from the package at `location`; `None` if there is
    /// none.
    #[must_use]
    pub fn resolve(&self, location: &Path, name: &str) -> Option<&Path> {
        let mut versions =
            self.by_location.get(location)?.iter().map(|index| &self.packages[*index]);
        let target = versions.find_map(|package| package.dependencies.get(name))?;
        let found = self.packages.get(*self.by_name.get(target)?)?;
        is_there(&found.location).then_some(found.location.as_path())
    }
}

/// `["a", "npm:1"]`, `["a", ["b", "npm:1"]]` for an alias, `["a", null]` for a missing peer
/// dependency.
fn dependency(pair: &Value) -> Option<(String, (String, String))> {
    let name = pair.get(0)?.as_str()?;
    let target = match pair.get(1)? {
        Value::String(reference) => (name.to_owned(), reference.clone()),
        Value::Array(alias) => {
            (alias.first()?.as_str()?.to_owned(), alias.get(1)?.as_str()?.to_owned())
        }
        _ => return None,
    };
    Some((name.to_owned(), target))
}

/// `base` joined with a relative path, without `.` and `..`; `None` for a path on another disk or
/// computer.
fn location(base: &Path, relative: &str) -> Option<PathBuf> {
    join_steps(base, relative).map(|path| normalized(&path))
}

/// `a/__virtual__/<hash>/<n>/b` means b, n folders above a: one package with several sets of peer
/// dependencies.
fn devirtualized(path: &Path) -> PathBuf {
    let parts: Vec<_> = path.components().collect();
    let is_mark = |part: &std::path::Component<'_>| {
        part.as_os_str() == "__virtual__" || part.as_os_str() == "$$virtual"
    };
    let Some(at) = parts.iter().position(is_mark) else { return path.to_path_buf() };
    let up = parts
        .get(at + 2)
        .and_then(|number| number.as_os_str().to_str()?.parse::<usize>().ok())
        .unwrap_or(0);
    let mut real: PathBuf = parts[..at].iter().collect();
    (0..up.min(parts.len())).for_each(|_| {
        real.pop();
    });
    real.extend(parts.get(at + 3..).unwrap_or_default());
    real
}

/// True for a folder that exists, or is in an existing zip.
fn is_there(location: &Path) -> bool {
    let zip = location
        .ancestors()
        .find(|folder| folder.extension().is_some_and(|extension| extension == "zip"));
    zip.map_or_else(|| files::is_folder(location), files::is_file)
}

#[cfg(test)]
mod tests {
    use super::{devirtualized, first_string, location};
    use std::path::Path;

    #[test]
    fn virtual_folders_of_yarn_become_real_ones() {
        let real = devirtualized(Path::new(
            "/p/.yarn/__virtual__/ws-virtual-1/0/cache/ws.zip/node_modules/ws",
        ));
        assert_eq!(real, Path::new("/p/.yarn/cache/ws.zip/node_modules/ws"));
        let real = devirtualized(Path::new("/p/.yarn/__virtual__/a-virtual-1/1/packages/a"));
        assert_eq!(real, Path::new("/p/packages/a"));
        assert_eq!(location(Path::new("/p/q"), "./../a/").as_deref(), Some(Path::new("/p/a")));
        assert_eq!(location(Path::new("/p/q"), "/evil"), None);
    }

    #[test]
    fn a_string_over_several_lines_is_read() {
        assert_eq!(
            first_string("RAW_RUNTIME_STATE =\n'{\\\n  \"a\": \"\\\\\\\\b\\'\"\\\n}';").as_deref(),
            Some("{  \"a\": \"\\\\b'\"}")
        );
    }
}
