//! glibc's search for libraries, on this system (elf/dl-load.c `_dl_map_object`, elf/dl-version.c): `DT_RPATH`,
//! `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the system's folders; then the versions, in the order of `ld.so`.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use super::{Libraries, ld_cache};
use crate::binary::{self, ElfFacts, Image, Source};

/// Most libraries that are followed from one image.
const MOST: usize = 512;

/// What is needed of a library once it is found.
struct Found {
    needed: Vec<String>,
    needs: Vec<binary::VersionNeed>,
    versions: HashSet<String>,
    search: Search,
}

/// The search paths written in an object.
#[derive(Clone, Debug, Default)]
struct Search {
    rpath: Vec<PathBuf>,
    runpath: Vec<PathBuf>,
}

impl Search {
    fn of(facts: &ElfFacts, file: &Path) -> Search {
        let origin = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_path_buf)).unwrap_or_default();
        let split = |list: &Option<String>| {
            let list = list.as_deref().unwrap_or_default();
            let expand = |entry: &str| {
                let origin = origin.to_string_lossy();
                PathBuf::from(entry.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin))
            };
            list.split(':').filter(|entry| !entry.is_empty()).map(expand).collect()
        };
        let runpath: Vec<PathBuf> = split(&facts.runpath);
        // DT_RPATH counts only without DT_RUNPATH.
        let rpath = if runpath.is_empty() { split(&facts.rpath) } else { Vec::new() };
        Search { rpath, runpath }
    }
}

/// Searches for all that `image` at `file` needs.
pub(super) fn search(file: &str, image: &Image) -> Libraries {
    let Some(facts) = image.elf() else { return Libraries::Found };
    let own = Search::of(facts, Path::new(file));
    let mut paths: HashMap<String, String> = HashMap::new();
    let mut order: Vec<(String, Arc<Found>)> = Vec::new();
    let mut queue: VecDeque<(String, Option<String>, Search)> =
        image.libraries.iter().map(|library| (library.name.clone(), None, own.clone())).collect();
    // Breadth first, as ld.so maps them; the first one that is nowhere ends it.
    while let Some((name, needed_by, from)) = queue.pop_front() {
        if paths.contains_key(&name) || paths.len() >= MOST {
            continue;
        }
        let path = match locate(&name, &from, &own) {
            Located::At(path) => path,
            Located::Invalid(path) => return Libraries::Invalid { path },
            Located::Nowhere => return Libraries::Missing { library: name, needed_by },
        };
        let Some(found) = read(&path) else { return Libraries::Invalid { path } };
        let below = found.needed.iter().map(|needed| (needed.clone(), Some(path.clone()), found.search.clone()));
        queue.extend(below);
        order.push((path.clone(), Arc::clone(&found)));
        paths.insert(name, path);
    }
    let by_path: HashMap<&String, &Arc<Found>> = order.iter().map(|(path, found)| (path, found)).collect();
    let check = |needs: &[binary::VersionNeed], needed_by: Option<&String>| {
        for need in needs {
            let Some(path) = paths.get(&need.library) else { continue };
            let Some(found) = by_path.get(path) else { continue };
            // A library without any versions offers what it has under no version at all.
            if found.versions.is_empty() {
                continue;
            }
            if let Some(version) = need.versions.iter().find(|version| !found.versions.contains(*version)) {
                let (path, version) = (path.clone(), version.clone());
                return Some(Libraries::TooOld { path, version, needed_by: needed_by.cloned() });
            }
        }
        None
    };
    check(&facts.version_needs, None)
        .or_else(|| order.iter().find_map(|(path, found)| check(&found.needs, Some(path))))
        .unwrap_or(Libraries::Found)
}

enum Located {
    At(String),
    Invalid(String),
    Nowhere,
}

fn locate(name: &str, from: &Search, own: &Search) -> Located {
    if name.contains('/') {
        return if Path::new(name).exists() { Located::At(name.to_owned()) } else { Located::Nowhere };
    }
    // DT_RPATH also serves what the object's libraries need, DT_RUNPATH only its own needs.
    let inherited = if from.runpath.is_empty() { &own.rpath[..] } else { &[] };
    let written = from.rpath.iter().chain(inherited).chain(&system().library_path).chain(&from.runpath);
    for folder in written {
        match candidate(&folder.join(name)) {
            Located::Nowhere => {}
            located => return located,
        }
    }
    if let Some(path) = system().cache.get(name).filter(|path| Path::new(path).exists()) {
        return Located::At(path.clone());
    }
    for folder in &system().folders {
        match candidate(&folder.join(name)) {
            Located::Nowhere => {}
            located => return located,
        }
    }
    Located::Nowhere
}

/// A file of the right class and machine is taken, one of another is passed over, one that is no ELF file ends the search.
fn candidate(path: &Path) -> Located {
    let Ok(source) = Source::open(path) else { return Located::Nowhere };
    let mut head = [0; 20];
    let text = path.to_string_lossy().into_owned();
    if source.read(0, &mut head) < head.len() || !head.starts_with(b"\x7fELF") {
        return Located::Invalid(text);
    }
    if head[4..6] == system().class && head[18..20] == system().machine { Located::At(text) } else { Located::Nowhere }
}

/// Reads a library once per process.
fn read(path: &str) -> Option<Arc<Found>> {
    static READ: OnceLock<Mutex<HashMap<String, Option<Arc<Found>>>>> = OnceLock::new();
    let cache = READ.get_or_init(Mutex::default);
    if let Some(found) = cache.lock().ok()?.get(path) {
        return found.clone();
    }
    let source = Source::open(Path::new(path)).ok()?;
    let file = binary::read(&source);
    let found = file.images().first().and_then(|image| {
        let facts = image.elf()?;
        Some(Arc::new(Found {
            needed: image.libraries.iter().map(|library| library.name.clone()).collect(),
            needs: facts.version_needs.clone(),
            versions: facts.version_definitions.iter().cloned().collect(),
            search: Search::of(facts, Path::new(path)),
        }))
    });
    cache.lock().ok()?.insert(path.to_owned(), found.clone());
    found
}

/// What holds for all searches of this process.
struct System {
    cache: HashMap<String, String>,
    library_path: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    class: [u8; 2],
    machine: [u8; 2],
}

fn system() -> &'static System {
    static SYSTEM: OnceLock<System> = OnceLock::new();
    SYSTEM.get_or_init(|| {
        let cache = ld_cache::read(Path::new("/etc/ld.so.cache"));
        let library_path = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        // The folders built into ld.so aren't written anywhere; the libc lies in the first of them.
        let libc = cache.get("libc.so.6").and_then(|path| Path::new(path).parent()).map(Path::to_path_buf);
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in libc.into_iter().chain(["/lib64", "/lib"].map(PathBuf::from)) {
            let usr = Path::new("/usr").join(folder.strip_prefix("/").unwrap_or(&folder));
            folders.extend([folder, usr].into_iter().filter(|folder| folder.is_dir()));
        }
        let mut head = [0; 20];
        if let Ok(source) = Source::open(Path::new("/proc/self/exe")) {
            source.read(0, &mut head);
        }
        System {
            cache,
            library_path: std::env::split_paths(&library_path).filter(|path| !path.as_os_str().is_empty()).collect(),
            folders,
            class: [head[4], head[5]],
            machine: [head[18], head[19]],
        }
    })
}
