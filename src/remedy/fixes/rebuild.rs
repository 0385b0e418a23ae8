//! Fixes that run an install script again, so that it compiles or downloads the addon.

use std::path::Path;

use crate::environment::{Block, PackageManager};
use crate::model::{Convention, Fix, Platform, RuntimeName, Stage};
use crate::remedy::commands::{self, Builds, argv};
use crate::remedy::patient::Patient;

impl Patient<'_> {
    /// Rebuilding compiles or downloads the addon for the runtime that runs the rebuild. Only for
    /// this process and for Electron a single command can select that runtime.
    pub(super) fn rebuild(&self, why: &str) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        if self.builds == Builds::Never {
            return None;
        }
        let commands = match runtime.kind {
            RuntimeName::Electron => vec![argv(&["npx", "@electron/rebuild", "-f", "-o", package])],
            RuntimeName::Node if runtime.is_host => self.rebuilding(),
            RuntimeName::Bun if runtime.is_host => {
                let command = format!("bun add --trust {package}");
                return Some(self.rebuild_by(PackageManager::Bun, &command, why));
            }
            RuntimeName::Deno if runtime.is_host => {
                let command = format!("deno install --allow-scripts=npm:{package}");
                return Some(self.rebuild_by(PackageManager::Deno, &command, why));
            }
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
        if commands.is_empty() {
            return Some(self.allow_by_hand(why));
        }
        Some(Fix {
            summary: format!("Rebuild {package} for {}", self.title),
            why: why.to_owned(),
            commands,
            ..Fix::default()
        })
    }

    /// No command of this pnpm changes a line that forbids a build.
    fn allow_by_hand(&self, why: &str) -> Fix {
        let Patient { package, .. } = self;
        Fix::advice(
            format!(
                "Write \"{package}: true\" under allowBuilds in pnpm-workspace.yaml, then run pnpm \
                    rebuild {package}"
            ),
            why,
        )
    }

    /// The runtime's own command. Those of other package managers run and build for Node.js.
    /// `installing`: the command for packages that another manager installed.
    fn rebuild_by(&self, manager: PackageManager, installing: &str, why: &str) -> Fix {
        let Patient { package, .. } = self;
        let is_its_own = self.installation.manager == manager;
        let name = if manager == PackageManager::Deno { "Deno" } else { "Bun" };
        Fix {
            summary: match is_its_own {
                true => format!("Rebuild {package} for {}", self.title),
                false => format!(
                    "Install the packages with {name}: {installing} runs the install script of \
                        {package}"
                ),
            },
            why: why.to_owned(),
            commands: if is_its_own { self.rebuilding() } else { Vec::new() },
            stage: if is_its_own { Stage::Build } else { Stage::Advice },
            ..Fix::default()
        }
    }

    /// The commands that rebuild the package.
    pub(super) fn rebuilding(&self) -> Vec<Vec<String>> {
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
    pub(super) fn compile(&self, why: &str) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        if self.builds == Builds::Never || !runtime.is_host || runtime.kind != RuntimeName::Node {
            return None;
        }
        let commands =
            commands::rebuild(self.installation, package, self.builds, (self.block)().as_ref());
        if commands.is_empty() {
            return Some(self.allow_by_hand(why));
        }
        Some(Fix {
            summary: format!("Compile {package} on this system"),
            why: why.to_owned(),
            commands: commands::with_setting(
                commands,
                "build_from_source",
                runtime.platform == Platform::Win32,
            ),
            ..Fix::default()
        })
    }

    /// Runs an install script that did not run.
    pub(super) fn build(&self) -> Option<Fix> {
        let summary = format!("Let the install script of {} run", self.package);
        let why =
            "it builds or downloads the addon, and did not run when the package was installed";
        // The version of Yarn may be unknown. The newer ones need the setting; the older ones
        // ignore it.
        let is_some_yarn = self.installation.manager == PackageManager::YarnBerry
            && self.installation.version().is_none();
        let told = || Block::perhaps(self.package);
        let block = || (self.block)().or_else(|| is_some_yarn.then(told));
        let fix = Patient { block: &block, ..*self }.rebuild(why)?;
        // Without a command, the summary says where it can be built.
        Some(if fix.commands.is_empty() { fix } else { Fix { summary, ..fix } })
    }
}
