//! Finds the `.node` file that the package's own loader would open. There is one file per
//! convention. Each answers for any target, not just for this host.
//!
//! The evidence comes from the package: its scripts, which are read and not run ([`script`]), the
//! platform packages that it lists, and fields of its package.json. If none of these decide, the
//! names of its files do. `data/packages.json` lists the packages that follow no convention.
//!
//! To add a convention: write a file with a `find` function. Call it in `script/calls.rs` if the
//! convention is a module that packages call, otherwise in `by_convention`.

mod bindings;
mod choice;
mod cmake_ts;
mod entries;
mod exceptions;
mod inlined;
mod lost;
mod names;
mod napi_rs;
mod node_gyp_build;
mod node_pre_gyp;
mod pkg_prebuilds;
mod platform_packages;
mod prisma;
mod script;
mod search;
mod several;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use self::platform_packages::Members;
use self::search::{MOST_PACKAGES, Search};
pub use super::installed::{Disk, Installed};
use super::naming::{Claims, claims};
use super::package::Manifest;
use crate::model::{Convention, Libc, Platform};
use crate::runtime::Runtime;
pub use bindings::folders as folders_of_bindings;
pub use choice::{Active, Choice, Lack};
pub use inlined::inlined;
pub use script::{Asked, Request};
pub use several::Further;

impl Search<'_> {
    fn choose(&self) -> Choice {
        let row = exceptions::row(&self.package.manifest);
        let mut choice = self.by_convention(row);
        if self.is_named_for_others() {
            choice.lack = None;
        }
        Choice {
            has_fallback: choice.has_fallback || row.is_some_and(|row| row.has_fallback),
            ..choice
        }
    }

    /// True unless the package's own loader uses other file names than package.json states.
    fn is_name_used(&self, name: &str) -> bool {
        let beginning = format!("{name}.");
        if self
            .files()
            .iter()
            .all(|file| file.rsplit('/').next().is_some_and(|base| base.starts_with(&beginning)))
        {
            return true;
        }
        let mut loaders = self
            .package
            .manifest
            .entries()
            .into_iter()
            .filter_map(|entry| self.read(&entry))
            .peekable();
        loaders.peek().is_none() || loaders.any(|text| text.contains(&beginning))
    }

    /// True for packages like "windows-focus-assist" on other systems: their addon isn't needed
    /// there, whatever their script says.
    fn is_named_for_others(&self) -> bool {
        let platforms =
            self.package.manifest.name().map(|name| claims(name).platforms).unwrap_or_default();
        !platforms.is_empty() && !platforms.contains(&self.runtime.platform)
    }

    /// For a package whose addon is in its platform packages.
    fn by_families(&self, families: &[Members]) -> Choice {
        let mut choice = platform_packages::choose(self, families);
        let has_no_name = match &choice.lack {
            None => {
                choice.active == Active::Nothing && platform_packages::may_have_lost(self, families)
            }
            Some(Lack::FileElsewhere { file, .. }) => file.is_none(),
            Some(_) => false,
        };
        if has_no_name || choice.lack.is_some() {
            // The scripts show the file that a member should have, and whether there is a fallback.
            let of_scripts = script::choose(self);
            if has_no_name && matches!(of_scripts.lack, Some(Lack::FileElsewhere { .. })) {
                choice.lack = of_scripts.lack;
            }
            choice.has_fallback |= choice.lack.is_some() && of_scripts.has_fallback;
        }
        choice
    }

    fn by_convention(&self, row: Option<&exceptions::Row>) -> Choice {
        let manifest = &self.package.manifest;
        if self.depth > 4 || !is_for(manifest, self.runtime) {
            return Choice::found(Convention::PlatformPackage, Active::Nothing);
        }
        if let Some(choice) = row.and_then(|row| exceptions::choose(self, row)) {
            return choice;
        }
        if let Some(choice) = prisma::choose(self) {
            return choice;
        }
        if let Some(active) = platform_packages::of_itself(self) {
            return Choice::found(Convention::PlatformPackage, active);
        }
        let families = platform_packages::families(self);
        if self.files().is_empty() && !families.is_empty() {
            return self.by_families(&families);
        }
        if let Some(name) = manifest.napi_rs_name().filter(|name| self.is_name_used(name)) {
            match napi_rs::find(self, name) {
                Active::Nothing => {}
                active => return Choice::found(Convention::NapiRs, active),
            }
        }
        let mut choice = script::choose(self);
        if choice.active == Active::Nothing && !families.is_empty() {
            let of_family = platform_packages::choose(self, &families);
            choice =
                Choice { has_fallback: of_family.has_fallback || choice.has_fallback, ..of_family };
        }
        choice
    }
}

/// Chooses the file that `package`'s own loader would open in `runtime`.
#[must_use]
pub fn choose(package: &Installed, runtime: &Runtime, disk: &dyn Disk) -> Choice {
    let choice = Search {
        package,
        runtime,
        disk,
        depth: 0,
        left: &Cell::new(MOST_PACKAGES),
        choose: |search| search.choose(),
    }
    .choose();
    // The part that was not read could change the answer.
    if disk.control().has_read_all() {
        choice
    } else {
        Choice::found(Convention::Unknown, Active::Unknown)
    }
}

/// The packages that the scripts of `package` require in `runtime`.
#[must_use]
pub fn asked(package: &Installed, runtime: &Runtime, disk: &dyn Disk) -> Asked {
    let left = &Cell::new(MOST_PACKAGES);
    let choose = |search: &Search<'_>| search.choose();
    Asked::read(&Search { package, runtime, disk, depth: 0, left, choose })
}

/// The addons of one of the project's own folders beside that of `choice`, each with its files.
/// `builds`: the project compiles addons.
#[must_use]
pub fn further(
    package: &Installed,
    choice: &Choice,
    builds: bool,
    runtime: &Runtime,
    disk: &dyn Disk,
) -> Vec<Further> {
    if choice.loader == Convention::Prisma {
        return Vec::new();
    }
    let left = &Cell::new(MOST_PACKAGES);
    let choose = |search: &Search<'_>| search.choose();
    let search = Search { package, runtime, disk, depth: 0, left, choose };
    let found = several::further(&search, choice, builds);
    if disk.control().has_read_all() { found } else { Vec::new() }
}

/// True for a package that follows no convention and is listed in data/packages.json.
#[must_use]
pub fn is_exception(package: &Installed) -> bool {
    exceptions::row(&package.manifest).is_some()
}

/// The choice for a platform package of another system: it is installed and not needed. Its own
/// loader possibly doesn't test the system.
#[must_use]
pub fn dormant_here(manifest: &Manifest, runtime: &Runtime) -> Option<Choice> {
    let is_for_others =
        manifest.name().is_some_and(|name| platform_packages::is_named_for_others(name, runtime));
    is_for_others.then(|| Choice::found(Convention::PlatformPackage, Active::Nothing))
}

/// The platform packages that a package needs on `runtime` although they are optional: the best one
/// of each family.
#[must_use]
pub fn needed_platform_packages(manifest: &Manifest, runtime: &Runtime) -> Vec<String> {
    platform_packages::needed(manifest, runtime)
}

/// The families of platform packages that a package lists in `optionalDependencies`: the text
/// before the system in their names, and the names.
#[must_use]
pub fn families(manifest: &Manifest) -> Vec<(&str, Vec<&str>)> {
    platform_packages::of_manifest(manifest)
}

/// True if a package has files whose names fit the runtime's system, but none that fits its
/// release.
#[must_use]
pub fn has_files_of_other_releases(package: &Installed, runtime: &Runtime) -> bool {
    let claims: Vec<Claims> = package.files.iter().map(|file| package.claims_of(file)).collect();
    let fits_but_for_release = |claims: &Claims| {
        Claims { release: None, ..claims.clone() }.fit(runtime).is_some_and(|says| says > 0)
    };
    !claims.iter().any(|claims| claims.fit(runtime).is_some())
        && claims.iter().any(fits_but_for_release)
}

/// The systems in the names of a package's files: "linux-x64", "darwin-arm64".
#[must_use]
pub fn claimed_systems(package: &Installed) -> Vec<String> {
    let mut systems: Vec<String> = package
        .files
        .iter()
        .map(|file| package.claims_of(file))
        .flat_map(|claims| {
            let libc = if claims.libc == Some(Libc::Musl) { "-musl" } else { "" };
            let of = |platform: &Platform| {
                claims
                    .archs
                    .iter()
                    .map(|arch| format!("{platform}-{arch}{libc}"))
                    .collect::<Vec<_>>()
            };
            claims.platforms.iter().flat_map(of).collect::<Vec<_>>()
        })
        .collect();
    systems.sort();
    systems.dedup();
    systems
}

/// The installed platform packages of a package whose names are for another system.
#[must_use]
pub fn platform_packages_for_others(
    package: &Installed,
    runtime: &Runtime,
    disk: &dyn Disk,
) -> Vec<String> {
    let names =
        platform_packages::of_manifest(&package.manifest).into_iter().flat_map(|(_, names)| names);
    let is_foreign = |name: &&str| platform_packages::is_named_for_others(name, runtime);
    names
        .filter(is_foreign)
        .filter(|name| disk.package(&package.directory, name).is_some())
        .map(str::to_owned)
        .collect()
}

/// True if the package may load an addon, judged by its package.json alone.
#[must_use]
pub fn may_load_an_addon(manifest: &Manifest) -> bool {
    let builders = ["cmake-js", "prebuild-install", "node-gyp"];
    let loaders = super::script::LOADERS.iter().map(|(module, _)| *module);
    loaders.chain(builders).any(|module| manifest.depends_on(module))
        || manifest.script("install").is_some()
        || is_made_with_neon(manifest)
        || manifest.napi_rs_name().is_some()
        || platform_packages::has_families(manifest)
        || manifest.is_prisma_client()
}

/// True for a package in Rust whose scripts copy the library to its place. Users of such a package
/// may have to download the file.
fn is_made_with_neon(manifest: &Manifest) -> bool {
    const TOOLS: [&str; 3] = ["cargo-cp-artifact", "neon dist", "neon build"];
    let scripts = manifest.object("scripts").into_iter().flat_map(|scripts| scripts.values());
    let mut texts = scripts.filter_map(|script| script.as_str());
    texts.any(|text| TOOLS.iter().any(|tool| text.contains(tool)))
}

/// True unless the manifest's `os`, `cpu` and `libc` name systems without the runtime's.
fn is_for(manifest: &Manifest, runtime: &Runtime) -> bool {
    !manifest.is_for_others("os", runtime.platform.as_str())
        && !manifest.is_for_others("cpu", runtime.arch.as_str())
        && !runtime.libc.is_some_and(|libc| manifest.is_for_others("libc", libc.as_str()))
}
