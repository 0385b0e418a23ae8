//! Every undefined symbol of an image against what the runtime's executable, its libraries and the image's own libraries
//! define: the global scope of `ld.so`, then the object's own.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use super::glibc::{self, Loaded};
use crate::binary::{Image, Source, SymbolLookup};

/// What came of looking for the symbols.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The first one that is bound while loading: loading fails.
    pub eager: Option<String>,
    /// One that is bound at its first call, and a constructor calls it: the process ends while loading.
    pub called_by_constructor: Option<String>,
    /// The others that are bound at their first call.
    pub lazy: Vec<String>,
}

/// What every addon of a runtime finds loaded already: the executable and the libraries that come with it.
pub(super) struct GlobalScope {
    objects: Vec<Mutex<SymbolLookup>>,
    /// The libraries among them.
    pub libraries: Vec<Loaded>,
}

/// The global scope of `executable`, in the loader's order, read once; `None` where one of its libraries can't be followed.
pub(super) fn global_scope(executable: &str) -> Option<Arc<GlobalScope>> {
    static SCOPES: OnceLock<Mutex<HashMap<String, Option<Arc<GlobalScope>>>>> = OnceLock::new();
    let mut scopes = SCOPES.get_or_init(Mutex::default).lock().ok()?;
    if let Some(scope) = scopes.get(executable) {
        return scope.clone();
    }
    let find = || {
        let first = SymbolLookup::open(Path::new(executable))?;
        let libraries = glibc::closure(Path::new(executable), &first.libraries(), &first.search_paths())?;
        let mut objects = vec![Mutex::new(first)];
        for library in &libraries {
            objects.push(Mutex::new(SymbolLookup::open(Path::new(&library.path))?));
        }
        Some(Arc::new(GlobalScope { objects, libraries }))
    };
    let scope = find();
    scopes.insert(executable.to_owned(), scope.clone());
    scope
}

/// Looks for every symbol that `image` needs, in the global scope and in `own`, the paths of the image's own libraries. `None`
/// where the scope can't be read to its end: then a symbol that isn't found may still be there.
pub(super) fn missing(image: &Image, source: &Source, global: &GlobalScope, own: &[String]) -> Option<Missing> {
    // What is preloaded may define anything.
    if std::env::var_os("LD_PRELOAD").is_some_and(|value| !value.is_empty()) {
        return None;
    }
    // Opened for this one look only: a process has a limited number of open files, and these may be rebuilt at any time.
    let own: Vec<Mutex<SymbolLookup>> =
        own.iter().map(|path| SymbolLookup::open(Path::new(path)).map(Mutex::new)).collect::<Option<_>>()?;
    let scope = || global.objects.iter().chain(&own);
    let mut unfound: HashSet<&[u8]> = HashSet::new();
    for import in image.symbols.imports().filter(|import| !import.weak) {
        let mut found = false;
        for object in scope() {
            if object.lock().ok()?.defines(import.name)? {
                found = true;
                break;
            }
        }
        if !found {
            unfound.insert(import.name);
        }
    }
    // An image may define under one version what it imports under another.
    if !unfound.is_empty() {
        for export in image.symbols.exports() {
            unfound.remove(export.name);
        }
    }
    let mut missing = Missing::default();
    if unfound.is_empty() {
        return Some(missing);
    }
    let asked_to = std::env::var_os("LD_BIND_NOW").is_some_and(|value| !value.is_empty());
    let binds_now = asked_to || image.elf().is_some_and(crate::binary::ElfFacts::binds_now);
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let bindings = image.bindings(source, &unfound);
    // A symbol that no relocation asks for is never looked up.
    missing.eager = bindings.iter().find(|binding| binds_now || !binding.lazy).map(|binding| text(&binding.name));
    missing.called_by_constructor =
        image.constructor_calls(source, &bindings).filter(|_| !binds_now).map(|binding| text(&binding.name));
    if !binds_now {
        missing.lazy = bindings.iter().filter(|binding| binding.lazy).map(|binding| text(&binding.name)).collect();
        missing.lazy.sort();
        missing.lazy.dedup();
    }
    Some(missing)
}
