//! Problems → root causes, and the commands that fix them. Pure functions of facts.

mod causes;
mod commands;
pub mod doctor;
pub mod explain;
mod fix;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::environment::{Block, Distribution, Installation, PackageManager};
use crate::model::problem::file::FoundInstead;
use crate::model::problem::linking::MissingLibrary;
use crate::model::{Code, Convention, Facts, Fix, Platform, Problem, RuntimeName, Stage};
use crate::project::Ownership;
use crate::runtime::{Runtime, registry};
pub use causes::{Evidence, causes};
pub use commands::Builds;
use commands::argv;
pub use fix::merge;

/// A problem with the facts that are known: an error text shows the code, but not always the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its code.
    pub code: Code,
    /// Its facts, if they are known.
    pub facts: Option<Facts>,
}

impl From<&Problem> for Reason {
    fn from(problem: &Problem) -> Reason {
        Reason { code: problem.code(), facts: Some(problem.facts.clone()) }
    }
}

/// A package with a problem.
pub struct Patient<'a> {
    /// Its name.
    pub package: &'a str,
    /// Its folder.
    pub path: &'a str,
    /// Its problems, the most important first.
    pub reasons: &'a [Reason],
    /// How its file is created again.
    pub builds: Builds,
    /// How it finds its file.
    pub loader: &'a Convention,
    /// The setting that keeps its install scripts from running; called only if they have to run.
    pub block: &'a dyn Fn() -> Option<Block>,
    /// The installation that it belongs to.
    pub installation: &'a Installation,
    /// The runtime that has to load it.
    pub runtime: &'a Runtime,
    /// The runtime's name in sentences. A text may show the release line only, not the release.
    pub title: &'a str,
    /// True if the lockfile doesn't list the missing platform package.
    pub is_unlocked: bool,
    /// The file that it would load.
    pub file: Option<&'a str>,
    /// The distribution of this system.
    pub distribution: Option<Distribution>,
    /// The owner of its folder, as seen from the installation.
    pub ownership: Ownership,
    /// The folder of the project that a foreign package is installed for; called only if a fix is
    /// found.
    pub home: &'a dyn Fn() -> Option<String>,
    /// True for a file or folder that a fix may remove.
    pub may_replace: &'a dyn Fn(&str) -> bool,
}

/// The fix for a package; `None` if no fix is certain to help.
#[must_use]
pub fn remedy(patient: &Patient<'_>) -> Option<Fix> {
    // A package.json can contain any name. A name that package managers reject never becomes part
    // of a command.
    if !is_package_name(patient.package) {
        return None;
    }
    let fix = patient.reasons.iter().find_map(|reason| patient.remedy(reason))?;
    // Commands of this installation don't reach the package, or would change files that other
    // projects use.
    if patient.ownership == Ownership::Foreign
        && !fix.commands.is_empty()
        && fix.stage != Stage::System
    {
        return Some(patient.fix_elsewhere());
    }
    let directory = Some(patient.installation.root.to_string_lossy().into_owned())
        .filter(|_| !fix.commands.is_empty());
    Some(Fix { directory, ..fix })
}

/// Removes packages and installs them again, with their dependencies. The caller passes only
/// folders that the installation owns.
#[must_use]
pub fn reinstall(packages: &[&str], folders: &[&str], installation: &Installation) -> Option<Fix> {
    if folders.is_empty() {
        return None;
    }
    Some(Fix {
        summary: format!("Install {} from scratch", packages.join(", ")),
        why: "files of an earlier installation may interfere".to_owned(),
        commands: commands::reinstall(installation, folders),
        directory: Some(installation.root.to_string_lossy().into_owned()),
        stage: Stage::Install,
        ..Fix::default()
    })
}

/// True for a name that package managers accept: "--evil" would be an option in a command.
pub(crate) fn is_package_name(name: &str) -> bool {
    let part = |part: &str| {
        let starts_well =
            part.chars().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        starts_well && part.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
    };
    match name.strip_prefix('@').map(|name| name.split_once('/')) {
        None => part(name),
        Some(Some((scope, name))) => part(scope) && part(name),
        Some(None) => false,
    }
}

fn is_lfs_pointer(facts: Option<&Facts>) -> bool {
    matches!(facts, Some(Facts::NotABinary(facts)) if facts.found == FoundInstead::GitLfsPointer)
}

/// The reason for a problem that exists although the file was built for this runtime, or for no
/// runtime in particular.
const DAMAGE: &str = "the file is damaged; rebuilding downloads or compiles a new one";

impl Patient<'_> {
    fn remedy(&self, reason: &Reason) -> Option<Fix> {
        let facts = reason.facts.as_ref();
        match reason.code {
            Code::AbiMismatch | Code::SelfRegisterMismatch => self
                .rebuild(
                    "it was built for another runtime; rebuilding downloads or compiles it for \
                        this one",
                )
                .or_else(|| self.update()),
            Code::V8Coupled | Code::MissingSymbol => self
                .rebuild("it was built against functions that this runtime doesn't have")
                .or_else(|| self.update()),
            Code::WrongPlatform | Code::WrongArch | Code::WrongLibc => {
                let why = "it was built on another system; rebuilding downloads or compiles it for \
                    this one";
                self.rebuild(why).or_else(|| self.refetch("its files are for another system"))
            }
            Code::NotABinary if is_lfs_pointer(facts) => self.refetch_lfs(),
            Code::NotABinary | Code::Truncated | Code::Malformed => {
                self.rebuild(DAMAGE).or_else(|| self.refetch("the file is damaged"))
            }
            Code::GlibcTooOld | Code::LibstdcxxTooOld => self.compile(),
            Code::MissingLibrary => self.install_library(facts),
            Code::NoMatchingPrebuild => self.rebuild(
                "it has no file for this system, so its install script has to compile one",
            ),
            Code::NodeApiTooNew => self.newer_runtime(facts),
            Code::NotBuilt => self.build(),
            Code::MissingPlatformPackage => self.reinstall(facts),
            Code::ShadowedPrebuild => self.remove_build(facts),
            Code::Unsigned => self.sign(),
            // Another file, another version or another runtime is needed, and the facts don't show
            // which one; or nothing is broken.
            Code::RegistersTwice
            | Code::UnsupportedAddonApi
            | Code::LazyMissingSymbol
            | Code::StaticTls
            | Code::ExecutableStack
            | Code::CpuLevel
            | Code::MinimumOs
            | Code::HostImportNotDelayed
            | Code::NoExternalBuffers
            | Code::NotContextAware
            | Code::NotOpenable
            | Code::NotAnAddon
            | Code::BuiltinFlag
            | Code::DependsOnRelease
            | Code::Undetermined
            | Code::Changed
            | Code::Unreadable
            | Code::InterruptedRepair
            | Code::InvalidSettings => None,
            // Only the package's authors can fix it.
            Code::Mislabelled
            | Code::MissingTarget
            | Code::UnreachableFile
            | Code::EnginesTooOld => None,
        }
    }

    /// Rebuilding compiles or downloads the addon for the runtime that runs the rebuild. Only for
    /// this process and for Electron a single command can select that runtime.
    fn rebuild(&self, why: &str) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        if self.builds == Builds::Never {
            return None;
        }
        let commands = match runtime.kind {
            RuntimeName::Electron => vec![argv(&["npx", "@electron/rebuild", "-f", "-o", package])],
            RuntimeName::Node | RuntimeName::Bun if runtime.is_host => self.rebuilding(),
            RuntimeName::Node => {
                return Some(Fix {
                    summary: format!(
                        "Rebuild {package} under {}, on {}",
                        self.title,
                        runtime.system()
                    ),
                    why: why.to_owned(),
                    ..Fix::default()
                });
            }
            RuntimeName::Bun | RuntimeName::Deno | RuntimeName::Nw => return None,
        };
        Some(Fix {
            summary: format!("Rebuild {package} for {}", self.title),
            why: why.to_owned(),
            commands,
            ..Fix::default()
        })
    }

    /// The advice for a package of another project, or of a store that projects share: where it can
    /// be fixed.
    fn fix_elsewhere(&self) -> Fix {
        let Patient { package, path, .. } = self;
        let (summary, why) = match (self.home)() {
            Some(folder) => (
                format!(
                    "Fix {package} in the project that it belongs to: run npx abi-guard fix in \
                        {folder}"
                ),
                format!("its folder is {path}, which this project only links to"),
            ),
            // Only the package manager may change the store of all its projects.
            None if self.installation.manager == PackageManager::Pnpm
                && path.contains("/links/") =>
            {
                let words = self.rebuilding().concat().join(" ");
                let root = self.installation.root.display();
                (
                    format!("Rebuild {package} in the store of pnpm: run {words} in {root}"),
                    format!(
                        "its folder is {path}, which projects share, so that abi-guard fix leaves \
                            it alone"
                    ),
                )
            }
            None => (
                format!("Fix {package} in the folder where it is installed"),
                format!(
                    "its folder is {path}, outside of this project, and other projects may use it \
                        too"
                ),
            ),
        };
        Fix { summary, why, stage: Stage::Advice, ..Fix::default() }
    }

    fn rebuilding(&self) -> Vec<Vec<String>> {
        // The project's own addon. A package manager rebuilds only what it installed.
        if Path::new(self.path) == self.installation.root {
            let by_script = argv(&["npm", "run", "install"]);
            return vec![if self.builds == Builds::ByNodeGyp {
                argv(&["npx", "node-gyp", "rebuild"])
            } else {
                by_script
            }];
        }
        let commands = commands::rebuild(
            self.installation,
            self.package,
            self.builds,
            (self.block)().as_ref(),
        );
        // The install script keeps an existing file, unless an option forces a build.
        match self.loader {
            Convention::NodePreGyp => commands::with_setting(
                commands,
                "update_binary",
                self.runtime.platform == Platform::Win32,
            ),
            _ => commands,
        }
    }

    /// Compiles on this system what was downloaded for a newer one.
    fn compile(&self) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        if self.builds == Builds::Never || !runtime.is_host || runtime.kind != RuntimeName::Node {
            return None;
        }
        let commands =
            commands::rebuild(self.installation, package, self.builds, (self.block)().as_ref());
        Some(Fix {
            summary: format!("Compile {package} on this system"),
            why: "the downloaded file was built on a newer system; a file that is compiled here \
                needs only the libraries of this system"
                .to_owned(),
            commands: commands::with_setting(
                commands,
                "build_from_source",
                runtime.platform == Platform::Win32,
            ),
            ..Fix::default()
        })
    }

    /// Runs an install script that did not run.
    fn build(&self) -> Option<Fix> {
        let summary = format!("Let the install script of {} run", self.package);
        let why =
            "it builds or downloads the addon, and did not run when the package was installed";
        // The version of Yarn may be unknown. The newer ones need the setting; the older ones
        // ignore it.
        let is_some_yarn = self.installation.manager == PackageManager::YarnBerry
            && self.installation.version().is_none();
        let told = || Block { reason: String::new(), approval: Some(self.package.to_owned()) };
        let block = || (self.block)().or_else(|| is_some_yarn.then(told));
        Some(Fix { summary, ..Patient { block: &block, ..*self }.rebuild(why)? })
    }

    /// The advice for a package that ships prebuilt files only.
    fn update(&self) -> Option<Fix> {
        let Patient { package, .. } = self;
        Some(Fix {
            summary: format!("Use a version of {package} that has a file for {}", self.title),
            why: "it ships prebuilt files, and compiles none when it is installed".to_owned(),
            stage: Stage::Advice,
            ..Fix::default()
        })
    }

    /// Installs what a package manager omitted. For another system, it has to be installed on that
    /// system.
    fn reinstall(&self, facts: Option<&Facts>) -> Option<Fix> {
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
        if !self.runtime.is_host {
            return Some(Fix {
                summary: self.install_for_target(),
                why,
                stage: Stage::Advice,
                ..Fix::default()
            });
        }
        Some(Fix {
            summary: "Install the packages for this system".to_owned(),
            why,
            commands: vec![commands::install(self.installation, self.is_unlocked)],
            stage: Stage::Install,
            ..Fix::default()
        })
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
    fn refetch(&self, why: &str) -> Option<Fix> {
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

    fn refetch_lfs(&self) -> Option<Fix> {
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
    fn remove_build(&self, facts: Option<&Facts>) -> Option<Fix> {
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

    /// Installs a library of the system.
    fn install_library(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Some(Facts::MissingLibrary(MissingLibrary { library, packages, .. })) = facts else {
            return None;
        };
        let distribution = self.distribution.filter(|_| self.runtime.is_host)?;
        let package = distribution.package_among(packages.as_ref()?)?;
        Some(Fix {
            summary: format!("Install {package}"),
            why: format!("it provides the library {library}"),
            commands: vec![distribution.install(&[package])],
            stage: Stage::System,
            ..Fix::default()
        })
    }

    /// Signs a file again, without an identity.
    fn sign(&self) -> Option<Fix> {
        let file = self.file.filter(|_| self.runtime.is_host)?;
        Some(Fix {
            summary: format!("Sign the file of {}", self.package),
            why: "macOS loads signed code only; a signature without an identity is enough"
                .to_owned(),
            commands: vec![argv(&["codesign", "--force", "--sign", "-", file])],
            ..Fix::default()
        })
    }

    /// The first releases of each line that have the Node-API version an addon declares.
    fn newer_runtime(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        let Some(Facts::NodeApiTooNew(facts)) = facts else { return None };
        let declared = u32::try_from(facts.declared).ok()?;
        let releases = registry::first_with_node_api(runtime.kind, declared);
        let first = releases.first()?;
        Some(Fix {
            summary: format!(
                "For {package}, use {} {first} or newer, or an older version of {package}",
                runtime.kind.title()
            ),
            why: format!(
                "Node-API version {declared} came with these releases: {}",
                releases.join(", ")
            ),
            stage: Stage::Advice,
            ..Fix::default()
        })
    }
}
