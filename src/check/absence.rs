//! Problems of packages that have no file to load, or whose stale build hides the right file.

use std::path::Path;

use crate::environment::{Installation, PackageManager, blocked};
use crate::files::shown;
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::problem::package::{
    MissingPlatformPackage, NoMatchingPrebuild, NotBuilt, ShadowedPrebuild,
};
use crate::model::{Facts, Problem};
use crate::project::Native;
use crate::project::loader::{
    Choice, Disk, Installed, Lack, claimed_systems, platform_packages_for_others,
};
use crate::runtime::Runtime;

/// The problem of a package that needs a file and has none.
pub(super) fn problem(
    native: &Native,
    choice: &Choice,
    lack: &Lack,
    runtime: &Runtime,
    installation: &Installation,
    disk: &dyn Disk,
) -> Problem {
    let system = runtime.system();
    let has_fallback = choice.has_fallback;
    let no_prebuild = |available: Vec<String>, left_out: bool| -> Facts {
        let wanted = system.clone();
        NoMatchingPrebuild { wanted, available, left_out, has_fallback }.into()
    };
    let (facts, message): (Facts, String) = match lack {
        Lack::Build if !native.can_be_built() => {
            let message = "its .node files are missing: no install script creates them, so they \
                were left out when the package was copied or bundled"
                .to_owned();
            (no_prebuild(Vec::new(), true), message)
        }
        Lack::Build => {
            let (blocked, message) = not_built(&native.installed, installation);
            let loader = choice.loader.clone();
            (NotBuilt { loader, blocked, has_fallback }.into(), message)
        }
        Lack::Prebuild => {
            let systems = claimed_systems(&native.installed);
            let plain = runtime.tuple();
            let message = match systems.as_slice() {
                [] => format!("it has no file for {system}"),
                // The files are for the system, but for other releases.
                some if some.contains(&plain) => {
                    format!("it has files for {plain}, but none for {}", runtime.title())
                }
                some => format!("it has no file for {system}, only for {}", listed(some)),
            };
            (no_prebuild(systems, false), message)
        }
        Lack::File(file) => return lost(&native.installed.directory.join(file), runtime),
        Lack::PrebuildElsewhere(name) => {
            let message = format!("{name} is installed, but has no file for {system}");
            (no_prebuild(Vec::new(), false), message)
        }
        Lack::FileElsewhere { directory, file: Some(file), .. } => {
            (no_prebuild(Vec::new(), true), left_out(&directory.join(file)))
        }
        Lack::FileElsewhere { name, file: None, .. } => {
            let message = format!("{name} has no .node file: it was left out or removed");
            (no_prebuild(Vec::new(), true), message)
        }
        Lack::Bundled { script, package: None } => {
            let message =
                format!("it is bundled into {script} without its .node file for {system}");
            (no_prebuild(Vec::new(), true), message)
        }
        Lack::Bundled { script, package: Some(name) } => {
            let message =
                format!("it is bundled into {script} without {name}, which it needs on {system}");
            let (packages, installed) = (vec![name.clone()], Vec::new());
            (MissingPlatformPackage { packages, installed, has_fallback }.into(), message)
        }
        Lack::Engine { wanted, available } => {
            let wanted = wanted.join(" or ");
            let message = match available.as_slice() {
                [] => format!("Prisma Client has no engine for {wanted}"),
                some => {
                    format!("Prisma Client has no engine for {wanted}, only for {}", listed(some))
                }
            };
            let available = available.clone();
            let facts = NoMatchingPrebuild { wanted, available, left_out: false, has_fallback };
            (facts.into(), message)
        }
        Lack::PlatformPackages(names) => {
            let others = platform_packages_for_others(&native.installed, runtime, disk);
            let elsewhere = match others.as_slice() {
                [] => String::new(),
                some => format!("; {} is installed, which is for another system", listed(some)),
            };
            let verb = if names.len() == 1 { "is" } else { "are" };
            let message = format!(
                "{} {verb} not installed, which it needs on {system}{elsewhere}",
                listed(names)
            );
            let packages = names.clone();
            let facts = MissingPlatformPackage { packages, installed: others, has_fallback };
            (facts.into(), message)
        }
    };
    match has_fallback {
        true => Problem::warning(facts, format!("{message}; it has a fallback")),
        false => Problem::error(facts, message),
    }
}

/// The problem of a file that a script or an archive names, and that isn't there.
pub(super) fn lost(file: &Path, runtime: &Runtime) -> Problem {
    let facts = NoMatchingPrebuild {
        wanted: runtime.system(),
        available: Vec::new(),
        left_out: true,
        has_fallback: false,
    };
    Problem::error(facts, left_out(file))
}

fn left_out(file: &Path) -> String {
    format!("{} is missing: it was left out or removed", file.display())
}

/// The problem of a package whose loader isn't understood.
pub(super) fn unknown(native: &Native) -> Problem {
    let message = match native.installed.files.len() {
        0 if native.is_prisma_client() => {
            "abi-guard doesn't know which engine it loads: PRISMA_QUERY_ENGINE_LIBRARY names no \
            file that is there, or several engines fit"
                .to_owned()
        }
        0 => {
            "it has a binding.gyp, but no .node file was built; abi-guard doesn't know whether it \
            needs one"
                .to_owned()
        }
        count => format!("abi-guard doesn't know which of its {count} .node files it loads"),
    };
    Problem::warning(Undetermined { what: Subject::ActiveFile }, message)
}

/// The problem of a package with a compiled file that is no addon.
pub(super) fn empty_target() -> Problem {
    let message = "its compiled file registers nothing in Node.js; abi-guard doesn't know whether \
        the package loads it on this system";
    Problem::warning(Undetermined { what: Subject::ActiveFile }, message.to_owned())
}

/// The problem of an addon that was not built, and the reason, if it is known.
fn not_built(installed: &Installed, installation: &Installation) -> (Option<String>, String) {
    let manifest = &installed.manifest;
    let block = blocked(installation, manifest.name().unwrap_or_default(), manifest.version())
        .filter(|block| block.is_certain);
    let message = match &block {
        Some(block) => format!(
            "its addon was never built, as its install script did not run: {}",
            block.reason
        ),
        None => {
            let rule = match installation.manager {
                PackageManager::Npm => {
                    "npm 12 and newer run it for approved packages only; --ignore-scripts forbids \
                        it"
                }
                PackageManager::Pnpm => {
                    "pnpm 10 and newer run it for approved packages only; --ignore-scripts forbids \
                        it"
                }
                PackageManager::YarnClassic => "--ignore-scripts forbids it",
                PackageManager::YarnBerry => "enableScripts may forbid it",
                PackageManager::Bun => "Bun runs it for trustedDependencies only",
                PackageManager::Deno => "Deno runs it for allowed packages only",
            };
            format!("its addon was never built: its install script did not run, or failed ({rule})")
        }
    };
    (block.map(|block| block.reason), message)
}

/// The problem of a build that hides a prebuilt file.
pub(super) fn shadowed(installed: &Installed, file: &str, prebuild: &Path) -> Problem {
    let folder = installed.directory.join("build");
    let name = prebuild.strip_prefix(&installed.directory).unwrap_or(prebuild);
    let message = format!("the stale {file} hides {}, which would load", name.display());
    let facts = ShadowedPrebuild { prebuild: shown(prebuild), remove: shown(&folder) };
    Problem::error(facts, message)
}

fn listed(names: &[String]) -> String {
    const MOST: usize = 6;
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}
