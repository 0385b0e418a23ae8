//! The contents of a package as `npm pack` writes it, as a file system.
//!
//! A gzip has no index and can't be read from the middle, while an addon is read at scattered
//! positions, and again for each runtime. Therefore the archive is unpacked once, in order, and the
//! contents that an audit reads are kept: up to 32 MiB in memory, more in an unnamed file
//! ([`super::spool`]). If each access unpacked the archive again, a small archive could take hours.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

use super::super::metadata::{Kind, Metadata};
use super::super::source::{Origin, Source};
use super::super::system::{Entry, FileSystem, Listing};
use super::error::{PackedError, Unsound};
use super::spool::Spool;
use super::stored::Bounds;
use super::tar::{Entries, EntryKind};
use super::unpacked::{Form, Unpacked};
use crate::control::Control;

/// The maximum number of headers of an archive. The largest packages have some ten thousand.
const MOST_ENTRIES: usize = 200_000;
/// The maximum size of a script or a manifest that is kept, in bytes.
const LONGEST_TEXT: u64 = 1 << 20;
/// The maximum lengths of a name and of a path, in bytes, as on Linux.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4096;
/// The maximum memory for the paths of an archive, in bytes. The paths of 200,000 files take half
/// of it.
const MOST_MEMORY: usize = 64 << 20;
/// The memory that a path takes besides its text, in bytes.
const OVERHEAD: usize = 80;

/// The thing at a path in the archive.
#[derive(Clone, Copy)]
enum Node {
    Folder,
    /// `start` is the position of the contents in the spool, if they were kept.
    File {
        size: u64,
        start: Option<u64>,
    },
}

/// The index of an archive, and the contents that were kept.
pub struct Packed {
    /// The path where the package is mounted.
    folder: PathBuf,
    /// The first folder in the archive. npm installs only this folder, whatever its name is.
    top: String,
    nodes: BTreeMap<Box<str>, Node>,
    contents: Origin,
}

impl Packed {
    /// Reads the archive at `path`. `source` is that file, opened. `count` archives share the
    /// memory for contents.
    pub fn read(
        path: &Path,
        source: Source,
        is_gzip: bool,
        count: usize,
        control: &Control,
    ) -> Result<Packed, PackedError> {
        let form = if is_gzip { Form::Gzip } else { Form::Plain };
        let mut entries =
            Entries::new(Unpacked::new(source, form, Bounds::PACKAGE, control), MOST_ENTRIES);
        let mut index = Index::default();
        let mut spool = Spool::sharing(count);
        let mut top: Option<String> = None;
        while let Some(entry) = entries.next()? {
            let Some(parts) = parts_of(&entry.name) else { continue };
            let (first, last) = (parts[0], parts[parts.len() - 1]);
            if entry.kind != EntryKind::File {
                continue;
            }
            let is_in_package = top.get_or_insert_with(|| first.to_owned()) == first;
            let is_kept = is_in_package && is_read(last, entry.size);
            let start = is_kept.then(|| spool.size());
            index.add(&parts, Node::File { size: entry.size, start })?;
            if is_kept {
                entries.copy_body(|piece| spool.write(piece).map_err(PackedError::Temporary))?;
            }
        }
        let top = top.ok_or(Unsound::NoFolder)?;
        let folder = path.join(&top);
        let packed = Packed { folder, top, nodes: index.nodes, contents: spool.finish() };
        if packed.node("package.json").is_none() {
            return Err(Unsound::NoManifest.into());
        }
        Ok(packed)
    }

    /// The folder of the package: the path of the archive, followed by a path in the archive.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The thing at a path in the package, with `/` between its parts; an empty path is the folder
    /// itself.
    fn node(&self, inner: &str) -> Option<Node> {
        self.nodes.get(self.key(inner).as_str()).copied()
    }

    fn key(&self, inner: &str) -> String {
        if inner.is_empty() { self.top.clone() } else { format!("{}/{inner}", self.top) }
    }

    /// The path in the package that `path` specifies. As in a real folder, `..` is valid only after
    /// a folder. No path leaves the package.
    fn inner(&self, path: &Path) -> io::Result<String> {
        let rest = path.strip_prefix(&self.folder).map_err(|_| io::ErrorKind::NotFound)?;
        let mut inner = String::new();
        for part in rest.components() {
            match part {
                Component::Normal(name) => {
                    if !inner.is_empty() {
                        inner.push('/');
                    }
                    inner.push_str(name.to_str().ok_or(io::ErrorKind::NotFound)?);
                }
                Component::ParentDir if matches!(self.node(&inner), Some(Node::Folder)) => {
                    let end = inner.rfind('/').unwrap_or(0);
                    if inner.is_empty() {
                        return Err(io::ErrorKind::NotFound.into());
                    }
                    inner.truncate(end);
                }
                Component::CurDir => {}
                _ => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(inner)
    }

    fn found(&self, path: &Path) -> io::Result<Node> {
        self.node(&self.inner(path)?).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl FileSystem for Packed {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.link_metadata(path)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        let (kind, size) = match self.found(path)? {
            Node::Folder => (Kind::Folder, 0),
            Node::File { size, .. } => (Kind::File, size),
        };
        Ok(Metadata { kind, size, modified: None, inode: None, access: None })
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        let inner = self.inner(folder)?;
        match self.node(&inner) {
            Some(Node::Folder) => {}
            Some(Node::File { .. }) => return Err(io::ErrorKind::NotADirectory.into()),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        let folder = format!("{}/", self.key(&inner));
        let mut entries = Vec::new();
        let mut from = folder.clone();
        // The paths are sorted: a name is followed by the paths below it, which this loop skips.
        while let Some((path, node)) = self
            .nodes
            .range::<str, _>((Bound::Included(from.as_str()), Bound::Unbounded))
            .next()
            .filter(|(path, _)| path.starts_with(&folder))
        {
            let name = &path[folder.len()..];
            let kind = match node {
                Node::Folder => Kind::Folder,
                Node::File { .. } => Kind::File,
            };
            match name.split_once('/') {
                // The folder's own path comes before those of names that sort before its contents:
                // "a" < "a-b" < "a/".
                Some((name, _)) => from = format!("{folder}{name}0"),
                None => {
                    entries.push(Ok(Entry { name: name.into(), kind }));
                    from = format!("{path}\0");
                }
            }
        }
        Ok(Box::new(entries.into_iter()))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let inner = self.inner(path)?;
        self.node(&inner).ok_or(io::ErrorKind::NotFound)?;
        Ok(if inner.is_empty() { self.folder.clone() } else { self.folder.join(inner) })
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        match self.found(path)? {
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
            Node::File { size, start: Some(start) } => {
                Ok(Source::from_origin(self.contents.clone()).part(start, size))
            }
            Node::File { start: None, .. } => Err(io::ErrorKind::FileTooLarge.into()),
        }
    }
}

/// All files of an archive and the folders around them, including files whose contents aren't kept:
/// npm fails on a name that is both a file and a folder.
#[derive(Default)]
struct Index {
    nodes: BTreeMap<Box<str>, Node>,
    memory: usize,
}

impl Index {
    /// Adds a file. If two files have the same name, the last one counts, as for npm.
    fn add(&mut self, parts: &[&str], file: Node) -> Result<(), Unsound> {
        let path = parts.join("/");
        if path.len() > LONGEST_PATH || parts.iter().any(|part| part.len() > LONGEST_NAME) {
            return Err(Unsound::LongName);
        }
        let mut end = 0;
        for part in &parts[..parts.len() - 1] {
            end += part.len() + usize::from(end > 0);
            self.put(&path[..end], Node::Folder)?;
        }
        self.put(&path, file)
    }

    fn put(&mut self, path: &str, node: Node) -> Result<(), Unsound> {
        match (self.nodes.get_mut(path), node) {
            (None, _) => {
                self.memory += path.len() + OVERHEAD;
                self.nodes.insert(path.into(), node);
            }
            (Some(Node::Folder), Node::Folder) => {}
            (Some(known @ Node::File { .. }), Node::File { .. }) => *known = node,
            _ => return Err(Unsound::FileAndFolder(path.to_owned())),
        }
        if self.memory > MOST_MEMORY { Err(Unsound::TooManyNames) } else { Ok(()) }
    }
}

/// The parts of a file's path in an archive. `None` for a file that isn't in a folder, and for a
/// path with `..`. npm skips both.
fn parts_of(name: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> =
        name.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
    let is_sound =
        parts.len() >= 2 && !parts.iter().any(|part| *part == ".." || part.contains('\0'));
    is_sound.then_some(parts)
}

/// True for a file that an audit reads: an addon, a library, a script, a manifest.
fn is_read(name: &str, size: u64) -> bool {
    let name = name.to_ascii_lowercase();
    let (_, extension) = name.rsplit_once('.').unwrap_or_default();
    match extension {
        "node" | "dll" | "dylib" | "so" => true,
        "js" | "cjs" | "mjs" | "json" | "gyp" | "gypi" | "wasm" | "" => size <= LONGEST_TEXT,
        // "libx.so.1.2"
        _ => name.rsplit_once(".so.").is_some_and(|(_, version)| {
            version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        }),
    }
}
