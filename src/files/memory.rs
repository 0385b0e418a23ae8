//! A tree of files in memory, for tests. It can have links and loops, and files that vanish, change
//! or state a wrong size while they are read.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::links::resolve;
use super::metadata::{Kind, Metadata};
use super::source::Source;
use super::system::{Entry, FileSystem, Listing};
use super::table::Mount;

/// The thing at a path of a [`Tree`].
#[derive(Clone, Debug)]
enum Node {
    File(Vec<u8>),
    Link(PathBuf),
    Other,
    /// A file that has metadata but is gone when it is opened.
    Gone,
    /// A folder or a file without the permission to read it.
    Forbidden(Kind),
    /// A file that states a wrong size.
    Lying(Vec<u8>, u64),
    /// A file that has other contents each time it is opened.
    Changing(Vec<Vec<u8>>),
}

/// A tree that stays mounted until this value is dropped.
pub struct Tree {
    root: PathBuf,
    memory: Arc<Memory>,
    _mount: Mount,
}

/// The nodes of a tree, by their absolute paths.
struct Memory {
    nodes: Mutex<BTreeMap<PathBuf, Node>>,
    opened: AtomicUsize,
}

impl Tree {
    /// Creates an empty tree at a path that no other tree has.
    pub fn new() -> Tree {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = PathBuf::from(format!("/in-memory-{number}"));
        let memory = Arc::new(Memory { nodes: Mutex::default(), opened: AtomicUsize::new(0) });
        let mount = Mount::new(root.clone(), Arc::clone(&memory) as Arc<dyn FileSystem>);
        Tree { root, memory, _mount: mount }
    }

    /// The absolute path of the tree's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn with(self, path: &str, node: Node) -> Tree {
        self.memory.nodes().insert(self.root.join(path), node);
        self
    }

    /// Adds a file and the folders around it.
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Tree {
        let contents = contents.as_ref().to_vec();
        self.with(path, Node::File(contents))
    }

    /// Adds a symbolic link. `target` is relative to the link's folder, or absolute.
    pub fn link(self, path: &str, target: &str) -> Tree {
        self.with(path, Node::Link(target.into()))
    }

    /// Adds a pipe, a device or a socket.
    pub fn pipe(self, path: &str) -> Tree {
        self.with(path, Node::Other)
    }

    /// Adds a file that is gone when it is opened.
    pub fn vanishing(self, path: &str) -> Tree {
        self.with(path, Node::Gone)
    }

    /// Adds a folder without the permission to list it.
    pub fn forbidden_folder(self, path: &str) -> Tree {
        self.with(path, Node::Forbidden(Kind::Folder))
    }

    /// Adds a file without the permission to open it.
    pub fn forbidden(self, path: &str) -> Tree {
        self.with(path, Node::Forbidden(Kind::File))
    }

    /// Adds a file that states `size` instead of its size.
    pub fn lying(self, path: &str, contents: impl AsRef<[u8]>, size: u64) -> Tree {
        let contents = contents.as_ref().to_vec();
        self.with(path, Node::Lying(contents, size))
    }

    /// Adds a file that has the next of `contents` each time it is opened. The last one remains.
    pub fn changing(self, path: &str, contents: &[&str]) -> Tree {
        let contents = contents.iter().map(|text| text.as_bytes().to_vec()).collect();
        self.with(path, Node::Changing(contents))
    }
}

impl Memory {
    fn nodes(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path without links. A link in the last part is followed only if `through` is true.
    fn resolved(&self, path: &Path, through: bool) -> io::Result<PathBuf> {
        let nodes = self.nodes();
        resolve(Path::new("/"), path, through, |place| match nodes.get(place) {
            Some(Node::Link(target)) => Ok(Some(target.clone())),
            _ => Ok(None),
        })
    }

    fn look(&self, real: &Path) -> io::Result<Metadata> {
        let nodes = self.nodes();
        let (kind, size) = match nodes.get(real) {
            Some(Node::File(bytes)) => (Kind::File, bytes.len() as u64),
            Some(Node::Lying(_, size)) => (Kind::File, *size),
            Some(Node::Changing(all)) => (Kind::File, all.first().map_or(0, Vec::len) as u64),
            Some(Node::Gone) => (Kind::File, 1),
            Some(Node::Link(_)) => (Kind::Link, 0),
            Some(Node::Other) => (Kind::Other, 0),
            Some(Node::Forbidden(kind)) => (*kind, 1),
            None if nodes.keys().any(|path| path.starts_with(real)) => (Kind::Folder, 0),
            None => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(Metadata { kind, size, modified: None, inode: None, access: None })
    }
}

impl FileSystem for Memory {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.look(&self.resolved(path, true)?)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.look(&self.resolved(path, false)?)
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        let real = self.resolved(folder, true)?;
        if self.look(&real)?.kind != Kind::Folder {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let nodes = self.nodes();
        if matches!(nodes.get(&real), Some(Node::Forbidden(_))) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let inside = nodes.keys().filter_map(|path| path.strip_prefix(&real).ok());
        let mut names: Vec<_> = inside
            .filter_map(|path| Some(path.components().next()?.as_os_str().to_owned()))
            .collect();
        drop(nodes);
        names.dedup();
        let entries = names.into_iter().map(|name| {
            let kind = self.look(&real.join(&name))?.kind;
            Ok(Entry { name, kind })
        });
        Ok(Box::new(entries.collect::<Vec<_>>().into_iter()))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = self.resolved(path, true)?;
        self.look(&real)?;
        Ok(real)
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        let real = self.resolved(path, true)?;
        match self.look(&real)?.kind {
            Kind::File => {}
            Kind::Folder => return Err(io::ErrorKind::IsADirectory.into()),
            Kind::Link | Kind::Other => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
            }
        }
        let opened = self.opened.fetch_add(1, Ordering::Relaxed);
        match self.nodes().get(&real) {
            Some(Node::File(bytes)) => Ok(Source::from_bytes(bytes.clone())),
            Some(Node::Lying(bytes, size)) => Ok(Source::from_bytes(bytes.clone()).claiming(*size)),
            Some(Node::Changing(all)) => {
                let now = all.get(opened.min(all.len().saturating_sub(1)));
                Ok(Source::from_bytes(now.cloned().unwrap_or_default()))
            }
            Some(Node::Forbidden(_)) => Err(io::ErrorKind::PermissionDenied.into()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
