//! Several addons in the project's own folders: bundles, outputs of ncc, folders of programs. Files
//! with different names are different addons, and each is chosen by itself. A package that is
//! installed loads one addon; its other files are never chosen here.

use std::collections::{BTreeMap, HashMap};

use super::choice::{Active, Choice, Lack};
use super::entries::is_addon_path;
use super::search::Search;
use crate::model::Convention;
use crate::project::installed::Mentions;
use crate::project::naming::bare_name;
use crate::project::script::{Flow, GAP, Host, Mention, Said, ScriptReader};

/// Folders of files that the project itself doesn't load when it runs.
const FOR_TESTS: [&str; 9] =
    ["__test__", "__tests__", "demo", "example", "examples", "fixtures", "spec", "test", "tests"];
/// The maximum number of scripts that are read for lost files.
const MOST_SCRIPTS: usize = 8;

/// One of several addons.
pub struct Further {
    /// The file that is loaded, or the one that is lost.
    pub choice: Choice,
    /// All files of the addon.
    pub files: Vec<String>,
}

/// The addons of a project beside that of `choice`. `builds`: the project compiles addons.
pub(super) fn further(search: &Search<'_>, choice: &Choice, builds: bool) -> Vec<Further> {
    if search.files().is_empty() || matches!(choice.active, Active::Elsewhere { .. }) {
        return Vec::new();
    }
    let mut folders = Folders { search, known: HashMap::new() };
    // The folder with the nearest scripts, and the name → the files.
    let mut addons: BTreeMap<(Option<String>, String), Vec<String>> = BTreeMap::new();
    let is_for_tests = |file: &str| file.split('/').any(|part| FOR_TESTS.contains(&part));
    for file in search.files().iter().filter(|file| !is_for_tests(file)) {
        addons.entry((folders.nearest(file), bare_name(file))).or_default().push(file.clone());
    }
    let is_active = |file: &String| choice.active == Active::File(file.clone());
    addons.retain(|_, files| !files.iter().any(is_active));
    let is_the_only_one = addons.len() == 1 && choice.active == Active::Nothing;
    let mut found: Vec<Further> = Vec::new();
    for ((folder, _), files) in addons.into_iter().filter(|_| !is_the_only_one) {
        let mentioned: Vec<&String> = match &folder {
            Some(folder) => files.iter().filter(|file| folders.mentions(folder, file)).collect(),
            // No script can tell.
            None if !builds => files.iter().collect(),
            None => Vec::new(),
        };
        if let [(most, file), rest @ ..] = search.by_fit(mentioned.into_iter()).as_slice()
            && rest.first().is_none_or(|(next, _)| most > next)
        {
            let file = (*file).clone();
            let choice = Choice::found(Convention::Names, Active::File(file));
            found.push(Further { choice, files });
        }
    }
    found.extend(lost(search, &folders.scripts()));
    found
}

/// The scripts in the folders of the package.
struct Folders<'s, 'a> {
    search: &'s Search<'a>,
    known: HashMap<String, Mentions>,
}

impl Folders<'_, '_> {
    /// The nearest folder around a file that has scripts.
    fn nearest(&mut self, file: &str) -> Option<String> {
        let mut folder = file;
        loop {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            if !self.known.contains_key(folder) {
                let disk = self.search.disk;
                let mentions = disk.mentions(&self.search.package.directory, folder);
                self.known.insert(folder.to_owned(), mentions);
            }
            if self.known[folder].has_scripts {
                return Some(folder.to_owned());
            }
            if folder.is_empty() {
                return None;
            }
        }
    }

    /// True if a script in the folder contains the name of the file.
    fn mentions(&self, folder: &str, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        let name = name.strip_suffix(".node").unwrap_or(name);
        self.known.get(folder).is_some_and(|mentions| mentions.names.contains(name))
    }

    /// The scripts that mention addons, sorted.
    fn scripts(&self) -> Vec<&String> {
        let mut scripts: Vec<&String> =
            self.known.values().flat_map(|mentions| &mentions.scripts).collect();
        scripts.sort();
        scripts
    }
}

/// True for the file to which esbuild copied the addon at a path: `x-J2LGMM6E.node` for `x.node`.
/// The loaders of napi-rs try the path itself first.
fn is_copy(path: &str, file: &str) -> bool {
    let hash = file
        .strip_suffix(".node")
        .zip(path.strip_suffix(".node"))
        .and_then(|(file, path)| file.strip_prefix(path)?.strip_prefix('-'));
    hash.is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Files that bundles beside other addons require, and that aren't there.
fn lost(search: &Search<'_>, scripts: &[&String]) -> Vec<Further> {
    let files = search.files();
    let mut lost: Vec<String> = Vec::new();
    for script in scripts.iter().take(MOST_SCRIPTS) {
        let text = |path: &str| (path == **script).then(|| search.read(path)).flatten();
        let is_addon = |path: &str| files.iter().any(|file| file == path);
        let mut required = Vec::new();
        let mut listener = |said: Said| {
            if let Said { mention: Mention::Path { path, required: true }, guarded: false } = said {
                required.extend(place(script, &path));
            }
            Flow::On
        };
        let host = Some(Host::new(search.runtime));
        let mut reader = ScriptReader::new(&text, &is_addon, host, &mut listener);
        reader.module(script);
        let is_whole = reader.has_read_all();
        search.disk.control().spend_on_operands(reader.operands());
        // A bundle that finds none of its addons here was made for another place.
        if is_whole && required.iter().any(|path| is_addon(path)) {
            let is_lost =
                |path: &String| !is_addon(path) && !files.iter().any(|file| is_copy(path, file));
            lost.extend(required.into_iter().filter(is_lost));
        }
    }
    lost.sort();
    lost.dedup();
    let is_for_here = |path: &String| search.package.claims_of(path).fit(search.runtime).is_some();
    let further = |path| Further {
        choice: Choice {
            lack: Some(Lack::File(path)),
            ..Choice::found(Convention::Script, Active::Nothing)
        },
        files: Vec::new(),
    };
    lost.into_iter().filter(is_for_here).map(further).collect()
}

/// The file that a required path means. A gap at its beginning is the folder of the bundle:
/// `require(__nccwpck_require__.ab + "x.node")`.
fn place(script: &str, path: &str) -> Option<String> {
    let folder = script.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = match path.strip_prefix(GAP) {
        Some(rest) if folder.is_empty() => rest.to_owned(),
        Some(rest) => format!("{folder}/{rest}"),
        None => path.to_owned(),
    };
    is_addon_path(&place).then_some(place)
}
