//! Which modules of a bundle certainly run, and what these ask for. A module that is only required
//! inside of `try` may be missing; what it needs is no defect.

use std::collections::{HashMap, HashSet};

use super::module::Module;
use crate::control::Control;
use crate::model::Convention;
use crate::project::{Argument, Flow, Host, Mention, Said, ScriptReader};
use crate::runtime::Runtime;

/// The ends of the path of a module that `require` may leave out.
const ENDS: [&str; 8] = ["", ".js", ".cjs", ".mjs", ".ts", "/index.js", "/index.cjs", "/index.mjs"];

/// A call of the module of a loader.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub loader: &'static Convention,
    pub arguments: Vec<Argument>,
}

/// What one module asks for, without what it has a fallback for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub calls: Vec<Call>,
    /// The paths of `.node` files, as in [`Module::path`].
    pub addons: Vec<String>,
    /// The names of other packages, also those that it has a fallback for.
    pub packages: Vec<String>,
    /// It certainly runs.
    pub runs: bool,
}

/// Where a module leads.
#[derive(Default)]
struct Edges {
    paths: Vec<(String, bool)>,
    packages: Vec<(String, bool)>,
}

/// What each of the modules asks for.
pub(super) fn asked(modules: &[Module], runtime: &Runtime, control: &Control) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    let mut edges: Vec<Edges> = Vec::new();
    for module in modules {
        let (asked, leads) = read(module, runtime, control).unwrap_or_default();
        all.push(asked);
        edges.push(leads);
    }
    if control.stops() || !control.has_read_all() {
        return Vec::new();
    }
    for at in running(modules, &edges) {
        all[at].runs = true;
    }
    all
}

/// `None` if the module can't be read as a whole.
fn read(module: &Module, runtime: &Runtime, control: &Control) -> Option<(Asked, Edges)> {
    if control.stops() || !control.spend_on_scripts(module.text.len() as u64) {
        return None;
    }
    // The reader knows scripts by their extension.
    let is_script = [".js", ".cjs", ".mjs"].iter().any(|end| module.path.ends_with(end));
    let path = if is_script { module.path.clone() } else { format!("{}.js", module.path) };
    let text = |asked: &str| (asked == path).then(|| module.text.clone());
    let mut calls: Vec<(Call, bool)> = Vec::new();
    let mut is_demanded = false;
    let mut edges = Edges::default();
    let mut listener = |Said { mention, guarded }: Said| {
        match mention {
            Mention::Loader { loader, arguments, .. } => {
                calls.push((Call { loader, arguments }, guarded));
            }
            Mention::Path { path, required: true } => edges.paths.push((path, guarded)),
            Mention::Package(name) => edges.packages.push((name, guarded)),
            Mention::Demand => is_demanded |= !guarded,
            Mention::Path { .. } | Mention::Rejection => {}
        }
        Flow::On
    };
    let host = Some(Host::new(runtime));
    let mut reader = ScriptReader::new(&text, &|_| false, host, &mut listener);
    reader.module(&path);
    let is_whole = reader.has_read_all();
    control.spend_on_operands(reader.operands());
    if !is_whole {
        return None;
    }
    let matters = |guarded: bool| !guarded || is_demanded;
    let asked = Asked {
        calls: calls.into_iter().filter(|(_, guarded)| matters(*guarded)).map(|it| it.0).collect(),
        addons: edges
            .paths
            .iter()
            .filter(|(path, guarded)| path.ends_with(".node") && matters(*guarded))
            .map(|(path, _)| path.clone())
            .collect(),
        packages: edges.packages.iter().map(|(name, _)| name.clone()).collect(),
        runs: false,
    };
    Some((asked, edges))
}

/// The modules that run, however the bundle is started: those of the app that no other module
/// requires, and what these require.
fn running(modules: &[Module], edges: &[Edges]) -> HashSet<usize> {
    let by_path: HashMap<&str, usize> =
        modules.iter().enumerate().map(|(at, module)| (module.path.as_str(), at)).collect();
    let at_path = |path: &str| {
        ENDS.iter().find_map(|end| by_path.get(format!("{path}{end}").as_str()).copied())
    };
    // Modules that a module of the same package requires are no entries of the package.
    let mut inner: HashSet<usize> = HashSet::new();
    for (at, leads) in edges.iter().enumerate() {
        let of_paths = leads.paths.iter().filter_map(|(path, _)| at_path(path));
        inner.extend(of_paths.filter(|to| modules[*to].package() == modules[at].package()));
    }
    let mut entries: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut left: Vec<usize> = Vec::new();
    for (at, module) in modules.iter().enumerate().filter(|(at, _)| !inner.contains(at)) {
        match module.package() {
            Some(package) => entries.entry(package).or_default().push(at),
            None => left.push(at),
        }
    }
    let mut found: HashSet<usize> = left.iter().copied().collect();
    while let Some(at) = left.pop() {
        let leads = &edges[at];
        let paths = leads.paths.iter().filter(|(_, guarded)| !guarded);
        let of_paths = paths.filter_map(|(path, _)| at_path(path));
        let packages = leads.packages.iter().filter(|(_, guarded)| !guarded);
        let of_packages = packages.filter_map(|(name, _)| entries.get(name.as_str())).flatten();
        for to in of_paths.chain(of_packages.copied()) {
            if found.insert(to) {
                left.push(to);
            }
        }
    }
    found
}
