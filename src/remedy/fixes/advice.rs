//! Advice where no command of this project helps: another version, another runtime, or another
//! folder.

use crate::environment::PackageManager;
use crate::model::{Facts, Fix, RuntimeName, Stage};
use crate::remedy::patient::Patient;
use crate::runtime::registry;

impl Patient<'_> {
    /// The advice for a package that ships prebuilt files only.
    pub(super) fn update(&self) -> Option<Fix> {
        let Patient { package, .. } = self;
        Some(Fix::advice(
            format!("Use a version of {package} that has a file for {}", self.title),
            "it ships prebuilt files, and compiles none when it is installed",
        ))
    }

    /// The first releases of each line that have the Node-API version an addon declares.
    pub(super) fn newer_runtime(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        let Some(Facts::NodeApiTooNew(facts)) = facts else { return None };
        let declared = u32::try_from(facts.declared).ok()?;
        let releases = registry::first_with_node_api(runtime.kind, declared);
        let first = releases.first()?;
        Some(Fix::advice(
            format!(
                "For {package}, use {} {first} or newer, or an older version of {package}",
                runtime.kind.title()
            ),
            format!(
                "Node-API version {declared} came with these releases: {}",
                releases.join(", ")
            ),
        ))
    }

    /// The first release of Node.js in the line that doesn't abort, for an addon with cleanup hooks
    /// in `node::ObjectWrap`.
    pub(super) fn runtime_without_abort(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Patient { package, runtime, .. } = self;
        let Some(Facts::ObjectWrapHooks(facts)) = facts else { return None };
        let newer = match runtime.kind {
            RuntimeName::Node => format!("Node.js {} or newer", facts.fixed_in),
            kind => {
                format!("a release of {} with Node.js {} or newer", kind.title(), facts.fixed_in)
            }
        };
        Some(Fix::advice(
            format!(
                "For {package}, use {newer}, or a version of {package} that is built with Node-API"
            ),
            format!(
                "Node.js {} aborts when it collects an object of {package}: the package was \
                    compiled with cleanup hooks in node::ObjectWrap",
                facts.node
            ),
        ))
    }

    /// The advice for a package of another project, or of a store that projects share: where it can
    /// be fixed.
    pub(in crate::remedy) fn fix_elsewhere(&self) -> Fix {
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
                        "its folder is {path}, which projects share, so abi-guard fix leaves \
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
        Fix::advice(summary, why)
    }

    /// True for commands that need a package.json. Only `npm rebuild` works without one, as long as
    /// it needs no approval (tried with npm 9 to 12; in such a folder `npm install`, `yarn install`
    /// and `pnpm rebuild` of pnpm 12 remove all packages).
    pub(in crate::remedy) fn needs_manifest(&self, fix: &Fix) -> bool {
        let is_own = matches!(fix.stage, Stage::Install | Stage::Build);
        let is_npm_rebuild = |words: &Vec<String>| {
            words.iter().any(|word| word == "npm") && words.iter().any(|word| word == "rebuild")
        };
        let runs_all_scripts = self.installation.npm().is_some_and(|npm| npm.major < 12);
        is_own
            && !fix.commands.is_empty()
            && !(runs_all_scripts && fix.commands.iter().all(is_npm_rebuild))
    }

    /// The advice for a package in a folder without a package.json.
    pub(in crate::remedy) fn fix_where_made(&self) -> Fix {
        Fix::advice(
            "Install the packages again in the folder with the package.json that they \
                were installed for, and copy node_modules from there"
                .to_owned(),
            format!(
                "{} has no package.json: an installation there would remove the packages",
                self.installation.root.display()
            ),
        )
    }
}
