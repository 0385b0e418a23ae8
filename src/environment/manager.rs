//! Determines which package manager installs a project, its version, and the folder in which it
//! runs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use semver::Version;
use serde_json::Value;

use super::{programs, read};
use crate::files;

/// The supported package managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageManager {
    /// npm, also the default without evidence.
    Npm,
    /// pnpm.
    Pnpm,
    /// Yarn 1.
    YarnClassic,
    /// Yarn 2 and newer.
    YarnBerry,
    /// Bun.
    Bun,
    /// Deno, for packages of npm.
    Deno,
}

/// The package manager of a project, and its folder.
#[derive(Clone, Debug)]
pub struct Installation {
    /// The package manager.
    pub manager: PackageManager,
    /// The folder with the lockfile; for a workspace, the root of all workspaces.
    pub root: PathBuf,
    /// The executable of the Node.js that runs abi-guard.
    exec_path: Option<PathBuf>,
    /// Determined only when a fix is needed: most scans find no problem.
    version: OnceLock<Option<Version>>,
    npm: OnceLock<Option<Version>>,
}

impl Installation {
    /// The version of the manager that a user would start; `None` if it isn't known.
    #[must_use]
    pub fn version(&self) -> Option<&Version> {
        self.version.get_or_init(|| version_of(self)).as_ref()
    }

    /// The version of the npm that a user would start, whatever the manager is: the one on the
    /// PATH, otherwise that of the Node.js that runs abi-guard. `None` if the PATH has a script or
    /// a program in place of npm (asdf, Volta, mise, Corepack): it may start any version.
    #[must_use]
    pub fn npm(&self) -> Option<&Version> {
        let find = || {
            let exec_path = self.exec_path.as_deref()?;
            programs::version_on_path("npm")
                .unwrap_or_else(|| programs::version_of("npm", &programs::npm_beside(exec_path)?))
        };
        self.npm.get_or_init(find).as_ref()
    }

    /// True if the version is known and at least `major.minor`.
    #[must_use]
    pub fn is_at_least(&self, major: u64, minor: u64) -> bool {
        self.version().is_some_and(|version| (version.major, version.minor) >= (major, minor))
    }

    /// True if the folder has the file that names the packages to install. In a folder without one
    /// an installation removes all packages, as `pnpm rebuild` of pnpm 12 does.
    #[must_use]
    pub fn has_manifest(&self) -> bool {
        let others: &[&str] = match self.manager {
            PackageManager::Pnpm => &["package.yaml", "package.json5"],
            PackageManager::Deno => &["deno.json", "deno.jsonc"],
            _ => &[],
        };
        ["package.json"].iter().chain(others).any(|name| files::is_file(self.root.join(name)))
    }

    /// The name of the lockfile; if there are two, the one that the manager prefers.
    #[must_use]
    pub fn lockfile(&self) -> &'static str {
        let names = signs(self.manager).1;
        names.iter().rev().find(|name| files::is_file(self.root.join(name))).unwrap_or(&names[0])
    }

    /// The mark that the manager writes at the end of an installation, if node_modules and a
    /// lockfile exist but the mark doesn't.
    #[must_use]
    pub fn missing_mark(&self) -> Option<&'static str> {
        let has = |name: &str| files::exists(self.root.join(name));
        match signs(self.manager) {
            // Other managers leave no mark, or one of several.
            (_, locks, [mark]) if has(locks[0]) && has("node_modules") && !has(mark) => Some(mark),
            _ => None,
        }
    }

    /// The same folder, installed by another manager. Its version isn't known, except npm's.
    #[must_use]
    pub fn by(self, manager: PackageManager) -> Installation {
        if self.manager == manager {
            return self;
        }
        let version = match manager {
            PackageManager::Npm => OnceLock::new(),
            _ => OnceLock::from(None),
        };
        Installation { manager, version, ..self }
    }

    /// An installation with known versions.
    #[cfg(test)]
    pub fn for_tests(
        manager: PackageManager,
        version: Option<Version>,
        npm: Option<Version>,
        root: &str,
    ) -> Installation {
        Installation {
            manager,
            root: root.into(),
            exec_path: None,
            version: OnceLock::from(version),
            npm: OnceLock::from(npm),
        }
    }
}

/// Lockfiles, and the files that managers leave in node_modules. If there are lockfiles of several
/// managers, these files show which of them was used last. Of several lockfiles of one manager the
/// manager prefers the last in the list.
type Signs = (PackageManager, &'static [&'static str], &'static [&'static str]);
const SIGNS: [Signs; 6] = [
    (PackageManager::Pnpm, &["pnpm-lock.yaml"], &["node_modules/.modules.yaml"]),
    (PackageManager::YarnClassic, &["yarn.lock"], &["node_modules/.yarn-integrity"]),
    (PackageManager::YarnBerry, &["yarn.lock"], &["node_modules/.yarn-state.yml", ".pnp.cjs"]),
    (PackageManager::Bun, &["bun.lock", "bun.lockb"], &[]),
    (PackageManager::Deno, &["deno.lock"], &["node_modules/.deno/.deno.lock"]),
    (
        PackageManager::Npm,
        &["package-lock.json", "npm-shrinkwrap.json"],
        &["node_modules/.package-lock.json"],
    ),
];

fn signs(manager: PackageManager) -> Signs {
    SIGNS.into_iter().find(|sign| sign.0 == manager).unwrap_or((manager, &[""], &[]))
}

/// The installation that `directory` belongs to: the nearest folder upwards that has a lockfile,
/// otherwise the one that its node_modules show. `exec_path` is the executable that runs abi-guard:
/// a Node.js, with which npm is installed, or Bun or Deno, which install packages themselves.
#[must_use]
pub fn installation(directory: &Path, exec_path: Option<&Path>) -> Installation {
    let locked =
        files::ancestors(directory).find_map(|folder| Some((by_lockfile(folder)?, folder)));
    let marked = || {
        files::ancestors(directory).find_map(|folder| {
            Some((SIGNS.iter().find(|sign| is_marked(folder, sign.2))?.0, folder))
        })
    };
    let (manager, root) = locked.or_else(marked).unwrap_or_else(|| {
        let named = declared(directory).map(|(manager, _)| manager);
        (
            named
                .or_else(|| user_agent().map(|(manager, _)| manager))
                .or_else(|| of_executable(exec_path?))
                .unwrap_or(PackageManager::Npm),
            directory,
        )
    });
    let exec_path = exec_path.map(Path::to_path_buf);
    Installation {
        manager,
        root: root.to_path_buf(),
        exec_path,
        version: OnceLock::new(),
        npm: OnceLock::new(),
    }
}

fn is_marked(folder: &Path, files: &[&str]) -> bool {
    files.iter().any(|file| files::is_file(folder.join(file)))
}

/// The manager whose lockfile is in the folder. Of several, the one that package.json names,
/// otherwise the one that installed.
fn by_lockfile(folder: &Path) -> Option<PackageManager> {
    let present: Vec<_> =
        SIGNS.iter().filter(|(manager, locks, _)| has_lockfile(folder, *manager, locks)).collect();
    let [first, rest @ ..] = present.as_slice() else { return None };
    if rest.is_empty() {
        return Some(first.0);
    }
    let named = declared(folder)
        .map(|(manager, _)| manager)
        .filter(|named| present.iter().any(|sign| sign.0 == *named));
    let marked = || present.iter().find(|sign| is_marked(folder, sign.2)).map(|sign| sign.0);
    Some(named.or_else(marked).unwrap_or(first.0))
}

fn has_lockfile(folder: &Path, manager: PackageManager, locks: &[&str]) -> bool {
    let Some(lock) = locks.iter().map(|lock| folder.join(lock)).find(|lock| files::is_file(lock))
    else {
        return false;
    };
    // Yarn 1 writes its version in the first lines.
    let is_classic = || {
        String::from_utf8_lossy(&read::head(&lock))
            .lines()
            .take(4)
            .any(|line| line.contains("yarn lockfile v1"))
    };
    match manager {
        PackageManager::YarnClassic => is_classic(),
        PackageManager::YarnBerry => !is_classic(),
        _ => true,
    }
}

/// The manager in `packageManager` or `devEngines.packageManager` of package.json.
fn declared(folder: &Path) -> Option<(PackageManager, Option<Version>)> {
    let manifest = read::json(&folder.join("package.json"))?;
    if let Some(named) = manifest.get("packageManager").and_then(Value::as_str) {
        let (name, version) = named.rsplit_once('@').unwrap_or((named, ""));
        return with_version(name, version);
    }
    let engine = manifest.get("devEngines")?.get("packageManager")?;
    with_version(
        engine.get("name")?.as_str()?,
        engine.get("version").and_then(Value::as_str).unwrap_or_default(),
    )
}

/// The manager that runs this process, from its user agent: "npm/11.6.0 node/v24.1.0 linux x64".
fn user_agent() -> Option<(PackageManager, Option<Version>)> {
    let agent =
        files::variable("npm_config_user_agent").and_then(|value| value.into_string().ok())?;
    let (name, version) = agent.split(' ').next()?.split_once('/')?;
    with_version(name, version)
}

/// The manager that is also the runtime of this process.
fn of_executable(path: &Path) -> Option<PackageManager> {
    match path.file_stem()?.to_str()? {
        "bun" => Some(PackageManager::Bun),
        "deno" => Some(PackageManager::Deno),
        _ => None,
    }
}

fn with_version(name: &str, version: &str) -> Option<(PackageManager, Option<Version>)> {
    // "9.1.0+sha512.abc" in packageManager.
    let version = Version::parse(version.split('+').next().unwrap_or_default()).ok();
    let manager = match name {
        "npm" => PackageManager::Npm,
        "pnpm" => PackageManager::Pnpm,
        "yarn" if version.as_ref().is_some_and(|version| version.major == 1) => {
            PackageManager::YarnClassic
        }
        "yarn" => PackageManager::YarnBerry,
        "bun" => PackageManager::Bun,
        "deno" => PackageManager::Deno,
        _ => return None,
    };
    Some((manager, version))
}

fn version_of(installation: &Installation) -> Option<Version> {
    let Installation { manager, root, .. } = installation;
    let said = [user_agent(), declared(root)]
        .into_iter()
        .flatten()
        .find(|(named, version)| named == manager && version.is_some());
    let said = said.and_then(|(_, version)| version);
    match manager {
        PackageManager::Npm => said.or_else(|| installation.npm().cloned()),
        PackageManager::Pnpm => said.or_else(|| programs::version_on_path("pnpm")?).or_else(|| {
            // The one that installed. JSON in newer versions, YAML before: `packageManager:
            // pnpm@9.1.0`.
            let text = read::text(&root.join("node_modules/.modules.yaml"))?;
            let (_, rest) = text.split_once("pnpm@")?;
            Version::parse(
                rest.split(|c: char| !(c.is_ascii_alphanumeric() || ".-".contains(c))).next()?,
            )
            .ok()
        }),
        PackageManager::YarnBerry => said.or_else(|| {
            // A release that is committed to the repository: `yarnPath:
            // .yarn/releases/yarn-4.5.0.cjs`.
            let settings = read::text(&root.join(".yarnrc.yml"))?;
            let path = settings.lines().find_map(|line| line.strip_prefix("yarnPath:"))?;
            Version::parse(
                path.rsplit_once("yarn-")?.1.trim_end_matches(['"', '\'']).strip_suffix(".cjs")?,
            )
            .ok()
        }),
        PackageManager::YarnClassic | PackageManager::Bun | PackageManager::Deno => said,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use semver::Version;

    use super::{PackageManager, of_executable, with_version};

    #[test]
    fn bun_and_deno_install_what_they_run() {
        assert_eq!(of_executable(Path::new("/opt/bun")), Some(PackageManager::Bun));
        assert_eq!(of_executable(Path::new("deno.exe")), Some(PackageManager::Deno));
        assert_eq!(of_executable(Path::new("/usr/bin/node")), None);
    }

    #[test]
    fn names_of_package_managers_with_versions_are_recognized() {
        for (name, version, expected) in [
            ("npm", "11.6.0", Some((PackageManager::Npm, Some(Version::new(11, 6, 0))))),
            ("pnpm", "9.1.0+sha512.abc", Some((PackageManager::Pnpm, Some(Version::new(9, 1, 0))))),
            ("yarn", "1.22.22", Some((PackageManager::YarnClassic, Some(Version::new(1, 22, 22))))),
            ("yarn", "4", Some((PackageManager::YarnBerry, None))),
            ("cnpm", "1.0.0", None),
        ] {
            assert_eq!(with_version(name, version), expected, "{name} {version}");
        }
    }
}
