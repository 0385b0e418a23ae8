//! What the bundles of an output load, with the files that ship.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::addons::{self, Holders, holders, name_of};
use super::found::{Found, file_of, fix_of, fixes};
use super::graph::{self, Asked, Call};
use super::lines::external;
use super::module::{Bundle, Bundler};
use super::opaque::unseen;
use super::scripts::bundles;
use crate::check::package::Check;
use crate::check::scan::{ScanOptions, Wanted};
use crate::control::Control;
use crate::environment::installation;
use crate::files::{self, join_inside};
use crate::model::reports::{PackageReport, ScanReport};
use crate::model::{Code, Convention, Facts, Problem};
use crate::project::loader::{Active, Choice, Installed, Lack, inlined};
use crate::project::{Folders, LOADERS, Manifest, Native, Origin, Settings, own_files};
use crate::runtime::Runtime;

/// A loader that searches the folders above its caller, too.
const BINDINGS: &str = "bindings";
/// The maximum number of modules of a bundle that are judged. Real apps contain some dozen native
/// packages.
const MOST_MODULES: usize = 256;
/// The maximum number of calls of loaders in a module that are judged. Packages have one or two.
const MOST_CALLS: usize = 16;
/// The depth of the folders with bundles.
const DEEPEST: usize = 2;

/// An output with bundles.
#[derive(Debug)]
pub(in crate::check) struct Bundled {
    /// The folder that is deployed, without links in its path.
    pub root: PathBuf,
    bundles: Vec<Bundle>,
    /// The project around the output, if `bindings` would search it.
    around: Option<Installed>,
}

/// The output in `folder`. `ships`: it is deployed as a whole. Of another folder that has a
/// package.json, only the bundles directly in it count: its folders may be outputs themselves.
pub(in crate::check) fn bundled(folder: &Path, ships: bool, control: &Control) -> Option<Bundled> {
    let root = files::real_path(folder).ok()?;
    let is_project = !ships && files::is_file(root.join("package.json"));
    let bundles = bundles(&root, if is_project { 0 } else { DEEPEST }, usize::MAX, control);
    if bundles.is_empty() {
        return None;
    }
    let modules = bundles.iter().flat_map(|bundle| &bundle.modules);
    let has_bindings = modules.into_iter().any(|module| module.package() == Some(BINDINGS));
    let around = has_bindings.then(|| project_around(&root, control)).flatten();
    Some(Bundled { root, bundles, around })
}

/// True if a folder that is deployed as a whole has a bundle.
pub(in crate::check) fn has_bundle(folder: &Path, control: &Control) -> bool {
    files::real_path(folder).is_ok_and(|root| !bundles(&root, DEEPEST, 1, control).is_empty())
}

/// True for a folder that `bindings` takes for the root of an app.
fn is_root(folder: &Path) -> bool {
    files::exists(folder.join("package.json")) || files::is_folder(folder.join("node_modules"))
}

/// The nearest folder above `root` that `bindings` takes for the root of the app.
fn project_around(root: &Path, control: &Control) -> Option<Installed> {
    let directory = files::ancestors(root).skip(1).find(|at| is_root(at))?.to_path_buf();
    let (files, _) = own_files(&directory, control);
    Some(Installed { directory, manifest: Manifest::default(), files })
}

/// How the bundles of an output are judged.
pub(super) struct Judge<'a> {
    pub output: &'a Bundled,
    check: Check<'a>,
    disk: &'a Folders<'a>,
    pub runtime: &'a Runtime,
    /// The addons of the output.
    pub files: &'a [String],
    /// Those that bundles name.
    pub named: Vec<Vec<String>>,
    /// The modules of each bundle that name addons; filled at the first use, like the next field.
    holders: Vec<OnceCell<Holders<'a>>>,
    /// What the modules of each bundle ask for.
    asked: Vec<OnceCell<Vec<Asked>>>,
    control: &'a Control,
}

/// Adds to the report on an output what its bundles load.
pub(in crate::check) fn add(
    output: &Bundled,
    report: &mut ScanReport,
    runtime: &Runtime,
    options: &ScanOptions,
    settings: &Settings,
    control: &Control,
) {
    let (files, _) = own_files(&output.root, control);
    let installation = installation(&output.root, runtime.host_path());
    let disk = Folders::within(&output.root, control);
    let check = Check { runtime, options: options.check, installation: &installation, disk: &disk };
    let named = addons::named(&output.bundles, &files);
    let judge = Judge {
        output,
        check,
        disk: &disk,
        runtime,
        files: &files,
        named,
        holders: vec![OnceCell::new(); output.bundles.len()],
        asked: vec![OnceCell::new(); output.bundles.len()],
        control,
    };
    let mut found = judge.addons();
    for at in 0..output.bundles.len() {
        for one in judge.inlined(at) {
            if !found.iter().any(|known| known.external.is_some() && known.is_of(&one.package)) {
                found.push(one);
            }
        }
    }
    // A package may name the file that its loader finds.
    let of_loaders: HashSet<String> = found
        .iter()
        .filter(|one| one.external.is_some())
        .filter_map(|one| file_of(&one.package).map(str::to_owned))
        .collect();
    found.retain(|one| {
        one.external.is_some()
            || file_of(&one.package).is_none_or(|file| !of_loaders.contains(file))
    });
    let wanted = Wanted::of(options, settings);
    found.retain(|one| wanted.includes(&one.package.name, &one.native));
    // A scan takes the files of bundles for those of one package, and doesn't see which of them a
    // bundle requires in the place of a file that isn't there.
    let named: HashSet<String> = judge
        .named
        .iter()
        .flatten()
        .filter_map(|file| join_inside(&output.root, file))
        .map(|file| files::shown(&file))
        .collect();
    let is_judged = |package: &PackageReport| match file_of(package) {
        Some(file) => named.contains(file) || of_loaders.contains(file),
        None => {
            package.problems.is_empty()
                || (package.loader == Convention::Script
                    && package.problems.iter().all(is_left_out))
        }
    };
    let root = files::shown(&output.root);
    report.packages.retain(|package| package.path != root || !is_judged(package));
    report.fixes = fixes(report, &found);
    report.packages.extend(found.into_iter().map(|one| one.package));
    report.problems.extend(unseen(&output.bundles));
    report.stats.checked = report.packages.iter().filter(|it| it.active.is_some()).count();
    report.complete =
        report.problems.is_empty() && report.packages.iter().all(|package| package.complete);
    report.ok = report.packages.iter().all(|package| package.ok)
        && (report.complete || !options.check.strict);
}

impl Judge<'_> {
    fn native(&self, name: Option<&str>, files: Vec<String>) -> Native {
        let directory = self.output.root.clone();
        let manifest = match name {
            Some(name) => Manifest::named(name),
            None => Manifest::read(&directory).unwrap_or_default(),
        };
        Native {
            installed: Installed { directory, manifest, files },
            manifest_error: None,
            builds: false,
            is_partial: false,
            is_own: true,
            origin: Origin::default(),
        }
    }

    /// The addons that bundles name and that are in the output. Of files that differ in the system,
    /// the one for this system is judged.
    fn addons(&self) -> Vec<Found> {
        let report = |files: &Vec<String>| {
            let native = self.native(None, files.clone());
            let claims = |file: &String| native.installed.claims_of(file).fit(self.runtime);
            let mut fitting: Vec<(usize, &String)> =
                files.iter().filter_map(|file| Some((claims(file)?, file))).collect();
            fitting.sort_by_key(|(says, _)| std::cmp::Reverse(*says));
            let file = match fitting.as_slice() {
                [(_, file)] => *file,
                [(most, file), (next, _), ..] if most > next => *file,
                _ => return None,
            };
            let active = Active::File(file.clone());
            let mut package = self.report(&native, Convention::Names, active, None);
            if is_for_others(&package) && !self.may_be_required(file) {
                return None;
            }
            package.fix = fix_of(file, &package);
            Some(Found { package, native, external: None })
        };
        let found: Vec<Found> = self.named.iter().filter_map(report).collect();
        // A bundler may copy the files for all systems, with names that don't tell them apart.
        let has_own = found.iter().any(|one| !is_for_others(&one.package));
        found.into_iter().filter(|one| !has_own || !is_for_others(&one.package)).collect()
    }

    /// False if only modules name an addon that don't run on this system, or that are required in
    /// `try`: chokidar requires fsevents, which is for macOS.
    fn may_be_required(&self, file: &str) -> bool {
        let mut bundles = self.output.bundles.iter().enumerate();
        bundles.any(|(at, bundle)| {
            let holders = self.holders[at].get_or_init(|| holders(bundle));
            let of_file = holders.get(name_of(file));
            of_file.is_some_and(|modules| {
                // Modules that can't be read as a whole have no answer.
                let asked = |module: &usize| self.asked(at).get(*module);
                let runs = |module| asked(module).is_some_and(|asked| asked.runs);
                modules.is_empty() || modules.iter().any(runs)
            })
        })
    }

    /// What the modules of the bundle at this index ask for.
    fn asked(&self, at: usize) -> &[Asked] {
        let modules = &self.output.bundles[at].modules;
        self.asked[at].get_or_init(|| graph::asked(modules, self.runtime, self.control))
    }

    fn report(
        &self,
        native: &Native,
        loader: Convention,
        active: Active,
        lack: Option<Lack>,
    ) -> PackageReport {
        let choice = Choice { loader, active, lack, has_fallback: false };
        self.check.report_choice(native, &choice)
    }

    /// What the modules of a bundle load by themselves.
    fn inlined(&self, at: usize) -> Vec<Found> {
        let bundle = &self.output.bundles[at];
        // Most modules of most bundles needn't be read.
        let may_ask = |text: &str| text.contains("process.platform") || text.contains(".node");
        let asks = bundle.modules.iter().any(|module| {
            module.package().is_some_and(|package| is_loader(package) || may_ask(&module.text))
        });
        if !asks {
            return Vec::new();
        }
        let running = bundle.modules.iter().zip(self.asked(at)).filter(|(_, asked)| asked.runs);
        let of_packages =
            running.filter_map(|(module, asked)| Some((module.package()?, module, asked)));
        let of_packages: Vec<_> = of_packages.collect();
        let asking = of_packages
            .iter()
            .filter(|(.., asked)| !asked.calls.is_empty() || asked.addons().next().is_some())
            .take(MOST_MODULES);
        let mut found: Vec<Found> = Vec::new();
        for (package, _, asked) in asking {
            let calls = asked.calls.iter().take(MOST_CALLS);
            let mut of_calls = calls.filter_map(|call| self.call(bundle, package, call));
            let lost = || self.lost(bundle, package, asked);
            if let Some(report) = of_calls.next().or_else(lost) {
                found.push(report);
            }
        }
        let unmet = self.unmet(bundle, &of_packages);
        found.extend(unmet);
        found
    }

    /// What a package finds that calls a loader.
    fn call(&self, bundle: &Bundle, package: &str, call: &Call) -> Option<Found> {
        let folder = bundle.folder();
        let place = self.place(folder)?;
        let find = |place: &Installed| {
            inlined(call.loader, &call.arguments, place, self.runtime, self.disk)
        };
        let (loader, mut active) = (call.loader.clone(), find(&place)?);
        if loader == Convention::Bindings && active == Active::Nothing {
            // `bindings` goes up to the first folder with a package.json.
            let above = self.place("").filter(|_| !folder.is_empty());
            let around = above.iter().chain(&self.output.around);
            if around.into_iter().any(|place| find(place) != Some(Active::Nothing)) {
                return None;
            }
        }
        if loader == Convention::Bindings && active != Active::Nothing && !self.has_root(folder) {
            return None;
        }
        if active == Active::Nothing && self.may_be_relocated(bundle, call) {
            return None;
        }
        let of_script = ["__dirname", "__filename", "import.meta"];
        if loader != Convention::Bindings && !of_script.iter().any(|it| bundle.text.contains(it)) {
            // The bundler has put another text in its place.
            return None;
        }
        if let Active::File(file) = &mut active {
            *file = bundle.beside(file);
        }
        let lack = (active == Active::Nothing).then(|| bundle.lack(None));
        Some(self.package(bundle, package, loader, active, lack))
    }

    /// The report on a package in a bundle.
    pub fn package(
        &self,
        bundle: &Bundle,
        name: &str,
        loader: Convention,
        active: Active,
        lack: Option<Lack>,
    ) -> Found {
        let native = self.native(Some(name), Vec::new());
        let mut report = self.report(&native, loader, active, lack);
        if !report.ok {
            report.fix = Some(external(bundle.bundler, &[name]));
        }
        Found { package: report, native, external: Some(bundle.bundler) }
    }

    /// True if `bindings` finds the root of an app in the output, for a script in this folder.
    /// Without one, it throws or takes a folder above the output.
    fn has_root(&self, folder: &str) -> bool {
        let mut places = [folder, ""].into_iter();
        places.any(|at| join_inside(&self.output.root, at).is_some_and(|at| is_root(&at)))
    }

    /// A folder of the output, as a loader sees it.
    fn place(&self, folder: &str) -> Option<Installed> {
        let directory = join_inside(&self.output.root, folder)?;
        let inside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let files = self.files.iter().filter_map(|file| file.strip_prefix(inside.as_str()));
        Some(Installed {
            directory,
            manifest: Manifest::default(),
            files: files.map(str::to_owned).collect(),
        })
    }

    /// True if the bundler may have put the path of a copied addon in the place of a call. Only
    /// webpack and ncc do that, and a source map doesn't show it.
    fn may_be_relocated(&self, bundle: &Bundle, call: &Call) -> bool {
        if bundle.bundler == Bundler::Esbuild {
            return false;
        }
        let values = call.arguments.first().map(|argument| argument.values.as_slice());
        let wanted = values.and_then(|values| values.first());
        let wanted = wanted.map(|name| format!("/{}.node", name.trim_end_matches(".node")));
        self.named.iter().flatten().any(|file| match (call.loader, &wanted) {
            (Convention::Bindings, Some(name)) => format!("/{file}").ends_with(name),
            _ => file.contains("prebuilds/") || file.contains("build/"),
        })
    }
}

/// True for a package whose function finds the addon of another package.
fn is_loader(package: &str) -> bool {
    LOADERS.iter().any(|(name, _)| *name == package)
}

fn is_left_out(problem: &Problem) -> bool {
    matches!(&problem.facts, Facts::NoMatchingPrebuild(facts) if facts.left_out)
}

/// True for a file of another system.
fn is_for_others(package: &PackageReport) -> bool {
    let problems = package.active.iter().flat_map(|active| &active.problems);
    problems.into_iter().any(|problem| {
        matches!(problem.code(), Code::WrongPlatform | Code::WrongArch | Code::WrongLibc)
    })
}
