//! The apps in an image: what its command starts, or else every folder with a `node_modules`, and
//! every packaged Electron app.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::control::Control;
use crate::files::{Image, Kind, ancestors, exists, is_folder, join_steps, list, real_path};
use crate::project::electron_in;

/// Folders of the system that contain no app.
const SYSTEM: [&str; 6] = ["proc", "sys", "dev", "boot", "run", "tmp"];
/// The maximum depth of an app's folder.
const DEEPEST: usize = 8;
/// The maximum number of folders that are searched.
const MOST: usize = 200_000;

/// The folders of the apps in the image whose system is at `root`.
pub(super) fn apps(root: &Path, image: &Image, control: &Control) -> Vec<PathBuf> {
    let folder = image.working_directory.as_deref().unwrap_or("/");
    let folder = join_steps(root, folder.trim_start_matches('/'));
    let started = folder.as_deref().and_then(|folder| started_app(root, folder, image));
    let here = || folder.as_deref().filter(|folder| *folder != root).and_then(project);
    match started.or_else(here) {
        Some(app) => vec![app],
        None => search(root, control),
    }
}

/// The project of the first word of the command that is a file or a folder.
fn started_app(root: &Path, folder: &Path, image: &Image) -> Option<PathBuf> {
    // `sh -c "node server.js"` has several words in one.
    let words = image.command.iter().skip(1).flat_map(|word| word.split_whitespace());
    let words = words.filter(|word| !word.starts_with('-'));
    let place = |word: &str| {
        let base = if word.starts_with('/') { root } else { folder };
        join_steps(base, word.trim_start_matches('/'))
    };
    // Node.js adds the extension.
    let is_there = |path: &PathBuf| exists(path) || exists(with_extension(path));
    words.filter_map(place).filter(is_there).find_map(|path| project(&path))
}

fn with_extension(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(".js");
    PathBuf::from(path)
}

/// The nearest folder with a package.json or a node_modules, at `path` or above it.
fn project(path: &Path) -> Option<PathBuf> {
    let path = real_path(path).unwrap_or_else(|_| path.to_path_buf());
    ancestors(&path).find(|folder| is_project(folder)).map(Path::to_path_buf)
}

/// The project of a file in an archive that is mounted at `root`.
pub(super) fn project_in(root: &Path, file: &str) -> Option<PathBuf> {
    project(&join_steps(root, file)?).filter(|found| found.starts_with(root))
}

/// True for a folder with a package.json or a node_modules.
pub(super) fn is_project(folder: &Path) -> bool {
    exists(folder.join("package.json")) || is_folder(folder.join("node_modules"))
}

/// All folders with a `node_modules` that isn't in another one, and isn't that of global packages;
/// and the folders of packaged Electron apps.
pub(super) fn search(root: &Path, control: &Control) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = VecDeque::from([(root.to_path_buf(), 0)]);
    for _ in 0..MOST {
        let Some((folder, depth)) = left.pop_front() else { break };
        if control.stops() {
            break;
        }
        let mut inside = Vec::new();
        let mut is_app = false;
        for entry in list(&folder).into_iter().flatten().flatten() {
            if entry.kind != Kind::Folder {
                continue;
            }
            if entry.name == "node_modules" {
                // npm's own is in lib/node_modules.
                is_app |= folder.file_name().is_none_or(|name| name != "lib")
                    || !is_folder(folder.join("node_modules/npm"));
            } else if entry.name.eq_ignore_ascii_case("resources") || is_bundle(&folder) {
                is_app |= electron_in(&folder).is_some();
                inside.push((folder.join(entry.name), depth + 1));
            } else if depth > 0 || !SYSTEM.iter().any(|name| entry.name == *name) {
                inside.push((folder.join(entry.name), depth + 1));
            }
        }
        if is_app {
            found.push(folder);
        } else if depth < DEEPEST {
            left.extend(inside);
        }
    }
    found.sort();
    found
}

/// True for the folder of an app of macOS.
fn is_bundle(folder: &Path) -> bool {
    folder.extension().is_some_and(|extension| extension == "app")
}
