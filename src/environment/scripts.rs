//! The reason for which an install script did not run, if it is known.

use std::path::Path;

use serde_json::Value;

use super::block::{Block, split_spec};
use super::manager::{Installation, PackageManager};
use super::{pnpm, read};

/// The reason for which the install script of a package can't have run; `None` if there is no
/// evidence for one.
#[must_use]
pub fn blocked(installation: &Installation, name: &str, version: Option<&str>) -> Option<Block> {
    let root = installation.root.as_path();
    let unapproved = |reason: &str, word: &str| Some(Block::unapproved(reason, word));
    match installation.manager {
        PackageManager::Npm => by_npm(installation, name),
        PackageManager::Pnpm => pnpm::blocked(installation, name, version),
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
        PackageManager::Deno => {
            let settings = ["deno.json", "package.json"].map(|file| read::json(&root.join(file)));
            let mut lists = settings.iter().flatten().filter_map(|it| it.get("allowScripts"));
            // Entries are "npm:name" and "npm:name@version".
            let names_it = |entry: &Value| {
                let entry = entry.as_str().and_then(|entry| entry.strip_prefix("npm:"));
                entry.is_some_and(|it| split_spec(it).map_or(it, |(package, _)| package) == name)
            };
            let is_allowed = lists.any(|list| match list.as_array() {
                Some(entries) => entries.iter().any(names_it),
                None => list == true,
            });
            if is_allowed {
                return None;
            }
            unapproved("Deno runs it for allowed packages only", name)
        }
        PackageManager::YarnClassic => None,
    }
}

/// npm runs all scripts up to version 11, and those of approved packages only since version 12.
fn by_npm(installation: &Installation, name: &str) -> Option<Block> {
    let root = installation.root.as_path();
    let policy = match installation.version().map(|version| version.major) {
        Some(0..12) => NpmPolicy::Allowed,
        _ => npm_policy(root, name),
    };
    let block = match policy {
        NpmPolicy::Allowed => None,
        NpmPolicy::Denied(entry) => Some(Block {
            is_denied: true,
            ..Block::unapproved(format!("allowScripts in package.json has {entry}: false"), &entry)
        }),
        NpmPolicy::Unnamed => Some(Block::unapproved(
            "npm 12 runs it for approved packages only, and allowScripts in package.json doesn't \
                name it",
            name,
        )),
    };
    let block = match installation.version() {
        Some(_) => block,
        None => block.and_then(|block| Some(Block::perhaps(&block.approval?))),
    };
    if !says(root, ".npmrc", "ignore-scripts=true") {
        return block;
    }
    Some(Block {
        reason: "ignore-scripts=true in .npmrc forbids it".to_owned(),
        forbids_all: true,
        is_certain: true,
        ..block.unwrap_or_default()
    })
}

/// True if a file has a setting, whatever its spaces and quotes.
fn says(root: &Path, file: &str, line: &str) -> bool {
    let text = read::text(&root.join(file)).unwrap_or_default();
    text.lines().any(|found| found.replace([' ', '"', '\''], "") == line)
}

/// npm's policy for the scripts of a package.
enum NpmPolicy {
    Allowed,
    /// The entry that forbids them.
    Denied(String),
    Unnamed,
}

/// npm's policy for a package: `allowScripts` in package.json, `allow-scripts` in .npmrc. Entries
/// are "name", "name@version", or the package's origin.
fn npm_policy(root: &Path, name: &str) -> NpmPolicy {
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
    let verdicts: Vec<(&String, bool)> = entries
        .into_iter()
        .flatten()
        .filter(|(entry, _)| is_meant(entry))
        .filter_map(|(entry, allowed)| Some((entry, allowed.as_bool()?)))
        .collect();
    if let Some((denied, _)) = verdicts.iter().find(|(_, allowed)| !allowed) {
        return NpmPolicy::Denied((*denied).clone());
    }
    if !verdicts.is_empty() {
        return NpmPolicy::Allowed;
    }
    let settings = read::text(&root.join(".npmrc")).unwrap_or_default();
    let lists = settings
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| key.trim() == "allow-scripts");
    let is_listed = lists
        .flat_map(|(_, list)| list.split(','))
        .any(|entry| is_meant(entry.trim().trim_matches('"')));
    if is_listed { NpmPolicy::Allowed } else { NpmPolicy::Unnamed }
}
