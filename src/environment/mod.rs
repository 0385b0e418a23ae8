//! Evidence from around a project. So far: which package manager installs it.

use std::path::Path;

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

/// The package manager of the project at `directory`, by the nearest lockfile in it or above.
#[must_use]
pub fn package_manager(directory: &Path) -> PackageManager {
    for folder in directory.ancestors() {
        let has = |name: &str| folder.join(name).is_file();
        if has("pnpm-lock.yaml") {
            return PackageManager::Pnpm;
        }
        if has("yarn.lock") {
            let text = std::fs::read_to_string(folder.join("yarn.lock")).unwrap_or_default();
            let classic = text.lines().take(4).any(|line| line.contains("yarn lockfile v1"));
            return if classic { PackageManager::YarnClassic } else { PackageManager::YarnBerry };
        }
        if has("bun.lock") || has("bun.lockb") {
            return PackageManager::Bun;
        }
        if has("package-lock.json") || has("npm-shrinkwrap.json") {
            break;
        }
    }
    PackageManager::Npm
}
