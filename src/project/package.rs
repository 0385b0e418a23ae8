//! package.json, read as leniently as package managers do: a field of the wrong type counts as
//! absent.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::fields::Fields;
use super::paths::is_inside;
use super::prisma::{CLIENT, GENERATED, is_generated};
use crate::files::{self, Source};

/// The longest package.json that is read, in bytes; the largest on the registry are well under 1
/// MiB.
const LONGEST: u64 = 1 << 20;
/// The maximum amount of memory for its values, in bytes. Several are read at once.
const MOST_MEMORY: usize = 16 << 20;

/// The maximum number of subpaths in `exports` that are entries.
const MOST_SUBPATHS: usize = 16;

/// The fields with the packages that it needs at run time.
const DEPENDENCY_FIELDS: [&str; 3] = ["dependencies", "optionalDependencies", "peerDependencies"];

/// A dependency of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Name of the package.
    pub name: String,
    /// True if the package works without it.
    pub optional: bool,
    /// True if it is needed for development only.
    pub dev: bool,
    /// The folder, if it is one of the project's workspaces.
    pub workspace: Option<PathBuf>,
}

impl Dependency {
    /// The dependency of a project's root on one of its workspaces.
    #[must_use]
    pub fn on_workspace(directory: PathBuf) -> Dependency {
        Dependency { name: String::new(), optional: false, dev: false, workspace: Some(directory) }
    }
}

/// The fields of a package.json that abi-guard uses.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    fields: Map<String, Value>,
}

impl Manifest {
    /// Reads `package.json` in `directory`.
    ///
    /// # Errors
    /// The system's error; `InvalidData` if the file is not a JSON object.
    pub fn read(directory: &Path) -> io::Result<Manifest> {
        let text = Source::open(&directory.join("package.json"))?.contents(LONGEST)?;
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let fields = match files::json_within::<Fields>(text, MOST_MEMORY) {
            Ok(fields) => Ok(fields),
            // Node and package managers replace invalid UTF-8.
            Err(error) if std::str::from_utf8(text).is_ok() => Err(error),
            Err(_) => files::json_within(&*String::from_utf8_lossy(text), MOST_MEMORY),
        };
        match fields {
            Ok(Fields(fields)) => Ok(Manifest { fields }),
            Err(error) if error.is_of_structure() => {
                Err(io::Error::new(io::ErrorKind::InvalidData, "it is not a JSON object"))
            }
            Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error.to_string())),
        }
    }

    /// A manifest from its JSON text, for tests.
    #[cfg(test)]
    pub fn from_json(text: &str) -> Manifest {
        Manifest { fields: files::json::<Fields>(text).expect("a JSON object").0 }
    }

    /// The manifest of a package without a package.json.
    #[must_use]
    pub fn named(name: &str) -> Manifest {
        let mut fields = Map::new();
        fields.insert("name".to_owned(), Value::String(name.to_owned()));
        Manifest { fields }
    }

    /// Drops the fields that matter only for a package with native code. Its dependencies must have
    /// been asked for.
    pub fn keep_what_others_need(&mut self) {
        const NEEDED: [&str; 7] = ["cpu", "gypfile", "libc", "name", "os", "scripts", "version"];
        self.fields.retain(|field, _| NEEDED.contains(&field.as_str()));
    }

    /// The approximate amount of memory that it takes with its list of dependencies, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let dependencies = DEPENDENCY_FIELDS.iter().filter_map(|field| self.object(field));
        let count: usize = dependencies.map(Map::len).sum();
        files::memory_of_members(&self.fields) + count * size_of::<Dependency>()
    }

    /// The field `name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.string("name")
    }

    /// The name that users know the package by.
    #[must_use]
    pub fn known_name(&self) -> Option<&str> {
        self.name().map(|name| if is_generated(name) { CLIENT } else { name })
    }

    /// True for a client that Prisma has generated.
    #[must_use]
    pub fn is_prisma_client(&self) -> bool {
        self.name().is_some_and(is_generated)
    }

    /// The field `version`.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.string("version")
    }

    /// False if `gypfile` keeps npm from compiling what a binding.gyp describes.
    #[must_use]
    pub fn compiles_by_default(&self) -> bool {
        self.fields.get("gypfile") != Some(&Value::Bool(false))
    }

    /// The field `main`.
    #[must_use]
    pub fn main(&self) -> Option<&str> {
        self.string("main")
    }

    /// True when it needs `package` at run time.
    #[must_use]
    pub fn depends_on(&self, package: &str) -> bool {
        DEPENDENCY_FIELDS
            .iter()
            .any(|kind| self.object(kind).is_some_and(|all| all.contains_key(package)))
    }

    /// True if a package manager would install it on a system whose `field` (`os`, `cpu`, `libc`)
    /// is `value`: the list has the value, excludes only others ("!win32"), or doesn't exist.
    #[must_use]
    pub fn supports(&self, field: &str, value: &str) -> bool {
        let list: Vec<&str> = match self.fields.get(field) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
            _ => return true,
        };
        let list: Vec<&str> = list.into_iter().filter(|entry| !entry.is_empty()).collect();
        if list.is_empty() || list == ["any"] {
            return true;
        }
        let mut wanted = list.iter().filter(|entry| !entry.starts_with('!')).peekable();
        let excluded = list.iter().any(|entry| entry.strip_prefix('!') == Some(value));
        !excluded && (wanted.peek().is_none() || wanted.any(|entry| *entry == value))
    }

    /// True if `field` (`os`, `cpu`, `libc`) names systems, but not `value`. A list of exclusions
    /// doesn't keep a loader from loading installed files.
    #[must_use]
    pub fn is_for_others(&self, field: &str, value: &str) -> bool {
        let names_some = match self.fields.get(field) {
            Some(Value::String(one)) => !one.starts_with('!'),
            Some(Value::Array(all)) => {
                all.iter().filter_map(Value::as_str).any(|entry| !entry.starts_with('!'))
            }
            _ => false,
        };
        names_some && !self.supports(field, value)
    }

    /// The names in a list of systems (`os`, `cpu`, `libc`), without those that it excludes. Empty
    /// if the field isn't a list.
    #[must_use]
    pub fn names_in(&self, field: &str) -> Vec<&str> {
        let list = self.fields.get(field).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).filter(|name| !name.starts_with('!')).collect()
    }

    /// True if it lists its systems (`os` or `cpu`).
    #[must_use]
    pub fn is_for_one_platform(&self) -> bool {
        self.fields.contains_key("os") && self.fields.contains_key("cpu")
    }

    /// Names in `optionalDependencies`.
    pub fn optional_dependencies(&self) -> impl Iterator<Item = &str> {
        self.names("optionalDependencies")
    }

    /// The command of a script in `scripts`.
    #[must_use]
    pub fn script(&self, name: &str) -> Option<&str> {
        self.object("scripts")?.get(name)?.as_str()
    }

    /// True if an installation runs one of its scripts.
    #[must_use]
    pub fn has_install_script(&self) -> bool {
        ["preinstall", "install", "postinstall"].iter().any(|name| self.script(name).is_some())
    }

    /// A field that is an object.
    #[must_use]
    pub fn object(&self, field: &str) -> Option<&Map<String, Value>> {
        self.fields.get(field).and_then(Value::as_object)
    }

    /// The prefix of its platform packages' names: `napi.packageName`, `napi.package.name` or else
    /// `name`.
    #[must_use]
    pub fn napi_rs_package(&self) -> Option<&str> {
        let napi = self.object("napi")?;
        let older = || napi.get("package")?.as_object()?.get("name");
        napi.get("packageName").or_else(older).and_then(Value::as_str).or(self.name())
    }

    /// The entry points for `require` and `import`, relative and without `./`, as they are written.
    /// If only subpaths of the package can be required, these.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        let mut entries = Vec::new();
        match self.fields.get("exports") {
            Some(Value::Object(exports)) => match exports.get(".") {
                None if exports.keys().any(|key| key.starts_with('.')) => {
                    let targets = exports.values().take(MOST_SUBPATHS);
                    targets.for_each(|target| collect_targets(Some(target), &mut entries, 0));
                    entries.retain(|target| is_code(target) && !target.contains('*'));
                }
                Some(root) => collect_targets(Some(root), &mut entries, 0),
                None => collect_targets(self.fields.get("exports"), &mut entries, 0),
            },
            Some(exports) => collect_targets(Some(exports), &mut entries, 0),
            None => {}
        }
        if entries.is_empty() {
            entries.push(self.main().filter(|main| !main.is_empty()).unwrap_or("index").to_owned());
            entries.extend(self.string("module").map(str::to_owned));
        }
        let bare = |entry: String| entry.trim_start_matches("./").trim_end_matches('/').to_owned();
        let mut entries: Vec<String> =
            entries.into_iter().map(bare).filter(|entry| is_inside(entry)).collect();
        // Node's default if main doesn't exist.
        entries.push("index".to_owned());
        entries.dedup();
        entries
    }

    /// The addon that `main` or `exports` name, relative and without `./`.
    #[must_use]
    pub fn addon(&self) -> Option<String> {
        let mut targets: Vec<String> = self.main().map(str::to_owned).into_iter().collect();
        match self.fields.get("exports") {
            Some(Value::Object(exports)) => {
                exports.values().for_each(|target| collect_targets(Some(target), &mut targets, 0));
            }
            exports => collect_targets(exports, &mut targets, 0),
        }
        let mut bare = targets.iter().map(|target| target.trim_start_matches("./"));
        bare.find(|target| target.ends_with(".node") && !target.contains('*')).map(str::to_owned)
    }

    /// The target of a name in `imports`, as it is written: a path that begins with `./`, or the
    /// name of a package. A key may have one star.
    #[must_use]
    pub fn import(&self, name: &str) -> Option<String> {
        let imports = self.object("imports")?;
        let first = |target: &Value| {
            let mut targets = Vec::new();
            collect_targets(Some(target), &mut targets, 0);
            targets.into_iter().next()
        };
        let inside = |target: &String| is_inside(target);
        if let Some(target) = imports.get(name) {
            return first(target).filter(inside);
        }
        let (_, star, target) = imports
            .iter()
            .filter_map(|(key, target)| {
                let (start, end) = key.split_once('*')?;
                let star = name.strip_prefix(start)?.strip_suffix(end)?;
                Some((start.len(), star, target))
            })
            .max_by_key(|(start, ..)| *start)?;
        first(target).map(|target| target.replace('*', star)).filter(inside)
    }

    /// A field, of any type.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// Its dependencies at run time. A name in `optionalDependencies` is optional even if another
    /// field lists it, as in npm.
    #[must_use]
    pub fn dependencies(&self) -> Vec<Dependency> {
        let optional: HashSet<&str> = self.optional_dependencies().collect();
        let meta = self.object("peerDependenciesMeta");
        let is_optional_peer = |name: &str| {
            meta.and_then(|meta| meta.get(name)?.get("optional")?.as_bool()) == Some(true)
        };
        let needed = self
            .names("dependencies")
            .filter(|name| !optional.contains(name))
            .map(|name| (name, false));
        let peers = self.names("peerDependencies").map(|name| (name, is_optional_peer(name)));
        let generated = (self.name() == Some(CLIENT)).then_some((GENERATED, false));
        let optional = self.optional_dependencies().map(|name| (name, true));
        let all = needed.chain(peers).chain(optional).chain(generated);
        all.map(|(name, optional)| Dependency {
            name: name.to_owned(),
            optional,
            dev: false,
            workspace: None,
        })
        .collect()
    }

    /// Its development dependencies.
    #[must_use]
    pub fn dev_dependencies(&self) -> Vec<Dependency> {
        let names = self.names("devDependencies");
        names
            .map(|name| Dependency {
                name: name.to_owned(),
                optional: false,
                dev: true,
                workspace: None,
            })
            .collect()
    }

    fn names(&self, field: &str) -> impl Iterator<Item = &str> {
        self.object(field).into_iter().flat_map(Map::keys).map(String::as_str)
    }

    /// `napi.binaryName` (`napi.name` before @napi-rs/cli 3). Its presence shows that napi-rs
    /// builds the package.
    #[must_use]
    pub fn napi_rs_name(&self) -> Option<&str> {
        let napi = self.object("napi")?;
        ["binaryName", "name"].iter().find_map(|key| napi.get(*key)).and_then(Value::as_str)
    }

    fn string(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }
}

/// False for files of `exports` that contain no code.
pub fn is_code(target: &str) -> bool {
    ![".json", ".d.ts", ".d.mts", ".d.cts"].iter().any(|end| target.ends_with(end))
}

/// The files in the conditions of `exports`, those for `require` first.
fn collect_targets(target: Option<&Value>, entries: &mut Vec<String>, depth: usize) {
    match target {
        Some(Value::String(path)) if !entries.contains(path) => entries.push(path.clone()),
        Some(Value::Array(all)) if depth < 8 => collect_targets(all.first(), entries, depth + 1),
        Some(Value::Object(conditions)) if depth < 8 => {
            for condition in ["node-addons", "node", "require", "module-sync", "import", "default"]
            {
                collect_targets(conditions.get(condition), entries, depth + 1);
            }
        }
        _ => {}
    }
}
