//! glibc's library search (elf/dl-load.c `_dl_map_object`, elf/dl-deps.c, elf/dl-version.c):
//! `DT_RPATH`, `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the system's folders; then the versions,
//! in the order of `ld.so`.

mod open;
mod system;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::system::{Located, System, system};
use super::acceptance::{GlibcText, Rejection};
use super::linkage::{Libraries, Own, Refusal, Search, Unfound};
use super::object::{Inherited, Loaded, MOST, Object, read};
use super::root::Root;
use crate::binary::{self, Image, SymbolLookup};
use crate::files::{Source, shown};
use crate::hash::{HashMap, HashSet};

/// An object, in the order in which ld.so maps them. The image itself is the first.
struct Step {
    path: String,
    object: Arc<Object>,
    rpath: Vec<PathBuf>,
    runpath: Vec<PathBuf>,
    /// Index of the object that needs it.
    loader: Option<usize>,
}

/// The libraries found so far.
struct Mapped<'s> {
    system: &'s System,
    steps: Vec<Step>,
    /// Names that are already resolved, with the index of their object: requested names and
    /// sonames.
    names: HashMap<String, usize>,
    /// `DT_RPATH` of the executable, if it has no `DT_RUNPATH`.
    of_executable: Vec<PathBuf>,
    /// Names that are already loaded, from files that aren't available.
    loaded: HashSet<String>,
    /// The libraries that may be in a system that isn't available.
    unfound: Vec<Unfound>,
}

impl<'s> Mapped<'s> {
    fn new(system: &'s System) -> Mapped<'s> {
        Mapped {
            system,
            steps: Vec::new(),
            names: HashMap::default(),
            of_executable: Vec::new(),
            loaded: HashSet::default(),
            unfound: Vec::new(),
        }
    }

    fn add(
        &mut self,
        name: Option<&str>,
        path: String,
        object: Arc<Object>,
        loader: Option<usize>,
    ) {
        let [rpath, runpath] = &object.search;
        let file = Path::new(&path);
        let runpath = self.system.folders_in(runpath.as_deref(), file);
        // glibc ignores DT_RPATH if there is a DT_RUNPATH.
        let rpath = if runpath.is_empty() {
            self.system.folders_in(rpath.as_deref(), file)
        } else {
            Vec::new()
        };
        let index = self.steps.len();
        for name in name.into_iter().chain(object.soname.as_deref()) {
            self.names.entry(name.to_owned()).or_insert(index);
        }
        self.steps.push(Step { path, object, rpath, runpath, loader });
    }

    /// Maps all libraries that the objects from `first` on need, breadth first. The first error
    /// ends the search.
    fn map(&mut self, first: usize) -> Result<(), Libraries> {
        let mut index = first;
        while index < self.steps.len() {
            for needed in self.steps[index].object.needed.clone() {
                self.need(&needed, index, first)?;
            }
            index += 1;
        }
        Ok(())
    }

    fn need(&mut self, needed: &str, by: usize, first: usize) -> Result<(), Libraries> {
        let name = self.system.expand(needed, Path::new(&self.steps[by].path));
        // The executable's own name in glibc's list is empty (`_dl_name_match_p`).
        let is_known = self.names.contains_key(&name) || self.loaded.contains(&name);
        if name.is_empty() || is_known {
            return Ok(());
        }
        if self.steps.len() >= MOST {
            return Err(Libraries::TooMany);
        }
        let root = &self.system.root;
        let needed_by = (by > first).then(|| root.name(&self.steps[by].path));
        let path = match self.locate(&name, name != needed, by) {
            Located::At(path) if self.may_precede(&path, by) => {
                self.leave(name, by, needed_by);
                return Ok(());
            }
            Located::At(path) => path,
            Located::Refused(path, text) => {
                let path = root.name(&path);
                let refusal = Some(Refusal::of_glibc(&path, text));
                return Err(Libraries::Invalid { path, refusal, needed_by });
            }
            Located::Nowhere { .. } if root.is_unavailable() => {
                self.leave(name, by, needed_by);
                return Ok(());
            }
            Located::Nowhere { other_class: true } => {
                let text = Rejection::OtherClass.glibc_text(self.system.expected);
                let refusal = Some(Refusal::of_glibc(&name, text));
                return Err(Libraries::Invalid { path: name, refusal, needed_by });
            }
            Located::Nowhere { other_class: false } => {
                let searched = self.searched(by).map(|folder| root.name(&shown(folder))).collect();
                return Err(Libraries::Missing {
                    library: name,
                    needed_by,
                    searched,
                    beside: false,
                });
            }
        };
        let Some(object) = read(&path) else { return Ok(()) };
        let shown = root.name(&path);
        let rejection = object.glibc_rejection(self.system.takes_empty_dynamic);
        let refusal = match rejection {
            Some(rejection) => {
                let named = if rejection.names_path() { &shown } else { &name };
                Some(Refusal::of_glibc(named, rejection.glibc_text(self.system.expected)))
            }
            None if object.executable_stack && self.system.refuses_stacks => {
                Some(Refusal::of_glibc(&name, GlibcText::EXECUTABLE_STACK))
            }
            None => None,
        };
        if refusal.is_some() {
            return Err(Libraries::Invalid { path: shown, refusal, needed_by });
        }
        if object.dies {
            return Err(Libraries::Truncated { path: shown, needed_by });
        }
        self.add(Some(&name), path, object, Some(by));
        Ok(())
    }

    /// True if a folder of a system that isn't available is searched before the file at `path`.
    fn may_precede(&self, path: &str, by: usize) -> bool {
        let root = &self.system.root;
        let before = self.written(by).take_while(|folder| !Path::new(path).starts_with(folder));
        root.is_unavailable() && before.into_iter().any(|folder| root.contains(folder))
    }

    /// Records a library that may be in a system that isn't available.
    fn leave(&mut self, library: String, by: usize, needed_by: Option<String>) {
        let root = &self.system.root;
        let (elsewhere, searched): (Vec<_>, Vec<_>) =
            self.written(by).partition(|folder| root.contains(folder));
        let unfound = Unfound {
            needer: self.steps[by].path.clone(),
            needed_by,
            searched: searched.into_iter().map(shown).collect(),
            elsewhere: !elsewhere.is_empty(),
            library,
        };
        if !self.unfound.iter().any(|known| known.library == unfound.library) {
            self.unfound.push(unfound);
        }
    }

    /// The file of a needed name; `is_expanded` if the name contained `$ORIGIN`.
    fn locate(&self, name: &str, is_expanded: bool, by: usize) -> Located {
        if name.contains('/') {
            let path = match is_expanded && self.system.root.is_unavailable() {
                true => PathBuf::from(name),
                false => self.system.root.place(name),
            };
            let text = shown(&path);
            return match open::open(&path, self.system.expected) {
                open::Opened::Fine => Located::At(text),
                open::Opened::Refused(reason) => Located::Refused(text, reason),
                open::Opened::OtherClass => Located::Nowhere { other_class: true },
                open::Opened::PassedOver => Located::Nowhere { other_class: false },
            };
        }
        let with_system = !self.steps[by].object.leaves_system_out;
        self.system.search(name, self.written(by), with_system)
    }

    /// The folders from run-paths and the environment that are searched for the needs of the object
    /// at `by`. `DT_RPATH` also applies to the needs of the object's libraries, `DT_RUNPATH` only
    /// to its own needs.
    fn written(&self, by: usize) -> impl Iterator<Item = &PathBuf> {
        let step = &self.steps[by];
        let chain = step
            .runpath
            .is_empty()
            .then(|| std::iter::successors(Some(by), |index| self.steps[*index].loader));
        let inherited = chain.into_iter().flatten().flat_map(|index| &self.steps[index].rpath);
        let of_executable =
            step.runpath.is_empty().then_some(&self.of_executable).into_iter().flatten();
        inherited.chain(of_executable).chain(&self.system.library_path).chain(&step.runpath)
    }

    /// All folders that are searched, in order. The cache comes between the folders of run-paths
    /// and the built-in folders.
    fn searched(&self, by: usize) -> impl Iterator<Item = &PathBuf> {
        let own =
            if self.steps[by].object.leaves_system_out { &[][..] } else { &self.system.folders };
        self.written(by).chain(own)
    }

    /// The first version that the object at `index` requires and its library lacks.
    fn too_old(&self, index: usize, first: usize) -> Option<Libraries> {
        let step = &self.steps[index];
        step.object.needs.iter().find_map(|need| {
            let found = &self.steps[*self.names.get(&need.library)?];
            // A library without versions defines its symbols without a version.
            let versions = &found.object.versions;
            let lacking = |version: &&String| !versions.is_empty() && !versions.contains(*version);
            let version = need.versions.iter().find(lacking)?.clone();
            let path = self.system.root.name(&found.path);
            let needed_by = (index > first).then(|| self.system.root.name(&step.path));
            Some(Libraries::TooOld { path, version, needed_by })
        })
    }
}

/// Searches for all libraries that `image` at `file` needs, when the process has already loaded
/// those in `loaded`. `version` is that of glibc.
pub(super) fn search(
    file: &str,
    image: &Image,
    loaded: &[Loaded],
    inherited: Inherited<'_>,
    root: &Root,
    version: Option<&str>,
) -> Search {
    let (Some(facts), Some(object)) = (image.elf(), Object::of(image, None)) else {
        return Search::nothing();
    };
    let system = system(root, &facts.ident, facts.machine, version);
    let mut mapped = Mapped::new(&system);
    // glibc doesn't search for a name that is already loaded, even if a file of that name is beside
    // the image.
    for Loaded { name, path, object } in loaded {
        match object {
            Some(object) => mapped.add(Some(name), path.clone(), Arc::clone(object), None),
            None => drop(mapped.loaded.insert(name.clone())),
        }
    }
    // The executable's DT_RPATH applies to every object without a DT_RUNPATH.
    if let Some((executable, [rpath, None])) = inherited {
        mapped.of_executable = system.folders_in(rpath.as_deref(), Path::new(executable));
    }
    let first = mapped.steps.len();
    mapped.add(None, file.to_owned(), Arc::new(object), None);
    let libraries = match mapped.map(first) {
        Err(failure) => failure,
        Ok(()) => (first..mapped.steps.len())
            .find_map(|index| mapped.too_old(index, first))
            .unwrap_or(Libraries::Found),
    };
    let unfound = std::mem::take(&mut mapped.unfound);
    let own = mapped.steps.into_iter().skip(first + 1).map(|step| {
        let is_systems =
            system.folders.iter().any(|folder| Path::new(&step.path).starts_with(folder));
        Own::new(step.path, &step.object, root, is_systems)
    });
    Search { libraries, own: own.collect(), unfound }
}

/// The libraries that `executable` at `path` loads, with all their needs; `None` if one isn't
/// found.
pub(super) fn closure(path: &Path, executable: &SymbolLookup, root: &Root) -> Option<Vec<Loaded>> {
    let system = system(root, &executable.ident, executable.machine, None);
    let mut mapped = Mapped::new(&system);
    mapped.add(None, shown(path), Arc::new(Object::of_executable(executable)), None);
    mapped.map(0).ok()?;
    let name_of = |index: usize| {
        let names = mapped.names.iter().filter(|(_, found)| **found == index);
        names.map(|(name, _)| name).min_by_key(|name| name.len()).cloned()
    };
    // The loader's name for itself is the one in the executable's PT_INTERP.
    let interpreter =
        Source::open(path).ok().and_then(|source| binary::interpreter(&source)).unwrap_or_default();
    let loaded = |index: usize| {
        let Step { path, object, .. } = &mapped.steps[index];
        let name = name_of(index)?;
        let path = match Path::new(&interpreter).file_name() {
            Some(file) if *file == *name => shown(root.place(&interpreter)),
            _ => path.clone(),
        };
        Some(Loaded { name, path, object: Some(Arc::clone(object)) })
    };
    (1..mapped.steps.len()).map(loaded).collect()
}
