//! The files that the scripts of a package load, in the order of their attempts.

use super::choice::{Active, Choice, Lack};
use super::node_gyp_build::Flavour;
use super::search::Search;
use super::{
    bindings, cmake_ts, names, node_gyp_build, node_pre_gyp, pkg_prebuilds, platform_packages,
};
use crate::model::Convention;
use crate::project::naming::{Claims, claims};
use crate::project::script::{Argument, Flow, GAP, Host, Mention, Said, ScriptReader, matches};

/// What the scripts have reported so far.
struct Findings<'s, 'a> {
    search: &'s Search<'a>,
    /// The convention and the file that was found.
    found: Option<(Convention, Active)>,
    /// The first convention that found nothing, and whether the script has a fallback for all that
    /// it tries.
    expected: Option<(Convention, bool)>,
    /// Folders with `.node` files that the scripts name, in order.
    folders: Vec<String>,
    /// The optional dependencies for the target's system, once they are asked for.
    platform_packages: Option<Vec<platform_packages::Fit<'s>>>,
    /// Platform packages that are required and not installed.
    missing: Vec<String>,
    /// `.node` files whose path ends with a text of the scripts, perhaps in a table.
    spelled: Vec<String>,
    /// Whether the script has a fallback for a required path of which nothing is known.
    opaque: Option<bool>,
    /// A file for the other libc that is required without a test of the libc.
    of_other_libc: Option<String>,
    knows_musl: bool,
    neon: bool,
    steps: usize,
    /// The scripts were read to their end, or until enough was known.
    is_whole: bool,
}

/// The maximum number of gaps in a path.
const MOST_GAPS: usize = 16;
/// The maximum number of folders.
const MOST_FOLDERS: usize = 64;
/// The maximum number of comparisons of reports with files.
const MOST_STEPS: usize = 1 << 20;

impl<'s, 'a> Findings<'s, 'a> {
    /// Reads the scripts for the target, or without `host` the code for all systems.
    fn read(search: &'s Search<'a>, host: Option<Host<'_>>) -> Findings<'s, 'a> {
        let mut findings = Findings {
            search,
            found: None,
            expected: None,
            folders: Vec::new(),
            platform_packages: None,
            missing: Vec::new(),
            spelled: Vec::new(),
            opaque: None,
            of_other_libc: None,
            knows_musl: false,
            neon: false,
            steps: 0,
            is_whole: true,
        };
        let text = |path: &str| search.read(path);
        let is_addon = |path: &str| search.files().iter().any(|file| file == path);
        let mut listener = |said: Said| findings.hear(&said);
        let mut reader = ScriptReader::new(&text, &is_addon, host, &mut listener);
        for entry in search.package.manifest.entries() {
            if reader.module(&entry) == Flow::Stop {
                break;
            }
        }
        let is_whole = reader.has_read_all();
        let control = search.disk.control();
        control.spend_on_operands(reader.operands());
        findings.is_whole = is_whole && findings.steps <= MOST_STEPS && control.has_read_all();
        findings
    }

    fn say_nothing(&self) -> bool {
        self.found.is_none() && self.expected.is_none() && self.folders.is_empty()
    }
}

pub(super) fn choose(search: &Search<'_>) -> Choice {
    let findings = Findings::read(search, Some(Host::new(search.runtime)));
    if !findings.is_whole {
        // No ordinary script costs this much. The part that was not read could change the answer.
        return Choice::found(Convention::Script, Active::Unknown);
    }
    // The package loads an addon only on other platforms.
    if findings.say_nothing() && !Findings::read(search, None).say_nothing() {
        return Choice::found(Convention::Script, Active::Nothing);
    }
    let Findings {
        found,
        expected,
        folders,
        missing,
        spelled,
        opaque,
        of_other_libc,
        knows_musl,
        ..
    } = findings;
    if let Some((loader, active)) = found {
        return Choice::found(loader, active);
    }
    if let Some(file) = of_other_libc.filter(|_| !knows_musl) {
        return Choice::found(Convention::Script, Active::File(file));
    }
    let has_fallback = expected.as_ref().is_some_and(|(_, guarded)| *guarded);
    if !missing.is_empty() {
        let lack = Some(Lack::PlatformPackages(missing));
        return Choice {
            loader: Convention::PlatformPackage,
            active: Active::Nothing,
            lack,
            has_fallback,
        };
    }
    if let Some(file) = folders.iter().find_map(|folder| only_file_in(search, folder)) {
        return Choice::found(Convention::Script, Active::File(file));
    }
    if let Some(file) = search.best(spelled.iter()) {
        return Choice::found(Convention::Script, Active::File(file.clone()));
    }
    if let Some(guarded) = opaque.filter(|_| expected.is_none() && search.files().is_empty()) {
        return Choice {
            loader: Convention::Script,
            active: Active::Nothing,
            lack: Some(Lack::Build),
            has_fallback: guarded,
        };
    }
    if let Some((loader, _)) = expected {
        let lack = if search.files().is_empty() { Lack::Build } else { Lack::Prebuild };
        return Choice { loader, active: Active::Nothing, lack: Some(lack), has_fallback };
    }
    let (loader, active) = by_dependency(search).unwrap_or_else(|| names::find(search));
    Choice::found(loader, active)
}

/// The file that a loader among the dependencies would open. No script was seen to call it, because
/// a bundle may hide the call.
fn by_dependency(search: &Search<'_>) -> Option<(Convention, Active)> {
    type Find = fn(&Search<'_>) -> Active;
    let loaders: [(&str, Convention, Find); 4] = [
        ("node-gyp-build", Convention::NodeGypBuild, |search| {
            node_gyp_build::find(search, "", Flavour::Plain)
        }),
        ("bindings", Convention::Bindings, |search| {
            bindings::find(
                search,
                &[Argument { values: vec![GAP.to_string()], ..Argument::default() }],
            )
        }),
        ("@mapbox/node-pre-gyp", Convention::NodePreGyp, node_pre_gyp::find),
        ("node-pre-gyp", Convention::NodePreGyp, node_pre_gyp::find),
    ];
    let depends = |module: &str| search.package.manifest.depends_on(module);
    let mut candidates = loaders
        .iter()
        .filter(|(module, ..)| depends(module))
        .map(|(_, loader, find)| (loader.clone(), find(search)));
    candidates.find(|(_, active)| matches!(active, Active::File(_)))
}

impl Findings<'_, '_> {
    fn hear(&mut self, said: &Said) -> Flow {
        // Each report is compared with every file.
        let names = match &said.mention {
            Mention::Package(_) => self
                .search
                .package
                .manifest
                .object("optionalDependencies")
                .map_or(0, serde_json::Map::len),
            _ => 0,
        };
        self.steps += self.search.files().len() + names + 1;
        if self.steps > MOST_STEPS {
            return Flow::Stop;
        }
        // No real path has so many gaps.
        let gaps = |text: &str| text.matches(GAP).count();
        if let Mention::Path { path: text, .. } | Mention::Package(text) = &said.mention
            && gaps(text) > MOST_GAPS
        {
            return Flow::On;
        }
        match &said.mention {
            Mention::Loader { loader, folder, arguments } => {
                self.loader(loader, folder, arguments, said.guarded)
            }
            Mention::Path { path, required } => self.path(path, *required, said.guarded),
            Mention::Package(name) => self.package(name, said.guarded),
        }
    }

    fn loader(
        &mut self,
        loader: &Convention,
        folder: &str,
        arguments: &[Argument],
        guarded: bool,
    ) -> Flow {
        let search = self.search;
        let active = match loader {
            Convention::Bindings => bindings::find(search, arguments),
            Convention::NodeGypBuild => {
                node_gyp_build::find(search, &root(folder, arguments), Flavour::Plain)
            }
            Convention::NodeGypBuildOptionalPackages => {
                node_gyp_build::find(search, &root(folder, arguments), Flavour::OptionalPackages)
            }
            Convention::NodePreGyp => node_pre_gyp::find(search),
            Convention::PkgPrebuilds => pkg_prebuilds::find(search, arguments),
            Convention::CmakeTs => cmake_ts::find(search, &root(folder, arguments)),
            Convention::RequireAddon => of_bare(search),
            Convention::Neon => {
                self.neon = true;
                return Flow::On;
            }
            _ => return Flow::On,
        };
        match active {
            Active::Nothing => {
                self.expect(loader.clone(), guarded);
                Flow::On
            }
            active => self.find(loader.clone(), active),
        }
    }

    fn path(&mut self, path: &str, required: bool, guarded: bool) -> Flow {
        let files = self.search.files();
        self.knows_musl |= path.contains("musl");
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
                    || path.contains("build/Debug");
                if required && (is_addon || self.is_made(path)) {
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

    /// Keeps the files whose path ends with `path`.
    fn spell(&mut self, path: &str) {
        if !path.ends_with(".node")
            || !path.contains('/')
            || path.contains(GAP)
            || self.spelled.len() >= MOST_FOLDERS
        {
            return;
        }
        let is_its_end =
            |file: &&String| file.strip_suffix(path).is_some_and(|folder| folder.ends_with('/'));
        let files = self.search.files().iter().filter(is_its_end).cloned();
        self.spelled.extend(files);
    }

    /// Another package: a platform package, or one of no interest.
    fn package(&mut self, specifier: &str, guarded: bool) -> Flow {
        let manifest = &self.search.package.manifest;
        self.knows_musl |= specifier.contains("musl");
        let is_meant = |name: &str| {
            let inner = |specifier: &str| {
                specifier.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
            };
            inner(specifier) || matches(specifier, name)
        };
        let runtime = self.search.runtime;
        let fits = self.platform_packages.get_or_insert_with(|| {
            let names = manifest.optional_dependencies();
            let names = names.filter(|name| claims(name).name_a_system());
            names.filter_map(|name| platform_packages::fit(name, runtime)).collect()
        });
        let meant = fits.iter().copied().filter(|(_, name)| is_meant(name)).collect();
        let best = platform_packages::best(meant, runtime);
        let Some(first) = best.first() else { return Flow::On };
        match best.iter().find_map(|name| self.search.elsewhere(name)) {
            Some(found @ Active::Elsewhere { .. }) => self.find(Convention::PlatformPackage, found),
            Some(_) => Flow::On,
            None => {
                self.missing.push(first.clone());
                self.expect(Convention::PlatformPackage, guarded);
                Flow::On
            }
        }
    }

    fn find(&mut self, loader: Convention, active: Active) -> Flow {
        let loader = if self.neon { Convention::Neon } else { loader };
        self.found = Some((loader, active));
        Flow::Stop
    }

    fn expect(&mut self, loader: Convention, guarded: bool) {
        self.expected = match self.expected.take() {
            None => Some((loader, guarded)),
            Some((first, was)) => Some((first, was && guarded)),
        };
    }
}

/// The file that require-addon 1.1 opens in Node.js: `prebuilds/<platform>-<arch>[-musl]/`. It also
/// searches every folder above and the linked files of Bare; that is not followed.
fn of_bare(search: &Search<'_>) -> Active {
    let folder = format!("prebuilds/{}", search.runtime.tuple());
    let mut inside = search.files().iter().filter(|file| folder_of(file) == Some(&folder));
    match (inside.next(), inside.next()) {
        (None, _) => Active::Nothing,
        (Some(file), None) => Active::File(file.clone()),
        _ => Active::Unknown,
    }
}

impl Search<'_> {
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

fn says_nothing(path: &str) -> bool {
    let letters =
        path.trim_end_matches(".node").chars().filter(char::is_ascii_alphanumeric).count();
    letters < 2 && path.contains(GAP)
}

fn folder_of(file: &str) -> Option<&str> {
    file.rsplit_once('/').map(|(folder, _)| folder)
}

/// The only file for the target in a folder.
fn only_file_in(search: &Search<'_>, folder: &str) -> Option<String> {
    let inside = search
        .files()
        .iter()
        .filter(|file| folder_of(file).is_some_and(|parent| matches(folder, parent)));
    match search.by_fit(inside).as_slice() {
        [(_, file)] => Some((*file).clone()),
        _ => None,
    }
}

/// The folder argument of a loader, relative to the package: empty, or with a `/` at its end.
fn root(folder: &str, arguments: &[Argument]) -> String {
    let given = arguments
        .first()
        .and_then(|argument| argument.values.iter().find(|value| !value.contains(GAP)));
    let path =
        given.and_then(|value| crate::project::script::resolved(folder, value)).unwrap_or_default();
    if path.is_empty() { path } else { format!("{path}/") }
}
