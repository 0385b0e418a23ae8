//! The walk: every `.node` file under a project, grouped by the package it belongs to.
//!
//! Directories are read once, in parallel, by their entries' types; nothing is opened, nothing is stat'ed but links that are
//! named like addons. Symbolic links to directories aren't followed: what they lead to is in the tree itself, or outside.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A package with `.node` files.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its folder.
    pub directory: PathBuf,
    /// Its `.node` files, relative to the folder, with `/`, sorted.
    pub files: Vec<String>,
}

/// A folder that couldn't be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Packages by path.
    pub packages: Vec<Package>,
    /// Folders that couldn't be read, by path.
    pub unreadable: Vec<Unreadable>,
    /// Number of folders read.
    pub directories: usize,
    /// Number of `.node` files.
    pub files: usize,
}

/// Deepest folder that is walked, counted from the root.
const DEEPEST: usize = 128;

/// Where in a project a folder lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    /// The project's own files: hidden folders and nested node_modules aren't looked into.
    Own,
    /// Below node_modules.
    Dependencies,
}

/// Walks the project at `root`: its `node_modules` and its own files. A `node_modules` folder itself can be the root.
///
/// # Errors
/// When `root` isn't a directory that can be read.
pub fn walk(root: &Path, cancelled: &AtomicBool, entered: &AtomicUsize) -> io::Result<Walk> {
    let region = if is_in_node_modules(root) { Region::Dependencies } else { Region::Own };
    collect(root, region, true, cancelled, entered)
}

/// Finds the `.node` files of the one package in `directory`, without those of its dependencies.
///
/// # Errors
/// When `directory` can't be read.
pub fn own_files(directory: &Path) -> io::Result<Walk> {
    collect(directory, Region::Own, false, &AtomicBool::new(false), &AtomicUsize::new(0))
}

fn is_in_node_modules(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "node_modules")
}

struct Walker<'a> {
    found: Mutex<Vec<PathBuf>>,
    unreadable: Mutex<Vec<Unreadable>>,
    directories: &'a AtomicUsize,
    cancelled: &'a AtomicBool,
    with_dependencies: bool,
}

fn collect(
    root: &Path,
    region: Region,
    with_dependencies: bool,
    cancelled: &AtomicBool,
    entered: &AtomicUsize,
) -> io::Result<Walk> {
    // The root's own error is the caller's to hear; those below are part of the result.
    drop(std::fs::read_dir(root)?);
    let walker =
        Walker { found: Mutex::default(), unreadable: Mutex::default(), directories: entered, cancelled, with_dependencies };
    rayon::scope(|scope| walker.enter(scope, root.to_path_buf(), region, 0));

    let found = walker.found.into_inner().unwrap_or_default();
    let mut walk = Walk { files: found.len(), directories: entered.load(Ordering::Relaxed), ..Walk::default() };
    walk.unreadable = walker.unreadable.into_inner().unwrap_or_default();
    walk.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    let mut packages: BTreeMap<PathBuf, Vec<String>> = BTreeMap::new();
    let mut owners = Owners { root, known: HashMap::new() };
    for file in found {
        let package = owners.of(file.parent().unwrap_or(root));
        let relative = file.strip_prefix(&package).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        packages.entry(package).or_default().push(relative);
    }
    walk.packages = packages
        .into_iter()
        .map(|(directory, mut files)| {
            files.sort();
            Package { directory, files }
        })
        .collect();
    Ok(walk)
}

impl<'a> Walker<'a> {
    fn enter<'scope>(&'scope self, scope: &rayon::Scope<'scope>, directory: PathBuf, region: Region, depth: usize)
    where
        'a: 'scope,
    {
        // The first subfolder is walked by this thread itself: most chains of folders need no hand-over.
        let mut next = Some((directory, region, depth));
        while let Some((directory, region, depth)) = next.take() {
            if self.cancelled.load(Ordering::Relaxed) {
                return;
            }
            self.directories.fetch_add(1, Ordering::Relaxed);
            let entries = match std::fs::read_dir(&directory) {
                Ok(entries) => entries,
                Err(error) => {
                    self.note(directory, error);
                    return;
                }
            };
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.note(directory.clone(), error);
                        break;
                    }
                };
                let Ok(kind) = entry.file_type() else { continue };
                let name = entry.file_name();
                let bytes = name.as_encoded_bytes();
                if kind.is_dir() {
                    let Some(inner) = self.region_of(bytes, region) else { continue };
                    if depth >= DEEPEST {
                        let error = io::Error::other(format!("lies deeper than {DEEPEST} folders"));
                        self.note(entry.path(), error);
                        continue;
                    }
                    let below = (entry.path(), inner, depth + 1);
                    if next.is_none() {
                        next = Some(below);
                    } else {
                        scope.spawn(move |scope| self.enter(scope, below.0, below.1, below.2));
                    }
                } else if bytes.ends_with(b".node") && bytes.len() > 5 {
                    let path = entry.path();
                    let is_file = kind.is_file() || (kind.is_symlink() && path.is_file());
                    if is_file && let Ok(mut found) = self.found.lock() {
                        found.push(path);
                    }
                }
            }
        }
    }

    /// The region of a folder called `name`; `None` where it isn't walked.
    fn region_of(&self, name: &[u8], region: Region) -> Option<Region> {
        match (region, name) {
            (_, b".git" | b".bin" | b".cache") => None,
            // node-gyp's intermediate copies; no loader looks there.
            (_, b"obj.target" | b".deps") => None,
            (Region::Own, b"node_modules") => self.with_dependencies.then_some(Region::Dependencies),
            (Region::Own, name) if name.starts_with(b".") => None,
            (region, _) => Some(region),
        }
    }

    fn note(&self, path: PathBuf, error: io::Error) {
        if let Ok(mut unreadable) = self.unreadable.lock() {
            unreadable.push(Unreadable { path, error });
        }
    }
}

/// The packages that folders belong to.
struct Owners<'a> {
    root: &'a Path,
    known: HashMap<PathBuf, PathBuf>,
}

impl Owners<'_> {
    /// The folder of the package that `folder` belongs to: what follows the last `node_modules` on its path, else the root. A
    /// nested package.json (`dist/package.json` with just a type) is no package of its own.
    fn of(&mut self, folder: &Path) -> PathBuf {
        let inner: Vec<_> = folder.strip_prefix(self.root).unwrap_or(folder).components().collect();
        let is_node_modules = |part: &std::path::Component<'_>| part.as_os_str() == "node_modules";
        let start = match inner.iter().rposition(is_node_modules) {
            Some(at) => at + 1,
            None if is_in_node_modules(self.root) => 0,
            None => return self.workspace(folder),
        };
        // A file right inside node_modules belongs to no package but the folder it lies in.
        let scoped = inner.get(start).is_some_and(|name| name.as_os_str().as_encoded_bytes().starts_with(b"@"));
        let end = start + if scoped { 2 } else { 1 };
        let end = if end > inner.len() { start } else { end };
        self.root.join(inner[..end].iter().collect::<PathBuf>())
    }

    /// Among a project's own files every folder with a package.json is a package (workspaces).
    fn workspace(&mut self, folder: &Path) -> PathBuf {
        let mut below = Vec::new();
        let mut owner = self.root.to_path_buf();
        for folder in folder.ancestors().take_while(|folder| *folder != self.root) {
            if let Some(known) = self.known.get(folder) {
                owner = known.clone();
                break;
            }
            below.push(folder.to_path_buf());
            if folder.join("package.json").is_file() {
                owner = folder.to_path_buf();
                break;
            }
        }
        self.known.extend(below.into_iter().map(|folder| (folder, owner.clone())));
        owner
    }
}
