//! Which modules of a bundle certainly run, and what these ask for. A module that is only required
//! inside of `try` may be missing; what it needs is no defect.

use std::collections::{HashMap, HashSet};

use super::module::Module;
use crate::control::Control;
use crate::model::Convention;
use crate::project::{
    Argument, Flow, GAP, Host, LONGEST_SCRIPT, Mention, Said, ScriptReader, claims,
};
use crate::runtime::Runtime;

/// The ends of the path of a module that `require` may leave out.
const ENDS: [&str; 8] = ["", ".js", ".cjs", ".mjs", ".ts", "/index.js", "/index.cjs", "/index.mjs"];

/// A call of the module of a loader.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub loader: &'static Convention,
    pub arguments: Vec<Argument>,
}

/// What a module requires by a name that it may compute, with gaps.
#[derive(Clone, Debug)]
pub(super) struct Need {
    /// The path of a `.node` file as in [`Module::path`], or the name of a package.
    pub what: What,
    /// The module has a fallback for it.
    pub guarded: bool,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    File(String),
    Package(String),
}

/// What one module asks for, without what it has a fallback for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub calls: Vec<Call>,
    /// The names of other packages, also those that it has a fallback for.
    pub packages: Vec<String>,
    /// Addons and packages that may have some, also those that it has a fallback for.
    pub needs: Vec<Need>,
    /// It certainly runs.
    pub runs: bool,
}

impl Asked {
    /// True if it says something about addons.
    fn matters(&self) -> bool {
        let names_addon = |need: &Need| matches!(need.what, What::File(_)) || !need.guarded;
        !self.calls.is_empty() || self.needs.iter().any(names_addon)
    }

    /// The paths of `.node` files, as in [`Module::path`], that it has no fallback for.
    pub fn addons(&self) -> impl Iterator<Item = &str> {
        self.needs.iter().filter_map(|need| match &need.what {
            What::File(path) if !need.guarded => Some(path.as_str()),
            _ => None,
        })
    }
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
    let host = Host::new(runtime);
    for module in modules {
        let (asked, leads) = read(module, Part::Target(host), control).unwrap_or_default();
        all.push(asked);
        edges.push(leads);
    }
    let native = modules.iter().zip(&all).filter(|(_, asked)| asked.matters());
    let native: HashSet<Option<&str>> = native.map(|(module, _)| module.package()).collect();
    let running = Graph { modules, edges: &edges, native: &native, host, control }.running();
    if control.stops() || !control.has_read_all() {
        return Vec::new();
    }
    for at in running {
        all[at].runs = true;
    }
    all
}

/// The part of a module that is read.
#[derive(Clone, Copy)]
enum Part<'h> {
    /// What may run on the target.
    Target(Host<'h>),
    /// What runs on the target when the module is loaded: none of its functions.
    AtLoad(Host<'h>),
    /// What may run on any system.
    AllSystems,
}

/// `None` if the module can't be read as a whole.
fn read(module: &Module, part: Part<'_>, control: &Control) -> Option<(Asked, Edges)> {
    let length = module.text.len() as u64;
    if control.stops() || length > LONGEST_SCRIPT || !control.spend_on_scripts(length) {
        return None;
    }
    let loads =
        |word: &str| memchr::memmem::find(module.text.as_bytes(), word.as_bytes()).is_some();
    if !loads("require") && !loads("import") {
        return Some((Asked::default(), Edges::default()));
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
    let host = match part {
        Part::Target(host) | Part::AtLoad(host) => Some(host),
        Part::AllSystems => None,
    };
    let mut reader = ScriptReader::new(&text, &|_| false, host, &mut listener);
    if matches!(part, Part::AtLoad(_)) {
        reader = reader.without_functions();
    }
    reader.module(&path);
    let is_whole = reader.has_read_all();
    control.spend_on_operands(reader.operands());
    if !is_whole {
        return None;
    }
    let matters = |guarded: bool| !guarded || is_demanded;
    let files = edges.paths.iter().filter(|(path, _)| path.ends_with(".node"));
    let files = files.map(|(path, guarded)| (What::File(path.clone()), *guarded));
    let packages = edges.packages.iter().filter(|(name, _)| may_be_native(name));
    let packages = packages.map(|(name, guarded)| (What::Package(name.clone()), *guarded));
    let needs = files.chain(packages);
    let asked = Asked {
        needs: needs.map(|(what, guarded)| Need { what, guarded: !matters(guarded) }).collect(),
        calls: calls.into_iter().filter(|(_, guarded)| matters(*guarded)).map(|it| it.0).collect(),
        packages: edges.packages.iter().map(|(name, _)| name.clone()).collect(),
        runs: false,
    };
    Some((asked, edges))
}

/// False for the name of a package that is written in JavaScript.
fn may_be_native(name: &str) -> bool {
    name.contains(GAP) || name.contains("wasm") || claims(name).name_a_system()
}

/// The modules of a bundle, and where they lead.
struct Graph<'m> {
    modules: &'m [Module],
    edges: &'m [Edges],
    /// The packages with modules that ask for addons.
    native: &'m HashSet<Option<&'m str>>,
    host: Host<'m>,
    control: &'m Control,
}

impl<'m> Graph<'m> {
    fn leads(&self, at: usize, part: Part<'_>) -> Edges {
        read(&self.modules[at], part, self.control).map(|(_, leads)| leads).unwrap_or_default()
    }

    /// The modules that run, however the bundle is started: those of the app that no other module
    /// requires, and what these require on the target.
    fn running(&self) -> HashSet<usize> {
        let modules = self.modules.iter().enumerate();
        let by_path: HashMap<&str, usize> =
            modules.clone().map(|(at, module)| (module.path.as_str(), at)).collect();
        let at_path = |path: &str| {
            ENDS.iter().find_map(|end| by_path.get(format!("{path}{end}").as_str()).copied())
        };
        let inner = self.inner(at_path);
        let mut entries: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut left: Vec<usize> = Vec::new();
        for (at, module) in modules.filter(|(at, _)| !inner.contains(at)) {
            match module.package() {
                Some(package) => entries.entry(package).or_default().push(at),
                None => left.push(at),
            }
        }
        let mut found: HashSet<usize> = left.iter().copied().collect();
        while let Some(at) = left.pop() {
            let leads = &self.edges[at];
            let paths = leads.paths.iter().filter(|(_, guarded)| !guarded);
            let of_paths = paths.filter_map(|(path, _)| Some((path, at_path(path)?)));
            let packages = leads.packages.iter().filter(|(_, guarded)| !guarded);
            let of_packages = packages.flat_map(|(name, _)| {
                entries.get(name.as_str()).into_iter().flatten().map(move |to| (name, *to))
            });
            let mut at_load = None;
            for (name, to) in of_paths.chain(of_packages) {
                if found.contains(&to) {
                    continue;
                }
                // A package may require another one only for a feature that the app doesn't use.
                let may_be_late = self.crosses(at, to);
                if may_be_late {
                    let loads =
                        at_load.get_or_insert_with(|| self.leads(at, Part::AtLoad(self.host)));
                    let mut names = loads.paths.iter().chain(&loads.packages);
                    if !names.any(|(known, _)| known == name) {
                        continue;
                    }
                }
                found.insert(to);
                left.push(to);
            }
        }
        found
    }

    /// Modules that a module of the same package requires, on some system: they are no entries of
    /// the package.
    fn inner(&self, at_path: impl Fn(&str) -> Option<usize>) -> HashSet<usize> {
        let mut inner = HashSet::new();
        for (at, module) in self.modules.iter().enumerate() {
            let mut note = |leads: &Edges| {
                let of_paths = leads.paths.iter().filter_map(|(path, _)| at_path(path));
                inner.extend(of_paths.filter(|to| self.modules[*to].package() == module.package()));
            };
            note(&self.edges[at]);
            if self.native.contains(&module.package()) {
                note(&self.leads(at, Part::AllSystems));
            }
        }
        inner
    }

    /// True if a package leads to a native one.
    fn crosses(&self, from: usize, to: usize) -> bool {
        let (from, to) = (self.modules[from].package(), self.modules[to].package());
        from.is_some() && from != to && self.native.contains(&to)
    }
}
