//! Every undefined symbol of an image against what the runtime's executable, its libraries and the
//! image's own libraries define: the global scope of `ld.so`, then the object's own.

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use super::linkage::Own;
use super::loader::Loader;
use super::missing::{Missing, elf_bindings, first_eager, text};
use super::object::Loaded;
use super::root::Root;
use super::{glibc, musl};
use crate::binary::{self, ElfFacts, Image, Import, SymbolLookup};
use crate::files::{self, Memo, Source};
use crate::hash::{HashMap, HashSet};

/// The versions under which a name was asked for, each with what came of it.
type Asked = Vec<(Option<Box<[u8]>>, bool)>;

/// What every addon of a runtime finds loaded already: the executable and the libraries that come
/// with it.
pub(super) struct GlobalScope {
    objects: Vec<Mutex<SymbolLookup>>,
    /// What was asked before: addons ask for the same few thousand names.
    known: Mutex<HashMap<Box<[u8]>, Asked>>,
    /// `DT_RPATH` and `DT_RUNPATH` of the executable: they can serve what is loaded later.
    pub search: [Option<String>; 2],
    /// The libraries among them.
    pub libraries: Vec<Loaded>,
}

/// The global scope of `executable`, in the loader's order; `None` where one of its libraries can't
/// be followed. It is kept while the executable and its libraries are the same files.
pub(super) fn global_scope(
    executable: &str,
    root: &Root,
    loader: Loader,
) -> Option<Arc<GlobalScope>> {
    type Key = (String, Root, Loader);
    static SCOPES: LazyLock<Memo<Key, Option<Arc<GlobalScope>>>> = LazyLock::new(|| Memo::new(64));
    SCOPES.get_or_make_alone((executable.to_owned(), root.clone(), loader), || {
        let stamps = files::stamps([executable]);
        match GlobalScope::read(executable, root, loader) {
            Some(scope) => {
                let libraries = scope.libraries.iter().map(|library| &library.path);
                (stamps.and(files::stamps(libraries)), Some(Arc::new(scope)))
            }
            // A library may be installed later.
            None => (stamps.and(files::stamps([root.place("/etc/ld.so.cache")])), None),
        }
    })
}

impl GlobalScope {
    fn read(executable: &str, root: &Root, loader: Loader) -> Option<GlobalScope> {
        let first = SymbolLookup::open(Path::new(executable))?;
        let libraries = match loader {
            Loader::Glibc => glibc::closure(Path::new(executable), &first, root)?,
            Loader::Musl => musl::closure(Path::new(executable), &first, root)?,
        };
        let search = first.search_paths();
        let mut objects = vec![Mutex::new(first)];
        for library in &libraries {
            objects.push(Mutex::new(SymbolLookup::open(Path::new(&library.path))?));
        }
        Some(GlobalScope { objects, known: Mutex::default(), search, libraries })
    }

    /// Whether one of its objects defines a name.
    fn defines(&self, name: &[u8], version: Option<&[u8]>) -> Option<bool> {
        const MOST: usize = 1 << 16;
        const MOST_VERSIONS: usize = 16;
        let mut known = self.known.lock().ok()?;
        let mut asked = known.get(name).into_iter().flatten();
        if let Some((_, found)) = asked.find(|(asked, _)| asked.as_deref() == version) {
            return Some(*found);
        }
        let found = is_defined_in(self.objects.iter(), name, version)?;
        if known.len() < MOST {
            let asked = known.entry(name.into()).or_default();
            if asked.len() < MOST_VERSIONS {
                asked.push((version.map(Into::into), found));
            }
        }
        Some(found)
    }
}

fn is_defined_in<'o>(
    objects: impl Iterator<Item = &'o Mutex<SymbolLookup>>,
    name: &[u8],
    version: Option<&[u8]>,
) -> Option<bool> {
    for object in objects {
        if object.lock().ok()?.defines(name, version)? {
            return Some(true);
        }
    }
    Some(false)
}

/// Where an image finds its symbols: what is in the process already, and what comes with it.
#[derive(Clone, Copy)]
struct Scope<'s> {
    global: &'s GlobalScope,
    own: &'s [Mutex<SymbolLookup>],
}

impl Scope<'_> {
    fn defines(&self, name: &[u8], version: Option<&[u8]>) -> Option<bool> {
        if self.global.defines(name, version)? {
            Some(true)
        } else {
            is_defined_in(self.own.iter(), name, version)
        }
    }
}

/// Looks for every symbol that `image` needs, in the global scope and in `own`, the paths of the
/// image's own libraries. `None` where the scope can't be read to its end: then a symbol that isn't
/// found may still be there. `is_foreign`: the image is for another processor, which only musl
/// doesn't look at.
pub(super) fn missing(
    image: &Image,
    source: &Source,
    global: &GlobalScope,
    own: &[Own],
    loader: Loader,
    is_foreign: bool,
) -> Option<Missing> {
    // What is preloaded may define anything.
    if std::env::var_os("LD_PRELOAD").is_some_and(|value| !value.is_empty()) {
        return None;
    }
    // Opened for this one look only: a process has a limited number of open files, and these may be
    // rebuilt at any time.
    let opened: Vec<Mutex<SymbolLookup>> = own
        .iter()
        .map(|library| SymbolLookup::open(Path::new(&library.path)).map(Mutex::new))
        .collect::<Option<_>>()?;
    let scope = Scope { global, own: &opened };
    let mut unfound = unfound_in(image, scope, loader)?;
    // An image finds what it defines itself.
    if !unfound.is_empty() {
        for export in image.symbols.exports() {
            unfound.remove(export.name);
        }
    }
    if loader == Loader::Musl {
        let only_in_executable = |name: &[u8]| {
            let others = scope.global.objects.iter().skip(1).chain(scope.own);
            is_defined_in(others, name, None) != Some(true)
        };
        let missing =
            musl::relocations::missing(image, source, &unfound, is_foreign, &only_in_executable);
        if missing.stops() {
            return Some(missing);
        }
        // Then the libraries, the first one first.
        return Some(of_libraries(image, own, scope, loader).unwrap_or(missing));
    }
    if let Some(missing) = of_libraries(image, own, scope, loader) {
        return Some(missing);
    }
    let mut missing = Missing::bound(image, source, &unfound, binds_now(image));
    missing.version = missing.eager.as_ref().and_then(|name| version_for(image, name));
    Some(missing)
}

/// True when glibc binds all of an image while loading it.
fn binds_now(image: &Image) -> bool {
    let asked_to = std::env::var_os("LD_BIND_NOW").is_some_and(|value| !value.is_empty());
    asked_to || image.elf().is_some_and(ElfFacts::binds_now)
}

/// The imports of an image that no object of the scope defines; `None` where the scope can't be
/// read to its end.
fn unfound_in<'i>(image: &'i Image, scope: Scope<'_>, loader: Loader) -> Option<HashSet<&'i [u8]>> {
    let mut unfound: HashSet<&[u8]> = HashSet::default();
    for import in image.symbols.imports().filter(|import| !import.weak) {
        let stand_in = if loader == Loader::Musl { musl::stands_for(import.name) } else { None };
        let version = if loader == Loader::Glibc { version_of(image, &import) } else { None };
        let found = scope.defines(import.name, version)?
            || stand_in.map_or(Some(false), |name| scope.defines(name, None))?;
        if !found {
            unfound.insert(import.name);
        }
    }
    Some(unfound)
}

/// The version that an import asks for; musl doesn't look at it.
fn version_of<'i>(image: &'i Image, import: &Import<'_>) -> Option<&'i [u8]> {
    Some(image.elf()?.version_names.get(&import.version?)?.as_bytes())
}

/// The version that the import called `name` asks for, for people.
fn version_for(image: &Image, name: &str) -> Option<String> {
    let import =
        image.symbols.imports().find(|import| String::from_utf8_lossy(import.name) == name)?;
    version_of(image, &import).map(text)
}

/// The first symbol that is bound while loading and that is missing, of the libraries that come
/// with the image: with glibc the last one is bound first, and all of them before the image. Those
/// of the system are whole.
fn of_libraries(image: &Image, own: &[Own], scope: Scope<'_>, loader: Loader) -> Option<Missing> {
    const MOST: usize = 64;
    let mut suspects =
        own.iter().filter(|library| !library.is_systems).take(MOST).collect::<Vec<_>>();
    if loader == Loader::Glibc {
        suspects.reverse();
    }
    suspects.into_iter().find_map(|library| {
        let source = Source::open(Path::new(&library.path)).ok()?;
        let file = binary::read(&source);
        let found = file.images().first()?;
        let mut unfound = unfound_in(found, scope, loader)?;
        for export in found.symbols.exports().chain(image.symbols.exports()) {
            unfound.remove(export.name);
        }
        let eager = match loader {
            Loader::Musl => {
                musl::relocations::missing(found, &source, &unfound, false, &|_| false).eager
            }
            Loader::Glibc => first_eager(&elf_bindings(found, &source, &unfound), binds_now(found)),
        };
        Some(Missing {
            eager: Some(eager?),
            in_library: Some(library.name.clone()),
            ..Missing::default()
        })
    })
}
