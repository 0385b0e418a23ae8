//! Fixes that put a package's files in order without a build: they install packages, fetch files,
//! or remove a stale build.

use crate::environment::PackageManager;
use crate::model::{Facts, Fix, Stage};
use crate::project::Ownership;
use crate::remedy::commands::{self, argv};
use crate::remedy::patient::Patient;
use crate::runtime::Runtime;

impl Patient<'_> {
    /// Installs what a package manager omitted. For another system, it has to be installed on that
    /// system.
    pub(super) fn reinstall(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Some(Facts::MissingPlatformPackage(facts)) = facts else { return None };
        let name = facts.packages.first()?;
        let why = match self.is_unlocked {
            true => format!(
                "{name} is an optional dependency that the lockfile lacks, which happens when the \
                    lockfile was made on another system"
            ),
            false => {
                format!("{name} is among the optional dependencies, and wasn't installed here")
            }
        };
        Some(self.install_for_runtime(why))
    }

    /// Installs a dependency of the package that has a part of it.
    pub(super) fn install_package(&self, name: &str, reason: &str) -> Fix {
        self.install_for_runtime(format!("{name} {reason}, and wasn't installed here"))
    }

    fn install_for_runtime(&self, why: String) -> Fix {
        if !self.runtime.is_host {
            return Fix::advice(self.install_for_target(), why);
        }
        Fix {
            summary: "Install the packages for this system".to_owned(),
            why,
            commands: vec![commands::install(self.installation, self.is_unlocked)],
            stage: Stage::Install,
            ..Fix::default()
        }
    }

    /// How packages for another system are installed on this one. `fix` doesn't run it, because
    /// they replace this system's packages.
    fn install_for_target(&self) -> String {
        let Runtime { platform, arch, libc, .. } = self.runtime;
        let system = self.runtime.system();
        if self.installation.manager != PackageManager::Npm {
            return format!("Install on {system}");
        }
        let libc = libc.as_ref().map(|libc| format!(" --libc={libc}")).unwrap_or_default();
        format!(
            "Install on {system}, or in a folder of its own with npm install --os={platform} \
                --cpu={arch}{libc}"
        )
    }

    /// Installs a package again.
    pub(super) fn refetch(&self, why: &str) -> Option<Fix> {
        if !self.runtime.is_host || self.ownership == Ownership::Sources {
            return None;
        }
        Some(Fix {
            summary: format!("Install {} again", self.package),
            why: why.to_owned(),
            commands: vec![
                commands::remove(self.installation, &[self.path]),
                commands::install(self.installation, false),
            ],
            stage: Stage::Install,
            ..Fix::default()
        })
    }

    /// Fetches the files whose pointers the repository or the package has.
    pub(super) fn refetch_lfs(&self) -> Option<Fix> {
        if self.ownership != Ownership::Sources {
            return self.refetch("the file was packed as a Git LFS pointer");
        }
        Some(Fix {
            summary: "Fetch the files that Git LFS stores".to_owned(),
            why: "the repository was checked out without them".to_owned(),
            commands: vec![argv(&["git", "lfs", "pull"])],
            stage: Stage::Install,
            ..Fix::default()
        })
    }

    /// Removes a stale build.
    pub(super) fn remove_build(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Some(Facts::ShadowedPrebuild(facts)) = facts else { return None };
        let build = facts.remove.as_str();
        if self.ownership != Ownership::Foreign && !(self.may_replace)(build) {
            return None;
        }
        Some(Fix {
            summary: format!("Remove the stale build of {}", self.package),
            why: "it was built for another runtime, and hides the prebuilt file that the package \
                ships"
                .to_owned(),
            commands: vec![commands::remove(self.installation, &[build])],
            stage: Stage::Remove,
            ..Fix::default()
        })
    }
}
