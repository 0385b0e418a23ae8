//! The commands of package managers, in the form that each version supports. They were verified by
//! running them: `__test__/repair/`.

use crate::environment::{Block, Installation, PackageManager};

/// How the package's file gets onto this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builds {
    /// It is published with the package.
    Never,
    /// The install script compiles or downloads it.
    ByScript,
    /// Package managers run node-gyp for a package with a binding.gyp and without an install
    /// script.
    ByNodeGyp,
}

/// The words of a command, as owned strings.
pub(super) fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Runs the install scripts of a package again. Settings that keep them from running are changed
/// first. Without a command, a person has to change them.
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
    let npm = || {
        let is_forbidden = block.is_some_and(|block| block.forbids_all);
        let option = if is_forbidden { vec!["--ignore-scripts=false"] } else { vec![] };
        argv(&[&["npm", "rebuild"], option.as_slice(), &[package]].concat())
    };
    match (installation.manager, approval) {
        // All versions of npm have `npm pkg`, and those before 12 ignore the setting.
        (PackageManager::Npm, Some(word))
            if installation.version().is_none() || block.is_some_and(|block| block.is_denied) =>
        {
            vec![set(&format!("allowScripts[{word}]=true")), npm()]
        }
        (PackageManager::Npm, Some(word)) if installation.is_at_least(12, 0) => {
            vec![argv(&["npm", "approve-scripts", word]), npm()]
        }
        (PackageManager::Npm, _) => vec![npm()],
        (PackageManager::Pnpm, Some(word)) => {
            approving_with_pnpm(installation, package, builds, (word, block))
        }
        // These look for scripts in package.json only. For a package that has only a binding.gyp
        // they do nothing and report no error.
        (PackageManager::Pnpm, None)
            if builds == Builds::ByNodeGyp && is_within((10, 7), (12, 0)) =>
        {
            vec![argv(&["pnpm", "install", "--force"])]
        }
        (PackageManager::Pnpm, None) => vec![argv(&["pnpm", "rebuild", package])],
        // Yarn 1 has no rebuild command. npm's works up to npm 11; npm 12 runs only the scripts
        // that its own list allows.
        (PackageManager::YarnClassic, _)
            if installation.npm().is_some_and(|npm| npm.major < 12) =>
        {
            vec![npm()]
        }
        (PackageManager::YarnClassic, _) => vec![argv(&["yarn", "install", "--force"])],
        (PackageManager::YarnBerry, Some(word)) => {
            let setting = format!("dependenciesMeta[{word}].built=true");
            vec![set(&setting), argv(&["yarn", "rebuild", package])]
        }
        (PackageManager::YarnBerry, None) => vec![argv(&["yarn", "rebuild", package])],
        (PackageManager::Bun, Some(word)) => vec![argv(&["bun", "pm", "trust", word])],
        (PackageManager::Bun, None) => vec![argv(&["bun", "install", "--force"])],
        // Newer releases have `deno approve-scripts`, too.
        (PackageManager::Deno, _) => {
            vec![argv(&["deno", "install", &format!("--allow-scripts=npm:{package}")])]
        }
    }
}

/// `approve-builds` builds a package that awaits an approval.
fn approving_with_pnpm(
    installation: &Installation,
    package: &str,
    builds: Builds,
    (word, block): (&str, Option<&Block>),
) -> Vec<Vec<String>> {
    let build = rebuild(installation, package, builds, None);
    let approve = argv(&["pnpm", "approve-builds", word]);
    let is_before =
        |version| installation.version().is_some_and(|it| (it.major, it.minor) < version);
    // It takes no names and asks; without a terminal it does nothing and exits with 0.
    if is_before((11, 0)) {
        let list = format!("pnpm.onlyBuiltDependencies[]={word}");
        return [vec![argv(&["npm", "pkg", "set", &list])], build].concat();
    }
    if block.is_some_and(|block| block.is_awaited) {
        return vec![approve];
    }
    // It approves only what awaits it. A rebuild puts the package on that list, unless a setting
    // forbids it.
    if is_before((11, 26)) {
        let is_denied = block.is_some_and(|block| block.is_denied);
        return if is_denied { Vec::new() } else { [build, vec![approve]].concat() };
    }
    [vec![approve], build].concat()
}

/// Sets a value that isn't text in package.json.
fn set(setting: &str) -> Vec<String> {
    argv(&["npm", "pkg", "set", "--json", setting])
}

/// As [`rebuild`], with a setting for the install script. npm 12 rejects unknown options, so the
/// setting is an environment variable.
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

/// Installs packages that a manager omitted, for the system that runs it. `is_unlocked`: npm's
/// lockfile doesn't list them.
pub(super) fn install(installation: &Installation, is_unlocked: bool) -> Vec<String> {
    match installation.manager {
        // npm before 11.6.2 installs only what the lockfile lists; later versions resolve again,
        // and
        // complete the lockfile (tried with 10.9, 11.6.0, 11.6.1, 11.6.2 and 11.7 to 11.19).
        PackageManager::Npm if is_unlocked && !installation.is_at_least(11, 7) => {
            argv(&["npx", "--yes", "npm@11", "install", "--include=optional", "--force"])
        }
        PackageManager::Npm => argv(&["npm", "install", "--include=optional", "--force"]),
        PackageManager::Pnpm => argv(&["pnpm", "install", "--force"]),
        PackageManager::YarnClassic => argv(&["yarn", "install", "--force"]),
        PackageManager::YarnBerry => argv(&["yarn", "install"]),
        PackageManager::Bun => argv(&["bun", "install", "--force"]),
        PackageManager::Deno => argv(&["deno", "install"]),
    }
}

/// Removes files and folders. Paths inside the folder where the command runs are written relative
/// to it.
pub(super) fn remove(installation: &Installation, paths: &[&str]) -> Vec<String> {
    let root = format!("{}{}", installation.root.display(), std::path::MAIN_SEPARATOR);
    let paths: Vec<&str> =
        paths.iter().map(|path| path.strip_prefix(&root).unwrap_or(path)).collect();
    // The Windows shells have no single command that removes both files and folders.
    let script = "for (const path of process.argv.slice(1)) fs.rmSync(path, { recursive: true, \
        force: true })";
    let words: &[&str] = if cfg!(windows) { &["node", "-e", script] } else { &["rm", "-rf"] };
    argv(&[words, &paths].concat())
}

/// Removes folders of packages, and installs what is missing. Managers that keep a list of
/// installed packages are made to check again.
pub(super) fn reinstall(installation: &Installation, folders: &[&str]) -> Vec<Vec<String>> {
    let install: &[&str] = match installation.manager {
        PackageManager::Npm => &["npm", "install"],
        PackageManager::Pnpm => &["pnpm", "install", "--force"],
        PackageManager::YarnClassic => &["yarn", "install", "--force"],
        PackageManager::YarnBerry => &["yarn", "install"],
        PackageManager::Bun => &["bun", "install", "--force"],
        PackageManager::Deno => &["deno", "install"],
    };
    let list = match installation.manager {
        PackageManager::YarnBerry => Some("node_modules/.yarn-state.yml"),
        PackageManager::Npm => Some("node_modules/.package-lock.json"),
        PackageManager::Pnpm
        | PackageManager::YarnClassic
        | PackageManager::Bun
        | PackageManager::Deno => None,
    };
    let paths: Vec<&str> = folders.iter().copied().chain(list).collect();
    vec![remove(installation, &paths), argv(install)]
}
