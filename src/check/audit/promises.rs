//! The systems that package.json promises, and the file or package that serves each of them.

use std::collections::BTreeSet;

use super::releases::{shipped_abis, versions_of};
use super::subject::Audit;
use super::systems::{System, of_lists, of_napi};
use crate::files;
use crate::model::problem::package::MissingTarget;
use crate::model::reports::{Promise, PromisedBy};
use crate::model::{Problem, RuntimeName, Severity};
use crate::project::loader::{self, Active};

impl Audit<'_> {
    /// The promised systems, and a problem for each system that nothing serves.
    pub(super) fn promises(&self) -> (Vec<Promise>, Vec<Problem>) {
        let manifest = &self.installed.manifest;
        let of_napi = of_napi(manifest);
        let of_lists = if of_napi.is_empty() && !self.installed.files.is_empty() {
            of_lists(manifest)
        } else {
            BTreeSet::new()
        };
        let compiles = manifest.script("install").is_some()
            || files::is_file(self.installed.directory.join("binding.gyp"));
        let mut promises = Vec::new();
        let mut problems = Vec::new();
        let all = of_napi
            .iter()
            .map(|system| (system, PromisedBy::NapiTargets))
            .chain(of_lists.iter().map(|system| (system, PromisedBy::Lists)));
        for (system, source) in all {
            let by = self.provider(system);
            if by.is_none() {
                let message = format!(
                    "{} lists {}, but the package has no file for it",
                    source.as_str(),
                    system.name()
                );
                let problem = Problem::error(MissingTarget { system: system.name() }, message);
                problems.push(match compiles {
                    true => problem.with_severity(Severity::Warning),
                    false => problem,
                });
            }
            promises.push(Promise { system: system.name(), source, by });
        }
        (promises, problems)
    }

    /// The file, or the listed platform package, that serves a system.
    fn provider(&self, system: &System) -> Option<String> {
        let node = format!("node/{}", system.name());
        let newest = self.runtime(&node)?;
        let versions = versions_of(RuntimeName::Node, None)
            .into_iter()
            .chain(shipped_abis(&self.installed.files));
        let mut specs = versions.map(|version| format!("{version}/{}", system.name()));
        let file = specs.find_map(|spec| match self.chosen(&spec) {
            (_, Active::File(file)) => Some(file),
            _ => None,
        });
        file.or_else(|| {
            loader::needed_platform_packages(&self.installed.manifest, &newest).into_iter().next()
        })
    }
}
