//! Libraries on the disk: what they need, what they offer, where they say it lies. Read once.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::SystemTime;

use super::root::Root;
use crate::binary::{self, Image, Source};

/// Most libraries that are followed from one image.
pub(super) const MOST: usize = 512;

/// What is needed of a library once it is found.
pub(super) struct Object {
    /// Names of the libraries it needs.
    pub needed: Vec<String>,
    /// Versions that it asks of them.
    pub needs: Vec<binary::VersionNeed>,
    /// Versions that it offers.
    pub versions: HashSet<String>,
    /// `DT_RPATH` and `DT_RUNPATH`, as written.
    pub search: [Option<String>; 2],
}

impl Object {
    fn of(image: &Image) -> Option<Object> {
        let facts = image.elf()?;
        Some(Object {
            needed: image.libraries.iter().map(|library| library.name.clone()).collect(),
            needs: facts.version_needs.clone(),
            versions: facts.version_definitions.iter().cloned().collect(),
            search: [facts.rpath.clone(), facts.runpath.clone()],
        })
    }
}

/// A library that is in the process before any addon.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    /// The name by which it was asked for.
    pub name: String,
    /// Where it lies.
    pub path: String,
}

/// The executable, and its `DT_RPATH` and `DT_RUNPATH`; `None` where they aren't known.
pub(super) type Inherited<'a> = Option<(&'a str, &'a [Option<String>; 2])>;

/// Reads the library at `path`; again only when its size or time has changed. `None` for what is no ELF file.
pub(super) fn read(path: &str) -> Option<Arc<Object>> {
    /// Size, time, and what was read.
    type Entry = ((u64, Option<SystemTime>), Option<Arc<Object>>);
    static READ: OnceLock<Mutex<HashMap<String, Entry>>> = OnceLock::new();
    let cache = READ.get_or_init(Mutex::default);
    let metadata = std::fs::metadata(path).ok()?;
    let stamp = (metadata.len(), metadata.modified().ok());
    if let Some((_, found)) = cache.lock().ok()?.get(path).filter(|(known, _)| *known == stamp) {
        return found.clone();
    }
    let source = Source::open(Path::new(path)).ok()?;
    let found = binary::read(&source).images().first().and_then(Object::of).map(Arc::new);
    cache.lock().ok()?.insert(path.to_owned(), (stamp, found.clone()));
    found
}

/// The folders of a search path, as `DT_RUNPATH` holds it, in an object at `file`: `$ORIGIN` is its real folder.
pub(super) fn folders(list: Option<&str>, file: &Path, root: &Root) -> Vec<PathBuf> {
    let origin = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_path_buf)).unwrap_or_default();
    let expand = |entry: &str| {
        let origin = origin.to_string_lossy();
        let expanded = entry.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin);
        // What stands there whole is a path of that system; the origin is one of this.
        if expanded == entry { root.place(entry) } else { PathBuf::from(expanded) }
    };
    list.unwrap_or_default().split(':').filter(|entry| !entry.is_empty()).map(expand).collect()
}
