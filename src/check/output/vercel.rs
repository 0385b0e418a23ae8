//! Vercel: the functions in `.vercel/output` (Build Output API 3). The configuration of a function
//! may name files that stay in the project until they are uploaded (`filePathMap`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::found::{Output, Source, Tool};
use super::lists::List;
use super::next;
use crate::control::Control;
use crate::files::{self, Kind, join_inside, join_steps, normalized};
use crate::model::Arch;
use crate::runtime::RuntimeSpec;

/// The longest configuration that is read, in bytes.
const LONGEST: u64 = 32 << 20;
/// The maximum number of files and folders of one output.
const MOST: usize = 200_000;
/// The name of a function's configuration.
const CONFIGURATION: &str = ".vc-config.json";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Function {
    runtime: Option<String>,
    architecture: Option<Arch>,
    #[serde(default)]
    file_path_map: BTreeMap<String, String>,
}

/// The functions at `path`: an output, or one function. Each is read when it is asked for.
pub(super) fn functions(path: &Path, control: &Control) -> impl Iterator<Item = List> {
    folders(path, control).into_iter().filter_map(|function| read(&function, control))
}

/// The folders of the functions at `path`, by path.
fn folders(path: &Path, control: &Control) -> Vec<PathBuf> {
    let Ok(path) = files::real_path(path) else { return Vec::new() };
    if files::is_file(path.join(CONFIGURATION)) {
        return vec![path];
    }
    let folder = path.join("functions");
    if !files::is_file(path.join("config.json")) || !files::is_folder(&folder) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut left = vec![folder];
    while let Some(folder) = left.pop() {
        if control.stops() || found.len() > MOST {
            break;
        }
        for entry in files::list(&folder).into_iter().flatten().flatten() {
            // Functions with the same files are links to one of them.
            if entry.kind == Kind::Folder {
                let inner = folder.join(entry.name);
                match files::is_file(inner.join(CONFIGURATION)) {
                    true => found.push(inner),
                    false => left.push(inner),
                }
            }
        }
    }
    found.sort();
    found
}

fn read(folder: &Path, control: &Control) -> Option<List> {
    let text = files::text(&folder.join(CONFIGURATION), LONGEST).ok()?;
    let function: Function = files::json(&text).ok()?;
    // Edge functions load no addons.
    let runtime = function.runtime.filter(|runtime| runtime.starts_with("nodejs"))?;
    let output = folder.ancestors().find(|at| files::is_file(at.join("config.json")))?;
    // `.vercel/output` is in the project.
    let project = output.ancestors().nth(2)?;
    let mut all = own(folder, control);
    for (path, place) in &function.file_path_map {
        let path = join_inside(folder, path);
        let place = join_steps(project, place).map(|place| normalized(&place));
        all.extend(path.zip(place));
    }
    let is_next = all.iter().any(|(path, _)| path.ends_with("node_modules/next/package.json"));
    let tool = match (is_next, files::is_file(output.join("nitro.json"))) {
        (true, _) => next::tool_in(project),
        (_, true) => Tool::Nitro,
        _ => Tool::Vercel,
    };
    let arch = function.architecture.unwrap_or(Arch::X64);
    let runtime = RuntimeSpec::of_lambda(&runtime, &arch);
    let source = Source { folder: project.to_path_buf(), base: project.to_path_buf() };
    let output = Output { tool, root: folder.to_path_buf(), source: Some(source) };
    let name = folder.join(CONFIGURATION);
    Some(List { name, output, files: all, runtime })
}

/// The files in the folder of a function itself.
fn own(folder: &Path, control: &Control) -> Vec<(PathBuf, PathBuf)> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(folder) = left.pop() {
        if control.stops() || found.len() > MOST {
            break;
        }
        for entry in files::list(&folder).into_iter().flatten().flatten() {
            let path = folder.join(entry.name);
            match entry.kind {
                Kind::Folder => left.push(path),
                _ => found.push((path.clone(), path)),
            }
        }
    }
    found
}

/// The lines of vercel.json that add folders to functions.
pub(super) fn lines(folders: &[String]) -> String {
    let folders: Vec<&str> = folders.iter().map(|folder| folder.trim_start_matches("./")).collect();
    let folders = match folders.as_slice() {
        [one] => (*one).to_owned(),
        some => format!("{{{}}}", some.join(",")),
    };
    let glob = Value::from(format!("{folders}/**"));
    format!("\"functions\": {{\n  \"api/**\": {{ \"includeFiles\": {glob} }}\n}}")
}
