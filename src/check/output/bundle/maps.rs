//! The modules of a bundle, from its source map: the file that the last line of the bundle names,
//! the map in that line itself, or the file beside the bundle with its name and `.map`. It has the
//! texts of the modules as they were before the bundler changed them.

use std::collections::HashSet;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::module::{MOST, Module};
use crate::files::{self, join_inside, shown};

/// The longest map that is read, in bytes.
const LONGEST: u64 = 64 << 20;
/// The comment that names the map, as Node.js and browsers read it.
const COMMENT: &str = "//# sourceMappingURL=";
/// A map in the comment itself: the words before and after the character set.
const INLINE: (&str, &str) = ("data:application/json", ";base64,");

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Map {
    sources: Vec<Option<String>>,
    sources_content: Vec<Option<String>>,
    /// The maps of parts of the bundle, in place of the other fields (ECMA-426, index maps).
    sections: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    map: Part,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    sources: Vec<Option<String>>,
    sources_content: Vec<Option<String>>,
}

impl Map {
    /// Each source with its text; `None` if they don't correspond, or if there are too many.
    fn sources(self) -> Option<Vec<(Option<String>, Option<String>)>> {
        let whole = Part { sources: self.sources, sources_content: self.sources_content };
        let parts = self.sections.into_iter().map(|section| section.map).chain([whole]);
        let mut all = Vec::new();
        for Part { sources, sources_content } in parts {
            if sources.len() != sources_content.len() || all.len() + sources.len() > MOST {
                return None;
            }
            all.extend(sources.into_iter().zip(sources_content));
        }
        Some(all)
    }
}

/// What a map says.
#[derive(Default)]
pub(super) struct Mapped {
    /// The modules; empty without a map.
    pub modules: Vec<Module>,
    /// The sources are named as webpack does.
    pub by_webpack: bool,
}

/// The modules of the bundle at `path` with this text. Modules whose text isn't in the map are
/// empty.
pub(super) fn mapped(path: &Path, bundle: &str) -> Mapped {
    read(path, bundle).unwrap_or_default()
}

fn read(path: &Path, bundle: &str) -> Option<Mapped> {
    let map: Map = files::json(&map_of(path, bundle)?).ok()?;
    let sources = map.sources()?;
    let mut named = sources.iter().filter_map(|(source, _)| source.as_deref());
    let by_webpack = named.any(|source| source.starts_with("webpack://"));
    let mut modules: Vec<Module> = Vec::new();
    // What a package or the app does is unknown if the text of one of its modules is.
    let mut unknown: HashSet<Option<String>> = HashSet::new();
    for (source, content) in sources {
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
    Some(Mapped { modules, by_webpack })
}

/// The text of the map of a bundle. A map outside of its folder isn't read.
fn map_of(path: &Path, bundle: &str) -> Option<String> {
    let named = named_map(bundle);
    if let Some(rest) = named.and_then(|named| named.strip_prefix(INLINE.0)) {
        let (_, data) = rest.split_once(INLINE.1)?;
        return String::from_utf8(STANDARD.decode(data).ok()?).ok();
    }
    let beside = format!("{}.map", shown(path.file_name()?));
    let mut names = named.into_iter().chain([beside.as_str()]);
    let folder = path.parent()?;
    names.find_map(|name| files::text(&join_inside(folder, name)?, LONGEST).ok())
}

/// What the last comment of a bundle names as its map.
fn named_map(bundle: &str) -> Option<&str> {
    let at = memchr::memmem::rfind(bundle.as_bytes(), COMMENT.as_bytes())?;
    let rest = bundle.get(at + COMMENT.len()..)?;
    // What follows on other lines is code, so the comment is part of a text.
    let mut lines = rest.trim_end().lines();
    let named = lines.next()?.trim();
    (lines.next().is_none() && !named.is_empty()).then_some(named)
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
    // The last: a module that finds the files that a computed name may mean.
    let is_added = path.starts_with("webpack/")
        || path.starts_with("external ")
        || path.ends_with(" sync")
        || path.contains(" sync ")
        || path.contains("|sync|");
    (!is_added && !path.is_empty()).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{named_map, path_of};

    #[test]
    fn only_the_last_line_names_the_map() {
        for (text, expected) in [
            ("a()\n//# sourceMappingURL=a.js.map\n", Some("a.js.map")),
            ("a()\n//# sourceMappingURL=a.js.map", Some("a.js.map")),
            ("a('//# sourceMappingURL=')\n//# sourceMappingURL=b.map \n\n", Some("b.map")),
            ("//# sourceMappingURL=a.js.map\na()\n", None),
            ("//# sourceMappingURL=", None),
            ("a()", None),
        ] {
            assert_eq!(named_map(text), expected, "{text}");
        }
    }

    #[test]
    fn paths_are_those_of_the_project() {
        for (source, expected) in [
            ("../../../node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/./node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/./src/c.ts?1234", Some("src/c.ts")),
            (".././node_modules/a/b.js", Some("node_modules/a/b.js")),
            ("webpack://app/external node-commonjs \"os\"", None),
            ("../webpack/bootstrap", None),
            ("webpack://app/./node_modules/a/ sync ^\\.\\/.*$", None),
        ] {
            assert_eq!(path_of(source).as_deref(), expected, "{source}");
        }
    }
}
