//! The text report of one file.

use super::escape::escape;
use super::page::{Mark, Page};
use super::problems::{has_hooks, is_worth_saying};
use super::target::target;
use crate::model::reports::AbiReport;
use crate::model::{AddonApi, Arch, Outcome, Platform, Problem};

impl Page {
    /// The verdict on the file, its facts and its problems.
    pub fn file(&mut self, file: &AbiReport) {
        let problems: Vec<&Problem> =
            file.problems.iter().filter(|problem| is_worth_saying(problem)).collect();
        let mark = match (file.ok, problems.is_empty() && file.outcome == Outcome::Loads) {
            (false, _) => Mark::Bad,
            (true, false) => Mark::Doubtful,
            (true, true) => Mark::Good,
        };
        self.mark(mark);
        let title = self.bold(&escape(&file.file));
        self.line(&title);
        let target = target(&file.target);
        let verdict = match file.outcome {
            Outcome::Loads if has_hooks(file) => format!("{target} loads it, but aborts later"),
            Outcome::Loads => format!("{target} loads it"),
            Outcome::Throws => format!("{target} rejects it"),
            Outcome::Crashes => format!("{target} crashes when it loads it"),
            Outcome::Unknown => format!("abi-guard can't determine whether {target} loads it"),
        };
        self.paragraph(&verdict, 2);
        self.facts(file);
        for problem in problems {
            self.sentence(&problem.message, problem.severity);
        }
        self.loader_message(file);
        if self.style.verbose || file.outcome == Outcome::Loads {
            self.unexamined(file.problems.iter());
        }
        self.newer(&[&file.target]);
    }

    /// One line with the facts of the file.
    fn facts(&mut self, file: &AbiReport) {
        let Some(binary) = &file.binary else { return };
        let system = [
            binary.platform.as_ref().map(Platform::as_str),
            binary.arch.as_ref().map(Arch::as_str),
        ]
        .iter()
        .flatten()
        .copied()
        .collect::<Vec<_>>();
        let mut facts = vec![system.join("-")];
        if let Some(libc) = &binary.libc {
            facts.push(match &binary.libc_version {
                Some(version) => format!("{} {version} or newer", libc.as_str()),
                None => libc.as_str().to_owned(),
            });
        }
        if let Some(addon) = &file.addon {
            let versions = addon.node_api.as_ref();
            let is_said = |problem: &Problem| problem.facts.built_for_abi().is_some();
            facts.push(match addon.api {
                AddonApi::NodeApi => {
                    match versions.and_then(|versions| {
                        versions.declared.map(|v| v as i64).or(versions.computed.map(i64::from))
                    }) {
                        Some(version) => format!("Node-API {version}"),
                        None => "Node-API".to_owned(),
                    }
                }
                AddonApi::Hybrid => "Node-API, but uses V8 too".to_owned(),
                AddonApi::V8 if file.problems.iter().any(is_said) => "uses V8".to_owned(),
                AddonApi::V8 => match (addon.abi, addon.runtimes.first()) {
                    (Some(abi), Some(runtime)) => format!("built for {runtime} (ABI {abi})"),
                    (Some(abi), None) => format!("built for ABI {abi}"),
                    _ => "uses V8".to_owned(),
                },
                AddonApi::None => String::new(),
            });
            facts.retain(|fact| !fact.is_empty());
        }
        self.paragraph(&escape(&facts.join(", ")), 2);
    }
}
