//! What the packages in a bundle require by a name, and what isn't in the output.

use std::collections::BTreeMap;

use super::addons::name_of;
use super::found::Found;
use super::graph::{Asked, What};
use super::judge::Judge;
use super::module::{Bundle, Bundler, Module, package_in};
use crate::files::{self, join_inside, shown};
use crate::model::Convention;
use crate::project::loader::{Active, Lack, dormant_here};
use crate::project::{GAP, Manifest, bare_name, claims, matches};

/// The maximum number of names that the modules of a bundle require. Real bundles have some dozen.
const MOST_NEEDS: usize = 4096;
/// The maximum number of comparisons of these names with the native modules of the bundle.
const MOST_STEPS: usize = 1 << 20;

/// A running module with the name of its package.
pub(super) type Running<'b> = (&'b str, &'b Module, &'b Asked);

impl Judge<'_> {
    /// A module requires addons, and none of them is in the output.
    pub fn lost(&self, bundle: &Bundle, package: &str, asked: &Asked) -> Option<Found> {
        // The names in a source map are those before the bundler copied the files.
        if bundle.bundler != Bundler::Esbuild {
            return None;
        }
        // Where an addon is beside the bundle, its name is at the end of the path that was read.
        let copied: Vec<&str> = asked.addons().filter(|path| is_hashed(path)).collect();
        let is_there = |path: &str| self.files.iter().any(|file| name_of(file) == name_of(path));
        // A platform package may be found in a node_modules that isn't here.
        let may_be_elsewhere = |name: &String| {
            name.starts_with(package)
                && name != package
                && dormant_here(&Manifest::named(name), self.runtime).is_none()
        };
        if copied.is_empty()
            || asked.addons().any(is_there)
            || !copied.iter().all(|path| bundle.text.contains(name_of(path)))
            || asked.packages.iter().any(may_be_elsewhere)
        {
            return None;
        }
        let file = bundle.beside(name_of(copied.first()?));
        let lack = Some(Lack::File(file));
        Some(self.package(bundle, package, Convention::Script, Active::Nothing, lack))
    }

    /// The packages that need an addon or a platform package, and find none: for each, what one of
    /// its modules requires without a fallback.
    pub fn unmet(&self, bundle: &Bundle, running: &[Running<'_>]) -> Vec<Found> {
        // A map doesn't show what the bundler has put in the place of a name.
        if bundle.by_map && !self.named.is_empty() {
            return Vec::new();
        }
        let natives: Vec<&Module> = bundle.modules.iter().filter(|it| may_load(it)).collect();
        let needs: usize = running.iter().map(|(.., asked)| asked.needs.len()).sum();
        if needs.saturating_mul(natives.len()) > MOST_STEPS || needs > MOST_NEEDS {
            return Vec::new();
        }
        let mut packages: BTreeMap<&str, Vec<(&Module, &Asked)>> = BTreeMap::new();
        for (package, module, asked) in running {
            packages.entry(package).or_default().push((module, asked));
        }
        let unmet = packages.into_iter().filter_map(|(package, modules)| {
            let (loader, lack) = self.lack_of(bundle, &natives, &modules)?;
            Some(self.package(bundle, package, loader, Active::Nothing, Some(lack)))
        });
        unmet.collect()
    }

    /// What a package with these modules lacks.
    fn lack_of(
        &self,
        bundle: &Bundle,
        natives: &[&Module],
        modules: &[(&Module, &Asked)],
    ) -> Option<(Convention, Lack)> {
        // What its loader finds decides. Neon's only helps to find a platform package.
        let mut calls = modules.iter().flat_map(|(_, asked)| &asked.calls);
        let is_neon = calls.clone().any(|call| *call.loader == Convention::Neon);
        if calls.any(|call| *call.loader != Convention::Neon) {
            return None;
        }
        let needs = || modules.iter().flat_map(|(_, asked)| &asked.needs);
        let is_native = |what: &What| self.is_native(what) || is_neon && is_any_in_scope(what);
        if !needs().any(|need| !need.guarded && is_native(&need.what)) {
            return None;
        }
        let mut places = modules.iter().flat_map(|(module, asked)| {
            asked.needs.iter().map(|need| (module.folder(), &need.what))
        });
        if places.any(|(folder, what)| self.is_met(bundle, natives, folder, what)) {
            return None;
        }
        let mut names = needs().filter_map(|need| match &need.what {
            What::Package(name) if !name.contains(GAP) && self.is_native(&need.what) => {
                Some(package_in(name).to_owned())
            }
            _ => None,
        });
        let name = names.next();
        let loader = if name.is_some() { Convention::PlatformPackage } else { Convention::Script };
        Some((loader, bundle.lack(name)))
    }

    /// True for an addon with a name, and for a platform package of this system.
    fn is_native(&self, what: &What) -> bool {
        match what {
            What::File(path) => {
                let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
                name.replace(GAP, "") != ".node" || is_of_addons(folder)
            }
            What::Package(name) => {
                let claims = claims(&package_in(name).replace(GAP, ""));
                claims.name_a_system() && claims.fit(self.runtime).is_some()
            }
        }
    }

    /// True if a module in the bundle, or a file or a package in the output may be what a module
    /// in `folder` requires.
    fn is_met(&self, bundle: &Bundle, natives: &[&Module], folder: &str, what: &What) -> bool {
        match what {
            What::File(path) => {
                let place = moved(folder, path, bundle.folder());
                natives.iter().any(|other| matches(path, &other.path))
                    || place.is_some_and(|at| self.files.iter().any(|file| matches(&at, file)))
            }
            What::Package(name) => {
                let name = package_in(name);
                // Of a platform package with libraries, a bundle may have only scripts.
                let mut packages = natives.iter().filter_map(|other| other.package());
                packages.any(|known| means(name, known)) || self.has_package(bundle, name)
            }
        }
    }

    /// True if a `node_modules` that the bundle searches has a package with this name.
    fn has_package(&self, bundle: &Bundle, name: &str) -> bool {
        let scope = name.split_once('/').map(|(scope, _)| scope);
        let root = &self.output.root;
        let Some(folder) = join_inside(root, bundle.folder()) else { return false };
        let mut around = files::ancestors(&folder).take_while(|at| at.starts_with(root));
        around.any(|at| {
            let place = at.join("node_modules").join(scope.unwrap_or_default());
            files::list(&place).into_iter().flatten().flatten().any(|entry| {
                let known = shown(&entry.name);
                means(name, &scope.map_or(known.clone(), |scope| format!("{scope}/{known}")))
            })
        })
    }
}

/// True for a name that is computed except for its scope.
fn is_any_in_scope(what: &What) -> bool {
    let What::Package(name) = what else { return false };
    let inner = name.split_once('/').map(|(_, inner)| inner);
    inner.is_some_and(|inner| inner.chars().all(|c| c == GAP))
}

/// True for a folder in which packages have their addons.
fn is_of_addons(folder: &str) -> bool {
    let of_builds = folder.ends_with("build/Release") || folder.ends_with("build/Debug");
    of_builds || folder.contains("/prebuilds/")
}

/// True for a module that is an addon or WebAssembly, or that names one.
fn may_load(module: &Module) -> bool {
    let ends = [".node", ".wasm"];
    ends.iter().any(|end| module.path.ends_with(end) || module.text.contains(end))
}

/// True if a name with gaps can be that of a package. A gap stands for a system: "a-linux-x64" for
/// "a-" with a gap, but not "a-tools-linux-x64".
fn means(pattern: &str, name: &str) -> bool {
    let bare = |name: &str| bare_name(name.replace(GAP, "").trim_end_matches('-'));
    pattern == name
        || (pattern.contains(GAP) && matches(pattern, name) && bare(pattern) == bare(name))
}

/// The path in the output of a file that a module in `folder` requires, because the bundle is in
/// the folder `to`; `None` if it is outside.
fn moved(folder: &str, path: &str, to: &str) -> Option<String> {
    let parts = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (from, path) = (parts(folder), parts(path));
    let same = from.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let mut place = parts(to);
    for _ in same..from.len() {
        place.pop()?;
    }
    place.extend(path.into_iter().skip(same));
    Some(place.join("/"))
}

/// True for the name that esbuild gives to a file that it copies: `x-J2LGMM6E.node`.
fn is_hashed(path: &str) -> bool {
    let name = path.strip_suffix(".node").and_then(|name| name.rsplit_once('-'));
    name.is_some_and(|(_, hash)| {
        hash.len() == 8 && hash.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn a_path_is_seen_from_the_bundle() {
        let folder = "node_modules/a/lib";
        for (path, to, expected) in [
            ("node_modules/a/lib/x.node", "", Some("x.node")),
            ("node_modules/a/lib/build/x.node", "dist", Some("dist/build/x.node")),
            ("node_modules/a/x.node", "dist", Some("x.node")),
            ("node_modules/a/x.node", "", None),
            ("node_modules/b/x.node", "a/b/c", Some("a/b/x.node")),
        ] {
            assert_eq!(moved(folder, path, to).as_deref(), expected, "{path} to {to}");
        }
    }
}
