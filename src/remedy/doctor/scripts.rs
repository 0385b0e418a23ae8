//! Install commands that omit what native packages need.

use std::path::Path;

use super::docker::commands;
use super::facts::Facts;
use super::finding::names;
use super::natives::Native;
use crate::environment::files::{Command, builds_addons, install as install_of};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

/// The place in which a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The build of an image.
    Image,
    /// The build of an app on a host.
    App,
    /// A job of a CI service. Many jobs never load an addon.
    Job,
}

const WITHOUT_SCRIPTS: [&str; 3] =
    ["--ignore-scripts", "--ignore-scripts=true", "--mode=skip-build"];
const WITHOUT_OPTIONAL: [&str; 5] = [
    "--no-optional",
    "--omit=optional",
    "--ignore-optional",
    "--optional=false",
    "--omit optional",
];

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.files.dockerfiles.iter();
    all.flat_map(|docker| {
        let steps = docker.file.says.stages.iter().flat_map(|stage| &stage.steps);
        let all: Vec<&Command> = steps.flat_map(commands).collect();
        of_commands(&all, Place::Image, &docker.file.path, facts)
    })
    .collect()
}

/// The findings about the `commands` of one file or job at `path`.
pub(super) fn of_commands(
    commands: &[&Command],
    place: Place,
    path: &Path,
    facts: &Facts<'_>,
) -> Vec<Finding> {
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
    // Anywhere in the commands, because one stage of an image may build for another.
    let is_built_later = commands.iter().any(|command| builds_addons(command));
    let severity =
        if place == Place::Job { FindingSeverity::Warning } else { FindingSeverity::Error };
    let mut found = Vec::new();
    for (number, command) in commands.iter().enumerate() {
        let is_here = place == Place::Image || command.folder.is_none();
        let Some(install) = install_of(command).filter(|_| is_here) else { continue };
        // An earlier installation of the same job has built the addons.
        let builds =
            |command: &&Command| install_of(command).is_some_and(|found| !found.ignores_scripts);
        if place == Place::Job && commands[..number].iter().any(builds) {
            continue;
        }
        if place == Place::Job && !commands[number..].iter().any(|command| runs_app(command)) {
            continue;
        }
        let add = |code, message: String, options: &[&str]| {
            let snippet = without(&command.words, options, place);
            Finding::new(code, severity, message).at(path, command.line).with(snippet)
        };
        if install.ignores_scripts && !by_script.is_empty() && !is_built_later {
            let message = format!(
                "without install scripts the addons of {by_script} are neither compiled nor \
                    downloaded"
            );
            found.push(add(FindingCode::ScriptsIgnored, message, &WITHOUT_SCRIPTS));
        }
        if install.omits_optional && !by_platform.is_empty() {
            let message = format!(
                "the addons are optional dependencies of their packages, one for each system: \
                    {by_platform} would be missing"
            );
            found.push(add(FindingCode::OptionalOmitted, message, &WITHOUT_OPTIONAL));
        }
    }
    found
}

/// True for a command that starts the app or its tests.
fn runs_app(command: &Command) -> bool {
    let mut words = command.words.iter().map(String::as_str);
    let Some(program) = words.next().and_then(|word| word.rsplit('/').next()) else { return false };
    let is_test = |word: &str| {
        let name = word.split([':', '-']).next().unwrap_or_default();
        matches!(name, "test" | "tests" | "t" | "tst" | "start" | "e2e" | "integration" | "unit")
    };
    let is_runner =
        |word: &str| matches!(word, "jest" | "vitest" | "mocha" | "ava" | "tap" | "playwright");
    match program {
        "npm" | "pnpm" | "yarn" | "bun" => words
            .filter(|word| {
                !word.starts_with('-') && !matches!(*word, "run" | "run-script" | "exec")
            })
            .take(1)
            .any(|word| is_test(word) || is_runner(word)),
        "npx" => words.find(|word| !word.starts_with('-')).is_some_and(is_runner),
        "node" => words.any(|word| word == "--test" || word.ends_with("js")),
        program => is_runner(program),
    }
}

/// The command without `options`; `None` if they come from a variable.
fn without(words: &[String], options: &[&str], place: Place) -> Option<String> {
    let written = format!("{} ", words.join(" "));
    let line = options
        .iter()
        .fold(written.clone(), |line, option| line.replace(&format!(" {option} "), " "));
    if place == Place::Image {
        return Some(format!("RUN {}", line.trim_end()));
    }
    (line != written).then(|| line.trim_end().to_owned())
}
