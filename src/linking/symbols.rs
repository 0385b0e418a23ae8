//! Looks up every undefined symbol of an image in the runtime's executable, its libraries and the
//! image's own libraries: the global scope of `ld.so`, then the object's own scope.

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

/// The versions under which a name was looked up, each with the result.
type Asked = Vec<(Option<Box<[u8]>>, bool)>;

/// The objects that the process has loaded before any addon: the executable and its libraries.
pub(super) struct GlobalScope {
    objects: Vec<Mutex<SymbolLookup>>,
    /// Results of earlier look-ups. Addons need the same few thousand names.
    known: Mutex<HashMap<Box<[u8]>, Asked>>,
    /// `DT_RPATH` and `DT_RUNPATH` of the executable. They can apply to libraries that are loaded
    /// later.
    pub search: [Option<String>; 2],
    /// The libraries of the scope, without the executable.
    pub libraries: Vec<Loaded>,
}

/// The global scope of `executable`, in the loader's order; `None` if one of its libraries can't be
/// followed. The result is cached while the executable and its libraries are the same files.
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
            // A missing library may be installed later.
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

    /// True if one of its objects defines the name; `None` if that isn't known.
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

/// The objects in which an image's symbols are looked up: those of the process, and its own
/// libraries.
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

/// Looks up every symbol that `image` needs, in the global scope and in `own`, the image's own
/// libraries. `None` if the scope can't be read completely: then a symbol that isn't found may
/// still exist. `is_foreign`: the image is for another processor, which only musl doesn't check.
pub(super) fn missing(
    image: &Image,
    source: &Source,
    global: &GlobalScope,
    own: &[Own],
    loader: Loader,
    is_foreign: bool,
) -> Option<Missing> {
    // A preloaded library may define any symbol.
    if files::variable("LD_PRELOAD").is_some_and(|value| !value.is_empty()) {
        return None;
    }
    // The files are opened for this look-up only: the number of open files is limited, and these
    // libraries may be rebuilt at any time.
    let opened: Vec<Mutex<SymbolLookup>> = own
        .iter()
        .map(|library| SymbolLookup::open(Path::new(&library.path)).map(Mutex::new))
        .collect::<Option<_>>()?;
    let scope = Scope { global, own: &opened };
    let mut unfound = unfound_in(image, scope, loader)?;
    // Symbols that the image itself defines are found.
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

/// True if glibc binds all symbols of the image while loading it.
fn binds_now(image: &Image) -> bool {
    let asked_to = files::variable("LD_BIND_NOW").is_some_and(|value| !value.is_empty());
    asked_to || image.elf().is_some_and(ElfFacts::binds_now)
}

/// The imports of an image that no object of the scope defines; `None` if the scope can't be read
/// completely.
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

/// The version that an import requires; musl doesn't compare it.
fn version_of<'i>(image: &'i Image, import: &Import<'_>) -> Option<&'i [u8]> {
    Some(image.elf()?.version_names.get(&import.version?)?.as_bytes())
}

/// The version that the import called `name` requires, as text.
fn version_for(image: &Image, name: &str) -> Option<String> {
    let import =
        image.symbols.imports().find(|import| String::from_utf8_lossy(import.name) == name)?;
    version_of(image, &import).map(text)
}

/// The first missing symbol of the image's libraries that is bound while loading. glibc binds the
/// last library first, and all libraries before the image. Libraries of the system are assumed to
/// be complete.
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
