//! What ships, as a view of the disk: the files of one folder, or only the files in a list. What
//! lies around them on this disk isn't there where they are deployed, so nothing in the view finds
//! it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, read_link};
use super::links::resolve;
use super::metadata::{Kind, Metadata};
use super::source::Source;
use super::system::{Entry, FileSystem, Listing};
use super::table::Mount;

/// While this value lives, paths below its root lead only to what ships.
pub struct Shipped {
    _mount: Mount,
}

impl Shipped {
    /// All files below `root`, which is a path without links.
    #[must_use]
    pub fn folder(root: &Path) -> Shipped {
        Shipped::mount(View { root: root.to_path_buf(), listed: None })
    }

    /// Only the files in a list: for each path below `root`, the place of the file on this disk.
    /// Files that are not on this disk, and paths outside of `root`, are left out.
    #[must_use]
    pub fn files(root: &Path, files: impl Iterator<Item = (PathBuf, PathBuf)>) -> Shipped {
        // The root itself need not exist: the folders of a list are only in its paths.
        let folder = root.ancestors().find(|at| Disk.metadata(at).is_ok()).unwrap_or(root);
        let mut listed = Listed { folder: folder.to_path_buf(), ..Listed::default() };
        listed.folders.insert(root.to_path_buf(), BTreeMap::new());
        for (path, place) in files {
            if path.starts_with(root) && path != root {
                listed.add(root, &path, place);
            }
        }
        Shipped::mount(View { root: root.to_path_buf(), listed: Some(listed) })
    }

    fn mount(view: View) -> Shipped {
        let root = view.root.clone();
        Shipped { _mount: Mount::of_system(root, Arc::new(view)) }
    }
}

/// The paths of a list.
#[derive(Default)]
struct Listed {
    /// A folder of the disk whose metadata those in the list have.
    folder: PathBuf,
    /// Folders, with the names in them.
    folders: BTreeMap<PathBuf, BTreeMap<OsString, Kind>>,
    /// Files and links, with their places on the disk.
    places: BTreeMap<PathBuf, PathBuf>,
}

impl Listed {
    fn add(&mut self, root: &Path, path: &Path, place: PathBuf) {
        let Ok(found) = Disk.link_metadata(&place) else { return };
        let mut kind = found.kind;
        match kind {
            Kind::Folder => drop(self.folders.entry(path.to_path_buf()).or_default()),
            _ => drop(self.places.insert(path.to_path_buf(), place)),
        }
        let mut inner = path;
        while let (Some(folder), Some(name)) = (inner.parent(), inner.file_name()) {
            let names = self.folders.entry(folder.to_path_buf()).or_default();
            let is_new = names.insert(name.to_os_string(), kind).is_none();
            if !is_new || folder == root {
                break;
            }
            (inner, kind) = (folder, Kind::Folder);
        }
    }
}

struct View {
    root: PathBuf,
    /// `None` if everything below the root ships.
    listed: Option<Listed>,
}

impl View {
    /// The path in the view without links. A link at its end is kept unless `through` is true.
    fn resolve(&self, path: &Path, through: bool) -> io::Result<PathBuf> {
        // `..` may lead out of the view, and nothing is there. Folders above the root are known
        // only so that a path may lead out and in again.
        let top: PathBuf = path
            .components()
            .take_while(|part| matches!(part, Component::Prefix(_) | Component::RootDir))
            .collect();
        let real = resolve(&top, path, through, |place| {
            if self.root.starts_with(place) {
                return Ok(None);
            }
            let place = self.place(place)?;
            match Disk.link_metadata(place)?.kind {
                Kind::Link => read_link(place).map(Some),
                _ => Ok(None),
            }
        })?;
        if real.starts_with(&self.root) { Ok(real) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    /// The place on the disk of a path in the view that has no links; for a folder of a list, that
    /// of another folder.
    fn place<'a>(&'a self, path: &'a Path) -> io::Result<&'a Path> {
        let is_inside = path.starts_with(&self.root);
        match &self.listed {
            None if is_inside => Ok(path),
            Some(listed) if listed.folders.contains_key(path) => Ok(&listed.folder),
            Some(listed) => {
                let place = listed.places.get(path);
                place.map(PathBuf::as_path).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl FileSystem for View {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        Disk.link_metadata(self.place(&self.resolve(path, true)?)?)
    }

    fn link_metadata(&self, path: &Path) -> io::Result<Metadata> {
        Disk.link_metadata(self.place(&self.resolve(path, false)?)?)
    }

    fn list(&self, folder: &Path) -> io::Result<Listing> {
        let real = self.resolve(folder, true)?;
        let Some(listed) = &self.listed else { return Disk.list(&real) };
        match listed.folders.get(&real) {
            Some(names) => {
                let entry = |(name, kind): (&OsString, &Kind)| {
                    Ok(Entry { name: name.clone(), kind: *kind })
                };
                Ok(Box::new(names.iter().map(entry).collect::<Vec<_>>().into_iter()))
            }
            None => Err(self.place(&real).err().unwrap_or(io::ErrorKind::NotADirectory.into())),
        }
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let real = self.resolve(path, true)?;
        Disk.link_metadata(self.place(&real)?)?;
        Ok(real)
    }

    fn open(&self, path: &Path) -> io::Result<Source> {
        let real = self.resolve(path, true)?;
        let is_folder = self.listed.as_ref().is_some_and(|it| it.folders.contains_key(&real));
        if is_folder {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Disk.open(self.place(&real)?)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    use super::super::mounts::{exists, list, real_path};
    use super::super::text::text;
    use super::Shipped;

    fn project(name: &str) -> PathBuf {
        let place = format!("abi-guard-shipped-{name}-{}", std::process::id());
        let root = std::env::temp_dir().join(place);
        let root = std::fs::create_dir_all(&root).and_then(|()| real_path(&root)).expect("a root");
        for (file, content) in [("out/a/x", "x"), ("out/b/y", "y"), ("around", "z")] {
            let file = root.join(file);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
            std::fs::write(file, content).expect("a file");
        }
        symlink("../b", root.join("out/a/inside")).expect("a link");
        symlink("../../around", root.join("out/a/outside")).expect("a link");
        root
    }

    #[test]
    fn what_lies_around_a_folder_does_not_ship() {
        let root = project("folder");
        let at = |path: &str| root.join(path);
        assert!(exists(at("out/a/outside")));
        let view = Shipped::folder(&at("out"));
        for (path, expected) in [
            ("out/a/x", Some("x")),
            ("out/a/inside/y", Some("y")),
            ("out/a/../../out/b/y", Some("y")),
            ("out/a/outside", None),
            ("out/../around", None),
            ("out/missing", None),
        ] {
            assert_eq!(text(&at(path), 9).ok().as_deref(), expected, "{path}");
        }
        drop(view);
        assert!(exists(at("out/a/outside")));
        std::fs::remove_dir_all(root).expect("the folder");
    }

    #[test]
    fn only_the_files_of_a_list_ship() {
        let root = project("list");
        let at = |path: &str| root.join(path);
        let pairs = [
            ("out/a/inside", "out/a/inside"),
            ("out/b/y", "out/b/y"),
            ("out/moved/z", "around"),
            ("out/gone", "gone"),
            ("elsewhere", "around"),
        ];
        let pairs = pairs.into_iter().map(|(path, place)| (at(path), at(place)));
        let view = Shipped::files(&at("out"), pairs);
        for (path, expected) in [
            ("out/a/x", None),
            ("out/b/y", Some("y")),
            ("out/a/inside/y", Some("y")),
            ("out/moved/z", Some("z")),
            ("out/gone", None),
        ] {
            assert_eq!(text(&at(path), 9).ok().as_deref(), expected, "{path}");
        }
        let names = |path: &str| -> Vec<String> {
            let entries = list(at(path)).into_iter().flatten().flatten();
            entries.map(|entry| entry.name.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(names("out"), ["a", "b", "moved"]);
        assert_eq!(names("out/a"), ["inside"]);
        drop(view);
        std::fs::remove_dir_all(root).expect("the folder");
    }
}
