//! Why an install script did not run, as far as it shows.

use std::path::Path;

use serde_json::Value;

use super::{Installation, PackageManager};

/// Longest file that is read.
const LONGEST: u64 = 4 << 20;

/// The reason for which the install script of a package can't have run, in words that follow "its install script did not run:";
/// `None` where nothing shows that it was kept from running.
#[must_use]
pub fn blocked(installation: &Installation, name: &str, version: Option<&str>) -> Option<String> {
    let root = installation.root.as_path();
    let says = |file: &str, line: &str| lines_of(root, file).iter().any(|found| found.replace([' ', '"', '\''], "") == line);
    match installation.manager {
        PackageManager::Npm if says(".npmrc", "ignore-scripts=true") => {
            Some("ignore-scripts=true in .npmrc forbids it".to_owned())
        }
        PackageManager::Pnpm => {
            let ignored = ignored_builds(&text_of(root, "node_modules/.modules.yaml")?);
            let is_meant = |entry: &String| match version {
                Some(version) => *entry == format!("{name}@{version}"),
                None => entry.rsplit_once('@').is_some_and(|(package, _)| package == name),
            };
            ignored.iter().any(is_meant).then(|| "pnpm has it on its list of builds that nobody approved".to_owned())
        }
        PackageManager::YarnBerry if says(".yarnrc.yml", "enableScripts:false") => {
            Some("enableScripts: false in .yarnrc.yml forbids it".to_owned())
        }
        PackageManager::YarnBerry => {
            let manifest = manifest_of(root)?;
            let built = manifest.get("dependenciesMeta")?.get(name)?.get("built")?.as_bool()?;
            (!built).then(|| "dependenciesMeta in package.json says that it isn't to be built".to_owned())
        }
        PackageManager::Bun => {
            let manifest = manifest_of(root)?;
            let trusted = manifest.get("trustedDependencies").and_then(Value::as_array).cloned().unwrap_or_default();
            (!trusted.iter().any(|entry| entry == name))
                .then(|| "Bun runs it for trustedDependencies only, and package.json doesn't name it there".to_owned())
        }
        PackageManager::Npm | PackageManager::YarnClassic => None,
    }
}

fn text_of(root: &Path, file: &str) -> Option<String> {
    let bytes = crate::binary::Source::open(&root.join(file)).ok()?.contents(LONGEST).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn lines_of(root: &Path, file: &str) -> Vec<String> {
    text_of(root, file).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn manifest_of(root: &Path) -> Option<Value> {
    serde_json::from_str(&text_of(root, "package.json")?).ok()
}

/// The list `ignoredBuilds` of pnpm's .modules.yaml, which is JSON in newer versions.
fn ignored_builds(text: &str) -> Vec<String> {
    if let Ok(Value::Object(all)) = serde_json::from_str(text) {
        let list = all.get("ignoredBuilds").and_then(Value::as_array).into_iter().flatten();
        return list.filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let lines = text.lines().skip_while(|line| !line.starts_with("ignoredBuilds:")).skip(1);
    let entries = lines.map(str::trim).take_while(|line| line.starts_with('-'));
    entries.map(|line| line.trim_start_matches('-').trim().trim_matches(['\'', '"']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::ignored_builds;

    #[test]
    fn the_list_of_pnpm_is_read_as_json_and_as_yaml() {
        let expected = ["bcrypt@5.1.1", "@a/b@1.0.0"];
        assert_eq!(ignored_builds(r#"{"ignoredBuilds": ["bcrypt@5.1.1", "@a/b@1.0.0"], "x": 1}"#), expected);
        assert_eq!(ignored_builds("x: 1\nignoredBuilds:\n  - bcrypt@5.1.1\n  - '@a/b@1.0.0'\ny:\n  - c"), expected);
        assert!(ignored_builds("x: 1").is_empty());
    }
}
