//! The files of an archive, or of the layers of an image, as a file system with links. Contents
//! stay where they are: in the archive, or in what was unpacked of it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::super::links::resolve;
use super::super::metadata::{Kind, Metadata};
use super::super::source::{Origin, Source};
use super::super::system::{Entry, FileSystem, Listing};
use super::error::Unsound;

/// The maximum number of files, folders and links. The largest images have some hundred thousand.
const MOST_NODES: usize = 1_000_000;
/// The maximum number of bytes of their names and of the targets of links.
const MOST_NAMES: usize = 64 << 20;
/// The maximum lengths of a name and of a path, in bytes, as on Linux.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4096;
/// The index of the root.
const ROOT: u32 = 0;

/// The thing at a path.
#[derive(Debug)]
pub(in crate::files) enum Node {
    /// A folder: names, and the indices of their nodes.
    Folder(BTreeMap<Box<str>, u32>),
    File(Contents),
    /// A symbolic link.
    Link(Box<str>),
    /// A device, a pipe or a socket.
    Other,
}

/// The contents of a file.
#[derive(Clone, Copy, Debug)]
pub(in crate::files) struct Contents {
    pub size: u64,
    /// The number of the origin, and the position in it; `None` if the contents weren't kept.
    pub place: Option<(u32, u64)>,
}

/// A node, and the number of the layer that added it.
struct Placed {
    node: Node,
    layer: u32,
}

/// Files below `root`.
pub(in crate::files) struct FileTree {
    root: PathBuf,
    /// The metadata of the archive. Its times and inode are those of all files: values that were
    /// made from a file are valid as long as the archive is the same.
    archive: Metadata,
    nodes: Vec<Placed>,
    origins: Vec<Origin>,
    names: usize,
}

impl FileTree {
    /// An empty tree that will be mounted at `root`.
    pub fn new(root: PathBuf, archive: Metadata) -> FileTree {
        let nodes = vec![Placed { node: Node::Folder(BTreeMap::new()), layer: 0 }];
        FileTree { root, archive, nodes, origins: Vec::new(), names: 0 }
    }

    /// The number of the next place of contents.
    pub fn next_origin(&self) -> u32 {
        u32::try_from(self.origins.len()).unwrap_or(u32::MAX)
    }

    /// Adds a place of contents.
    pub fn add_origin(&mut self, origin: Origin) {
        self.origins.push(origin);
    }

    /// Adds a node of a layer at a path, with the folders around it. A folder keeps what it
    /// contains; everything else replaces what is there. A path that leads through a dangling link,
    /// or out of the tree, is left out.
    pub fn add(&mut self, path: &str, node: Node, layer: u32) -> Result<(), Unsound> {
        let Some((parts, name)) = parts_of(path)? else { return Ok(()) };
        let Some(folder) = self.folder(&parts, layer)? else { return Ok(()) };
        if matches!(node, Node::Folder(_))
            && let Some(known) = self.child(folder, name)
            && matches!(self.nodes[known as usize].node, Node::Folder(_))
        {
            return Ok(());
        }
        let index = self.push(node, layer)?;
        self.put(folder, name, index)
    }

    /// Adds another name for a file.
    pub fn link(&mut self, path: &str, target: &str, layer: u32) -> Result<(), Unsound> {
        let (Some((parts, name)), Some((target, last))) = (parts_of(path)?, parts_of(target)?)
        else {
            return Ok(());
        };
        let found = self.existing(&target).and_then(|folder| self.child(folder, last));
        let Some(found) = found.filter(|found| !self.is_folder(*found)) else { return Ok(()) };
        match self.folder(&parts, layer)? {
            Some(folder) => self.put(folder, name, found),
            None => Ok(()),
        }
    }

    /// Removes what the layers before this one have at a path.
    pub fn remove(&mut self, path: &str, layer: u32) -> Result<(), Unsound> {
        let Some((parts, name)) = parts_of(path)? else { return Ok(()) };
        if let Some(folder) = self.existing(&parts)
            && let Some(known) = self.child(folder, name)
            && self.nodes[known as usize].layer < layer
            && let Node::Folder(children) = &mut self.nodes[folder as usize].node
        {
            children.remove(name);
        }
        Ok(())
    }

    /// Removes what the layers before this one have in a folder.
    pub fn clear(&mut self, path: &str, layer: u32) -> Result<(), Unsound> {
        let mut parts = Vec::new();
        if let Some((around, name)) = parts_of(path)? {
            parts = around;
            parts.push(name);
        }
        let Some(folder) = self.existing(&parts) else { return Ok(()) };
        let Node::Folder(children) = &self.nodes[folder as usize].node else { return Ok(()) };
        let is_of_layer = |index: &u32| self.nodes[*index as usize].layer == layer;
        let kept = children.iter().filter(|(_, index)| is_of_layer(index));
        let kept = kept.map(|(name, index)| (name.clone(), *index)).collect();
        self.nodes[folder as usize].node = Node::Folder(kept);
        Ok(())
    }

    fn push(&mut self, node: Node, layer: u32) -> Result<u32, Unsound> {
        if self.nodes.len() >= MOST_NODES {
            return Err(Unsound::TooManyEntries(MOST_NODES));
        }
        if let Node::Link(target) = &node {
            self.count(target)?;
        }
        self.nodes.push(Placed { node, layer });
        u32::try_from(self.nodes.len() - 1).map_err(|_| Unsound::TooManyEntries(MOST_NODES))
    }

    fn put(&mut self, folder: u32, name: &str, index: u32) -> Result<(), Unsound> {
        self.count(name)?;
        if let Node::Folder(children) = &mut self.nodes[folder as usize].node {
            children.insert(name.into(), index);
        }
        Ok(())
    }

    fn count(&mut self, name: &str) -> Result<(), Unsound> {
        self.names += name.len();
        if self.names > MOST_NAMES { Err(Unsound::TooManyNames) } else { Ok(()) }
    }

    fn child(&self, folder: u32, name: &str) -> Option<u32> {
        match &self.nodes[folder as usize].node {
            Node::Folder(children) => children.get(name).copied(),
            _ => None,
        }
    }

    fn is_folder(&self, index: u32) -> bool {
        matches!(self.nodes[index as usize].node, Node::Folder(_))
    }

    /// The folder with these parts, which may be links to folders.
    fn existing(&self, parts: &[&str]) -> Option<u32> {
        let path = self.root.join(parts.join("/"));
        let (index, _) = self.find(&path, true).ok()?;
        self.is_folder(index).then_some(index)
    }

    /// The same; missing folders are added. `None` if something else is there.
    fn folder(&mut self, parts: &[&str], layer: u32) -> Result<Option<u32>, Unsound> {
        let mut folder = ROOT;
        for (at, name) in parts.iter().enumerate() {
            folder = match self.child(folder, name) {
                Some(known) if self.is_folder(known) => known,
                Some(known) if matches!(self.nodes[known as usize].node, Node::Link(_)) => {
                    match self.existing(&parts[..=at]) {
                        Some(target) => target,
                        None => return Ok(None),
                    }
                }
                Some(_) => return Ok(None),
                None => {
                    let index = self.push(Node::Folder(BTreeMap::new()), layer)?;
                    self.put(folder, name, index)?;
                    index
                }
            };
        }
        Ok(Some(folder))
    }

    /// The node at a path, and its path without links. A link at the end is followed only if
    /// `through` is true. As in a system whose `/` is the root of this tree, `..` doesn't lead out.
    fn find(&self, path: &Path, through: bool) -> io::Result<(u32, PathBuf)> {
        let real = resolve(&self.root, path, through, |place| {
            match &self.nodes[self.at(place)? as usize].node {
                Node::Link(target) => Ok(Some(PathBuf::from(&**target))),
                _ => Ok(None),
            }
        })?;
        Ok((self.at(&real)?, real))
    }

    /// The node at a path that leads through no link.
    fn at(&self, real: &Path) -> io::Result<u32> {
        let inner = real.strip_prefix(&self.root).map_err(|_| io::ErrorKind::NotFound)?;
        inner.iter().try_fold(ROOT, |folder, name| match &self.nodes[folder as usize].node {
            Node::Folder(children) => {
                let index = name.to_str().and_then(|name| children.get(name));
                index.copied().ok_or_else(|| io::ErrorKind::NotFound.into())
            }
            _ => Err(io::ErrorKind::NotADirectory.into()),
        })
    }

    fn look(&self, path: &Path, through: bool) -> io::Result<Metadata> {
        let (index, _) = self.find(path, through)?;
        let node = &self.nodes[index as usize].node;
        let size = if let Node::File(contents) = node { contents.size } else { 0 };
        Ok(Metadata { kind: kind_of(node), size, access: None, ..self.archive })
    }
}

fn kind_of(node: &Node) -> Kind {
    match node {
        Node::Folder(_) => Kind::Folder,
        Node::File(_) => Kind::File,
        Node::Link(_) => Kind::Link,
        Node::Other => Kind::Other,
    }
}

/// The folders of a path in an archive, and its last name. `None` for the root itself, and for a
/// path with `..`.
fn parts_of(path: &str) -> Result<Option<(Vec<&str>, &str)>, Unsound> {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if path.len() > LONGEST_PATH || parts.iter().any(|part| part.len() > LONGEST_NAME) {
        return Err(Unsound::LongName);
    }
    let is_sound = !parts.iter().any(|part| *part == ".." || part.contains('\0'));
    Ok(parts.pop().filter(|_| is_sound).map(|name| (parts, name)))
}

impl FileSystem for FileTree {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.look(path, true)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        self.look(path, false)
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        let (index, _) = self.find(folder, true)?;
        let Node::Folder(children) = &self.nodes[index as usize].node else {
            return Err(io::ErrorKind::NotADirectory.into());
        };
        let entries = children.iter().map(|(name, index)| {
            let kind = kind_of(&self.nodes[*index as usize].node);
            Ok(Entry { name: (&**name).into(), kind })
        });
        Ok(Box::new(entries.collect::<Vec<_>>().into_iter()))
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.find(path, true).map(|(_, real)| real)
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        let (index, _) = self.find(path, true)?;
        match &self.nodes[index as usize].node {
            Node::Folder(_) => Err(io::ErrorKind::IsADirectory.into()),
            Node::File(Contents { size, place: Some((origin, start)) }) => {
                let origin = self.origins.get(*origin as usize).ok_or(io::ErrorKind::NotFound)?;
                Ok(Source::from_origin(origin.clone()).part(*start, *size))
            }
            Node::File(Contents { place: None, .. }) => Err(io::ErrorKind::FileTooLarge.into()),
            Node::Link(_) | Node::Other => {
                Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::super::super::metadata::{Kind, Metadata};
    use super::super::super::source::Origin;
    use super::super::super::system::FileSystem;
    use super::{Contents, FileTree, Node};

    fn tree() -> FileTree {
        let (modified, inode, access) = (None, None, None);
        let archive = Metadata { kind: Kind::File, size: 0, modified, inode, access };
        let mut tree = FileTree::new("/mounted".into(), archive);
        let origin = tree.next_origin();
        tree.add_origin(Origin::of_bytes(b"0123456789".to_vec()));
        let file = |start| Node::File(Contents { size: 2, place: Some((origin, start)) });
        let link = |target: &str| Node::Link(target.into());
        let mut add = |path, node, layer| tree.add(path, node, layer).expect("room");
        add("./usr/lib/a", file(0), 0);
        add("lib", link("usr/lib"), 0);
        add("lib/b", file(2), 0);
        add("abs", link("/lib/../lib/b"), 0);
        add("up", link("../../../usr"), 0);
        add("loop", link("/loop"), 0);
        add("dangling", link("nowhere"), 0);
        add("dangling/inside", file(0), 0);
        add("../out", file(0), 0);
        add("usr/lib/c", file(4), 1);
        add("usr/lib/a", file(6), 1);
        tree
    }

    fn text(tree: &FileTree, path: &str) -> Option<String> {
        let source = tree.open(&Path::new("/mounted").join(path)).ok()?;
        String::from_utf8(source.contents(10).ok()?).ok()
    }

    fn names(tree: &FileTree, path: &str) -> Vec<String> {
        let entries = tree.list(&Path::new("/mounted").join(path)).into_iter().flatten().flatten();
        entries.map(|entry| entry.name.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn links_lead_through_the_tree_and_never_out() {
        let tree = tree();
        for (path, expected) in [
            ("usr/lib/a", Some("67")),
            ("lib/b", Some("23")),
            ("abs", Some("23")),
            ("up/lib/c", Some("45")),
            ("usr/../../usr/lib/c", Some("45")),
            ("usr/lib/a/x", None),
            ("loop", None),
            ("dangling", None),
            ("out", None),
        ] {
            assert_eq!(text(&tree, path).as_deref(), expected, "{path}");
        }
        let real = tree.real_path(Path::new("/mounted/up/lib/../lib/a")).expect("a file");
        assert_eq!(real, Path::new("/mounted/usr/lib/a"));
        let link = tree.link_metadata(Path::new("/mounted/loop")).expect("a link");
        assert_eq!(link.kind, Kind::Link);
        assert_eq!(names(&tree, ""), ["abs", "dangling", "lib", "loop", "up", "usr"]);
    }

    #[test]
    fn a_layer_removes_only_what_is_below_it() {
        let mut tree = tree();
        tree.remove("usr/lib/c", 1).expect("a path");
        assert_eq!(names(&tree, "lib"), ["a", "b", "c"]);
        tree.remove("lib/c", 2).expect("a path");
        assert_eq!(names(&tree, "lib"), ["a", "b"]);
        tree.clear("usr/lib", 1).expect("a path");
        assert_eq!(names(&tree, "lib"), ["a"]);
        tree.add("usr", Node::Folder(BTreeMap::new()), 2).expect("a path");
        assert_eq!(names(&tree, "lib"), ["a"], "a folder keeps what it contains");
        tree.link("second", "usr/lib/a", 2).expect("a path");
        tree.remove("usr/lib/a", 3).expect("a path");
        assert_eq!(text(&tree, "second").as_deref(), Some("67"));
        tree.clear("", 4).expect("a path");
        assert!(names(&tree, "").is_empty());
    }
}
