//! Finds the files that describe how a project is built and run, by their names, in a bounded walk.

use std::path::{Path, PathBuf};

use super::plans::Service;
use crate::files;

/// The type of a file, by its name and folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `Dockerfile`, `Dockerfile.dev`, `web.Dockerfile`, `Containerfile`.
    Dockerfile,
    /// `compose.yaml`, `docker-compose.dev.yml`.
    Compose,
    /// `.github/workflows/*.yml`.
    Workflow,
    /// A file of a CI service or a host.
    Plan(Service),
    /// `package.json`.
    Manifest,
}

/// A file and its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its type.
    pub kind: Kind,
    /// Its path.
    pub path: PathBuf,
}

/// The maximum depth of a folder; the project itself is 0.
const DEEPEST: usize = 3;
/// The maximum number of folders, and of names in one folder.
const FOLDERS: usize = 2000;
const NAMES: usize = 10_000;
/// The maximum number of files of each type.
const MOST: usize = 100;

/// Folders with third-party files, build output, or test data.
const SKIPPED: [&str; 16] = [
    "node_modules",
    "vendor",
    "third_party",
    "dist",
    "out",
    "target",
    "coverage",
    "test",
    "tests",
    "__test__",
    "__tests__",
    "fixtures",
    "__fixtures__",
    "examples",
    "example",
    "templates",
];

/// Folders whose names begin with a dot, and that contain such files.
const HIDDEN: [&str; 7] = [
    ".devcontainer",
    ".docker",
    ".circleci",
    ".azure-pipelines",
    ".azuredevops",
    ".pipelines",
    ".vsts",
];

/// The files of the project at `root`, sorted; links are not followed.
#[must_use]
pub fn found(root: &Path) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut folders = vec![(root.to_path_buf(), 0)];
    let mut left = FOLDERS;
    while let Some((folder, depth)) = folders.pop() {
        let Some(rest) = left.checked_sub(1) else { break };
        left = rest;
        let inside = relative(root, &folder);
        for (name, is_folder) in names(&folder) {
            let path = folder.join(&name);
            if is_folder {
                let is_hidden = name.starts_with('.') && !HIDDEN.contains(&name.as_str());
                if depth < DEEPEST && !is_hidden && !SKIPPED.contains(&name.as_str()) {
                    folders.push((path, depth + 1));
                }
            } else if let Some(kind) = kind(&name) {
                all.push(Found { kind, path });
            } else if let Some(service) =
                inside.as_ref().and_then(|inside| Service::of(inside, &name))
            {
                all.push(Found { kind: Kind::Plan(service), path });
            }
        }
    }
    let workflows = root.join(".github").join("workflows");
    let is_yaml = |name: &str| name.ends_with(".yml") || name.ends_with(".yaml");
    let files =
        names(&workflows).into_iter().filter(|(name, is_folder)| !is_folder && is_yaml(name));
    all.extend(files.map(|(name, _)| Found { kind: Kind::Workflow, path: workflows.join(name) }));
    all.sort();
    let mut last = (Kind::Manifest, 0);
    all.retain(|file| {
        last = if last.0 == file.kind { (file.kind, last.1 + 1) } else { (file.kind, 1) };
        last.1 <= MOST
    });
    all
}

/// `path` relative to `root`, with `/`; `None` if it is outside.
#[must_use]
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    let rest = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> =
        rest.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

/// Names in a folder, each with true for a folder; links and names that aren't Unicode are skipped.
fn names(folder: &Path) -> Vec<(String, bool)> {
    let Ok(entries) = files::list(folder) else { return Vec::new() };
    let named = entries.take(NAMES).flatten().filter_map(|entry| {
        let is_folder = match entry.kind {
            files::Kind::Folder => true,
            files::Kind::File => false,
            files::Kind::Link | files::Kind::Other => return None,
        };
        Some((entry.name.into_string().ok()?, is_folder))
    });
    named.collect()
}

fn kind(name: &str) -> Option<Kind> {
    let lower = name.to_ascii_lowercase();
    if name == "package.json" {
        return Some(Kind::Manifest);
    }
    let is_yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
    let stem = lower.split('.').next().unwrap_or_default();
    if lower.ends_with(".dockerignore") {
        None
    } else if is_dockerfile(name, &lower) {
        Some(Kind::Dockerfile)
    } else if is_yaml
        && (stem.starts_with("docker-compose") || stem == "compose" || stem.starts_with("compose-"))
    {
        Some(Kind::Compose)
    } else {
        None
    }
}

/// `Dockerfile.dev` is a Dockerfile; `dockerfile.rs` and `Dockerfile.j2` aren't.
fn is_dockerfile(name: &str, lower: &str) -> bool {
    let suffix = name.strip_prefix("Dockerfile.").or_else(|| name.strip_prefix("Containerfile."));
    let is_template = |suffix: &str| {
        matches!(
            suffix.rsplit('.').next(),
            Some("j2" | "tmpl" | "tpl" | "template" | "erb" | "hbs" | "ejs")
        )
    };
    let is_text = |suffix: &str| matches!(suffix, "md" | "txt" | "yml" | "yaml" | "json");
    matches!(lower, "dockerfile" | "containerfile")
        || lower.ends_with(".dockerfile")
        || suffix.is_some_and(|suffix| !is_template(suffix) && !is_text(suffix))
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    #[test]
    fn the_name_of_a_file_gives_its_kind() {
        for name in
            ["Dockerfile", "dockerfile", "Dockerfile.dev", "web.Dockerfile", "Containerfile"]
        {
            assert_eq!(kind(name), Some(Kind::Dockerfile), "{name}");
        }
        for name in [
            "compose.yaml",
            "docker-compose.yml",
            "docker-compose.override.yml",
            "compose.dev.yaml",
            "docker-compose-dev.yml",
        ] {
            assert_eq!(kind(name), Some(Kind::Compose), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "compose.json",
            "composer.yml",
            "dockerfile.rs",
            "Dockerfile.j2",
            "Dockerfile.md",
            "x.yml",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }
}
