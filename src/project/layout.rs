//! Layouts of package managers and packagers that differ from plain folders: Plug'n'Play,
//! Electron's archives, folders of projects. The differences are entered into the [`Walk`], so that
//! the code after it sees plain folders.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::pnp::{self, Pnp};
use super::walk::{Unreadable, Walk, is_node_modules};
use crate::files::{self, Archive, join_inside, shown, unpacked_folder};

/// The table of Plug'n'Play that the project at `base` uses.
pub(super) fn read_pnp(base: &Path, found: &mut Walk) -> Option<Pnp> {
    let path = pnp::find(base)?;
    match Pnp::read(&path) {
        Ok(pnp) => Some(pnp).filter(|pnp| pnp.governs(base)),
        Err(error) => {
            found.unreadable.push(Unreadable { path, error });
            None
        }
    }
}

/// A folder of files that are kept beside an archive, as a path in the archive. Its package.json
/// files and scripts are in the archive.
pub(super) struct Archived {
    archive: PathBuf,
    /// The path in the archive.
    pub path: PathBuf,
}

/// The path in the archive of a folder in `app.asar.unpacked`, if the archive is next to it.
pub(super) fn archived(folder: &Path) -> Option<Archived> {
    let beside = folder.ancestors().find(|folder| {
        folder.extension().is_some_and(|extension| extension == "unpacked")
            && folder.with_extension("").extension().is_some_and(|extension| extension == "asar")
    })?;
    let archive = beside.with_extension("");
    let inside = folder.strip_prefix(beside).ok()?;
    let path = if inside.as_os_str().is_empty() { archive.clone() } else { archive.join(inside) };
    let is_there = files::is_file(&archive) && (path == archive || files::is_folder(&path));
    is_there.then_some(Archived { archive, path })
}

impl Archived {
    /// The walk of `folder`: its files are those that the archive lists.
    pub fn contents(&self, folder: &Path) -> io::Result<Walk> {
        // An error of the folder is returned to the caller.
        drop(files::list(folder)?);
        let mut found = Walk { archives: vec![self.archive.clone()], ..Walk::default() };
        unpack(&mut found);
        for list in [&mut found.files, &mut found.packages] {
            list.retain(|path| path.starts_with(&self.path));
        }
        Ok(found)
    }
}

/// Adds the contents of Electron's archives to the walk, as if they were folders.
pub(super) fn unpack(found: &mut Walk) {
    // Only the listings are kept, not the headers.
    let mut listings = Vec::new();
    for path in std::mem::take(&mut found.archives) {
        match Archive::open(&path) {
            Ok(archive) => listings.push((path, archive.list())),
            Err(error) => found.unreadable.push(Unreadable { path, error }),
        }
    }
    // The header of an archive also lists the unpacked files beside it.
    let beside: HashSet<PathBuf> = listings.iter().map(|(path, _)| unpacked_folder(path)).collect();
    if !beside.is_empty() {
        for list in
            [&mut found.files, &mut found.packages, &mut found.own_packages, &mut found.builds]
        {
            list.retain(|known| !known.ancestors().any(|folder| beside.contains(folder)));
        }
    }
    for (path, listing) in listings {
        found.files.extend(listing.addons.iter().filter_map(|file| join_inside(&path, file)));
        found
            .packages
            .extend(listing.packages.iter().filter_map(|folder| join_inside(&path, folder)));
        found.archives.push(path);
    }
}

/// Those of `folders`, which are sorted, that are in no other one.
pub(super) fn outermost(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut outer: Vec<PathBuf> = Vec::new();
    for folder in folders {
        // Paths are sorted by their parts, so the contents of a folder follow it.
        if outer.last().is_none_or(|around| !folder.starts_with(around)) {
            outer.push(folder.clone());
        }
    }
    outer
}

/// The `node_modules` folder that contains a package or a link, and the name in it, with the scope.
pub(super) fn module_name(path: &Path) -> Option<(PathBuf, String)> {
    let name = shown(path.file_name()?);
    let parent = path.parent()?;
    if is_node_modules(parent.file_name()) {
        return Some((parent.to_path_buf(), name));
    }
    let scope = shown(parent.file_name()?);
    let folder = parent.parent().filter(|folder| is_node_modules(folder.file_name()))?;
    let is_scope = scope.starts_with('@') || scope == ".prisma";
    is_scope.then(|| (folder.to_path_buf(), format!("{scope}/{name}")))
}
