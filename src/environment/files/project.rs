//! Everything that the files around a project say, read once.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::compose::{self, Compose};
use super::dockerfile::{self, Dockerfile};
use super::found::{Kind, found};
use super::gitlab::{self, Gitlab};
use super::workflows::{self, Workflow};
use super::{FileError, Text, dockerignore};
use crate::environment::{Pin, pins};

/// What the files around a project say.
#[derive(Clone, Debug, Default)]
pub struct ProjectFiles {
    /// Dockerfiles.
    pub dockerfiles: Vec<Docker>,
    /// Compose files.
    pub composes: Vec<File<Compose>>,
    /// Workflows of GitHub Actions.
    pub workflows: Vec<File<Workflow>>,
    /// Pipelines of GitLab.
    pub pipelines: Vec<File<Gitlab>>,
    /// Those that can't be read.
    pub unread: Vec<(PathBuf, FileError)>,
    /// Folders below the project that have a package.json, relative to it, with `/`; the project itself is "".
    pub packages: Vec<String>,
    /// Those of them that packages are installed for, and the project itself.
    pub installed: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File<T> {
    /// Where.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What it says.
    pub says: T,
}

/// A Dockerfile with what surrounds it.
#[derive(Clone, Debug)]
pub struct Docker {
    /// The file.
    pub file: File<Dockerfile>,
    /// The folders that it may be built from.
    pub contexts: Vec<Context>,
    /// What the package in its folder says of Node.js, where that isn't the project itself.
    pub own_pins: Vec<Pin>,
}

/// A folder that an image may be built from.
#[derive(Clone, Debug)]
pub struct Context {
    /// Relative to the project, with `/`; the project itself is "".
    pub folder: String,
    /// The `.dockerignore` that counts.
    pub ignore: Option<String>,
}

impl Context {
    /// True when `path` (relative to the folder, with `/`) is kept out of the image.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        self.ignore.as_ref().is_some_and(|text| dockerignore::excludes(text, path))
    }
}

/// Reads the files of the project at `root`.
#[must_use]
pub fn project_files(root: &Path) -> ProjectFiles {
    let all = found(root);
    let mut files = ProjectFiles::default();
    let of = |kind: Kind| all.iter().filter(move |file| file.kind == kind).map(|file| file.path.as_path());
    files.packages = of(Kind::Manifest).filter_map(|path| relative(root, path.parent()?)).collect();
    let is_installed = |folder: &&String| folder.is_empty() || root.join(folder).join("node_modules").is_dir();
    files.installed = files.packages.iter().filter(is_installed).cloned().collect();
    for path in of(Kind::Compose) {
        let around = path.parent().unwrap_or(root);
        let variables = compose::variables(&Text::of(&around.join(".env")).unwrap_or_default());
        let read = read(path, &mut files.unread, |text| compose::parse(text, &variables));
        files.composes.extend(read);
    }
    let builds = builds(root, &files.composes);
    for path in of(Kind::Dockerfile) {
        let own = builds.iter().filter(|build| build.dockerfile == path);
        let arguments: HashMap<String, String> = own.clone().flat_map(|build| build.arguments.clone()).collect();
        let Some(file) = read(path, &mut files.unread, |text| dockerfile::parse(text, &arguments)) else { continue };
        let folder = path.parent().and_then(|folder| relative(root, folder)).unwrap_or_default();
        let mut contexts: Vec<String> = own.filter_map(|build| build.context.clone()).collect();
        if contexts.is_empty() {
            // Nobody says; without a package of its own, its folder would make no sense as a context.
            contexts.extend([folder.clone(), String::new()].into_iter().filter(|folder| files.packages.contains(folder)));
        }
        contexts.sort();
        contexts.dedup();
        let beside = PathBuf::from(format!("{}.dockerignore", path.display()));
        let ignore = |context: &str| Text::of(&beside).or_else(|| Text::of(&root.join(context).join(".dockerignore")));
        let contexts = contexts.into_iter().map(|folder| Context { ignore: ignore(&folder), folder }).collect();
        let own_pins =
            if !folder.is_empty() && files.packages.contains(&folder) { pins(&root.join(&folder)) } else { Vec::new() };
        files.dockerfiles.push(Docker { file, contexts, own_pins });
    }
    let action = |path: &str| action(root, path);
    for path in of(Kind::Workflow) {
        let read = read(path, &mut files.unread, |text| workflows::parse(text, &action));
        files.workflows.extend(read);
    }
    for path in of(Kind::Gitlab) {
        let read = read(path, &mut files.unread, gitlab::parse);
        files.pipelines.extend(read);
    }
    files
}

fn read<T>(
    path: &Path,
    unread: &mut Vec<(PathBuf, FileError)>,
    parse: impl FnOnce(&str) -> Result<T, FileError>,
) -> Option<File<T>> {
    let text = match Text::read(path) {
        Ok(text) => text?,
        Err(error) => {
            unread.push((path.to_path_buf(), FileError::new(None, &error.to_string())));
            return None;
        }
    };
    match parse(&text) {
        Ok(says) => Some(File { path: path.to_path_buf(), text, says }),
        Err(error) => {
            unread.push((path.to_path_buf(), error));
            None
        }
    }
}

/// What a compose file says about building from a Dockerfile.
struct Built {
    dockerfile: PathBuf,
    /// `None` outside of the project.
    context: Option<String>,
    arguments: HashMap<String, String>,
}

fn builds(root: &Path, composes: &[File<Compose>]) -> Vec<Built> {
    let of_file = |file: &File<Compose>| {
        let around = file.path.parent().unwrap_or(root).to_path_buf();
        let build = |service: &compose::Service| {
            let build = service.build.as_ref()?;
            let context = plain(&around.join(&build.context));
            let dockerfile = plain(&context.join(&build.dockerfile));
            Some(Built { dockerfile, context: relative(root, &context), arguments: build.arguments.clone() })
        };
        file.says.services.iter().filter_map(build).collect::<Vec<_>>()
    };
    composes.iter().flat_map(of_file).collect()
}

/// The text of an action of the same repository, which never lies above it.
fn action(root: &Path, path: &str) -> Option<String> {
    let folder = plain(&root.join(path));
    let folder = folder.starts_with(root).then_some(folder)?;
    ["action.yml", "action.yaml"].into_iter().find_map(|name| Text::of(&folder.join(name)))
}

/// A path without `.` and `..`, as compose and Docker take it.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// `path` seen from `root`, with `/`; `None` outside of it.
#[must_use]
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = rest.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}
