//! musl's library search (ldso/dynlink.c 1.2.5, `load_library`): names that musl provides itself
//! are never searched, versions are never compared, and the folders in `DT_RUNPATH`, like those in
//! `DT_RPATH`, are also searched for the libraries that a needed library needs.

pub(super) mod relocations;

use std::path::Path;
use std::sync::Arc;

use super::linkage::{self, Libraries, Own, Refusal, Unfound};
use super::object::{Inherited, Loaded, MOST, Object, read};
use super::root::Root;
use crate::binary::{self, Image, SymbolLookup};
use crate::files::{self, Source, shown};
use crate::hash::HashMap;
use crate::model::Arch;

/// Libraries that musl itself provides, with any version after the dot: "libpthread.so.0" as well
/// as "libc.so.6".
const ITS_OWN: [&str; 7] =
    ["libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."];

/// True for the names of libraries that musl itself provides.
pub(super) fn is_its_own(name: &str) -> bool {
    ITS_OWN.iter().any(|own| name.starts_with(own)) || name.starts_with("ld-musl-")
}

/// The function that musl uses in place of one of the 64-bit variants that it removed (`get_lfs64`,
/// since 1.2.4). Its buffer has 16 characters.
pub(super) fn stands_for(name: &[u8]) -> Option<&[u8]> {
    const LONGEST: usize = 16;
    const FUNCTIONS: [&str; 59] = [
        "__fxstat",
        "__fxstatat",
        "__lxstat",
        "__xstat",
        "aio_cancel",
        "aio_error",
        "aio_fsync",
        "aio_read",
        "aio_return",
        "aio_suspend",
        "aio_write",
        "alphasort",
        "creat",
        "fallocate",
        "fgetpos",
        "fopen",
        "freopen",
        "fseeko",
        "fsetpos",
        "fstat",
        "fstatat",
        "fstatfs",
        "fstatvfs",
        "ftello",
        "ftruncate",
        "ftw",
        "getdents",
        "getrlimit",
        "glob",
        "globfree",
        "lio_listio",
        "lockf",
        "lseek",
        "lstat",
        "mkostemp",
        "mkostemps",
        "mkstemp",
        "mkstemps",
        "mmap",
        "nftw",
        "open",
        "openat",
        "posix_fadvise",
        "posix_fallocate",
        "pread",
        "preadv",
        "prlimit",
        "pwrite",
        "pwritev",
        "readdir",
        "scandir",
        "sendfile",
        "setrlimit",
        "stat",
        "statfs",
        "statvfs",
        "tmpfile",
        "truncate",
        "versionsort",
    ];
    if name == b"readdir64_r" {
        return Some(b"readdir_r");
    }
    let base = name.strip_suffix(b"64").filter(|_| name.len() <= LONGEST)?;
    FUNCTIONS.iter().any(|function| function.as_bytes() == base).then_some(base)
}

/// A library that is being loaded, and the object that needs it.
struct Step {
    path: String,
    object: Arc<Object>,
    folders: Vec<String>,
    needed_by: Option<usize>,
}

struct Search<'r> {
    root: &'r Root,
    /// Path of the image itself.
    file: String,
    library_path: Vec<String>,
    system: Vec<String>,
    /// Name → path of the mapped libraries.
    paths: HashMap<String, String>,
    steps: Vec<Step>,
    /// The libraries that may be in a system that isn't available.
    unfound: Vec<Unfound>,
}

impl<'r> Search<'r> {
    fn new(root: &'r Root, file: &str, arch: &str) -> Search<'r> {
        let library_path =
            files::variable("LD_LIBRARY_PATH").filter(|_| root.is_here()).unwrap_or_default();
        // The administrator's path file; lines or colons separate the folders.
        let written = files::text(&root.place(&format!("/etc/ld-musl-{arch}.path")), 1 << 20).ok();
        let system = written.as_deref().unwrap_or("/lib:/usr/local/lib:/usr/lib");
        Search {
            root,
            file: file.to_owned(),
            library_path: list(&shown(&library_path), root),
            system: list(system, root),
            paths: HashMap::default(),
            steps: Vec::new(),
            unfound: Vec::new(),
        }
    }

    /// Maps `names`, which the object with the run-paths `own` needs, and all libraries that those
    /// need. The first missing library ends the search.
    fn map(&mut self, names: &[String], own: &[String]) -> Result<(), Libraries> {
        let first = self.steps.len();
        self.direct(names, own, None)?;
        let mut index = first;
        while index < self.steps.len() {
            let names = self.steps[index].object.needed.clone();
            self.direct(&names, own, Some(index))?;
            index += 1;
        }
        Ok(())
    }

    fn direct(
        &mut self,
        names: &[String],
        own: &[String],
        needed_by: Option<usize>,
    ) -> Result<(), Libraries> {
        for name in names {
            if is_its_own(name) || self.paths.contains_key(name) || self.steps.len() >= MOST {
                continue;
            }
            let by = needed_by.map(|index| self.root.name(&self.steps[index].path));
            let refuse = |errno: &str| {
                let needer = by.as_deref().unwrap_or(&self.file);
                let refusal = Some(Refusal::of_musl(name, errno, needer));
                Libraries::Invalid { path: name.clone(), refusal, needed_by: by.clone() }
            };
            if name.is_empty() {
                return Err(refuse("Invalid argument"));
            }
            let found = self.locate(name, own, needed_by);
            let is_certain = |path: &String| !self.may_precede(path, own, needed_by);
            if self.root.is_unavailable() && !found.as_ref().is_some_and(is_certain) {
                self.leave(name, own, needed_by, by);
                continue;
            }
            let Some(path) = found else {
                let searched =
                    self.folders(own, needed_by).map(|folder| self.root.name(folder)).collect();
                return Err(Libraries::Missing {
                    library: name.clone(),
                    needed_by: by,
                    searched,
                    beside: false,
                });
            };
            if files::is_folder(Path::new(&path)) {
                return Err(refuse("Is a directory"));
            }
            let Some(object) = read(&path) else { return Err(refuse("Exec format error")) };
            if let Some(rejection) = object.musl_rejection {
                return Err(refuse(rejection.musl_text()));
            }
            if object.dies {
                return Err(Libraries::Truncated { path, needed_by: by });
            }
            let search = object.search[1].as_deref().or(object.search[0].as_deref());
            let folders = folders(search, Path::new(&path), self.root);
            self.paths.insert(name.clone(), path.clone());
            self.steps.push(Step { path, object, folders, needed_by });
        }
        Ok(())
    }

    /// True if a folder of a system that isn't available is searched before the file at `path`.
    fn may_precede(&self, path: &str, own: &[String], needed_by: Option<usize>) -> bool {
        let mut before = self
            .folders(own, needed_by)
            .take_while(|folder| !path.strip_prefix(*folder).is_some_and(|r| r.starts_with('/')));
        before.any(|folder| self.root.contains(Path::new(folder)))
    }

    /// Records a library that may be in a system that isn't available.
    fn leave(&mut self, name: &str, own: &[String], needed_by: Option<usize>, by: Option<String>) {
        let is_systems = |folder: &&String| self.root.contains(Path::new(folder));
        let (of_system, searched): (Vec<_>, Vec<_>) =
            self.folders(own, needed_by).partition(is_systems);
        let unfound = Unfound {
            library: name.to_owned(),
            needer: needed_by
                .map_or_else(|| self.file.clone(), |index| self.steps[index].path.clone()),
            needed_by: by,
            searched: searched.into_iter().cloned().collect(),
            elsewhere: of_system.len() > self.system.len(),
        };
        if !self.unfound.iter().any(|known| known.library == unfound.library) {
            self.unfound.push(unfound);
        }
    }

    fn locate(&self, name: &str, own: &[String], needed_by: Option<usize>) -> Option<String> {
        if name.contains('/') {
            return Some(self.root.place(name))
                .filter(|path| files::exists(path))
                .map(|path| shown(&path));
        }
        // The path is joined as written, even if the folder already ends in a slash.
        self.folders(own, needed_by)
            .map(|folder| format!("{folder}/{name}"))
            .find(|path| files::exists(Path::new(path)))
    }

    /// All folders that are searched for the needs of the object at `needed_by`, in order.
    fn folders<'f>(
        &'f self,
        own: &'f [String],
        needed_by: Option<usize>,
    ) -> impl Iterator<Item = &'f String> {
        let chain = std::iter::successors(needed_by, |index| self.steps[*index].needed_by);
        let written = chain.flat_map(|index| &self.steps[index].folders);
        self.library_path.iter().chain(written).chain(own).chain(&self.system)
    }
}

/// The folders of a list, split by musl's rules.
fn list(text: &str, root: &Root) -> Vec<String> {
    let entries = text.split([':', '\n']).filter(|entry| !entry.is_empty());
    entries.map(|entry| shown(root.place(entry))).collect()
}

/// The folders of `DT_RPATH` or `DT_RUNPATH` in an object at `file` (`fixup_rpath`): `$ORIGIN` is
/// replaced by its folder; any other token makes musl ignore the whole list.
fn folders(written: Option<&str>, file: &Path, root: &Root) -> Vec<String> {
    let Some(written) = written else { return Vec::new() };
    let origin = shown(file.parent().unwrap_or_else(|| Path::new("/")));
    let expanded = written.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", "\u{1}");
    if expanded.contains('$') {
        return Vec::new();
    }
    let place = |entry: &str| match entry.contains('\u{1}') {
        true => entry.replace('\u{1}', &origin),
        // Absolute entries are relative to the target root; `$ORIGIN` is already a host path.
        false => shown(root.place(entry)),
    };
    expanded.split([':', '\n']).filter(|entry| !entry.is_empty()).map(place).collect()
}

/// Searches for all libraries that `image` at `file` needs, when the process has already loaded
/// those in `loaded`.
pub(super) fn search(
    file: &str,
    image: &Image,
    loaded: &[Loaded],
    inherited: Inherited<'_>,
    root: &Root,
) -> linkage::Search {
    let Some(facts) = image.elf() else { return linkage::Search::nothing() };
    let mut search = Search::new(root, file, arch_name(image.arch.as_ref()));
    search.paths.extend(loaded.iter().map(|library| (library.name.clone(), library.path.clone())));
    let written = facts.runpath.as_deref().or(facts.rpath.as_deref());
    let mut own = folders(written, Path::new(file), root);
    // For libraries that are loaded at run time, musl uses the executable as the needing object.
    if let Some((executable, [rpath, runpath])) = inherited {
        own.extend(folders(runpath.as_deref().or(rpath.as_deref()), Path::new(executable), root));
    }
    let is_needed = |name: &&String| !facts.filters.contains(name);
    let names: Vec<String> =
        image.libraries.iter().map(|library| &library.name).filter(is_needed).cloned().collect();
    let result = search.map(&names, &own);
    let unfound = std::mem::take(&mut search.unfound);
    let own = search.steps.into_iter().map(|step| {
        let is_systems =
            search.system.iter().any(|folder| Path::new(&step.path).starts_with(folder));
        Own::new(step.path, &step.object, root, is_systems)
    });
    let libraries = result.err().unwrap_or(Libraries::Found);
    linkage::Search { libraries, own: own.collect(), unfound }
}

/// The libraries that `executable` at `path` loads, with all their needs and musl itself; `None` if
/// one isn't found.
pub(super) fn closure(path: &Path, executable: &SymbolLookup, root: &Root) -> Option<Vec<Loaded>> {
    let mut found = Search::new(root, &shown(path), arch_name(executable.arch().as_ref()));
    let [rpath, runpath] = executable.search_paths();
    found
        .map(&executable.libraries(), &folders(runpath.as_deref().or(rpath.as_deref()), path, root))
        .ok()?;
    let itself = root.place(&binary::interpreter(&Source::open(path).ok()?)?);
    let itself = files::exists(&itself).then(|| shown(&itself))?;
    let itself = Loaded { name: "libc.so".to_owned(), path: itself, object: None };
    let name_of = |path: &String| {
        found.paths.iter().find(|(_, known)| *known == path).map(|(name, _)| name.clone())
    };
    let libraries = found.steps.iter().map(|step| {
        Some(Loaded { name: name_of(&step.path)?, path: step.path.clone(), object: None })
    });
    libraries.chain([Some(itself)]).collect()
}

/// musl's name for a processor, which is part of the name of its path file.
fn arch_name(arch: Option<&Arch>) -> &str {
    match arch {
        Some(Arch::X64) => "x86_64",
        Some(Arch::Arm64) => "aarch64",
        Some(Arch::Ia32) => "i386",
        Some(Arch::Arm) => "armhf",
        Some(Arch::Ppc64) => "powerpc64le",
        other => other.map_or("", Arch::as_str),
    }
}
