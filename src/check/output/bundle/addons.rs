//! The addons that bundles name by texts: `require("./x-J2LGMM6E.node")`,
//! `require(__nccwpck_require__.ab + "build/Release/x.node")`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::module::Bundle;
use crate::project::bare_name;

/// The longest path in a text, in bytes.
const LONGEST: usize = 512;
/// The maximum number of texts of a bundle that are examined. Real bundles name some hundred
/// addons.
const MOST: usize = 20_000;

/// The addons of an output that its bundles name: the files of each. Files whose names differ only
/// in the system are one addon.
pub(super) fn named(bundles: &[Bundle], files: &[String]) -> Vec<Vec<String>> {
    let mut by_name: HashMap<&str, Vec<&String>> = HashMap::new();
    for file in files {
        by_name.entry(name_of(file)).or_default().push(file);
    }
    let mut addons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for bundle in bundles {
        let paths: BTreeSet<&str> = paths(&bundle.text).into_iter().collect();
        for path in paths {
            let Some(candidates) = by_name.get(name_of(path)) else { continue };
            let Some(file) = place(bundle, path, candidates) else { continue };
            let of_addon = addons.entry(bare_name(file)).or_default();
            if !of_addon.contains(file) {
                of_addon.push(file.clone());
            }
        }
    }
    addons.into_values().collect()
}

/// For the name of each addon in a bundle, the modules that have it, by index; none if only code
/// of the bundler has it.
pub(super) type Holders<'b> = HashMap<&'b str, Vec<usize>>;

/// The names of addons in a bundle.
pub(super) fn holders(bundle: &Bundle) -> Holders<'_> {
    let names = paths(&bundle.text).into_iter().map(name_of);
    let mut holders: Holders<'_> = names.map(|name| (name, Vec::new())).collect();
    for (at, module) in bundle.modules.iter().enumerate() {
        for path in paths(&module.text) {
            let Some(modules) = holders.get_mut(name_of(path)) else { continue };
            if modules.last() != Some(&at) {
                modules.push(at);
            }
        }
    }
    holders
}

/// The name of the file at a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The file that a path in a bundle means: from its folder, or from a folder that the bundle
/// computes.
fn place<'f>(bundle: &Bundle, path: &str, files: &[&'f String]) -> Option<&'f String> {
    let path = path.trim_start_matches("./");
    let beside = bundle.beside(path);
    files.iter().copied().find(|file| **file == beside).or_else(|| {
        let end = format!("/{path}");
        let mut candidates = files.iter().copied().filter(|file| file.ends_with(&end));
        candidates.next().filter(|_| candidates.next().is_none())
    })
}

/// The texts that end with `.node`.
pub(super) fn paths(text: &str) -> Vec<&str> {
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'`');
    let bytes = text.as_bytes();
    let ends = memchr::memmem::find_iter(bytes, b".node").map(|at| at + 5);
    let found = ends.filter(|end| bytes.get(*end).is_some_and(|byte| is_quote(*byte)));
    let path = |end: usize| {
        let before = &bytes[end.saturating_sub(LONGEST)..end];
        let is_end = |byte: &u8| is_quote(*byte) || *byte == b'\n';
        let start = end - before.iter().rev().position(is_end)?;
        text.get(start..end).filter(|path| path.len() > 5)
    };
    found.take(MOST).filter_map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::super::module::{Bundle, Bundler};
    use super::named;

    #[test]
    fn addons_are_found_beside_the_bundle_and_in_folders() {
        let text = "require(\"./a.linux-x64-gnu-J2LGMM6E.node\"); x(e.ab + 'b.node'); 'c.node'";
        let bundle = Bundle {
            path: "dist/main.js".to_owned(),
            bundler: Bundler::Esbuild,
            text: text.to_owned(),
            modules: Vec::new(),
            by_map: false,
        };
        let files = ["dist/a.linux-x64-gnu-J2LGMM6E.node", "dist/native/b.node", "d.node"];
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        assert_eq!(named(&[bundle], &files), [vec![files[0].clone()], vec![files[1].clone()]]);
    }
}
