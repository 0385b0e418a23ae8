//! Problems → commands that mend them. A pure function of facts; so far for what a rebuild or another release mends for sure.

use serde::{Deserialize, Serialize};

use crate::environment::PackageManager;
use crate::runtime::{Kind, Runtime, registry};
use crate::verdict::{Code, Problem};

/// Commands that mend something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fix {
    /// One line.
    pub summary: String,
    /// Why it helps.
    pub why: String,
    /// Argument vectors, in order.
    pub commands: Vec<Vec<String>>,
    /// More to read.
    pub docs: Option<String>,
}

/// What mends `problems` of the package called `package`, in a project of `manager`, for `runtime`.
#[must_use]
pub fn remedy(package: &str, problems: &[Problem], manager: PackageManager, runtime: &Runtime) -> Option<Fix> {
    if !is_package_name(package) {
        return None;
    }
    problems.iter().find_map(|problem| match problem.code {
        Code::AbiMismatch | Code::SelfRegisterMismatch => rebuild(package, manager, runtime),
        Code::NodeApiTooNew => newer_runtime(package, problem, runtime),
        Code::NotBuilt => build(package, problem, manager, runtime),
        Code::MissingPlatformPackage => reinstall(problem, manager, runtime),
        Code::ShadowedPrebuild => remove_build(package, problem),
        _ => None,
    })
}

/// True for names a package manager takes as one: anything else, from a package.json of whatever origin, never gets into a
/// command ("--evil" would be an option there).
fn is_package_name(name: &str) -> bool {
    let part = |part: &str| {
        let starts_well = part.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        starts_well && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
    };
    match name.strip_prefix('@').map(|name| name.split_once('/')) {
        None => part(name),
        Some(Some((scope, name))) => part(scope) && part(name),
        Some(None) => false,
    }
}

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Rebuilding compiles, or downloads, the addon for the runtime that does it: only for this process and for Electron does one
/// command say which that is.
fn rebuild(package: &str, manager: PackageManager, runtime: &Runtime) -> Option<Fix> {
    let command: Vec<&str> = match (runtime.kind, manager) {
        (Kind::Electron, _) => vec!["npx", "@electron/rebuild", "-f", "-o", package],
        (Kind::Node, _) if !runtime.is_host => return None,
        // Yarn 1 has no rebuild.
        (Kind::Node, PackageManager::Npm | PackageManager::YarnClassic) => vec!["npm", "rebuild", package],
        (Kind::Node, PackageManager::Pnpm) => vec!["pnpm", "rebuild", package],
        (Kind::Node, PackageManager::YarnBerry) => vec!["yarn", "rebuild", package],
        (Kind::Node, PackageManager::Bun) | (Kind::Bun | Kind::Deno | Kind::Nw, _) => return None,
    };
    Some(Fix {
        summary: format!("Rebuild {package} for {}", runtime.title()),
        why: "it was built for another runtime, and rebuilding fetches or compiles it for this one".to_owned(),
        commands: vec![argv(&command)],
        docs: None,
    })
}

/// Runs an install script that did not run. Where scripts need approval, that comes first.
fn build(package: &str, problem: &Problem, manager: PackageManager, runtime: &Runtime) -> Option<Fix> {
    let was_blocked = problem.facts.get("blocked").is_some_and(|reason| !reason.is_null());
    let commands: Vec<Vec<&str>> = match manager {
        PackageManager::Pnpm if was_blocked => vec![vec!["pnpm", "approve-builds"], vec!["pnpm", "rebuild", package]],
        PackageManager::Bun => vec![vec!["bun", "pm", "trust", package]],
        // A rebuild would be as forbidden as the script was.
        PackageManager::Npm | PackageManager::YarnBerry if was_blocked => return None,
        _ => return rebuild(package, manager, runtime),
    };
    Some(Fix {
        summary: format!("Let the install script of {package} run"),
        why: "it builds or downloads the addon, and did not run when the package was installed".to_owned(),
        commands: commands.iter().map(|command| argv(command)).collect(),
        docs: None,
    })
}

/// Installs what a package manager left out. For another system that is a matter of where it is installed.
fn reinstall(problem: &Problem, manager: PackageManager, runtime: &Runtime) -> Option<Fix> {
    if !runtime.is_host {
        return None;
    }
    let command: &[&str] = match manager {
        PackageManager::Npm => &["npm", "install", "--include=optional", "--force"],
        PackageManager::Pnpm => &["pnpm", "install", "--force"],
        PackageManager::YarnClassic => &["yarn", "install", "--force"],
        PackageManager::YarnBerry => &["yarn", "install"],
        PackageManager::Bun => &["bun", "install", "--force"],
    };
    let names = problem.facts.get("packages").and_then(|names| Some(names.as_array()?.first()?.as_str()?.to_owned()))?;
    Some(Fix {
        summary: "Install the packages for this system".to_owned(),
        why: format!("{names} is among the optional dependencies, and wasn't installed here"),
        commands: vec![argv(command)],
        docs: None,
    })
}

/// Takes a stale build away.
fn remove_build(package: &str, problem: &Problem) -> Option<Fix> {
    let folder = problem.facts.get("remove")?.as_str()?;
    let script = "fs.rmSync(process.argv[1], { recursive: true })";
    Some(Fix {
        summary: format!("Remove the stale build of {package}"),
        why: "it was built for another runtime, and hides the prebuilt file that the package brings along".to_owned(),
        commands: vec![argv(&["node", "-e", script, folder])],
        docs: None,
    })
}

/// The first releases of each line that have the Node-API version an addon declares.
fn newer_runtime(package: &str, problem: &Problem, runtime: &Runtime) -> Option<Fix> {
    let declared = u32::try_from(problem.facts.get("declared")?.as_u64()?).ok()?;
    let releases = registry::first_with_node_api(runtime.kind, declared);
    let first = releases.first()?;
    Some(Fix {
        summary: format!("For {package}, use {} {first} or newer, or an older version of {package}", runtime.kind.title()),
        why: format!("Node-API version {declared} came with these releases: {}", releases.join(", ")),
        commands: Vec::new(),
        docs: None,
    })
}

/// The fixes of all packages, in order of appearance: "npm rebuild a" and "npm rebuild b" become "npm rebuild a b".
#[must_use]
pub fn merge(fixes: impl Iterator<Item = Fix>) -> Vec<Fix> {
    let mut merged: Vec<Fix> = Vec::new();
    for fix in fixes {
        let is_known = |known: &Fix| !fix.commands.is_empty() && known.commands == fix.commands;
        if merged.contains(&fix) || merged.iter().any(is_known) {
            continue;
        }
        match merged.iter_mut().find(|known| are_alike(known, &fix)) {
            Some(known) => add_packages(known, &fix),
            None => merged.push(fix),
        }
    }
    merged
}

/// How many words come before the packages in a command that takes several: "npm rebuild", "bun pm trust".
fn words_before_packages(command: &[String]) -> Option<usize> {
    match command.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["npm" | "pnpm" | "yarn", "rebuild", ..] => Some(2),
        ["bun", "pm", "trust", ..] => Some(3),
        _ => None,
    }
}

/// Both do the same, to different packages: all commands are equal, the last one up to the packages.
fn are_alike(a: &Fix, b: &Fix) -> bool {
    let split = |fix: &Fix| {
        let (last, before) = fix.commands.split_last()?;
        let words = words_before_packages(last)?;
        Some((before.to_vec(), last[..words].to_vec()))
    };
    split(a).is_some() && split(a) == split(b)
}

fn add_packages(known: &mut Fix, fix: &Fix) {
    let (Some(last), Some(more)) = (known.commands.last_mut(), fix.commands.last()) else { return };
    let Some(words) = words_before_packages(last) else { return };
    for package in &more[words..] {
        if !last.contains(package) {
            last.push(package.clone());
        }
    }
    let packages = last[words..].join(", ");
    let is_rebuild = known.summary.starts_with("Rebuild");
    known.summary = if is_rebuild { format!("Rebuild {packages}") } else { format!("Let the install scripts of {packages} run") };
}

#[cfg(test)]
mod tests {
    use super::{merge, remedy};
    use crate::environment::PackageManager;
    use crate::runtime::test_host;
    use crate::verdict::{Code, Problem};

    #[test]
    fn each_package_manager_gets_its_own_command() {
        let problems = [Problem::error(Code::AbiMismatch, "")];
        let command = |manager| remedy("a", &problems, manager, &test_host()).map(|fix| fix.commands[0].join(" "));
        assert_eq!(command(PackageManager::Npm).as_deref(), Some("npm rebuild a"));
        assert_eq!(command(PackageManager::YarnClassic).as_deref(), Some("npm rebuild a"));
        assert_eq!(command(PackageManager::YarnBerry).as_deref(), Some("yarn rebuild a"));
        assert_eq!(command(PackageManager::Pnpm).as_deref(), Some("pnpm rebuild a"));
        assert_eq!(command(PackageManager::Bun), None);
        for name in ["--evil", "a b", "@scope", "../x", ""] {
            assert_eq!(remedy(name, &problems, PackageManager::Npm, &test_host()), None, "{name}");
        }
    }

    #[test]
    fn rebuilds_of_several_packages_are_one_command() {
        let problems = [Problem::error(Code::AbiMismatch, "")];
        let fixes = ["a", "b", "a"].map(|name| remedy(name, &problems, PackageManager::Npm, &test_host()).expect("a fix"));
        let merged = merge(fixes.into_iter());
        assert_eq!(merged.len(), 1);
        assert_eq!(merged[0].commands, [["npm", "rebuild", "a", "b"]]);
    }

    #[test]
    fn what_is_too_new_names_the_first_release_that_has_it() {
        let problems = [Problem::error(Code::NodeApiTooNew, "").with("declared", 10)];
        let fix = remedy("a", &problems, PackageManager::Npm, &test_host()).expect("a fix");
        assert!(fix.commands.is_empty());
        assert!(fix.summary.starts_with("For a, use Node.js 22.14 or newer"), "{}", fix.summary);
    }
}
