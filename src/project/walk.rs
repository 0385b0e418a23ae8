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

use super::step::{Extent, Meaning, Names, Region, Step};
use crate::control::Control;
use crate::crew::Queue;
use crate::files::{self, OpenFolder};

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
    /// True if an addon, or something to compile, is in a folder or deeper.
    pub fn has_native_code_in(&self, folder: &Path) -> bool {
        [&self.files, &self.builds].into_iter().any(|paths| {
            // Sorted by components: what is in a folder follows the folder.
            let first = paths.partition_point(|path| path.as_path() < folder);
            paths.get(first).is_some_and(|path| path.starts_with(folder))
        })
    }

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

/// The maximum number of folders that are walked for one package outside of a tree.
const MOST_OF_PACKAGE: usize = 20_000;

/// Walks the tree at `root`, which may be a `node_modules` folder. The result is incomplete if the
/// job was stopped.
///
/// # Errors
/// If `root` isn't a directory that can be read.
pub fn walk(root: &Path, extent: Extent, control: &Control) -> io::Result<Walk> {
    // An error of the root is returned to the caller; errors below it are part of the result.
    drop(files::unnoted(|| files::list(root))?);
    let region = if is_node_modules(root.file_name()) { Region::NodeModules } else { Region::Own };
    let walker = Walker { found: Mutex::default(), control, extent, entered: AtomicUsize::new(0) };
    let is_package = extent == Extent::Package;
    let step = Step { region, extent, is_package };
    let first = Folder { path: root.to_path_buf(), step, depth: 0, around: None };
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
    step: Step,
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
        while let Some(Folder { path: directory, step, depth, around }) = next.take() {
            if !self.may_enter(&directory) {
                return;
            }
            let open = match OpenFolder::at(&directory, around.as_deref()) {
                Ok(open) => Arc::new(open),
                Err(error) => {
                    Names::default().note(&directory, step);
                    return self
                        .note(|walk| walk.unreadable.push(Unreadable { path: directory, error }));
                }
            };
            let around = open.serves_others().then(|| Arc::clone(&open));
            let mut names = Names::default();
            let read = open.each(&directory, |entry, kind| {
                let Some(meaning) = step.meaning(entry.as_encoded_bytes(), kind) else { return };
                names.add(entry, kind);
                let Meaning::Folder(step) = meaning else {
                    return self.found(meaning, &directory, entry);
                };
                let path = directory.join(entry);
                if depth >= DEEPEST {
                    let text = format!("is nested more than {DEEPEST} folders deep");
                    let error = io::Error::other(text);
                    return self.note(|walk| walk.unreadable.push(Unreadable { path, error }));
                }
                if step.is_package {
                    self.note(|walk| walk.packages.push(path.clone()));
                }
                let around = around.clone();
                let folder = Folder { path, step, depth: depth + 1, around };
                if next.is_none() {
                    next = Some(folder);
                } else {
                    queue.add(folder);
                }
            });
            names.note(&directory, step);
            if let Err(error) = read {
                self.note(|walk| walk.unreadable.push(Unreadable { path: directory, error }));
            }
        }
    }

    /// Keeps an entry that isn't a folder to walk.
    fn found(&self, meaning: Meaning, directory: &Path, entry: &OsStr) {
        let path = || directory.join(entry);
        match meaning {
            Meaning::LinkToAddon if !files::is_file(path()) => {}
            Meaning::Addon | Meaning::LinkToAddon => self.note(|walk| walk.files.push(path())),
            Meaning::LinkToPackage => self.note(|walk| walk.links.push(path())),
            Meaning::LinkToModules => self.linked_modules(&path()),
            Meaning::OwnPackage => {
                self.note(|walk| walk.own_packages.push(directory.to_path_buf()));
            }
            Meaning::Schema => self.note(|walk| walk.schemas.push(directory.to_path_buf())),
            Meaning::Build => self.note(|walk| walk.builds.push(directory.to_path_buf())),
            Meaning::Archive => self.note(|walk| walk.archives.push(path())),
            Meaning::Folder(_) => {}
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
