//! The names of packages and files in an inventory. They are the same on every computer: no path
//! begins outside of the repository.

use std::path::{Component, Path, PathBuf};

/// The folders that paths are relative to.
pub(super) struct Naming {
    /// The project.
    pub project: PathBuf,
    /// The repository around it, or the project itself.
    pub repository: PathBuf,
}

impl Naming {
    /// `path` relative to the project, with `/`; `None` outside of the repository.
    pub fn relative(&self, path: &Path) -> Option<String> {
        if path == self.project {
            return Some(".".to_owned());
        }
        if let Ok(inner) = path.strip_prefix(&self.project) {
            return Some(slashed(inner));
        }
        path.strip_prefix(&self.repository).ok()?;
        let common = self.project.ancestors().find(|folder| path.starts_with(folder))?;
        let up = self.project.strip_prefix(common).ok()?.components().count();
        let inner = slashed(path.strip_prefix(common).ok()?);
        Some(format!("{}{inner}", "../".repeat(up)))
    }
}

/// A relative path with `/` on every system.
pub(super) fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The folder of the installed package that contains `file`: the nearest one in a `node_modules`.
pub(super) fn installed_folder(file: &Path) -> Option<&Path> {
    file.ancestors().skip(1).find(|folder| {
        let outer = |levels: usize| folder.ancestors().nth(levels).and_then(Path::file_name);
        let is_scope = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b"@");
        match (outer(0).map(is_scope), outer(1)) {
            (Some(false), Some(parent)) if parent == "node_modules" => true,
            (_, Some(parent)) if is_scope(parent) => {
                outer(2).is_some_and(|it| it == "node_modules")
            }
            _ => false,
        }
    })
}

/// The name of the package that is installed in a folder of `node_modules`.
pub(super) fn name_of_folder(folder: &Path) -> String {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match folder.parent().map(name).filter(|parent| parent.starts_with('@')) {
        Some(scope) => format!("{scope}/{}", name(folder)),
        None => name(folder),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{Naming, installed_folder, name_of_folder};
    use std::path::Path;

    #[test]
    fn paths_are_relative_to_the_project_and_never_leave_the_repository() {
        let naming = Naming { project: "/r/packages/app".into(), repository: "/r".into() };
        for (path, expected) in [
            ("/r/packages/app", Some(".")),
            ("/r/packages/app/node_modules/a", Some("node_modules/a")),
            ("/r/packages/other/x.node", Some("../other/x.node")),
            ("/r/node_modules/a/x.node", Some("../../node_modules/a/x.node")),
            ("/store/a@1/x.node", None),
            ("/r2/x.node", None),
        ] {
            assert_eq!(naming.relative(Path::new(path)).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn a_file_belongs_to_the_nearest_installed_package() {
        for (file, folder, name) in [
            ("/a/node_modules/b/build/x.node", "/a/node_modules/b", "b"),
            ("/a/node_modules/@s/b/x.node", "/a/node_modules/@s/b", "@s/b"),
            ("/a/node_modules/b/node_modules/c/x.node", "/a/node_modules/b/node_modules/c", "c"),
        ] {
            let found = installed_folder(Path::new(file)).map(|it| (it, name_of_folder(it)));
            assert_eq!(found, Some((Path::new(folder), name.to_owned())), "{file}");
        }
        for file in ["/a/build/x.node", "/a/node_modules/x.node", "/a/node_modules/@s/x.node"] {
            assert_eq!(installed_folder(Path::new(file)), None, "{file}");
        }
    }
}
