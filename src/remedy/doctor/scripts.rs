//! Install commands in Dockerfiles that omit what native packages need.

use super::docker::commands;
use super::facts::Facts;
use super::finding::names;
use super::natives::Native;
use crate::environment::files::{Docker, builds_addons, install};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts.files.dockerfiles.iter().flat_map(|docker| of_file(docker, facts)).collect()
}

fn of_file(docker: &Docker, facts: &Facts<'_>) -> Vec<Finding> {
    let steps = || docker.file.says.stages.iter().flat_map(|stage| &stage.steps);
    let needed = |is_meant: fn(&Native) -> bool| {
        let all = facts
            .natives
            .packages
            .iter()
            .filter(|native| is_meant(native) && !native.optional && !native.dev);
        names(all.map(|native| native.name.as_str()))
    };
    let by_script = needed(|native| native.needs_script || native.unbuilt && native.has_gyp);
    let by_platform = needed(|native| native.by_platform);
    // Anywhere in the file, because one stage may build for another.
    let is_built_later = steps().flat_map(commands).any(builds_addons);
    let mut found = Vec::new();
    for command in steps().flat_map(commands) {
        let Some(install) = install(command) else { continue };
        let line = command.line;
        if install.ignores_scripts && !by_script.is_empty() && !is_built_later {
            let message = format!(
                "without install scripts the addons of {by_script} are neither compiled nor \
                    downloaded"
            );
            let finding =
                Finding::new(FindingCode::ScriptsIgnored, FindingSeverity::Error, message)
                    .at(&docker.file.path, line);
            found.push(finding.with(Some(without(
                &command.words,
                &["--ignore-scripts", "--ignore-scripts=true", "--mode=skip-build"],
            ))));
        }
        if install.omits_optional && !by_platform.is_empty() {
            let message = format!(
                "the addons are optional dependencies of their packages, one for each system: \
                    {by_platform} would be missing"
            );
            let finding =
                Finding::new(FindingCode::OptionalOmitted, FindingSeverity::Error, message)
                    .at(&docker.file.path, line);
            let options = [
                "--no-optional",
                "--omit=optional",
                "--ignore-optional",
                "--optional=false",
                "--omit optional",
            ];
            found.push(finding.with(Some(without(&command.words, &options))));
        }
    }
    found
}

/// A `RUN` of the words without `options`; if the option comes from a variable, the words are
/// unchanged.
fn without(words: &[String], options: &[&str]) -> String {
    let line = format!("RUN {} ", words.join(" "));
    let line = options.iter().fold(line, |line, option| line.replace(&format!(" {option} "), " "));
    line.trim_end().to_owned()
}
