//! The commands of package managers, each as it exists in the version at hand. What was run to see
//! it: `__test__/repair/`.

use crate::environment::{Block, Installation, PackageManager};

/// What makes the file of a package, besides its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builds {
    /// Nothing: its files came with it.
    Never,
    /// Its install script, which compiles or downloads.
    ByScript,
    /// node-gyp, which package managers run where there is a binding.gyp and no install script.
    ByNodeGyp,
}

/// Words of a command.
pub(super) fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Runs the install scripts of a package again; what keeps them from running is lifted first.
pub(super) fn rebuild(
    installation: &Installation,
    package: &str,
    builds: Builds,
    block: Option<&Block>,
) -> Vec<Vec<String>> {
    let is_within = |from: (u64, u64), to: (u64, u64)| {
        installation.is_at_least(from.0, from.1) && !installation.is_at_least(to.0, to.1)
    };
    let approval = block.and_then(|block| block.approval.as_deref());
    let is_forbidden = block.is_some_and(|block| block.approval.is_none());
    let npm = |allow: bool| {
        let option = if allow { vec!["--ignore-scripts=false"] } else { vec![] };
        argv(&[&["npm", "rebuild"], option.as_slice(), &[package]].concat())
    };
    match (installation.manager, approval) {
        (PackageManager::Npm, Some(word)) => {
            vec![argv(&["npm", "approve-scripts", word]), npm(false)]
        }
        (PackageManager::Npm, None) => vec![npm(is_forbidden)],
        // From pnpm 11 on it takes names, and builds what it approves.
        (PackageManager::Pnpm, Some(word)) if installation.is_at_least(11, 0) => {
            vec![argv(&["pnpm", "approve-builds", word])]
        }
        (PackageManager::Pnpm, Some(_)) => vec![argv(&["pnpm", "approve-builds"])],
        // These look for scripts in package.json only, and silently do nothing for a package that
        // has but a binding.gyp.
        (PackageManager::Pnpm, None)
            if builds == Builds::ByNodeGyp && is_within((10, 7), (12, 0)) =>
        {
            vec![argv(&["pnpm", "install", "--force"])]
        }
        (PackageManager::Pnpm, None) => vec![argv(&["pnpm", "rebuild", package])],
        // Yarn 1 has no rebuild. npm's does it, up to npm 11: from 12 on it runs no script that its
        // own list doesn't name.
        (PackageManager::YarnClassic, _)
            if installation.npm().is_some_and(|npm| npm.major < 12) =>
        {
            vec![npm(false)]
        }
        (PackageManager::YarnClassic, _) => vec![argv(&["yarn", "install", "--force"])],
        (PackageManager::YarnBerry, Some(word)) => {
            let setting = format!("dependenciesMeta[{word}].built=true");
            vec![
                argv(&["npm", "pkg", "set", &setting, "--json"]),
                argv(&["yarn", "rebuild", package]),
            ]
        }
        (PackageManager::YarnBerry, None) => vec![argv(&["yarn", "rebuild", package])],
        (PackageManager::Bun, Some(word)) => vec![argv(&["bun", "pm", "trust", word])],
        (PackageManager::Bun, None) => vec![argv(&["bun", "install", "--force"])],
    }
}

/// The same, with a setting for the install script: npm 12 takes no option that it doesn't know, so
/// it goes through the environment.
pub(super) fn with_setting(
    commands: Vec<Vec<String>>,
    setting: &str,
    is_windows: bool,
) -> Vec<Vec<String>> {
    let wrap = |command: Vec<String>| match is_windows {
        true => {
            argv(&["cmd", "/c", &format!("set npm_config_{setting}=true&& {}", command.join(" "))])
        }
        false => [argv(&["env", &format!("npm_config_{setting}=true")]), command].concat(),
    };
    let last = commands.len().saturating_sub(1);
    commands
        .into_iter()
        .enumerate()
        .map(|(index, command)| if index == last { wrap(command) } else { command })
        .collect()
}

/// Installs what a manager left out, for the system that runs it; `is_unlocked`: npm's lockfile
/// doesn't name it.
pub(super) fn install(installation: &Installation, is_unlocked: bool) -> Vec<String> {
    match installation.manager {
        // Up to npm 10 it takes a lockfile's word for what there is; npm 11 looks again, and
        // completes the lockfile.
        PackageManager::Npm if is_unlocked && !installation.is_at_least(11, 0) => {
            argv(&["npx", "--yes", "npm@11", "install", "--include=optional", "--force"])
        }
        PackageManager::Npm => argv(&["npm", "install", "--include=optional", "--force"]),
        PackageManager::Pnpm => argv(&["pnpm", "install", "--force"]),
        PackageManager::YarnClassic => argv(&["yarn", "install", "--force"]),
        PackageManager::YarnBerry => argv(&["yarn", "install"]),
        PackageManager::Bun => argv(&["bun", "install", "--force"]),
    }
}

/// Removes files and folders. Paths below the folder where commands run are said from there.
pub(super) fn remove(installation: &Installation, paths: &[&str]) -> Vec<String> {
    let root = format!("{}{}", installation.root.display(), std::path::MAIN_SEPARATOR);
    let paths: Vec<&str> =
        paths.iter().map(|path| path.strip_prefix(&root).unwrap_or(path)).collect();
    // The shells of Windows have no one word for files and folders.
    let script = "for (const path of process.argv.slice(1)) fs.rmSync(path, { recursive: true, \
        force: true })";
    let words: &[&str] = if cfg!(windows) { &["node", "-e", script] } else { &["rm", "-rf"] };
    argv(&[words, &paths].concat())
}

/// Takes folders of packages away and installs what is missing. Managers that keep a list of what
/// they installed are made to look.
pub(super) fn reinstall(installation: &Installation, folders: &[&str]) -> Vec<Vec<String>> {
    let install: &[&str] = match installation.manager {
        PackageManager::Npm => &["npm", "install"],
        PackageManager::Pnpm => &["pnpm", "install", "--force"],
        PackageManager::YarnClassic => &["yarn", "install", "--force"],
        PackageManager::YarnBerry => &["yarn", "install"],
        PackageManager::Bun => &["bun", "install", "--force"],
    };
    let list = match installation.manager {
        PackageManager::YarnBerry => Some("node_modules/.yarn-state.yml"),
        PackageManager::Npm => Some("node_modules/.package-lock.json"),
        PackageManager::Pnpm | PackageManager::YarnClassic | PackageManager::Bun => None,
    };
    let paths: Vec<&str> = folders.iter().copied().chain(list).collect();
    vec![remove(installation, &paths), argv(install)]
}
