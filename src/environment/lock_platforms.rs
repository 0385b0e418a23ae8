//! The packages for single systems that npm's lockfile lists, and those that it lacks.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::text::Texts;
use super::pins::within_repository;
use crate::model::{Arch, Libc, Platform};
use crate::project::{Claims, claims};

/// The packages for single systems in a lockfile.
#[derive(Clone, Debug, Default)]
pub struct LockPlatforms {
    /// The lockfile.
    pub file: PathBuf,
    /// One set for each package that has such optional dependencies.
    pub sets: Vec<PlatformSet>,
}

/// The optional dependencies of one package, each for one system.
#[derive(Clone, Debug)]
pub struct PlatformSet {
    /// Name of the package.
    pub package: String,
    members: Vec<Member>,
}

#[derive(Clone, Debug)]
struct Member {
    name: String,
    claims: Claims,
    is_listed: bool,
}

/// The maximum number of packages, and of optional dependencies of one package, that are compared.
const MOST: usize = 500;

/// The packages for single systems in the nearest lockfile of npm at or above `root`; `None`
/// without
/// one. Other package managers always list the packages for all systems.
#[must_use]
pub fn lock_platforms(root: &Path) -> Option<LockPlatforms> {
    let folders = within_repository(root);
    let texts = Texts::within(folders.last().copied().unwrap_or(root));
    folders.into_iter().find_map(|folder| {
        ["npm-shrinkwrap.json", "package-lock.json"].iter().find_map(|name| {
            let file = folder.join(name);
            let sets = sets(&texts.lockfile(&file)?);
            Some(LockPlatforms { file, sets })
        })
    })
}

fn sets(text: &str) -> Vec<PlatformSet> {
    let root: Value = crate::files::json(text).unwrap_or_default();
    let Some(packages) = root.get("packages").and_then(Value::as_object) else { return Vec::new() };
    let names: std::collections::HashSet<&str> =
        packages.keys().filter_map(|path| path.rsplit("node_modules/").next()).collect();
    let read = |(path, entry): (&String, &Value)| {
        // Nothing breaks without an optional package.
        if path.is_empty() || entry.get("optional") == Some(&Value::Bool(true)) {
            return None;
        }
        let optional = entry.get("optionalDependencies")?.as_object()?;
        let members: Vec<Member> = optional
            .keys()
            .take(MOST)
            .map(|name| Member {
                claims: claims(name),
                is_listed: names.contains(name.as_str()),
                name: name.clone(),
            })
            .filter(|member| !member.claims.platforms.is_empty() && !member.claims.archs.is_empty())
            .collect();
        let package = path.rsplit("node_modules/").next().unwrap_or(path).to_owned();
        let counts = members.len() > 1 && members.iter().any(|member| member.is_listed);
        counts.then_some(PlatformSet { package, members })
    };
    packages.iter().filter_map(read).take(MOST).collect()
}

impl PlatformSet {
    /// The package that a system needs and the lockfile lacks; `None` if it has one for the system,
    /// or if the package has none. Without an `arch` or a `libc`, one for any of them is enough.
    #[must_use]
    pub fn lacks(
        &self,
        platform: &Platform,
        arch: Option<&Arch>,
        libc: Option<Libc>,
    ) -> Option<&str> {
        let of_system = |member: &&Member| {
            member.claims.platforms.contains(platform)
                && arch.is_none_or(|arch| member.claims.archs.contains(arch))
        };
        let has_musl =
            self.members.iter().filter(of_system).any(|one| one.claims.libc == Some(Libc::Musl));
        let fits = |member: &&Member| match (libc, member.claims.libc) {
            (None, _) => true,
            (Some(libc), Some(own)) => libc == own,
            // Beside a package for musl, one without a libc in its name is for glibc.
            (Some(libc), None) => libc == Libc::Glibc || !has_musl,
        };
        let fitting: Vec<&Member> = self.members.iter().filter(of_system).filter(fits).collect();
        let is_usual = |member: &&&Member| member.claims.archs.contains(&Arch::X64);
        let named = fitting.iter().find(is_usual).or(fitting.first())?;
        fitting.iter().all(|member| !member.is_listed).then_some(named.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::sets;
    use crate::model::{Arch, Libc, Platform};

    #[test]
    fn packages_that_a_system_needs_are_compared_with_the_lockfile() {
        let text = r#"{"packages": {
            "": {},
            "node_modules/a": {"optionalDependencies": {
                "@a/linux-x64": "1", "@a/linuxmusl-x64": "1", "@a/darwin-arm64": "1", "other": "2"
            }},
            "node_modules/@a/darwin-arm64": {"optional": true},
            "node_modules/@a/linuxmusl-x64": {"optional": true},
            "node_modules/b": {"optionalDependencies": {"fsevents": "1"}},
            "node_modules/c": {
                "optional": true,
                "optionalDependencies": {"c-linux-x64": "1", "c-win32-x64": "1"}
            }
        }}"#;
        let found = sets(text);
        let [set] = found.as_slice() else { unreachable!("{found:?}") };
        assert_eq!(set.lacks(&Platform::Linux, None, Some(Libc::Glibc)), Some("@a/linux-x64"));
        for (platform, arch, libc, expected) in [
            (Platform::Linux, Arch::X64, Some(Libc::Glibc), Some("@a/linux-x64")),
            (Platform::Linux, Arch::X64, Some(Libc::Musl), None),
            (Platform::Linux, Arch::X64, None, None),
            (Platform::Darwin, Arch::Arm64, None, None),
            (Platform::Win32, Arch::X64, None, None),
        ] {
            assert_eq!(set.lacks(&platform, Some(&arch), libc), expected, "{platform} {libc:?}");
        }
    }
}
