//! Releases that `engines.node` allows, but that are too old for the package's files.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::subject::Audit;
use crate::check::file::{CheckOptions, Inspected, inspect};
use crate::files::join_inside;
use crate::model::problem::package::EnginesTooOld;
use crate::model::reports::Floor;
use crate::model::{Code, Problem, RuntimeName};
use crate::project::loader::Active;
use crate::runtime::registry;
use crate::versions::Range;

impl Audit<'_> {
    /// One problem for each release that `engines.node` allows, in which the chosen file needs a
    /// newer Node-API version.
    pub(super) fn engines(&self, floors: &BTreeMap<String, Floor>) -> Vec<Problem> {
        let engines = self
            .installed
            .manifest
            .object("engines")
            .and_then(|engines| engines.get("node")?.as_str());
        let Some((engines, wanted)) = engines.and_then(|text| Some((text, Range::parse(text)?)))
        else {
            return Vec::new();
        };
        let newest = registry::newest_of_rows(RuntimeName::Node, |version| wanted.allows(version));
        let lines: Vec<String> = newest.iter().map(ToString::to_string).collect();
        let mut lacking: BTreeMap<(&String, u32), Vec<String>> = BTreeMap::new();
        for floor in floors.values() {
            // Most releases choose the same file: it is read once for all of them.
            let mut read = HashMap::new();
            let spec = |version: &String| format!("node@{version}/{}", floor.system);
            let found =
                lines.iter().rev().find(|version| self.needs_newer(&spec(version), &mut read));
            if let (Some(version), Some(node_api)) = (found, floor.node_api) {
                lacking.entry((version, node_api)).or_default().push(floor.system.clone());
            }
        }
        let problem = |((version, node_api), systems): ((&String, u32), Vec<String>)| {
            let message = format!(
                "engines.node is \"{engines}\", which allows Node.js {version}; the files for {} \
                    need Node-API {node_api}, available since {}",
                systems.join(", "),
                registry::first_with_node_api(RuntimeName::Node, node_api).join(", ")
            );
            let facts = EnginesTooOld {
                engines: engines.to_owned(),
                release: version.clone(),
                node_api,
                systems,
            };
            Problem::warning(facts, message)
        };
        lacking.into_iter().map(problem).collect()
    }

    /// True if the file that is chosen in a runtime needs a newer Node-API version.
    fn needs_newer(&self, spec: &str, read: &mut HashMap<PathBuf, Option<Inspected>>) -> bool {
        let Some(runtime) = self.runtime(spec) else { return false };
        let (folder, file) = match self.chosen(spec) {
            (_, Active::File(file)) => (self.installed.directory.clone(), file),
            (_, Active::Elsewhere { package, file }) if !self.members().is_empty() => {
                (package, file)
            }
            _ => return false,
        };
        let path = join_inside(&folder, &file);
        let key = folder.join(&file);
        let inspected = read.entry(key).or_insert_with(|| inspect(&path?).ok());
        let judged = inspected.as_ref().map(|file| file.judge(&runtime, CheckOptions::default()));
        judged.is_some_and(|report| {
            report.problems.iter().any(|problem| problem.code() == Code::NodeApiTooNew)
        })
    }
}
