//! The walk below a folder. It collects `.node` files, the folders of packages, and links to
//! others.
//!
//! Directories are read once, in parallel, by their entries' types. No file is opened, and only
//! links that are named like addons are stat'ed. Symbolic links to directories aren't followed
//! here: their targets are in the tree itself, or outside, where the dependency graph finds them
//! ([`super::tree`]).

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::control::Control;
use crate::crew::Queue;
use crate::files::{self, Kind, OpenFolder};

/// A folder that couldn't be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its path.
    pub path: PathBuf,
    /// The system's error.
    pub error: io::Error,
}

/// The result of a walk; every list is sorted.
#[derive(Debug, Default)]
pub struct Walk {
    /// `.node` files.
    pub files: Vec<PathBuf>,
    /// Folders directly in a `node_modules`, or in a scope in it: packages.
    pub packages: Vec<PathBuf>,
    /// The same, for symbolic links.
    pub links: Vec<PathBuf>,
    /// The project's own folders that have a package.json. They may be workspaces.
    pub own_packages: Vec<PathBuf>,
    /// The project's own folders that have a schema.prisma. They may be generated clients.
    pub schemas: Vec<PathBuf>,
    /// Folders that have a binding.gyp, in which something is compiled.
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
            &mut self.schemas,
            &mut self.builds,
            &mut self.archives,
        ] {
            list.sort();
        }
        self.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    }
}

/// The maximum depth of a folder, counted from the root.
const DEEPEST: usize = 128;

/// The extent of a walk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The whole project, with its dependencies.
    Project,
    /// One package, without its dependencies. It is outside of the tree, so the number of its
    /// folders is limited.
    Package,
}

/// The maximum number of folders that are walked for one package outside of a tree.
const MOST_OF_PACKAGE: usize = 20_000;

/// The part of a project that a folder is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    /// The project's own files. Hidden folders are skipped.
    Own,
    /// A `node_modules` folder.
    NodeModules,
    /// A scope in `node_modules`.
    Scope,
    /// A folder in an installed package.
    Dependencies,
}

/// Walks the tree at `root`, which may be a `node_modules` folder. The result is incomplete if the
/// job was stopped.
///
/// # Errors
/// If `root` isn't a directory that can be read.
pub fn walk(root: &Path, extent: Extent, control: &Control) -> io::Result<Walk> {
    // An error of the root is returned to the caller; errors below it are part of the result.
    drop(files::list(root)?);
    let region = if is_node_modules(root.file_name()) { Region::NodeModules } else { Region::Own };
    let walker = Walker { found: Mutex::default(), control, extent, entered: AtomicUsize::new(0) };
    let first = Folder { path: root.to_path_buf(), region, depth: 0, around: None };
    // Packages are already walked by parallel threads.
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
    /// The number of folders entered in this walk.
    entered: AtomicUsize,
}

/// A folder to walk.
struct Folder {
    path: PathBuf,
    region: Region,
    depth: usize,
    /// The folder that contains it, if that is kept open.
    around: Option<Arc<OpenFolder>>,
}

impl Walker<'_> {
    /// Counts a folder; returns false if the limit is reached.
    fn may_enter(&self, path: &Path) -> bool {
        if self.control.stops() {
            return false;
        }
        self.control.directories.fetch_add(1, Ordering::Relaxed);
        let entered = self.entered.fetch_add(1, Ordering::Relaxed);
        if self.extent == Extent::Package
            && (entered >= MOST_OF_PACKAGE || !self.control.enter_outside())
        {
            // Reported once per package: one unread folder is enough to make the package's report
            // incomplete.
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
        // This thread itself walks the first subfolder: most chains of folders then need no
        // hand-over to another thread.
        let mut next = Some(folder);
        while let Some(Folder { path: directory, region, depth, around }) = next.take() {
            if !self.may_enter(&directory) {
                return;
            }
            let open = match OpenFolder::at(&directory, around.as_deref()) {
                Ok(open) => Arc::new(open),
                Err(error) => {
                    return self
                        .note(|walk| walk.unreadable.push(Unreadable { path: directory, error }));
                }
            };
            let around = open.serves_others().then(|| Arc::clone(&open));
            let read = open.each(&directory, |entry, kind| {
                let name = entry.as_encoded_bytes();
                if kind == Kind::Link {
                    self.link(&directory, entry, region);
                } else if kind != Kind::Folder {
                    self.file(&directory, entry, kind, region);
                } else if let Some(inner) = self.region_of(name, region) {
                    let path = directory.join(entry);
                    if depth >= DEEPEST {
                        let error = io::Error::other(format!(
                            "is nested more than {DEEPEST} \
                            folders deep"
                        ));
                        return self.note(|walk| walk.unreadable.push(Unreadable { path, error }));
                    }
                    if inner == Region::Dependencies
                        && matches!(region, Region::NodeModules | Region::Scope)
                        && name[0] != b'.'
                    {
                        self.note(|walk| walk.packages.push(path.clone()));
                    }
                    let around = around.clone();
                    let folder = Folder { path, region: inner, depth: depth + 1, around };
                    if next.is_none() {
                        next = Some(folder);
                    } else {
                        queue.add(folder);
                    }
                }
            });
            if let Err(error) = read {
                self.note(|walk| walk.unreadable.push(Unreadable { path: directory, error }));
            }
        }
    }

    /// The region of a folder called `name`; `None` if it is skipped.
    fn region_of(&self, name: &[u8], region: Region) -> Option<Region> {
        match (region, name) {
            (_, b".git" | b".bin" | b".cache") => None,
            // node-gyp's intermediate copies, which no loader opens.
            (_, b"obj.target" | b".deps") => None,
            (Region::Own, b"node_modules") => {
                (self.extent == Extent::Project).then_some(Region::NodeModules)
            }
            (_, b"node_modules") => Some(Region::NodeModules),
            // The outputs of Electron Forge, with webpack and Vite, and of Nitro.
            (Region::Own, b".webpack" | b".vite" | b".output") => Some(Region::Own),
            (Region::Own, name) if name.starts_with(b".") => None,
            (Region::Own, _) => Some(Region::Own),
            (Region::NodeModules, name) if name.starts_with(b"@") => Some(Region::Scope),
            // "@prisma/client" loads the package ".prisma/client".
            (Region::NodeModules, b".prisma") => Some(Region::Scope),
            _ => Some(Region::Dependencies),
        }
    }

    fn link(&self, directory: &Path, entry: &OsStr, region: Region) {
        let name = entry.as_encoded_bytes();
        if is_addon(name) {
            let path = directory.join(entry);
            if files::is_file(&path) {
                self.note(|walk| walk.files.push(path));
            }
        } else if matches!(region, Region::NodeModules | Region::Scope) && name[0] != b'.' {
            self.note(|walk| walk.links.push(directory.join(entry)));
        } else if name == b"node_modules" && region == Region::Own && self.extent == Extent::Project
        {
            self.linked_modules(&directory.join(entry));
        }
    }

    /// A node_modules folder in another place, for example on another disk. Each package in it is
    /// recorded like a link.
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

    fn file(&self, directory: &Path, entry: &OsStr, kind: Kind, region: Region) {
        match entry.as_encoded_bytes() {
            // Pipes and devices don't count.
            name if is_addon(name) && kind == Kind::File => {
                self.note(|walk| walk.files.push(directory.join(entry)));
            }
            b"package.json" if region == Region::Own => {
                self.note(|walk| walk.own_packages.push(directory.to_path_buf()));
            }
            b"schema.prisma" if region == Region::Own => {
                self.note(|walk| walk.schemas.push(directory.to_path_buf()));
            }
            b"binding.gyp" => self.note(|walk| walk.builds.push(directory.to_path_buf())),
            name if name.ends_with(b".asar") && region == Region::Own => {
                self.note(|walk| walk.archives.push(directory.join(entry)));
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

/// True if the last name in a path starts with this character.
fn starts_with(path: &Path, character: u8) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().first() == Some(&character))
}

fn is_addon(name: &[u8]) -> bool {
    name.ends_with(b".node") && name.len() > 5
}
