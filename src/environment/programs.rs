//! Versions of package managers that would be started, read from their own package.json.

use std::path::{Path, PathBuf};

use semver::Version;
use serde_json::Value;

use super::read;
use crate::files::{self, real_path};

/// The folder of the npm that was installed with a Node.js: beside it on Windows, in the `lib`
/// beside `bin` elsewhere.
pub(super) fn npm_beside(exec_path: &Path) -> Option<PathBuf> {
    let folder = exec_path.parent()?;
    let places = [
        folder.join("node_modules"),
        folder.join("../lib/node_modules"),
        folder.join("../share/nodejs"),
    ];
    places
        .into_iter()
        .map(|place| place.join("npm"))
        .find(|npm| files::is_file(npm.join("package.json")))
}

/// The version of the program `name` that is first on the PATH. `None` if there is none;
/// `Some(None)` if it is a script or a program that may start any version (asdf, Volta, mise,
/// Corepack).
pub(super) fn version_on_path(name: &str) -> Option<Option<Version>> {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    let search = files::variable("PATH")?;
    std::env::split_paths(&search)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|file| files::is_file(file))
        .map(|file| version_of_program(name, &file))
}

/// A file on the PATH is a link to the manager's own script or program, or on Windows a script
/// beside the manager's folder.
fn version_of_program(name: &str, file: &Path) -> Option<Version> {
    if cfg!(windows) {
        return version_of(name, &file.parent()?.join("node_modules").join(name));
    }
    let file = real_path(file).ok()?;
    let folder = file.parent()?;
    version_of(name, folder.parent()?).or_else(|| version_of(name, folder))
}

/// The version of the manager in a folder. Programs are in packages of their own, such as
/// "@pnpm/exe" and "@pnpm/exe.linux-x64".
pub(super) fn version_of(name: &str, folder: &Path) -> Option<Version> {
    let manifest = read::json(&folder.join("package.json"))?;
    let text = |key: &str| manifest.get(key).and_then(Value::as_str);
    let is_program = || {
        text("name")
            .and_then(|it| it.strip_prefix('@')?.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with("/exe"))
    };
    if text("name") != Some(name) && !is_program() {
        return None;
    }
    Version::parse(text("version")?).ok()
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::version_of;

    #[test]
    fn a_manager_says_its_version_itself() {
        let folder =
            std::env::temp_dir().join(format!("abi-guard-programs-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        for (manager, package, expected) in [
            ("npm", "npm", true),
            ("pnpm", "pnpm", true),
            ("pnpm", "@pnpm/exe", true),
            ("pnpm", "@pnpm/exe.linux-x64", true),
            ("pnpm", "@pnpm/cli", false),
            ("pnpm", "corepack", false),
            ("npm", "pnpm", false),
        ] {
            let text = format!(r#"{{"name":"{package}","version":"12.1.0"}}"#);
            std::fs::write(folder.join("package.json"), text).expect("a file");
            let version = expected.then(|| Version::new(12, 1, 0));
            assert_eq!(version_of(manager, &folder), version, "{manager} {package}");
        }
        std::fs::remove_dir_all(&folder).expect("an empty place");
    }
}
