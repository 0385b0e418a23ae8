//! The modules of a bundle, from the source map beside it. It has their texts as they were before
//! the bundler changed them.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;

use super::module::Module;
use crate::files;

/// The longest map that is read, in bytes.
const LONGEST: u64 = 64 << 20;
/// The maximum number of sources.
const MOST: usize = 20_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Map {
    #[serde(default)]
    sources: Vec<Option<String>>,
    #[serde(default)]
    sources_content: Vec<Option<String>>,
}

/// The modules of the bundle at `path`; empty without a map. Modules whose text isn't in
/// the map are empty.
pub(super) fn modules(path: &Path) -> Vec<Module> {
    let mut name = path.as_os_str().to_owned();
    name.push(".map");
    let Ok(text) = files::text(Path::new(&name), LONGEST) else { return Vec::new() };
    let Ok(map) = files::json::<Map>(&text) else { return Vec::new() };
    if map.sources.len() != map.sources_content.len() || map.sources.len() > MOST {
        return Vec::new();
    }
    let mut modules: Vec<Module> = Vec::new();
    // What a package or the app does is unknown if the text of one of its modules is.
    let mut unknown: HashSet<Option<String>> = HashSet::new();
    for (source, content) in map.sources.into_iter().zip(map.sources_content) {
        let Some(path) = source.as_deref().and_then(path_of) else { continue };
        let is_known = content.is_some();
        let module = Module::new(&path, content.unwrap_or_default());
        if !is_known {
            unknown.insert(module.package().map(str::to_owned));
        }
        modules.push(module);
    }
    for module in &mut modules {
        if unknown.contains(&module.package().map(str::to_owned)) {
            module.text.clear();
        }
    }
    modules
}

/// The path in the project of a source; `None` for what the bundler itself added.
fn path_of(source: &str) -> Option<String> {
    // webpack://<name>/./node_modules/a/b.js, and ncc's ../webpack://<name>/./node_modules/a/b.js
    let path = match source.split_once("webpack://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => source,
    };
    let mut path = path.split('?').next().unwrap_or_default();
    loop {
        let before = path;
        for prefix in ["../", "./", "/"] {
            path = path.strip_prefix(prefix).unwrap_or(path);
        }
        if path == before {
            break;
        }
    }
    let is_added = path.starts_with("webpack/") || path.starts_with("external ");
    (!is_added && !path.is_empty()).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn paths_are_those_of_the_project() {
        for (source, expected) in [
            ("../../../node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/./node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/./src/c.ts?1234", Some("src/c.ts")),
            (".././node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/external node-commonjs \"os\"", None),
            ("../webpack/bootstrap", None),
        ] {
            assert_eq!(path_of(source).as_deref(), expected, "{source}");
        }
    }
}
