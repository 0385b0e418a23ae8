//! Finds the bundles of an output.

use std::collections::VecDeque;
use std::path::Path;

use super::maps::Mapped;
use super::module::{Bundle, Bundler, Module};
use super::opaque::{has_minified_esbuild, is_minified, may_search};
use super::{esbuild, maps};
use crate::control::Control;
use crate::files::{self, Kind, join_inside, shown};

/// The longest script that is read, in bytes, and the maximum for all scripts of an output.
const LONGEST: u64 = 32 << 20;
const MOST_BYTES: u64 = 96 << 20;
/// The maximum numbers of scripts and of folders.
const MOST_SCRIPTS: usize = 128;
const MOST_FOLDERS: usize = 400;
/// The maximum number of modules in all bundles. Modules of packages have some 5 kB, so those of
/// real apps reach the limit of bytes first.
const MOST_MODULES: usize = 50_000;
/// Texts in the code that webpack and ncc add to a bundle that isn't minified. A package may
/// contain `__webpack_require__`, so that proves nothing.
const OF_WEBPACK: [&str; 2] = ["webpackBootstrap", "__webpack_modules__"];
const OF_NCC: &str = "__nccwpck_require__";

/// The bundles in the folder `root`, without those in `node_modules` and those below the depth
/// `deepest`; the first `most` of them. Empty for the folder of an installed package: it is judged
/// as a package.
pub(super) fn bundles(root: &Path, deepest: usize, most: usize, control: &Control) -> Vec<Bundle> {
    if root.iter().any(|part| part == "node_modules") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut scripts, mut bytes, mut modules) = (0, 0, 0);
    let mut left = VecDeque::from([(String::new(), 0)]);
    for _ in 0..MOST_FOLDERS {
        let Some((folder, depth)) = left.pop_front() else { break };
        let Some(place) = join_inside(root, &folder) else { continue };
        let mut entries: Vec<(String, Kind)> = files::list(&place)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| (shown(&entry.name), entry.kind))
            .collect();
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, kind) in entries {
            if control.stops() {
                return Vec::new();
            }
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let is_script = [".js", ".cjs", ".mjs"].iter().any(|end| name.ends_with(end));
            if kind == Kind::Folder && depth < deepest && name != "node_modules" {
                left.push_back((path, depth + 1));
            } else if kind == Kind::File && is_script && scripts < MOST_SCRIPTS {
                scripts += 1;
                let Some(bundle) = read(&place.join(&name), path) else { continue };
                bytes += bundle.text.len() as u64;
                modules += bundle.modules.len();
                if bytes > MOST_BYTES || modules > MOST_MODULES {
                    return found;
                }
                found.push(bundle);
                if found.len() == most {
                    return found;
                }
            }
        }
    }
    found
}

/// The bundle at `place`; `None` for any other script.
fn read(place: &Path, path: String) -> Option<Bundle> {
    let text = files::text(place, LONGEST).ok()?;
    let by_esbuild = esbuild::is_by_esbuild(&text);
    let by_text = match () {
        () if text.contains(OF_NCC) => Some(Bundler::Ncc),
        () if OF_WEBPACK.iter().any(|mark| text.contains(mark)) => Some(Bundler::Webpack),
        () => by_esbuild.then_some(Bundler::Esbuild),
    };
    // esbuild's own text shows what its plugins changed, a map doesn't.
    let by_map = by_text != Some(Bundler::Esbuild);
    let Mapped { modules, by_webpack } = match by_text {
        Some(Bundler::Esbuild) => Mapped { modules: esbuild::modules(&text), ..Mapped::default() },
        _ => maps::mapped(place, &text),
    };
    let bundler = match by_text {
        Some(bundler) => bundler,
        None if by_webpack && has_packages(&modules) => Bundler::Webpack,
        None if has_packages(&modules) && has_minified_esbuild(&text) => Bundler::Esbuild,
        None if has_packages(&modules) => Bundler::Unknown,
        None if modules.is_empty() && may_search(&text) && is_minified(&text) => Bundler::Unknown,
        None => return None,
    };
    Some(Bundle { path, bundler, text, modules, by_map })
}

fn has_packages(modules: &[Module]) -> bool {
    modules.iter().any(|module| module.package().is_some())
}
