//! Guesses from a lockfile, before anything is installed, which packages have native code: those
//! that depend on helpers for building or finding an addon. The result is only a guess.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::text::Texts;
use super::pins::within_repository;

/// Packages that only packages with native code depend on.
const HELPERS: [&str; 12] = [
    "nan",
    "node-addon-api",
    "node-gyp-build",
    "node-gyp-build-optional-packages",
    "bindings",
    "prebuild-install",
    "node-pre-gyp",
    "@mapbox/node-pre-gyp",
    "pkg-prebuilds",
    "cmake-js",
    "napi-macros",
    "node-gyp",
];
/// Those of them that use Node's own C++ interface.
const UNSTABLE: [&str; 1] = ["nan"];
/// Lockfiles, in order of priority.
const NAMES: [&str; 6] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "node_modules/.package-lock.json",
];

/// The packages that a lockfile shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guess {
    /// The lockfile.
    pub file: PathBuf,
    /// Packages that probably have native code; for lockfiles other than npm's, the helper that
    /// shows it.
    pub native: Vec<String>,
    /// Those of them that probably work with one version of Node.js only.
    pub tied: Vec<String>,
}

/// The guess from the nearest lockfile at or above `root`, up to the root of the repository; `None`
/// without one.
#[must_use]
pub fn guess(root: &Path) -> Option<Guess> {
    let folders = within_repository(root);
    let texts = Texts::within(folders.last().copied().unwrap_or(root));
    folders.into_iter().find_map(|folder| {
        NAMES.iter().find_map(|name| {
            let file = folder.join(name);
            let text = texts.lockfile(&file)?;
            let (native, tied) =
                if name.ends_with(".json") { of_npm(&text) } else { of_text(&text) };
            Some(Guess { file, native, tied })
        })
    })
}

/// `packages` of npm's lockfile, version 2 and newer; `dependencies` of version 1.
fn of_npm(text: &str) -> (Vec<String>, Vec<String>) {
    let root: Value = crate::files::json(text).unwrap_or_default();
    let modern = root.get("packages").and_then(Value::as_object);
    let old = root.get("dependencies").and_then(Value::as_object);
    let mut native = Vec::new();
    let mut tied = Vec::new();
    for (path, entry) in modern.or(old).into_iter().flatten() {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let needs = |helper: &&str| {
            let has = |field: &str| {
                entry
                    .get(field)
                    .and_then(Value::as_object)
                    .is_some_and(|all| all.contains_key(*helper))
            };
            has("dependencies") || has("requires")
        };
        if path.is_empty()
            || HELPERS.contains(&name)
            || entry.get("dev") == Some(&Value::Bool(true))
        {
            continue;
        }
        // Platform packages of Node-API addons have the field `cpu`, and no helpers.
        if HELPERS.iter().any(&needs) || entry.get("cpu").is_some() {
            native.push(name.to_owned());
            if UNSTABLE.iter().any(needs) {
                tied.push(name.to_owned());
            }
        }
    }
    (native, tied)
}

/// Other lockfiles are searched for the helpers at the beginning of an entry.
fn of_text(text: &str) -> (Vec<String>, Vec<String>) {
    let has = |helper: &&&str| {
        text.lines().any(|line| {
            let line = line.trim_start().trim_start_matches(['"', '\'', '/']);
            line.strip_prefix(**helper)
                .is_some_and(|rest| rest.starts_with('@') || rest.starts_with("\": ["))
        })
    };
    let names = |list: &[&str]| list.iter().filter(has).map(|name| (*name).to_owned()).collect();
    (names(&HELPERS), names(&UNSTABLE))
}

#[cfg(test)]
mod tests {
    use super::{of_npm, of_text};

    #[test]
    fn native_packages_are_guessed_from_their_dependencies() {
        let lock = r#"{"packages": {"": {"dependencies": {"bindings": "1"}},
            "node_modules/a": {"dependencies": {"nan": "2"}},
            "node_modules/x/node_modules/@s/b": {"dependencies": {"node-gyp-build": "4"}},
                "node_modules/nan": {},
            "node_modules/c": {"dependencies": {"d": "1"}}, "node_modules/e": {"dev": true,
                "dependencies": {"nan": "2"}}}}"#;
        assert_eq!(of_npm(lock), (vec!["a".to_owned(), "@s/b".to_owned()], vec!["a".to_owned()]));
        assert_eq!(of_npm("["), (vec![], vec![]));
        for (text, expected) in [
            ("\"nan@^2\":\n  version \"2\"", vec!["nan"]),
            ("packages:\n\n  bindings@1.5.0:\n", vec!["bindings"]),
            ("  /nan@2.1.0:\n", vec!["nan"]),
            ("    \"nan\": [\"nan@2\"],", vec!["nan"]),
            ("nanoid@3:\n", vec![]),
        ] {
            assert_eq!(of_text(text).0, expected, "{text}");
        }
    }
}
