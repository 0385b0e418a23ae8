//! A package lists a platform package per system in its optionalDependencies, and the package
//! manager installs the one that fits. esbuild introduced this; rollup, sharp, swc, lightningcss
//! and hundreds of other packages do the same.

use std::collections::HashMap;

use super::choice::{Active, Choice, Lack};
use super::lost::lack_of;
use super::node_gyp_build::{Flavour, tagged};
use super::search::Search;
use crate::model::{Convention, Platform};
use crate::project::naming::claims;
use crate::project::package::Manifest;
use crate::project::paths::is_library;
use crate::runtime::Runtime;

/// The maximum number of names that are examined. Real families have thirty members.
const MOST_NAMES: usize = 400;
/// The maximum length of a package's name in npm.
const LONGEST_NAME: usize = 215;

/// The file that a platform package itself loads. None for other packages, and for platform
/// packages whose scripts decide.
pub(super) fn of_itself(search: &Search<'_>) -> Option<Active> {
    let manifest = &search.package.manifest;
    if !manifest.is_for_one_platform() || search.files().is_empty() {
        return None;
    }
    let main = manifest.main().map(|main| main.trim_start_matches("./").to_owned());
    if let Some(main) = main.filter(|main| main.ends_with(".node")) {
        return Some(if search.files().contains(&main) {
            Active::File(main)
        } else {
            Active::Nothing
        });
    }
    if let [file] = search.files() {
        return Some(Active::File(file.clone()));
    }
    tagged(search.files(), "", Flavour::OptionalPackages, search.runtime).map(Active::File)
}

/// The members of one family that are for the target, the best first. Empty if there are none.
pub(super) type Members = Vec<String>;

/// The families of platform packages that a package lists.
pub(super) fn families(search: &Search<'_>) -> Vec<Members> {
    of_manifest(&search.package.manifest)
        .into_iter()
        .map(|(_, names)| fitting(&names, search.runtime))
        .collect()
}

/// True if a manifest lists a family.
pub(super) fn has_families(manifest: &Manifest) -> bool {
    !of_manifest(manifest).is_empty()
}

/// The best member for the target of each family that the manifest lists.
pub(super) fn needed(manifest: &Manifest, runtime: &Runtime) -> Vec<String> {
    of_manifest(manifest)
        .iter()
        .filter_map(|(_, names)| fitting(names, runtime).into_iter().next())
        .collect()
}

/// True for the name of a platform package of another system. The target never loads it, whatever
/// requires it.
pub(super) fn is_named_for_others(name: &str, runtime: &Runtime) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let claims = claims(base);
    // "active-win" is not a package for Windows.
    let last = base.rsplit(['-', '_']).next().unwrap_or_default();
    let is_plain = base != last
        && matches!(
            Platform::from_name(last),
            Platform::Android
                | Platform::Darwin
                | Platform::FreeBsd
                | Platform::Linux
                | Platform::Win32
        );
    let names_both = !claims.platforms.is_empty() && !claims.archs.is_empty();
    (names_both || is_plain) && claims.fit(runtime).is_none()
}

/// Names in optionalDependencies that differ only in their system, by the text before the system.
pub(super) fn of_manifest(manifest: &Manifest) -> Vec<(&str, Vec<&str>)> {
    let mut families: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for name in
        manifest.optional_dependencies().filter(|name| name.len() < LONGEST_NAME).take(MOST_NAMES)
    {
        // "win-ca" and "macos-ca" are packages about a system; others use them on that system only.
        let Some(prefix) = before_system(name).filter(|prefix| !prefix.is_empty()) else {
            continue;
        };
        let index = *known.entry(prefix).or_insert_with(|| {
            families.push((prefix, Vec::new()));
            families.len() - 1
        });
        families[index].1.push(name);
    }
    // A single name is not a family: "fsevents-darwin", or an app that lists the package for the
    // system of its server.
    families.retain(|(_, names)| {
        let mut systems: Vec<_> = names
            .iter()
            .map(|name| claims(name))
            .map(|claims| (claims.platforms, claims.archs))
            .collect();
        systems.sort();
        systems.dedup();
        systems.len() > 1
    });
    families
}

/// The text before the platform in the name of a platform package.
fn before_system(name: &str) -> Option<&str> {
    if name.contains("wasm32") {
        return None;
    }
    let base = name.find('/').map_or(0, |slash| slash + 1);
    let mut start = base;
    for word in name[base..].split(['-', '_', '.']) {
        if !claims(word).platforms.is_empty() {
            return claims(name).name_a_system().then(|| &name[..start]);
        }
        start += word.len() + 1;
    }
    None
}

/// The number of a name's claims that are true for the target (`Claims::fit`), and the name.
pub(super) type Fit<'n> = (usize, &'n str);

/// The fit of a name; `None` if it is for another target.
pub(super) fn fit<'n>(name: &'n str, runtime: &Runtime) -> Option<Fit<'n>> {
    Some((claims(name).fit(runtime)?, name))
}

fn fitting(names: &[&str], runtime: &Runtime) -> Members {
    best(names.iter().filter_map(|name| fit(name, runtime)).collect(), runtime)
}

/// The names with the most true claims about the target, the shortest first: "linux-x64-musl"
/// before "linux-x64" on musl, and "linux-x64" before "linux-x64-cuda".
pub(super) fn best(fits: Vec<Fit<'_>>, runtime: &Runtime) -> Members {
    let most = fits.iter().map(|(says, _)| *says).max().unwrap_or_default();
    let mut members: Vec<&str> =
        fits.into_iter().filter(|(says, _)| *says == most).map(|(_, name)| name).collect();
    // Names with a libc ("-gnu") are for MinGW and come last: Node.js for Windows is built with
    // MSVC.
    let is_mingw = |name: &str| runtime.platform == Platform::Win32 && claims(name).libc.is_some();
    // The generated loaders of napi-rs ask for "universal" first.
    members.sort_by_key(|name| (is_mingw(name), !name.contains("universal"), name.len(), *name));
    members.into_iter().map(str::to_owned).collect()
}

/// The file that a package with these families loads.
pub(super) fn choose(search: &Search<'_>, families: &[Members]) -> Choice {
    let mut active = None;
    let mut present = false;
    let mut missing = Vec::new();
    let mut lost = None;
    for family in families {
        let mut lost_here = None;
        let installed = family.iter().find_map(|name| {
            let (package, choice) = search.choice_of(name)?;
            if choice.active != Active::Nothing {
                return Some(choice.active.seen_outside(package.directory));
            }
            lost_here = lost_here.take().or_else(|| lack_of(search, name, package, None));
            lost_here.is_none().then_some(Active::Nothing)
        });
        present |= installed.is_some() || lost_here.is_some();
        match (installed, family.first()) {
            (Some(found @ (Active::Elsewhere { .. } | Active::Unknown)), _) => {
                active = active.or(Some(found));
            }
            (None, _) if lost_here.is_some() => lost = lost.or(lost_here),
            (None, Some(name)) => missing.push(name.clone()),
            // The package is installed, but has no addon: it has libraries or a program.
            (Some(_), _) | (None, None) => {}
        }
    }
    let has_fallback = has_wasm(search);
    let none_for_target = families.iter().all(Vec::is_empty);
    let lack = match (missing.is_empty(), none_for_target) {
        (false, _) => Some(Lack::PlatformPackages(missing)),
        (true, true) => Some(Lack::Prebuild),
        (true, false) => lost,
    };
    // Without its libraries the addon is still the active file. The check of the addon reports the
    // missing libraries.
    match active {
        Some(active) if lack.is_none() || present => {
            Choice { loader: Convention::PlatformPackage, active, lack, has_fallback }
        }
        _ => Choice {
            loader: Convention::PlatformPackage,
            active: Active::Nothing,
            lack,
            has_fallback,
        },
    }
}

/// True if an installed member may lack a file of which only the scripts of the package know: it
/// has a library and no addon (@duckdb/node-bindings-linux-x64 1.5).
pub(super) fn may_have_lost(search: &Search<'_>, families: &[Members]) -> bool {
    families.iter().flatten().filter_map(|name| search.installed(name)).any(|package| {
        package.files.is_empty()
            && search.disk.names(&package.directory, "").iter().any(|one| is_library(one))
    })
}

/// True if an installed WebAssembly build replaces the addon. sharp 0.35 doesn't list its own.
fn has_wasm(search: &Search<'_>) -> bool {
    let manifest = &search.package.manifest;
    let listed = manifest.optional_dependencies().filter(|name| name.contains("wasm32"));
    let families = of_manifest(manifest);
    let unlisted: Vec<String> =
        families.iter().map(|(prefix, _)| format!("{prefix}wasm32")).collect();
    listed.chain(unlisted.iter().map(String::as_str)).any(|name| search.installed(name).is_some())
}
