//! glibc's search for libraries, on this system (elf/dl-load.c `_dl_map_object`, elf/dl-version.c): `DT_RPATH`,
//! `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the system's folders; then the versions, in the order of `ld.so`.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::SystemTime;

use super::{Libraries, ld_cache};
use crate::binary::{self, ElfFacts, Image, Source};

/// Most libraries that are followed from one image.
const MOST: usize = 512;

/// What is needed of a library once it is found.
struct Found {
    needed: Vec<String>,
    needs: Vec<binary::VersionNeed>,
    versions: HashSet<String>,
    search: Arc<Search>,
}

/// The search paths written in an object.
#[derive(Clone, Debug, Default)]
struct Search {
    rpath: Vec<PathBuf>,
    runpath: Vec<PathBuf>,
}

impl Search {
    fn of(facts: &ElfFacts, file: &Path) -> Search {
        Search::read(&[facts.rpath.clone(), facts.runpath.clone()], file)
    }

    /// Reads `DT_RPATH` and `DT_RUNPATH` of the object at `file`.
    fn read([rpath, runpath]: &[Option<String>; 2], file: &Path) -> Search {
        let origin = file.canonicalize().ok().and_then(|file| file.parent().map(Path::to_path_buf)).unwrap_or_default();
        let split = |list: &Option<String>| {
            let list = list.as_deref().unwrap_or_default();
            let expand = |entry: &str| {
                let origin = origin.to_string_lossy();
                PathBuf::from(entry.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin))
            };
            list.split(':').filter(|entry| !entry.is_empty()).map(expand).collect()
        };
        let runpath: Vec<PathBuf> = split(runpath);
        // DT_RPATH counts only without DT_RUNPATH.
        let rpath = if runpath.is_empty() { split(rpath) } else { Vec::new() };
        Search { rpath, runpath }
    }
}

/// The libraries found so far, in the order in which ld.so maps them.
#[derive(Default)]
struct Mapped {
    paths: HashMap<String, String>,
    order: Vec<(String, Arc<Found>)>,
}

impl Mapped {
    /// Maps `names` and all they need, breadth first. The first one that is nowhere ends it.
    fn map(&mut self, names: &[String], own: &Arc<Search>) -> Result<(), Libraries> {
        let mut queue: VecDeque<(String, Option<String>, Arc<Search>)> =
            names.iter().map(|name| (name.clone(), None, Arc::clone(own))).collect();
        while let Some((name, needed_by, from)) = queue.pop_front() {
            if self.paths.contains_key(&name) || self.paths.len() >= MOST {
                continue;
            }
            let path = match locate(&name, &from, own) {
                Located::At(path) => path,
                Located::Invalid(path) => return Err(Libraries::Invalid { path }),
                Located::Nowhere => return Err(Libraries::Missing { library: name, needed_by }),
            };
            let Some(found) = read(&path) else { return Err(Libraries::Invalid { path }) };
            queue.extend(found.needed.iter().map(|needed| (needed.clone(), Some(path.clone()), Arc::clone(&found.search))));
            self.order.push((path.clone(), found));
            self.paths.insert(name, path);
        }
        Ok(())
    }

    /// The first version that `needs` asks for and its library lacks.
    fn too_old(&self, needs: &[binary::VersionNeed], needed_by: Option<&String>) -> Option<Libraries> {
        needs.iter().find_map(|need| {
            let path = self.paths.get(&need.library)?;
            let (_, found) = self.order.iter().find(|(mapped, _)| mapped == path)?;
            // A library without any versions offers what it has under no version at all.
            let lacking = |version: &&String| !found.versions.is_empty() && !found.versions.contains(*version);
            let version = need.versions.iter().find(lacking)?;
            Some(Libraries::TooOld { path: path.clone(), version: version.clone(), needed_by: needed_by.cloned() })
        })
    }
}

/// Searches for all that `image` at `file` needs, where the libraries called `loaded` are in the process already. Also returns
/// the paths of what comes in addition.
pub(super) fn search(file: &str, image: &Image, loaded: &[Loaded]) -> (Libraries, Vec<String>) {
    let Some(facts) = image.elf() else { return (Libraries::Found, Vec::new()) };
    let names: Vec<String> = image.libraries.iter().map(|library| library.name.clone()).collect();
    let mut mapped = Mapped::default();
    // A name that is loaded already is never searched for, whatever lies beside the image.
    for Loaded { name, path } in loaded {
        if let Some(found) = read(path) {
            mapped.order.push((path.clone(), found));
            mapped.paths.insert(name.clone(), path.clone());
        }
    }
    let before = mapped.order.len();
    let result = match mapped.map(&names, &Arc::new(Search::of(facts, Path::new(file)))) {
        Err(failure) => failure,
        Ok(()) => mapped
            .too_old(&facts.version_needs, None)
            .or_else(|| mapped.order[before..].iter().find_map(|(path, found)| mapped.too_old(&found.needs, Some(path))))
            .unwrap_or(Libraries::Found),
    };
    (result, mapped.order.into_iter().skip(before).map(|(path, _)| path).collect())
}

/// A library that is in the process before any addon.
pub(super) struct Loaded {
    /// The name by which it was asked for.
    pub name: String,
    /// Where it was found.
    pub path: String,
}

/// What the executable at `path` brings in, by `names` and search paths written in it, with all they need; `None` where one is
/// nowhere.
pub(super) fn closure(path: &Path, names: &[String], search: &[Option<String>; 2]) -> Option<Vec<Loaded>> {
    let mut mapped = Mapped::default();
    mapped.map(names, &Arc::new(Search::read(search, path))).ok()?;
    let name_of = |path: &String| mapped.paths.iter().find(|(_, found)| *found == path).map(|(name, _)| name.clone());
    mapped.order.iter().map(|(path, _)| Some(Loaded { name: name_of(path)?, path: path.clone() })).collect()
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

/// Reads a library; again only when its size or time has changed.
fn read(path: &str) -> Option<Arc<Found>> {
    /// Size, time, and what was read.
    type Entry = ((u64, Option<SystemTime>), Option<Arc<Found>>);
    static READ: OnceLock<Mutex<HashMap<String, Entry>>> = OnceLock::new();
    let cache = READ.get_or_init(Mutex::default);
    let metadata = std::fs::metadata(path).ok()?;
    let stamp = (metadata.len(), metadata.modified().ok());
    if let Some((_, found)) = cache.lock().ok()?.get(path).filter(|(known, _)| *known == stamp) {
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
            search: Arc::new(Search::of(facts, Path::new(path))),
        }))
    });
    cache.lock().ok()?.insert(path.to_owned(), (stamp, found.clone()));
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
