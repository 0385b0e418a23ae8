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
        commands: vec![command.into_iter().map(str::to_owned).collect()],
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
        if merged.contains(&fix) {
            continue;
        }
        match merged.iter_mut().find(|known| is_same_rebuild(known, &fix)) {
            Some(known) => {
                for package in &fix.commands[0][2..] {
                    if !known.commands[0].contains(package) {
                        known.commands[0].push(package.clone());
                    }
                }
                known.summary = format!("Rebuild {}", known.commands[0][2..].join(", "));
            }
            None => merged.push(fix),
        }
    }
    merged
}

/// Both are "<package manager> rebuild <packages…>".
fn is_same_rebuild(a: &Fix, b: &Fix) -> bool {
    let head = |fix: &Fix| match fix.commands.as_slice() {
        [command] if command.get(1).is_some_and(|word| word == "rebuild") => command.first().cloned(),
        _ => None,
    };
    head(a).is_some() && head(a) == head(b)
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
