//! A script mentions a path: the files of the package that it means.

use super::findings::{Findings, MOST_FOLDERS};
use crate::model::Convention;
use crate::project::loader::choice::Active;
use crate::project::loader::entries::is_addon_path;
use crate::project::loader::search::Search;
use crate::project::naming::Claims;
use crate::project::script::{Flow, GAP, matches};

impl Findings<'_, '_> {
    /// A path in a script, with gaps for what isn't known; `required`: the script requires it.
    pub(super) fn path(&mut self, path: &str, required: bool, guarded: bool) -> Flow {
        let files = self.search.files();
        self.knows_musl |= path.contains("musl");
        self.has_wasm |= self.search.has_wasm_build(path);
        if required && self.of_other_libc.is_none() && self.search.fits_but_for_libc(path) {
            self.of_other_libc = Some(path.to_owned());
        }
        let is_meant = |file: &String| is_meant(path, file);
        let candidates = self.search.by_fit(files.iter().filter(|file| is_meant(file)));
        match candidates.as_slice() {
            [] => {
                let is_for_others = files.iter().any(is_meant);
                let is_addon = is_for_others
                    || path.ends_with(".node")
                    || path.contains("build/Release")
                    || path.contains("build/Debug")
                    || is_in_a_build(path);
                if required && (is_addon || self.is_made(path) || self.is_for_another(path)) {
                    self.expect(Convention::Script, guarded);
                }
                if required && says_nothing(path) && path.contains('/') {
                    self.opaque = Some(self.opaque.unwrap_or(true) && guarded);
                }
                self.spell(path);
                let is_folder = !path.is_empty() && path.chars().any(|c| c != GAP && c != '/');
                if is_folder
                    && self.folders.len() < MOST_FOLDERS
                    && !self.folders.iter().any(|known| known == path)
                    && files
                        .iter()
                        .any(|file| folder_of(file).is_some_and(|folder| matches(path, folder)))
                {
                    self.folders.push(path.to_owned());
                }
                Flow::On
            }
            [(_, file)] => self.find(Convention::Script, Active::File((*file).clone())),
            [(most, file), (next, _), ..] if most > next => {
                self.find(Convention::Script, Active::File((*file).clone()))
            }
            _ => Flow::On,
        }
    }

    /// True for a path without an extension whose name is in the package's binding.gyp.
    fn is_made(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_plain = !name.is_empty() && !name.contains(['.', GAP]);
        is_plain
            && self.search.files().is_empty()
            && self.search.read("binding.gyp").is_some_and(|text| text.contains(name))
    }

    /// True for a path without an extension, where nothing is, if the package has addons of this
    /// name for others: `bin/linux-x64-115/fibers` beside `bin/linux-x64-46/fibers.node`.
    fn is_for_another(&self, path: &str) -> bool {
        let Some((folder, name)) = path.rsplit_once('/') else { return false };
        let top = |folder: &str| folder.split('/').next().map(str::to_owned);
        let is_alike = |file: &String| {
            file.rsplit_once('/').is_some_and(|(around, last)| {
                last.strip_suffix(".node") == Some(name) && top(around) == top(folder)
            })
        };
        let is_script = |end: &str| self.search.read(&format!("{path}{end}")).is_some();
        !name.contains(['.', GAP])
            && self.search.files().iter().any(is_alike)
            && !["", ".js", ".cjs", ".json", "/index.js"].into_iter().any(is_script)
    }

    /// Keeps the files whose path ends with `path`.
    fn spell(&mut self, path: &str) {
        if !is_addon_path(path) || !path.contains('/') || self.spelled.len() >= MOST_FOLDERS {
            return;
        }
        let is_its_end =
            |file: &&String| file.strip_suffix(path).is_some_and(|folder| folder.ends_with('/'));
        let files = self.search.files().iter().filter(is_its_end).cloned();
        self.spelled.extend(files);
    }
}

impl Search<'_> {
    /// True for a WebAssembly build of napi-rs, `x.wasm32-wasi.wasm`, that is there.
    fn has_wasm_build(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        name.ends_with(".wasm32-wasi.wasm")
            && self.disk.names(&self.package.directory, folder).iter().any(|one| one == name)
    }

    /// True for a file whose name fits the target in everything but the libc.
    fn fits_but_for_libc(&self, path: &str) -> bool {
        let claims = Claims { libc: None, ..self.package.claims_of(path) };
        self.files().iter().any(|file| file == path)
            && claims.name_a_system()
            && claims.fit(self.runtime).is_some()
    }
}

/// True if a path with gaps in a script means the file: with or without ".node", relative to the
/// package or to an unknown folder.
fn is_meant(path: &str, file: &str) -> bool {
    // A path of hardly anything but gaps means nothing.
    if says_nothing(path) {
        return false;
    }
    let bare = file.strip_suffix(".node").unwrap_or(file);
    // The gap of "prebuilds/" + platform is the name of a folder, not everything below it.
    if path.ends_with(GAP)
        && !folder_of(file)
            .zip(folder_of(path))
            .is_some_and(|(folder, pattern)| matches(pattern, folder))
    {
        return false;
    }
    let is = |text: &str| matches(path, text);
    is(file)
        || is(bare)
        || path
            .strip_prefix(GAP)
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|rest| matches(rest, file) || matches(rest, bare))
}

/// True for `build/<gap>/name`: a script tries the folders of several configurations.
fn is_in_a_build(path: &str) -> bool {
    let after = path.split_once("build/").map(|(_, after)| after);
    after.and_then(|after| after.strip_prefix(GAP)).is_some_and(|rest| rest.starts_with('/'))
}

/// True for a path of gaps with hardly a letter.
fn says_nothing(path: &str) -> bool {
    let letters =
        path.trim_end_matches(".node").chars().filter(char::is_ascii_alphanumeric).count();
    letters < 2 && path.contains(GAP)
}

pub(super) fn folder_of(file: &str) -> Option<&str> {
    file.rsplit_once('/').map(|(folder, _)| folder)
}

/// The only file for the target in a folder.
pub(super) fn only_file_in(search: &Search<'_>, folder: &str) -> Option<String> {
    let inside = search
        .files()
        .iter()
        .filter(|file| folder_of(file).is_some_and(|parent| matches(folder, parent)));
    match search.by_fit(inside).as_slice() {
        [(_, file)] => Some((*file).clone()),
        _ => None,
    }
}
