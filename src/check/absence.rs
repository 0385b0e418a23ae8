//! What to say where a package has no file to load, or the wrong one stands before the right one.

use std::path::Path;

use super::package::Check;
use crate::environment::PackageManager;
use crate::project::Native;
use crate::project::loader::{Choice, Installed, Lack, claimed_systems, platform_packages};
use crate::verdict::{Code, Problem};

/// The problem of a package that would load something, and has nothing.
pub(super) fn problem(native: &Native, choice: &Choice, lack: &Lack, check: &Check<'_>) -> Problem {
    let runtime = check.runtime;
    let system = runtime.system();
    let problem = match lack {
        Lack::Build => Problem::error(Code::NotBuilt, not_built(check.manager)).with("loader", choice.loader),
        Lack::Prebuild => {
            let systems = claimed_systems(&native.installed);
            let others = match systems.as_slice() {
                [] => String::new(),
                some => format!(", only for {}", listed(some)),
            };
            Problem::error(Code::NoMatchingPrebuild, format!("it has no file for {system}{others}"))
                .with("wanted", system.as_str())
                .with("available", systems)
        }
        Lack::PlatformPackages(names) => {
            let others = platform_packages(&native.installed, check.disk);
            let elsewhere = match others.as_slice() {
                [] => "none of its platform packages is".to_owned(),
                some => format!("installed is {}, for another system", listed(some)),
            };
            let verb = if names.len() == 1 { "is" } else { "are" };
            let message = format!("{} {verb} not installed, which it needs on {system}; {elsewhere}", listed(names));
            let message = message.replace("; none of its platform packages is", "");
            Problem::error(Code::MissingPlatformPackage, message).with("packages", names.clone()).with("installed", others)
        }
    };
    if choice.has_fallback {
        let message = format!("{}; it goes on without", problem.message);
        return Problem { message, ..problem }.as_warning().with("hasFallback", true);
    }
    problem
}

/// Why nothing was built, as far as the package manager tells.
fn not_built(manager: PackageManager) -> String {
    let blocked = match manager {
        PackageManager::Npm => "npm 12 and newer run it for approved packages only, and none with --ignore-scripts",
        PackageManager::Pnpm => "pnpm 10 and newer run it for approved packages only",
        PackageManager::YarnClassic => "Yarn doesn't with --ignore-scripts",
        PackageManager::YarnBerry => "Yarn doesn't with enableScripts: false, or where dependenciesMeta says built: false",
        PackageManager::Bun => "Bun runs it for trustedDependencies only",
    };
    format!("its addon was never built: its install script did not run, or failed ({blocked})")
}

/// A build that hides a prebuilt file.
pub(super) fn shadowed(installed: &Installed, file: &str, prebuild: &Path) -> Problem {
    let folder = installed.directory.join("build");
    let name = prebuild.strip_prefix(&installed.directory).unwrap_or(prebuild);
    let message = format!("the stale {file} hides {}, which would load", name.display());
    Problem::error(Code::ShadowedPrebuild, message)
        .with("prebuild", prebuild.to_string_lossy().as_ref())
        .with("remove", folder.to_string_lossy().as_ref())
}

fn listed(names: &[String]) -> String {
    const MOST: usize = 6;
    let shown = names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}
