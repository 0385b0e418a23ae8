//! The walk: what lies below a folder, as far as it matters: `.node` files, the folders of
//! packages, links to others.
//!
//! Directories are read once, in parallel, by their entries' types; nothing is opened, nothing is
//! stat'ed but links that are named like addons. Symbolic links to directories aren't followed
//! here: what they lead to is in the tree itself, or outside, where the dependency graph leads
//! ([`super::tree`]).

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::control::Control;
use crate::crew::Queue;
use crate::files::{self, Entry, Kind};

/// A folder that couldn't be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// What a walk found; every list is sorted.
#[derive(Debug, Default)]
pub struct Walk {
    /// `.node` files.
    pub files: Vec<PathBuf>,
    /// Folders right inside a `node_modules`, or a scope in it: packages.
    pub packages: Vec<PathBuf>,
    /// The same, where they are symbolic links.
    pub links: Vec<PathBuf>,
    /// Folders of the project's own that have a package.json: perhaps workspaces.
    pub own_packages: Vec<PathBuf>,
    /// Folders that have a binding.gyp: something is compiled there.
    pub builds: Vec<PathBuf>,
    /// Archives of Electron.
    pub archives: Vec<PathBuf>,
    /// Folders that couldn't be read.
    pub unreadable: Vec<Unreadable>,
}

impl Walk {
    fn sort(&mut self) {
        for list in [
            &mut self.files,
            &mut self.packages,
            &mut self.links,
            &mut self.own_packages,
            &mut self.builds,
            &mut self.archives,
        ] {
            list.sort();
        }
        self.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

/// Deepest folder that is walked, counted from the root.
const DEEPEST: usize = 128;

/// How much of a tree is walked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, with the dependencies.
    Project,
    /// One package, without its dependencies. It lies outside of the tree, so that its folders
    /// count against a limit.
    Package,
}

/// Most folders of one package outside of a tree that are walked.
const MOST_OF_PACKAGE: usize = 20_000;

/// Where in a project a folder lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    /// The project's own files: hidden folders aren't looked into.
    Own,
    /// A `node_modules` folder.
    NodeModules,
    /// A scope in one.
    Scope,
    /// Below it.
    Dependencies,
}

/// Walks the tree at `root`; a `node_modules` folder itself can be the root. A job that should stop
/// gets an incomplete result.
///
/// # Errors
/// When `root` isn't a directory that can be read.
pub fn walk(root: &Path, extent: Extent, control: &Control) -> io::Result<Walk> {
    // The root's own error is the caller's to hear; those below are part of the result.
    drop(files::list(root)?);
    let region = if is_node_modules(root.file_name()) { Region::NodeModules } else { Region::Own };
    let walker = Walker { found: Mutex::default(), control, extent, entered: AtomicUsize::new(0) };
    let first = Folder { path: root.to_path_buf(), region, depth: 0 };
    // Packages are walked by threads that work side by side already.
    Queue::run(first, extent == Extent::Project, |folder, queue| walker.enter(folder, queue));
    let mut walk = walker.found.into_inner().unwrap_or_default();
    walk.sort();
    Ok(walk)
}

/// True for the name `node_modules`.
pub(super) fn is_node_modules(name: Option<&OsStr>) -> bool {
    name.is_some_and(|name| name == "node_modules")
}

struct Walker<'a> {
    found: Mutex<Walk>,
    control: &'a Control,
    extent: Extent,
    /// Folders of this walk.
    entered: AtomicUsize,
}

/// A folder to be walked.
struct Folder {
    path: PathBuf,
    region: Region,
    depth: usize,
}

impl Walker<'_> {
    /// Counts a folder; false where the walk ends before it.
    fn may_enter(&self, path: &Path) -> bool {
        if self.control.stops() {
            return false;
        }
        self.control.directories.fetch_add(1, Ordering::Relaxed);
        let entered = self.entered.fetch_add(1, Ordering::Relaxed);
        if self.extent == Extent::Package
            && (entered >= MOST_OF_PACKAGE || !self.control.enter_outside())
        {
            // Said once of a package: one folder that wasn't read is enough for it to be judged as
            // partly unknown.
            if entered <= MOST_OF_PACKAGE {
                let error = io::Error::other("it contains too many folders");
                self.note(|walk| {
                    walk.unreadable.push(Unreadable { path: path.to_path_buf(), error });
                });
            }
            return false;
        }
        true
    }

    fn enter(&self, folder: Folder, queue: &Queue<Folder>) {
        // The first subfolder is walked by this thread itself: most chains of folders need no
        // hand-over.
        let mut next = Some(folder);
        while let Some(Folder { path: directory, region, depth }) = next.take() {
            if !self.may_enter(&directory) {
                return;
            }
            let entries = match files::list(&directory) {
                Ok(entries) => entries,
                Err(error) => {
                    return self
                        .note(|walk| walk.unreadable.push(Unreadable { path: directory, error }));
                }
            };
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.note(|walk| {
                            walk.unreadable.push(Unreadable { path: directory.clone(), error });
                        });
                        break;
                    }
                };
                let name = entry.name.as_encoded_bytes();
                if entry.kind == Kind::Link {
                    self.link(&directory.join(&entry.name), name, region);
                } else if entry.kind != Kind::Folder {
                    self.file(&directory, &entry, name, region);
                } else if let Some(inner) = self.region_of(name, region) {
                    let path = directory.join(&entry.name);
                    if depth >= DEEPEST {
                        let error = io::Error::other(format!(
                            "is nested more than {DEEPEST} \
                            folders deep"
                        ));
                        self.note(|walk| walk.unreadable.push(Unreadable { path, error }));
                        continue;
                    }
                    if inner == Region::Dependencies
                        && matches!(region, Region::NodeModules | Region::Scope)
                        && name[0] != b'.'
                    {
                        self.note(|walk| walk.packages.push(path.clone()));
                    }
                    if next.is_none() {
                        next = Some(Folder { path, region: inner, depth: depth + 1 });
                    } else {
                        queue.add(Folder { path, region: inner, depth: depth + 1 });
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
            (Region::Own, b"node_modules") => {
                (self.extent == Extent::Project).then_some(Region::NodeModules)
            }
            (_, b"node_modules") => Some(Region::NodeModules),
            (Region::Own, name) if name.starts_with(b".") => None,
            (Region::Own, _) => Some(Region::Own),
            (Region::NodeModules, name) if name.starts_with(b"@") => Some(Region::Scope),
            _ => Some(Region::Dependencies),
        }
    }

    fn link(&self, path: &Path, name: &[u8], region: Region) {
        if is_addon(name) {
            if files::is_file(path) {
                self.note(|walk| walk.files.push(path.to_path_buf()));
            }
        } else if matches!(region, Region::NodeModules | Region::Scope) && name[0] != b'.' {
            self.note(|walk| walk.links.push(path.to_path_buf()));
        } else if name == b"node_modules" && region == Region::Own && self.extent == Extent::Project
        {
            self.linked_modules(path);
        }
    }

    /// A node_modules folder that lies elsewhere, as on another disk: each package in it is found
    /// as over a link of its own.
    fn linked_modules(&self, folder: &Path) {
        let names = |folder: &Path| -> Vec<PathBuf> {
            let entries = files::list(folder).into_iter().flatten().flatten();
            entries
                .map(|entry| folder.join(entry.name))
                .filter(|path| !starts_with(path, b'.'))
                .collect()
        };
        for path in names(folder) {
            let packages = if starts_with(&path, b'@') { names(&path) } else { vec![path] };
            self.note(|walk| walk.links.extend(packages));
        }
    }

    fn file(&self, directory: &Path, entry: &Entry, name: &[u8], region: Region) {
        match name {
            // No pipe, no device.
            _ if is_addon(name) && entry.kind == Kind::File => {
                self.note(|walk| walk.files.push(directory.join(&entry.name)));
            }
            b"package.json" if region == Region::Own => {
                self.note(|walk| walk.own_packages.push(directory.to_path_buf()));
            }
            b"binding.gyp" => self.note(|walk| walk.builds.push(directory.to_path_buf())),
            _ if name.ends_with(b".asar") && region == Region::Own => {
                self.note(|walk| walk.archives.push(directory.join(&entry.name)));
            }
            _ => {}
        }
    }

    fn note(&self, add: impl FnOnce(&mut Walk)) {
        if let Ok(mut walk) = self.found.lock() {
            add(&mut walk);
        }
    }
}

/// True where the last name in a path starts with this character.
fn starts_with(path: &Path, character: u8) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().first() == Some(&character))
}

fn is_addon(name: &[u8]) -> bool {
    name.ends_with(b".node") && name.len() > 5
}
