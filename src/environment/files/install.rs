//! Recognizes commands that install the packages of a project, and their options.

use super::shell::Command;
use crate::environment::manager::PackageManager;

/// A command that installs the dependencies in package.json.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// The package manager. The command doesn't show which version of Yarn it is.
    pub manager: PackageManager,
    /// True if it removes node_modules first, as `npm ci` does.
    pub starts_clean: bool,
    /// True if it runs no install scripts.
    pub ignores_scripts: bool,
    /// True if it omits optional dependencies.
    pub omits_optional: bool,
}

/// Options whose value is the next word.
const WITH_VALUE: [&str; 12] = [
    "--prefix",
    "-C",
    "--dir",
    "--cwd",
    "--workspace",
    "-w",
    "--filter",
    "-F",
    "--cache",
    "--registry",
    "--loglevel",
    "--cache-folder",
];

/// The installation of the project itself by `command`; `None` for any other command, and for `npm
/// install -g x`.
#[must_use]
pub fn install(command: &Command) -> Option<Install> {
    let (program, rest) = command.words.split_first()?;
    let program = program.rsplit('/').next().unwrap_or(program);
    let operands = operands(rest);
    let first = operands.first().copied();
    let (manager, is_install, starts_clean) = match program {
        "npm" => {
            let clean = matches!(
                first,
                Some("ci" | "clean-install" | "ic" | "install-clean" | "cit" | "install-ci-test")
            );
            (
                PackageManager::Npm,
                clean
                    || matches!(
                        first,
                        Some("install" | "i" | "in" | "add" | "it" | "install-test")
                    ),
                clean,
            )
        }
        "pnpm" => (
            PackageManager::Pnpm,
            matches!(first, Some("install" | "i" | "install-test" | "it" | "ci")),
            first == Some("ci"),
        ),
        "yarn" | "yarnpkg" => (
            PackageManager::YarnClassic,
            matches!(first, None | Some("install")) && !asks_only(rest),
            false,
        ),
        "bun" => (PackageManager::Bun, matches!(first, Some("install" | "i" | "ci")), false),
        _ => return None,
    };
    let has = |names: &[&str]| rest.iter().any(|word| names.contains(&word.as_str()));
    let set = |name: &str| {
        let is_meant = |found: &str| found.eq_ignore_ascii_case(name);
        command.variables.iter().any(|(found, value)| is_meant(found) && value == "true")
    };
    if !is_install
        || has(&[
            "-g",
            "--global",
            "--location=global",
            "--package-lock-only",
            "--lockfile-only",
            "--dry-run",
        ])
    {
        return None;
    }
    Some(Install {
        manager,
        starts_clean,
        ignores_scripts: has(&["--ignore-scripts", "--ignore-scripts=true", "--mode=skip-build"])
            || set("npm_config_ignore_scripts"),
        omits_optional: has(&[
            "--no-optional",
            "--omit=optional",
            "--ignore-optional",
            "--optional=false",
        ]) || rest
            .windows(2)
            .any(|pair| pair[0] == "--omit" && pair[1] == "optional"),
    })
}

/// The folder into which `pnpm deploy` copies a package with its dependencies, as written (pnpm
/// documentation, "pnpm deploy").
#[must_use]
pub fn deployed_to(command: &Command) -> Option<&str> {
    let (program, rest) = command.words.split_first()?;
    let operands = operands(rest);
    match (program.rsplit('/').next()?, operands.as_slice()) {
        ("pnpm", ["deploy", folder, ..]) => Some(folder),
        _ => None,
    }
}

/// True for an installation that names a system.
#[must_use]
pub fn chooses_system(command: &Command) -> bool {
    let option = |word: &String| {
        ["--cpu", "--os", "--arch", "--target_arch", "--target-arch", "--platform"]
            .iter()
            .any(|name| word.split('=').next() == Some(name))
    };
    let variable = |(name, _): &(String, String)| {
        matches!(
            name.to_ascii_lowercase().as_str(),
            "npm_config_arch" | "npm_config_cpu" | "npm_config_target_arch"
        )
    };
    let is_docker = command.words.first().is_some_and(|word| word == "docker");
    is_docker
        || install(command).is_some()
            && (command.words.iter().any(option) || command.variables.iter().any(variable))
}

/// True for a command that builds addons, or copies them into place, after an install without
/// scripts.
#[must_use]
pub fn builds_addons(command: &Command) -> bool {
    let is_builder = |word: &String| {
        let name = word.rsplit('/').next().unwrap_or(word);
        matches!(
            name,
            "rebuild"
                | "rb"
                | "node-gyp"
                | "prebuild-install"
                | "node-pre-gyp"
                | "node-gyp-build"
                | "electron-rebuild"
                | "explore"
        )
    };
    let in_module = command.folder.as_ref().is_some_and(|folder| folder.contains("node_modules"));
    in_module || command.words.iter().any(is_builder)
}

/// The words that are neither options nor their values.
fn operands(words: &[String]) -> Vec<&str> {
    let mut operands = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if WITH_VALUE.contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') && !word.starts_with(['>', '<']) && !word.contains(">&") {
            operands.push(word.as_str());
        }
    }
    operands
}

/// `yarn --version` installs nothing.
fn asks_only(words: &[String]) -> bool {
    words.iter().any(|word| matches!(word.as_str(), "--version" | "-v" | "--help" | "-h"))
}

#[cfg(test)]
mod tests {
    use super::{builds_addons, install};
    use crate::environment::files::shell::commands;

    #[test]
    fn installs_and_their_options_are_recognized() {
        let told = |text: &str| {
            let command = commands(text, 1).pop()?;
            let found = install(&command)?;
            let mut words = vec![if found.starts_clean { "clean" } else { "kept" }];
            words.extend(found.ignores_scripts.then_some("no scripts"));
            words.extend(found.omits_optional.then_some("no optional"));
            Some(words.join(", "))
        };
        for (text, expected) in [
            ("npm ci", "clean"),
            ("npm ci --omit=dev", "clean"),
            ("npm --prefix web ci", "clean"),
            ("npm install", "kept"),
            ("npm i --ignore-scripts", "kept, no scripts"),
            ("npm_config_ignore_scripts=true npm ci", "clean, no scripts"),
            ("npm ci --omit optional", "clean, no optional"),
            ("yarn", "kept"),
            ("yarn --frozen-lockfile --ignore-optional", "kept, no optional"),
            ("yarn install --immutable --mode=skip-build", "kept, no scripts"),
            ("pnpm i --frozen-lockfile --no-optional", "kept, no optional"),
            ("pnpm --filter web install", "kept"),
            ("bun install --frozen-lockfile", "kept"),
            ("npm ci > log 2>&1", "clean"),
        ] {
            assert_eq!(told(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "npm install -g pnpm",
            "npm test",
            "yarn build",
            "yarn --version",
            "npx x install",
            "pnpm run ci-x",
            "node install",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn commands_that_build_addons_are_recognized() {
        let builds = |text: &str| builds_addons(&commands(text, 1).pop().expect("a command"));
        for text in [
            "npm rebuild",
            "pnpm rebuild bcrypt",
            "npx node-gyp rebuild",
            "cd node_modules/x && npm run install",
        ] {
            assert!(builds(text), "{text}");
        }
        assert!(!builds("npm run build"));
    }
}
