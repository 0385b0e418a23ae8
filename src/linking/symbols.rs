//! Every undefined symbol of an image against what the runtime's executable, its libraries and the image's own libraries
//! define: the global scope of `ld.so`, then the object's own.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use super::glibc;
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

type Shared = Arc<Mutex<SymbolLookup>>;
type Scope = Option<Arc<Vec<Shared>>>;

/// Opens an object once per process.
fn open(path: &str) -> Option<Shared> {
    static OPEN: OnceLock<Mutex<HashMap<String, Option<Shared>>>> = OnceLock::new();
    let mut cache = OPEN.get_or_init(Mutex::default).lock().ok()?;
    let opened = cache
        .entry(path.to_owned())
        .or_insert_with(|| SymbolLookup::open(Path::new(path)).map(|lookup| Arc::new(Mutex::new(lookup))));
    opened.clone()
}

/// The executable with all libraries that come with it, in the loader's order; `None` where one of them can't be followed.
fn global_scope(executable: &str) -> Scope {
    static SCOPES: OnceLock<Mutex<HashMap<String, Scope>>> = OnceLock::new();
    let scopes = SCOPES.get_or_init(Mutex::default);
    if let Some(scope) = scopes.lock().ok()?.get(executable) {
        return scope.clone();
    }
    let find = || {
        let first = open(executable)?;
        let needed = first.lock().ok()?.libraries();
        let paths = glibc::closure(&needed)?;
        let mut scope = vec![first];
        for path in &paths {
            scope.push(open(path)?);
        }
        Some(Arc::new(scope))
    };
    let scope = find();
    scopes.lock().ok()?.insert(executable.to_owned(), scope.clone());
    scope
}

/// Looks for every symbol that `image` needs, in `executable` and in `own`, the paths of the image's own libraries. `None` where
/// the scope can't be read to its end: then a symbol that isn't found may still be there.
pub(super) fn missing(image: &Image, source: &Source, executable: &str, own: &[String]) -> Option<Missing> {
    let global = global_scope(executable)?;
    let own: Vec<Shared> = own.iter().map(|path| open(path)).collect::<Option<_>>()?;
    let scope = || global.iter().chain(&own);
    let mut unfound: Vec<&[u8]> = Vec::new();
    for import in image.symbols.imports().filter(|import| !import.weak) {
        let mut found = false;
        for object in scope() {
            if object.lock().ok()?.defines(import.name)? {
                found = true;
                break;
            }
        }
        // An image may define under one version what it imports under another.
        if !found && !image.symbols.exports().any(|export| export.name == import.name) {
            unfound.push(import.name);
        }
    }
    let mut missing = Missing::default();
    if unfound.is_empty() {
        return Some(missing);
    }
    let binds_now = image.elf().is_some_and(crate::binary::ElfFacts::binds_now);
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
