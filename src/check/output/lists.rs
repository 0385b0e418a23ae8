//! Lists of files that are deployed: what @vercel/nft found for one entry, as Next.js stores it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::found::{Output, Source, Tool};
use super::next;
use crate::control::Control;
use crate::files::{self, Kind, normalized};
use crate::runtime::RuntimeSpec;

/// The longest list that is read, in bytes. Those of the largest apps have some 1 MB.
const LONGEST: u64 = 32 << 20;
/// The maximum number of lists, and of folders that are searched for them.
const MOST: usize = 10_000;
/// The end of the name of a list.
const END: &str = ".nft.json";

/// Files that are deployed together, without being copied to one folder yet.
pub(super) struct List {
    /// The file that has the list.
    pub name: PathBuf,
    /// The tool, the folder that the paths are in, and the project.
    pub output: Output,
    /// For each path in the deployment, the place of the file on this disk.
    pub files: Vec<(PathBuf, PathBuf)>,
    /// The runtime that the list itself names.
    pub runtime: Option<RuntimeSpec>,
}

#[derive(Deserialize)]
struct Traced {
    files: Vec<String>,
}

/// The lists at `path`: one list, or a build of Next.js with a list for each of its routes. Routes
/// with the same packages have one list. Each is read when it is asked for: all of them may name
/// millions of files.
pub(super) fn traced(path: &Path, control: &Control) -> impl Iterator<Item = List> {
    let names = match () {
        () if is_list(path) && files::is_file(path) => vec![path.to_path_buf()],
        () if files::is_file(path.join("required-server-files.json")) => names_below(path, control),
        () => Vec::new(),
    };
    let mut known: HashSet<[u8; 32]> = HashSet::new();
    let lists = names.into_iter().take_while(|_| !control.stops()).filter_map(|name| read(&name));
    lists.filter(move |list| known.insert(packages_of(list)))
}

/// A number for the files of packages in a list. It is the same for lists with the same ones.
fn packages_of(list: &List) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (_, place) in &list.files {
        if place.iter().any(|name| name == "node_modules") {
            hash.update(place.as_os_str().as_encoded_bytes());
            hash.update([0]);
        }
    }
    hash.finalize().into()
}

fn is_list(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().ends_with(END.as_bytes()))
}

/// The lists in the build at `folder`, by path. Its cache has none.
fn names_below(folder: &Path, control: &Control) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    for _ in 0..MOST {
        let Some(folder) = left.pop() else { break };
        if control.stops() {
            break;
        }
        for entry in files::list(&folder).into_iter().flatten().flatten() {
            let path = folder.join(&entry.name);
            match entry.kind {
                Kind::Folder if entry.name != "node_modules" && entry.name != "cache" => {
                    left.push(path);
                }
                Kind::File if is_list(&path) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found.truncate(MOST);
    found
}

fn read(name: &Path) -> Option<List> {
    let name = files::real_path(name).ok()?;
    let folder = name.parent()?;
    let text = files::text(&name, LONGEST).ok()?;
    let traced: Traced = files::json(&text).ok()?;
    let paths: Vec<PathBuf> = traced
        .files
        .iter()
        .filter_map(|file| files::join_steps(folder, file))
        .map(|path| normalized(&path))
        .collect();
    let mut root = folder;
    while !paths.iter().all(|path| path.starts_with(root)) {
        root = root.parent()?;
    }
    // A view hides what isn't listed: here it would be the libraries of the system.
    if root.parent().is_none_or(|around| around.parent().is_none() && root.ends_with("usr")) {
        return None;
    }
    // The list doesn't contain the traced script itself.
    let script = name.to_str()?.strip_suffix(END).map(PathBuf::from);
    let files = paths.iter().cloned().chain(script).map(|path| (path.clone(), path)).collect();
    let is_next =
        folder.ancestors().any(|at| files::is_file(at.join("required-server-files.json")));
    let folder = root_of_project(folder, root);
    let tool = if is_next { next::tool_in(&folder) } else { Tool::Tracer };
    let source = Some(Source { folder, base: root.to_path_buf() });
    let output = Output { tool, root: root.to_path_buf(), source };
    Some(List { name: name.clone(), output, files, runtime: None })
}

/// The folder with a described package around a list. A build has a package.json that only sets the
/// type of its scripts.
fn root_of_project(folder: &Path, root: &Path) -> PathBuf {
    let around = folder.ancestors().take_while(|at| at.starts_with(root));
    let is_project = |at: &&Path| {
        files::is_file(at.join("package.json")) && !files::is_file(at.join("BUILD_ID"))
    };
    around.into_iter().find(is_project).unwrap_or(root).to_path_buf()
}
