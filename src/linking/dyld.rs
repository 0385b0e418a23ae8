//! dyld's library search (dyld/Loader.cpp): the system's libraries are in its shared cache,
//! `@loader_path` is the folder of the image that needs the library, `@rpath` stands for each
//! folder of `LC_RPATH`. The source is dyld's code; nothing here was measured.

use std::path::{Path, PathBuf};

use super::linkage::Libraries;
use super::object::MOST;
use crate::binary::{self, Details, Image};
use crate::files::{self, Source, join_steps, shown};
use crate::runtime::Runtime;

/// The result of the search for one library.
enum Found {
    /// A library of macOS, which is in the shared cache and has no file.
    System,
    At(PathBuf),
    Nowhere(Vec<String>),
    /// Only the Mac itself can determine it.
    Unknown,
}

/// One image, and the libraries that it needs.
struct Step {
    path: PathBuf,
    libraries: Vec<String>,
    rpaths: Vec<String>,
}

/// Searches for all libraries that `image` at `file` needs; `None` if only the system that loads it
/// can determine the result. `own` receives the paths of the libraries that the image itself names,
/// by their index.
pub(super) fn search(
    file: &str,
    image: &Image,
    runtime: &Runtime,
    own: &mut Vec<(usize, PathBuf)>,
) -> Option<Libraries> {
    let is_here = runtime.root.is_some();
    let mut steps = vec![step(PathBuf::from(file), image)];
    let mut index = 0;
    let mut unknown = false;
    while index < steps.len() {
        for library in steps[index].libraries.clone() {
            let needed_by = (index > 0).then(|| shown(&steps[index].path));
            match locate(&library, &steps[index], &steps[0], is_here) {
                Found::System => {}
                Found::Unknown => unknown = true,
                Found::Nowhere(searched) => {
                    return Some(Libraries::Missing {
                        library,
                        needed_by,
                        searched,
                        beside: false,
                    });
                }
                Found::At(path) => {
                    if index == 0 {
                        let named = image.libraries.iter().position(|known| known.name == library);
                        own.extend(named.map(|named| (named, path.clone())));
                    }
                    if steps.len() >= MOST || steps.iter().any(|step| step.path == path) {
                        continue;
                    }
                    let Ok(source) = Source::open(&path) else { continue };
                    let binary = binary::read(&source);
                    let wanted = binary.images().iter().find(|found| found.arch == image.arch);
                    match wanted {
                        Some(wanted) => steps.push(step(path, wanted)),
                        None => {
                            let path = shown(&path);
                            return Some(Libraries::Invalid { path, refusal: None, needed_by });
                        }
                    }
                }
            }
        }
        index += 1;
    }
    (!unknown).then_some(Libraries::Found)
}

fn step(path: PathBuf, image: &Image) -> Step {
    let rpaths = match &image.details {
        Details::MachO(facts) => facts.rpaths.clone(),
        _ => Vec::new(),
    };
    let libraries = image
        .libraries
        .iter()
        .filter(|library| !library.weak)
        .map(|library| library.name.clone())
        .collect();
    Step { path, libraries, rpaths }
}

/// True for a library of macOS, by its install name.
#[must_use]
pub fn is_of_macos(name: &str) -> bool {
    name.starts_with("/usr/lib/") || name.starts_with("/System/")
}

fn locate(name: &str, by: &Step, first: &Step, is_here: bool) -> Found {
    if is_of_macos(name) {
        return Found::System;
    }
    let candidates: Vec<Option<PathBuf>> = match name.strip_prefix("@rpath/") {
        // The run-paths of the needing image come first, then those of the images that loaded it.
        // An executable may have run-paths too.
        Some(rest) => {
            let all = by
                .rpaths
                .iter()
                .map(|rpath| (rpath, by))
                .chain(first.rpaths.iter().map(|rpath| (rpath, first)));
            let places = all.map(|(rpath, step)| {
                place(rpath, step, is_here)
                    .and_then(|folder| join_steps(&folder, rest.trim_start_matches('/')))
            });
            let mut places: Vec<_> = places.collect();
            if !is_here && places.is_empty() {
                places.push(None);
            }
            places
        }
        None => vec![place(name, by, is_here)],
    };
    if let Some(found) = candidates.iter().flatten().find(|path| files::exists(path)) {
        return Found::At(found.clone());
    }
    if candidates.iter().any(Option::is_none) {
        return Found::Unknown;
    }
    let folder = |path: &PathBuf| shown(path.parent().unwrap_or_else(|| Path::new("/")));
    Found::Nowhere(candidates.iter().flatten().map(folder).collect())
}

/// The host path of a dyld path; `None` if only the target system knows which file is there.
fn place(path: &str, by: &Step, is_here: bool) -> Option<PathBuf> {
    if let Some(rest) = path.strip_prefix("@loader_path") {
        return join_steps(by.path.parent()?, rest.trim_start_matches('/'));
    }
    (is_here && path.starts_with('/')).then(|| PathBuf::from(path))
}
