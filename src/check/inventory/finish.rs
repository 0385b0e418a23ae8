//! Reads the files, adds the libraries that they load from packages, and names everything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::contents::{self, Allowance};
use super::found::{Found, FoundFile};
use super::libraries::{Search, file_name, is_external};
use super::listed::{FileContents, Inventory, LibraryNeed, ListedFile, ListedPackage};
use super::naming::{installed_folder, slashed};
use crate::crew;
use crate::files::shown;
use crate::hash::HashMap;
use crate::runtime::Runtime;

/// What has been read of a file, and the search for its libraries.
type Read = BTreeMap<PathBuf, (FileContents, Search)>;

/// Reads the files, and completes the inventory.
pub(super) fn finish(mut found: Found<'_>) -> Inventory {
    let mut allowance = Allowance::new();
    let addons: Vec<(PathBuf, Option<usize>)> =
        found.files.iter().map(|(path, file)| (path.clone(), file.runtime)).collect();
    let mut read = read(&found, &addons, &mut allowance);
    let libraries = add_libraries(&mut found, &read);
    for (library, (contents, _)) in self::read(&found, &with_none(&libraries), &mut allowance) {
        // A library is searched with the addon that loads it.
        let search = libraries.get(&library).cloned().unwrap_or_default();
        read.insert(library, (contents, search));
    }
    let mut places = Places::default();
    let mut folders = Vec::new();
    let mut packages = Vec::new();
    for (folder, package) in std::mem::take(&mut found.packages) {
        let relative = found.naming.relative(&folder);
        let is_inside = relative.is_some();
        let place = relative.unwrap_or_else(|| match &package.version {
            Some(version) => format!("{}@{version}", package.name),
            None => package.name.clone(),
        });
        packages.push(ListedPackage { place: places.unique(&place), is_inside, ..package });
        folders.push(folder);
    }
    let positions: BTreeMap<PathBuf, usize> =
        found.files.keys().enumerate().map(|(at, path)| (path.clone(), at)).collect();
    let mut files = Vec::new();
    for (path, file) in std::mem::take(&mut found.files) {
        let FoundFile { owner, state, reason, found_by, verdict, is_library, .. } = file;
        for loader in &file.loaders {
            packages[*loader].loads.push(files.len());
        }
        let place = found.naming.relative(&path).unwrap_or_else(|| {
            let inner = path.strip_prefix(&folders[owner]).map(slashed).ok();
            let name = || path.file_name().map(shown).unwrap_or_default();
            format!("{}/{}", packages[owner].place, inner.unwrap_or_else(name))
        });
        let (contents, search) = read.remove(&path).unwrap_or_default();
        let contents = match &file.report {
            Some(report) if contents.images.is_empty() && contents.sha256.is_none() => {
                FileContents { images: contents::reported(report), ..contents }
            }
            _ => contents,
        };
        let needs = needs(&contents, &search, &positions, files.len());
        let place = places.unique(&place);
        files.push(ListedFile {
            place,
            owner,
            state,
            reason,
            found_by,
            verdict,
            is_library,
            contents,
            needs,
        });
    }
    Inventory { packages, files, targets: found.targets, is_audit: found.is_audit }
}

/// Reads files, and searches for their libraries in their runtimes.
fn read(found: &Found<'_>, files: &[(PathBuf, Option<usize>)], allowance: &mut Allowance) -> Read {
    let runtime = |position: &Option<usize>| found.runtimes.get((*position)?)?.1.as_ref();
    let work: Vec<(&PathBuf, bool, Option<&Runtime>)> = files
        .iter()
        .map(|(path, position)| (path, allowance.allows(path), runtime(position)))
        .collect();
    let read =
        crew::map(&work, |(path, is_allowed, runtime)| contents::read(path, *is_allowed, *runtime));
    files.iter().map(|(path, _)| path.clone()).zip(read).collect()
}

fn with_none(libraries: &BTreeMap<PathBuf, Search>) -> Vec<(PathBuf, Option<usize>)> {
    libraries.keys().map(|path| (path.clone(), None)).collect()
}

/// Adds the libraries that files load from packages and that aren't listed yet. Returns them with
/// the search that found them.
fn add_libraries(found: &mut Found<'_>, read: &Read) -> BTreeMap<PathBuf, Search> {
    let mut libraries = BTreeMap::new();
    for (_, search) in read.values() {
        for (_, path) in &search.bundled {
            let is_of_package =
                found.naming.relative(path).is_some() || installed_folder(path).is_some();
            if is_of_package && !read.contains_key(path) && !libraries.contains_key(path) {
                found.file(path, None).is_library = true;
                libraries.insert(path.clone(), search.clone());
            }
        }
    }
    libraries
}

/// The origins of the libraries that the file at the position `own` needs.
fn needs(
    contents: &FileContents,
    search: &Search,
    positions: &BTreeMap<PathBuf, usize>,
    own: usize,
) -> BTreeMap<String, LibraryNeed> {
    let file_of = |name: &str| {
        let (_, path) = search.bundled.iter().find(|(known, _)| known == file_name(name))?;
        positions.get(Path::new(path)).copied().filter(|position| *position != own)
    };
    let mut needs = BTreeMap::new();
    for image in &contents.images {
        for name in &image.binary.libraries {
            let need = match file_of(name) {
                Some(position) => LibraryNeed::File(position),
                None if search.is_complete || is_external(image.binary.format, name) => {
                    LibraryNeed::External
                }
                None => LibraryNeed::Unknown,
            };
            needs.insert(name.clone(), need);
        }
    }
    needs
}

/// The places that are in use. Places outside of the repository can be equal.
#[derive(Default)]
struct Places {
    used: HashMap<String, usize>,
}

impl Places {
    fn unique(&mut self, place: &str) -> String {
        let mut name = place.to_owned();
        while self.used.contains_key(&name) {
            let number = self.used.entry(place.to_owned()).or_default();
            *number += 1;
            name = format!("{place}#{number}");
        }
        self.used.insert(name.clone(), 1);
        name
    }
}
