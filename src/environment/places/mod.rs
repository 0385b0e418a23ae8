//! Places in a repository. node_modules isn't part of it, so a problem of a package is shown at the
//! line that makes the project depend on it.

mod lock;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::files::json;
use super::files::text::Texts;
use crate::files::{self, Entry, Kind, real_path};
use lock::{Lockfile, Sought};

/// A line of a file in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path relative to the repository, with `/`.
    pub file: String,
    /// From 1.
    pub line: u32,
}

/// A package whose place is needed.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: Option<&'a str>,
    /// Its folder.
    pub path: &'a Path,
    /// The dependents: names from the root of the project to a package that depends on it.
    pub required_by: &'a [Vec<String>],
}

/// The maximum number of folders that are searched for the members of a workspace, and their
/// maximum depth.
const FOLDERS: usize = 2000;
const DEEPEST: usize = 4;
/// The maximum number of levels above a project at which its repository may be.
const HIGHEST: usize = 64;

/// The fields of package.json that list dependencies.
const FIELDS: [&str; 4] =
    ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// A project and the repository it is part of.
pub struct Repository {
    root: PathBuf,
    directory: PathBuf,
    texts: Texts,
    manifests: std::cell::RefCell<HashMap<PathBuf, Option<std::rc::Rc<Source>>>>,
    members: OnceCell<HashMap<String, PathBuf>>,
    locks: OnceCell<(PathBuf, Vec<Lockfile>)>,
}

/// A package.json.
struct Source {
    text: String,
    value: Value,
}

impl Repository {
    /// The repository of the project at `directory`: the nearest folder upwards with `.git`,
    /// otherwise the project itself.
    #[must_use]
    pub fn around(directory: &Path) -> Repository {
        let is_modules = directory.file_name().is_some_and(|name| name == "node_modules");
        let directory = directory.parent().filter(|_| is_modules).unwrap_or(directory);
        let root = files::ancestors(directory)
            .take(HIGHEST)
            .find(|folder| files::exists(folder.join(".git")))
            .unwrap_or(directory);
        Repository {
            root: root.to_path_buf(),
            texts: Texts::within(root),
            directory: directory.to_path_buf(),
            manifests: std::cell::RefCell::default(),
            members: OnceCell::new(),
            locks: OnceCell::new(),
        }
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The first line of the project's package.json.
    #[must_use]
    pub fn manifest(&self) -> Place {
        self.place(&self.directory.join("package.json"), 1)
            .unwrap_or(Place { file: "package.json".to_owned(), line: 1 })
    }

    /// The line of a key in the project's package.json; its first line if there is no such key.
    #[must_use]
    pub fn key(&self, path: &[&str]) -> Place {
        let line =
            self.source(&self.directory).and_then(|source| json::line_of(&source.text, path));
        Place { line: line.unwrap_or(1), ..self.manifest() }
    }

    /// A line of `file`; `None` if the file isn't part of the repository.
    #[must_use]
    pub fn place(&self, file: &Path, line: u32) -> Option<Place> {
        let parts: Option<Vec<String>> = file
            .strip_prefix(&self.root)
            .ok()?
            .components()
            .map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
                _ => None,
            })
            .collect();
        let parts = parts.filter(|parts| {
            !parts.is_empty() && !parts.iter().any(|part| part == "node_modules")
        })?;
        Some(Place { file: parts.join("/"), line: line.max(1) })
    }

    /// The place of a file that exists, and that is usually committed to a repository.
    #[must_use]
    pub fn kept(&self, file: &Path) -> Option<Place> {
        let place = self.place(file, 1)?;
        let is_hidden =
            place.file.split('/').any(|part| part.starts_with('.') && part != ".github");
        (!is_hidden && files::link_kind(file) == Some(Kind::File)).then_some(place)
    }

    /// The line that makes the project depend on a package, in this order: its entry in
    /// package.json, if the project or a workspace depends on it directly; its entry in the
    /// lockfile; the dependency that leads to it; the first line of package.json.
    #[must_use]
    pub fn of_package(&self, package: &Asked<'_>) -> Place {
        let alias = name_in_modules(package.path).unwrap_or_else(|| package.name.to_owned());
        let names = [alias.as_str(), package.name];
        if let Some(own) = self
            .place(&package.path.join("package.json"), 1)
            .filter(|_| files::is_folder(package.path))
        {
            return own;
        }
        let direct = package.required_by.iter().find_map(|chain| {
            let (folder, rest) = self.start(chain);
            rest.is_empty().then(|| self.dependency(&folder, &names)).flatten()
        });
        let unknown = || {
            let home = self.home(package.path);
            let folders = [home.as_deref(), Some(self.directory.as_path())];
            folders.into_iter().flatten().find_map(|folder| self.dependency(folder, &names))
        };
        let leading = || {
            package.required_by.iter().find_map(|chain| {
                let (folder, rest) = self.start(chain);
                self.dependency(&folder, &[rest.first()?.as_str()])
            })
        };
        direct
            .or_else(|| unknown().filter(|_| package.required_by.is_empty()))
            .or_else(|| self.locked(package, &alias))
            .or_else(leading)
            .or_else(|| {
                self.home(package.path).and_then(|home| self.place(&home.join("package.json"), 1))
            })
            .unwrap_or_else(|| self.manifest())
    }

    /// The project's folder that a chain starts in, and the packages of the chain that don't belong
    /// to the project.
    fn start<'c>(&self, chain: &'c [String]) -> (PathBuf, &'c [String]) {
        let own = self.source(&self.directory);
        let name = own.as_ref().and_then(|source| source.value.get("name")?.as_str());
        let mut folder = self.directory.clone();
        let mut rest = chain;
        if let [first, more @ ..] = rest
            && Some(first.as_str()) == name
        {
            rest = more;
        }
        // A workspace may depend on another one.
        while let [first, more @ ..] = rest
            && let Some(member) = self.member(&folder, first)
        {
            folder = member;
            rest = more;
        }
        (folder, rest)
    }

    /// The folder of the workspace `name`. A dependency from a registry isn't searched.
    fn member(&self, from: &Path, name: &str) -> Option<PathBuf> {
        let is_own = |folder: PathBuf| {
            let place = self.place(&folder.join("package.json"), 1);
            (place.is_some() && folder.starts_with(&self.directory)).then_some(folder)
        };
        let folders = [from, self.directory.as_path()];
        let linked = folders
            .into_iter()
            .find_map(|folder| real_path(folder.join("node_modules").join(name)).ok());
        if let Some(linked) = linked {
            return is_own(linked);
        }
        self.members.get_or_init(|| self.find_members()).get(name).cloned()
    }

    fn find_members(&self) -> HashMap<String, PathBuf> {
        let mut members = HashMap::new();
        let mut folders = vec![(self.directory.clone(), 0)];
        let mut left = FOLDERS;
        while let Some((folder, depth)) = folders.pop() {
            let Some(rest) = left.checked_sub(1) else { break };
            left = rest;
            if depth > 0
                && let Some(source) = self.source(&folder)
                && let Some(name) = source.value.get("name").and_then(Value::as_str)
            {
                members.entry(name.to_owned()).or_insert_with(|| folder.clone());
            }
            let entries = files::list(&folder).into_iter().flatten().take(FOLDERS).flatten();
            let inner = entries.filter(|entry| entry.kind == Kind::Folder).filter(
                |Entry { name, .. }| {
                    name != "node_modules" && !name.as_encoded_bytes().starts_with(b".")
                },
            );
            if depth < DEEPEST {
                folders.extend(inner.map(|entry| (folder.join(entry.name), depth + 1)));
            }
        }
        members
    }

    /// The folder that contains the first node_modules in `path`, if it has a package.json of its
    /// own.
    fn home(&self, path: &Path) -> Option<PathBuf> {
        let inner = path.strip_prefix(&self.root).ok()?;
        let before: PathBuf =
            inner.components().take_while(|part| part.as_os_str() != "node_modules").collect();
        let home = self.root.join(before);
        self.source(&home).map(|_| home)
    }

    /// The line of a dependency in the package.json of `folder`, by the first of its names that is
    /// listed.
    fn dependency(&self, folder: &Path, names: &[&str]) -> Option<Place> {
        let source = self.source(folder)?;
        let line = FIELDS.iter().find_map(|field| {
            let all = source.value.get(field)?.as_object()?;
            let is_alias = |value: &Value| {
                let other = value.as_str().and_then(|value| value.strip_prefix("npm:"));
                other.is_some_and(|other| {
                    names.iter().any(|name| {
                        other
                            .strip_prefix(*name)
                            .is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
                    })
                })
            };
            let named = names.iter().find_map(|name| all.get_key_value(*name));
            let (key, _) = named.or_else(|| all.iter().find(|(_, value)| is_alias(value)))?;
            json::line_of(&source.text, &[field, key])
        })?;
        self.place(&folder.join("package.json"), line)
    }

    /// The line of a package in the nearest lockfile at or above the project, within the
    /// repository.
    fn locked(&self, package: &Asked<'_>, alias: &str) -> Option<Place> {
        let (folder, locks) = self.locks.get_or_init(|| {
            let folders =
                self.directory.ancestors().take_while(|folder| folder.starts_with(&self.root));
            let mut all =
                folders.map(|folder| (folder.to_path_buf(), Lockfile::all_in(folder, &self.texts)));
            all.find(|(_, locks)| !locks.is_empty()).unwrap_or_default()
        });
        let inner = package
            .path
            .strip_prefix(folder)
            .map(|path| path.to_string_lossy().replace('\\', "/"))
            .unwrap_or_default();
        let sought = Sought { name: package.name, alias, version: package.version, path: &inner };
        locks.iter().find_map(|lock| self.place(&folder.join(lock.name), lock.line_of(&sought)?))
    }

    fn source(&self, folder: &Path) -> Option<std::rc::Rc<Source>> {
        let mut manifests = self.manifests.borrow_mut();
        let known = manifests.entry(folder.to_path_buf()).or_insert_with(|| {
            let text = self.texts.of(&folder.join("package.json"))?;
            let value = crate::files::json(&text).ok()?;
            Some(std::rc::Rc::new(Source { text, value }))
        });
        known.clone()
    }
}

/// The name under which a package is installed, by its folder in node_modules.
fn name_in_modules(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let parent = path.parent()?;
    let around = parent.file_name()?.to_string_lossy();
    if around == "node_modules" {
        return Some(name);
    }
    let is_scope = around.starts_with('@') && parent.parent()?.file_name()? == "node_modules";
    is_scope.then(|| format!("{around}/{name}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::name_in_modules;

    #[test]
    fn the_folder_in_node_modules_gives_the_name_of_a_package() {
        for (path, name) in [
            ("/p/node_modules/a", Some("a")),
            ("/p/node_modules/@s/a", Some("@s/a")),
            ("/p/packages/a", None),
            ("/", None),
        ] {
            assert_eq!(name_in_modules(Path::new(path)).as_deref(), name, "{path}");
        }
    }
}
