//! glibc's search for libraries, on this system (elf/dl-load.c `_dl_map_object`, elf/dl-version.c): `DT_RPATH`,
//! `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the system's folders; then the versions, in the order of `ld.so`.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use object::elf;

use super::object::{Inherited, Loaded, MOST, Object, folders, read};
use super::root::Root;
use super::{Libraries, ld_cache};
use crate::binary::{self, Image, Source};

/// The search paths written in an object.
#[derive(Clone, Debug, Default)]
struct Search {
    rpath: Vec<PathBuf>,
    runpath: Vec<PathBuf>,
    /// `DT_RPATH` of the executable, where it has no `DT_RUNPATH`.
    of_executable: Vec<PathBuf>,
}

impl Search {
    /// Reads `DT_RPATH` and `DT_RUNPATH` of the object at `file`.
    fn of([rpath, runpath]: &[Option<String>; 2], file: &Path, root: &Root) -> Search {
        let runpath = folders(runpath.as_deref(), file, root);
        // DT_RPATH counts only without DT_RUNPATH.
        let rpath = if runpath.is_empty() { folders(rpath.as_deref(), file, root) } else { Vec::new() };
        Search { rpath, runpath, of_executable: Vec::new() }
    }
}

/// The libraries found so far, in the order in which ld.so maps them.
struct Mapped<'s> {
    system: &'s System,
    /// Name asked for → where it lies.
    paths: HashMap<String, String>,
    order: Vec<(String, Arc<Object>)>,
}

impl<'s> Mapped<'s> {
    fn new(system: &'s System) -> Mapped<'s> {
        Mapped { system, paths: HashMap::new(), order: Vec::new() }
    }

    /// Maps `names` and all they need, breadth first. The first one that is nowhere ends it.
    fn map(&mut self, names: &[String], own: &Arc<Search>) -> Result<(), Libraries> {
        let mut queue: VecDeque<(String, Option<String>, Arc<Search>)> =
            names.iter().map(|name| (name.clone(), None, Arc::clone(own))).collect();
        while let Some((name, needed_by, from)) = queue.pop_front() {
            if self.paths.contains_key(&name) || self.paths.len() >= MOST {
                continue;
            }
            let root = &self.system.root;
            let path = match self.system.locate(&name, &from, own) {
                Located::At(path) => path,
                Located::Invalid(path) => return Err(Libraries::Invalid { path: root.name(&path), needed_by }),
                Located::Nowhere => {
                    let searched = self.system.folders_of(&from, own).map(|folder| root.name(&folder.to_string_lossy()));
                    let searched = searched.collect();
                    return Err(Libraries::Missing { library: name, needed_by, searched, beside: false });
                }
            };
            let Some(found) = read(&path) else { return Err(Libraries::Invalid { path: root.name(&path), needed_by }) };
            let search = Arc::new(Search::of(&found.search, Path::new(&path), root));
            let needed_by = root.name(&path);
            queue.extend(found.needed.iter().map(|needed| (needed.clone(), Some(needed_by.clone()), Arc::clone(&search))));
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
            let path = self.system.root.name(path);
            Some(Libraries::TooOld { path, version: version.clone(), needed_by: needed_by.cloned() })
        })
    }
}

/// Searches for all that `image` at `file` needs, where the libraries called `loaded` are in the process already. Also returns
/// the paths of what comes in addition.
pub(super) fn search(
    file: &str,
    image: &Image,
    loaded: &[Loaded],
    inherited: Inherited<'_>,
    root: &Root,
) -> (Libraries, Vec<String>) {
    let Some(facts) = image.elf() else { return (Libraries::Found, Vec::new()) };
    let names: Vec<String> = image.libraries.iter().map(|library| library.name.clone()).collect();
    let system = system(root, &facts.ident, facts.machine);
    let mut mapped = Mapped::new(&system);
    // A name that is loaded already is never searched for, whatever lies beside the image.
    for Loaded { name, path } in loaded {
        if let Some(found) = read(path) {
            mapped.order.push((path.clone(), found));
            mapped.paths.insert(name.clone(), path.clone());
        }
    }
    let before = mapped.order.len();
    let mut own = Search::of(&[facts.rpath.clone(), facts.runpath.clone()], Path::new(file), root);
    // The executable's DT_RPATH serves whatever has no DT_RUNPATH.
    if let Some((executable, [rpath, None])) = inherited {
        own.of_executable = folders(rpath.as_deref(), Path::new(executable), root);
    }
    let result = match mapped.map(&names, &Arc::new(own)) {
        Err(failure) => failure,
        Ok(()) => mapped
            .too_old(&facts.version_needs, None)
            .or_else(|| {
                let mut own = mapped.order[before..].iter();
                own.find_map(|(path, found)| mapped.too_old(&found.needs, Some(&root.name(path))))
            })
            .unwrap_or(Libraries::Found),
    };
    (result, mapped.order.into_iter().skip(before).map(|(path, _)| path).collect())
}

/// What the executable at `path` brings in, by `names` and search paths written in it, with all they need; `None` where one is
/// nowhere.
pub(super) fn closure(path: &Path, names: &[String], search: &[Option<String>; 2], root: &Root) -> Option<Vec<Loaded>> {
    let source = Source::open(path).ok()?;
    let mut head = [0; 20];
    source.read(0, &mut head);
    let ident: [u8; 16] = head[..16].try_into().ok()?;
    let machine = u16::from_ne_bytes([head[18], head[19]]);
    let system = system(root, &ident, machine);
    let mut mapped = Mapped::new(&system);
    mapped.map(names, &Arc::new(Search::of(search, path, root))).ok()?;
    let name_of = |path: &String| mapped.paths.iter().find(|(_, found)| *found == path).map(|(name, _)| name.clone());
    mapped.order.iter().map(|(path, _)| Some(Loaded { name: name_of(path)?, path: path.clone() })).collect()
}

enum Located {
    At(String),
    Invalid(String),
    Nowhere,
}

/// What holds for all searches in a system for one kind of processor.
struct System {
    root: Root,
    cache: HashMap<String, String>,
    library_path: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    class: [u8; 2],
    machine: [u8; 2],
}

impl System {
    fn locate(&self, name: &str, from: &Search, own: &Search) -> Located {
        if name.contains('/') {
            let path = self.root.place(name);
            return if path.exists() { Located::At(path.to_string_lossy().into_owned()) } else { Located::Nowhere };
        }
        for folder in self.written(from, own) {
            match self.candidate(&folder.join(name)) {
                Located::Nowhere => {}
                located => return located,
            }
        }
        let cached = self.cache.get(name).map(|path| self.root.place(path)).filter(|path| path.exists());
        if let Some(path) = cached {
            return Located::At(path.to_string_lossy().into_owned());
        }
        for folder in &self.folders {
            match self.candidate(&folder.join(name)) {
                Located::Nowhere => {}
                located => return located,
            }
        }
        Located::Nowhere
    }

    /// The folders that objects and the environment name. `DT_RPATH` also serves what the object's libraries need, `DT_RUNPATH`
    /// only its own needs.
    fn written<'f>(&'f self, from: &'f Search, own: &'f Search) -> impl Iterator<Item = &'f PathBuf> {
        let inherited = if from.runpath.is_empty() { [&own.rpath[..], &own.of_executable] } else { [&[][..], &[]] };
        from.rpath.iter().chain(inherited.into_iter().flatten()).chain(&self.library_path).chain(&from.runpath)
    }

    /// All folders that are searched, in order; the cache stands between those named and those built in.
    fn folders_of<'f>(&'f self, from: &'f Search, own: &'f Search) -> impl Iterator<Item = &'f PathBuf> {
        self.written(from, own).chain(&self.folders)
    }

    /// A file of the right class and machine is taken, one of another is passed over, one that is no ELF file ends the search.
    fn candidate(&self, path: &Path) -> Located {
        let Ok(source) = Source::open(path) else { return Located::Nowhere };
        let mut head = [0; 20];
        let text = path.to_string_lossy().into_owned();
        if source.read(0, &mut head) < head.len() || !head.starts_with(b"\x7fELF") {
            return Located::Invalid(text);
        }
        if head[4..6] == self.class && head[18..20] == self.machine { Located::At(text) } else { Located::Nowhere }
    }
}

/// The system at `root` for images with this identification and machine, looked at once.
fn system(root: &Root, ident: &[u8; 16], machine: u16) -> Arc<System> {
    type Key = (Root, [u8; 2], u16);
    static SYSTEMS: OnceLock<Mutex<HashMap<Key, Arc<System>>>> = OnceLock::new();
    let class = [ident[4], ident[5]];
    let key = (root.clone(), class, machine);
    let find = || {
        let cache = ld_cache::read(&root.place("/etc/ld.so.cache"), machine);
        let library_path = std::env::var_os("LD_LIBRARY_PATH").filter(|_| root.is_here()).unwrap_or_default();
        // The folders built into ld.so aren't written anywhere; the libc lies in the first of them.
        let multiarch = match elf::Machine(machine) {
            elf::EM_X86_64 => "/lib/x86_64-linux-gnu",
            elf::EM_AARCH64 => "/lib/aarch64-linux-gnu",
            elf::EM_ARM => "/lib/arm-linux-gnueabihf",
            elf::EM_386 => "/lib/i386-linux-gnu",
            _ => "/lib",
        };
        let libc = cache.get("libc.so.6").and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder.to_owned());
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in libc.iter().map(String::as_str).chain([multiarch, "/lib64", "/lib"]) {
            let usr = format!("/usr{}", folder.trim_start_matches("/usr"));
            let places = [folder, &usr].map(|folder| root.place(folder));
            folders.extend(places.into_iter().filter(|folder| folder.is_dir()));
        }
        Arc::new(System {
            root: root.clone(),
            cache,
            library_path: std::env::split_paths(&library_path).filter(|path| !path.as_os_str().is_empty()).collect(),
            folders,
            class,
            machine: machine.to_ne_bytes(),
        })
    };
    let Ok(mut systems) = SYSTEMS.get_or_init(Mutex::default).lock() else { return find() };
    Arc::clone(systems.entry(key).or_insert_with(find))
}
