//! The reason for which an install script did not run, if it is known.

use std::path::Path;

use serde_json::Value;

use super::manager::{Installation, PackageManager};
use super::read;

/// The setting that kept an install script from running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The reason, as a phrase after "its install script did not run:".
    pub reason: String,
    /// The argument with which the manager approves it: the name of the package, or a longer form
    /// if the name is not enough. `None` if an approval doesn't help.
    pub approval: Option<String>,
}

/// The reason for which the install script of a package can't have run; `None` if there is no
/// evidence for one.
#[must_use]
pub fn blocked(installation: &Installation, name: &str, version: Option<&str>) -> Option<Block> {
    let root = installation.root.as_path();
    let forbidden = |reason: &str| Some(Block { reason: reason.to_owned(), approval: None });
    let unapproved = |reason: &str, word: &str| {
        Some(Block { reason: reason.to_owned(), approval: Some(word.to_owned()) })
    };
    match installation.manager {
        PackageManager::Npm if says(root, ".npmrc", "ignore-scripts=true") => {
            forbidden("ignore-scripts=true in .npmrc forbids it")
        }
        PackageManager::Npm if installation.is_at_least(12, 0) => {
            match allowed_by_npm(root, name) {
                Some(true) => None,
                Some(false) => forbidden("allowScripts in package.json forbids it"),
                None => unapproved(
                    "npm 12 runs it for approved packages only, and allowScripts in package.json \
                        doesn't name it",
                    name,
                ),
            }
        }
        PackageManager::Pnpm => {
            let ignored = ignored_builds(&read::text(&root.join("node_modules/.modules.yaml"))?);
            let entry = ignored.iter().find(|entry| {
                let Some((package, what)) = split_spec(entry) else { return false };
                package == name
                    && version.is_none_or(|version| what == version || !starts_with_digit(what))
            })?;
            // A package from a file or from git is approved by its full specifier only.
            let word = split_spec(entry)
                .filter(|(_, what)| starts_with_digit(what))
                .map_or(entry.as_str(), |(package, _)| package);
            unapproved("pnpm lists it among the builds that are not approved", word)
        }
        PackageManager::YarnBerry => {
            let manifest = read::json(&root.join("package.json")).unwrap_or_default();
            let built = manifest
                .get("dependenciesMeta")
                .and_then(|meta| meta.get(name)?.get("built")?.as_bool());
            // Off by default since Yarn 4.14.
            let is_off = || {
                installation.is_at_least(4, 14) && !says(root, ".yarnrc.yml", "enableScripts:true")
            };
            match built {
                Some(true) => None,
                Some(false) => {
                    unapproved("dependenciesMeta in package.json forbids building it", name)
                }
                None if says(root, ".yarnrc.yml", "enableScripts:false") => {
                    unapproved("enableScripts: false in .yarnrc.yml forbids it", name)
                }
                None if is_off() => unapproved(
                    "Yarn 4.14 and newer run it only if enableScripts or dependenciesMeta allows \
                        it",
                    name,
                ),
                None => None,
            }
        }
        PackageManager::Bun => {
            let manifest = read::json(&root.join("package.json"))?;
            let trusted = manifest
                .get("trustedDependencies")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            let reason = "Bun runs it for trustedDependencies only, and trustedDependencies in \
                package.json doesn't name it";
            if trusted.iter().any(|entry| entry == name) { None } else { unapproved(reason, name) }
        }
        PackageManager::Npm | PackageManager::YarnClassic => None,
    }
}

/// True if a file has a setting, whatever its spaces and quotes.
fn says(root: &Path, file: &str, line: &str) -> bool {
    let text = read::text(&root.join(file)).unwrap_or_default();
    text.lines().any(|found| found.replace([' ', '"', '\''], "") == line)
}

/// npm's policy for a package: `allowScripts` in package.json, `allow-scripts` in .npmrc. Entries
/// are "name", "name@version", or the package's origin.
fn allowed_by_npm(root: &Path, name: &str) -> Option<bool> {
    let is_meant = |entry: &str| match split_spec(entry) {
        Some((package, _)) => package == name,
        // A package from a file is approved by its path, in the place where npm has its version.
        None => {
            entry == name
                || entry.contains('/')
                    && entry.ends_with(".tgz")
                    && entry.contains(&format!("/{name}-"))
        }
    };
    let manifest = read::json(&root.join("package.json")).unwrap_or_default();
    let entries = manifest.get("allowScripts").and_then(Value::as_object);
    let verdicts: Vec<bool> = entries
        .into_iter()
        .flatten()
        .filter(|(entry, _)| is_meant(entry))
        .filter_map(|(_, allowed)| allowed.as_bool())
        .collect();
    if !verdicts.is_empty() {
        return Some(verdicts.iter().all(|allowed| *allowed));
    }
    let settings = read::text(&root.join(".npmrc")).unwrap_or_default();
    let lists = settings
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| key.trim() == "allow-scripts");
    lists
        .flat_map(|(_, list)| list.split(','))
        .any(|entry| is_meant(entry.trim().trim_matches('"')))
        .then_some(true)
}

/// "@a/b@1.0.0" → ("@a/b", "1.0.0")
fn split_spec(entry: &str) -> Option<(&str, &str)> {
    let at = entry.get(1..)?.find('@')? + 1;
    Some((&entry[..at], &entry[at + 1..]))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// The list `ignoredBuilds` of pnpm's .modules.yaml, which is JSON in newer versions.
fn ignored_builds(text: &str) -> Vec<String> {
    if let Ok(Value::Object(all)) = crate::files::json(text) {
        let list = all.get("ignoredBuilds").and_then(Value::as_array).into_iter().flatten();
        return list.filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let lines = text.lines().skip_while(|line| !line.starts_with("ignoredBuilds:")).skip(1);
    let entries = lines.map(str::trim).take_while(|line| line.starts_with('-'));
    entries
        .map(|line| line.trim_start_matches('-').trim().trim_matches(['\'', '"']).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ignored_builds;

    #[test]
    fn the_list_of_pnpm_is_read_as_json_and_as_yaml() {
        let expected = ["bcrypt@5.1.1", "@a/b@1.0.0"];
        assert_eq!(
            ignored_builds(r#"{"ignoredBuilds": ["bcrypt@5.1.1", "@a/b@1.0.0"], "x": 1}"#),
            expected
        );
        assert_eq!(
            ignored_builds("x: 1\nignoredBuilds:\n  - bcrypt@5.1.1\n  - '@a/b@1.0.0'\ny:\n  - c"),
            expected
        );
        assert!(ignored_builds("x: 1").is_empty());
    }
}
