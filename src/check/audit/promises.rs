//! The systems that a package promises, and the file or package that serves each of them.

use std::collections::BTreeSet;

use super::member_systems::of_member;
use super::opened::Opened;
use super::provider::Provider;
use super::subject::Audit;
use super::systems::{System, of_lists, of_napi};
use crate::files;
use crate::model::problem::file::{Subject, Undetermined};
use crate::model::problem::package::MissingTarget;
use crate::model::reports::{Promise, PromisedBy};
use crate::model::{Problem, Severity};
use crate::project::loader::families;

/// What the audit knows about the promised systems so far.
#[derive(Default)]
struct Promises {
    promises: Vec<Promise>,
    problems: Vec<Problem>,
    known: BTreeSet<System>,
}

impl Audit<'_> {
    /// The promised systems, and a problem for each system that nothing serves. `required` are
    /// systems by their names.
    pub(super) fn promises(&self, required: &[String]) -> (Vec<Promise>, Vec<Problem>) {
        let manifest = &self.installed.manifest;
        let of_napi = of_napi(manifest);
        let of_lists = if of_napi.is_empty() && !self.installed.files.is_empty() {
            of_lists(manifest)
        } else {
            BTreeSet::new()
        };
        let required: BTreeSet<System> =
            required.iter().filter_map(|name| System::from_name(name)).collect();
        let compiles = manifest.script("install").is_some()
            || files::is_file(self.installed.directory.join("binding.gyp"));
        let mut all = Promises::default();
        let listed = of_napi
            .iter()
            .map(|system| (system, PromisedBy::NapiTargets))
            .chain(of_lists.iter().map(|system| (system, PromisedBy::Lists)));
        for (system, source) in listed {
            all.known.insert(system.clone());
            let by = self.provider(system).name();
            if by.is_none() {
                let message = format!(
                    "{} lists {}, but the package has no file for it",
                    source.as_str(),
                    system.name()
                );
                let problem = Problem::error(MissingTarget { system: system.name() }, message);
                all.problems.push(match compiles && !required.contains(system) {
                    true => problem.with_severity(Severity::Warning),
                    false => problem,
                });
            }
            all.promises.push(Promise { system: system.name(), source, by });
        }
        self.of_members(&mut all);
        self.required(&required, &mut all);
        (all.promises, all.problems)
    }

    /// The systems of the platform packages.
    fn of_members(&self, all: &mut Promises) {
        let manifest = &self.installed.manifest;
        let families = families(manifest);
        // A family of libraries has no addons, as "@img/sharp-libvips-…".
        let may_have_addon = |member: &Opened| {
            let name = member.name();
            let family = families.iter().find(|(_, names)| names.contains(&name));
            let is_of_family =
                |other: &&Opened| family.is_none_or(|(_, names)| names.contains(&other.name()));
            let mut of_family = self.members().iter().filter(is_of_family);
            of_family.any(|member| !member.installed.files.is_empty())
        };
        for member in self.members().iter().filter(|member| may_have_addon(member)) {
            // Where the package itself is not installed, its platform package is not needed.
            let is_possible = |system: &&System| system.is_supported_by(manifest);
            for system in of_member(member).iter().filter(is_possible) {
                if !all.known.insert(system.clone()) {
                    continue;
                }
                let by = match self.provider(system) {
                    Provider::Unknown => continue,
                    provider => provider.name(),
                };
                if by.is_none() {
                    let reason = if member.installed.files.is_empty() {
                        "has no .node file"
                    } else {
                        "is not what the package's loader finds there"
                    };
                    let message =
                        format!("{} is for {}, but {reason}", member.name(), system.name());
                    all.problems
                        .push(Problem::error(MissingTarget { system: system.name() }, message));
                }
                let source = PromisedBy::PlatformPackages;
                all.promises.push(Promise { system: system.name(), source, by });
            }
        }
    }

    /// The systems that the caller requires.
    fn required(&self, required: &BTreeSet<System>, all: &mut Promises) {
        for system in required {
            let name = system.name();
            let fault = match (self.provider(system), self.misfit(system)) {
                (Provider::By(_), Some((file, misfit))) => {
                    format!("the package's loader chooses {file}, which is for {}", misfit.found)
                }
                (Provider::By(by), None) => {
                    if all.known.insert(system.clone()) {
                        let (source, by) = (PromisedBy::Require, Some(by));
                        all.promises.push(Promise { system: name, source, by });
                    }
                    continue;
                }
                (Provider::Unknown, _) => {
                    let message = format!(
                        "whether {name} has an addon isn't known: abi-guard doesn't understand the \
                            package's loader"
                    );
                    let facts = Undetermined { what: Subject::ActiveFile };
                    all.problems.push(Problem::warning(facts, message));
                    continue;
                }
                (Provider::Nothing, _) => "the package's loader finds no file there".to_owned(),
            };
            if all.known.insert(system.clone()) {
                let source = PromisedBy::Require;
                all.promises.push(Promise { system: name.clone(), source, by: None });
            } else if all.promises.iter().any(|known| known.system == name && known.by.is_none()) {
                // The problem of the promise says so.
                continue;
            }
            let message = format!("{name} is required, but {fault}");
            all.problems.push(Problem::error(MissingTarget { system: name }, message));
        }
    }
}
