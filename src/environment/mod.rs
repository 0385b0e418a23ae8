//! Evidence from around a project: which package manager installs it, and whether it runs install scripts.

mod scripts;

use std::path::{Path, PathBuf};

pub use scripts::blocked;

/// The package managers that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageManager {
    /// npm, also assumed where nothing says otherwise.
    Npm,
    /// pnpm.
    Pnpm,
    /// Yarn 1.
    YarnClassic,
    /// Yarn 2 and newer.
    YarnBerry,
    /// Bun.
    Bun,
}

/// Who installs the packages of a project, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Who.
    pub manager: PackageManager,
    /// The folder with the lockfile; of a workspace, that of the whole.
    pub root: PathBuf,
}

/// The installation that `directory` belongs to, by the nearest lockfile in it or above.
#[must_use]
pub fn installation(directory: &Path) -> Installation {
    for folder in directory.ancestors() {
        let has = |name: &str| folder.join(name).is_file();
        let manager = if has("pnpm-lock.yaml") {
            PackageManager::Pnpm
        } else if has("yarn.lock") {
            let text = std::fs::read_to_string(folder.join("yarn.lock")).unwrap_or_default();
            let classic = text.lines().take(4).any(|line| line.contains("yarn lockfile v1"));
            if classic { PackageManager::YarnClassic } else { PackageManager::YarnBerry }
        } else if has("bun.lock") || has("bun.lockb") {
            PackageManager::Bun
        } else if has("package-lock.json") || has("npm-shrinkwrap.json") {
            PackageManager::Npm
        } else {
            continue;
        };
        return Installation { manager, root: folder.to_path_buf() };
    }
    Installation { manager: PackageManager::Npm, root: directory.to_path_buf() }
}
