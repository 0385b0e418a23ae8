//! Stages of a Dockerfile that aren't compatible, and images with musl for packages without a file
//! for it.

use std::collections::HashMap;

use super::docker::{commands, installs, pins, replaces_modules, with_image};
use super::facts::Facts;
use super::finding::names;
use super::versions::preferred;
use crate::environment::Wish;
use crate::environment::files::dockerfile::{Action, Base, Step};
use crate::environment::files::{Docker, Image};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity, Libc};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .files
        .dockerfiles
        .iter()
        .flat_map(|docker| differing(docker, facts).into_iter().chain(without_musl(docker, facts)))
        .collect()
}

/// node_modules that are copied to a stage with another Node.js or libc.
fn differing(docker: &Docker, facts: &Facts<'_>) -> Vec<Finding> {
    let file = &docker.file.says;
    let mut found = Vec::new();
    // Computed once for each stage: a file may copy from it thousands of times.
    let mut folders: HashMap<usize, Vec<String>> = HashMap::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let last_replaced = stage.steps.iter().rposition(replaces_modules);
        for (at, step) in stage.steps.iter().enumerate() {
            let Action::Copy { from: Some(from), sources, .. } = &step.action else { continue };
            let Some(source) = file.stage(from).filter(|source| *source < number) else { continue };
            let (Some(first), Some(second)) = (file.image(source), file.image(number)) else {
                continue;
            };
            let folders =
                folders.entry(source).or_insert_with(|| folders_with_modules(docker, source));
            if last_replaced.is_some_and(|last| last > at)
                || !sources.iter().any(|path| brings_modules(folders, path))
            {
                continue;
            }
            let Some((severity, what)) = difference(first, second, facts) else { continue };
            let message =
                format!("node_modules is copied from {} to {}: {what}", first.name, second.name);
            let snippet = like(second).and_then(|image| {
                let root = *file.line_of_stages(source).first()?;
                with_image(docker, &file.stages[root], &image)
            });
            found.push(
                Finding::new(FindingCode::StagesDiffer, severity, message)
                    .at(&docker.file.path, step.line)
                    .with(snippet),
            );
        }
    }
    found
}

/// True if `path` is node_modules, or contains one of these folders with node_modules.
fn brings_modules(folders: &[String], path: &str) -> bool {
    let path = path.trim_end_matches('/');
    if is_modules(path) {
        return true;
    }
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let is_below = |folder: &String| {
        folder.strip_prefix(&path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    folders.iter().any(is_below)
}

fn is_modules(path: &str) -> bool {
    path.trim_end_matches('/').rsplit('/').next() == Some("node_modules")
}

/// The folders in stage `number` that have a node_modules: installed there, or copied from another
/// stage.
fn folders_with_modules(docker: &Docker, number: usize) -> Vec<String> {
    let file = &docker.file.says;
    let mut folders: Vec<String> = Vec::new();
    for step in
        file.line_of_stages(number).into_iter().flat_map(|number| &file.stages[number].steps)
    {
        match &step.action {
            Action::Run(_) if installs(step).is_some() => folders.push(step.folder.to_string()),
            // Compared by name only. One stage back is enough, and there can be no endless loop.
            Action::Copy { from: Some(_), sources, destination, .. }
                if sources.iter().any(|source| is_modules(source)) =>
            {
                folders.push(destination.trim_end_matches("/node_modules").to_owned());
            }
            _ => {}
        }
    }
    folders.sort();
    folders.dedup();
    folders
}

fn difference(
    first: &Image,
    second: &Image,
    facts: &Facts<'_>,
) -> Option<(FindingSeverity, String)> {
    let mut relevant = facts.natives.packages.iter().filter(|native| !native.dev).peekable();
    if let (Some(a), Some(b)) = (first.libc, second.libc)
        && a != b
        && relevant.peek().is_some()
    {
        let which = names(relevant.map(|native| native.name.as_str()));
        return Some((
            FindingSeverity::Error,
            format!("addons built for {a} don't load with {b} ({which})"),
        ));
    }
    let major = |image: &Image| image.node.as_ref().and_then(Wish::major);
    let (a, b) = (major(first)?, major(second)?);
    let tied =
        names(facts.natives.tied().filter(|native| !native.dev).map(|native| native.name.as_str()));
    (a != b && !tied.is_empty()).then(|| {
        (
            FindingSeverity::Error,
            format!("what is built for Node.js {a} doesn't load in {b} ({tied})"),
        )
    })
}

/// A build image for a runtime image.
fn like(image: &Image) -> Option<String> {
    let last = image.name.rsplit('/').next()?;
    if last.starts_with("node:") {
        return Some(image.name.clone());
    }
    // distroless has no shell to install with; the Debian release that it is based on has one.
    let major = image.node.as_ref()?.major()?;
    (image.libc == Some(Libc::Glibc)).then(|| format!("node:{major}-bookworm-slim"))
}

/// Installs on musl of packages that ship prebuilt files, but none for musl.
fn without_musl(docker: &Docker, facts: &Facts<'_>) -> Vec<Finding> {
    let lacking: Vec<_> = facts
        .natives
        .packages
        .iter()
        .filter(|native| native.lacks_musl && !native.optional && !native.dev)
        .collect();
    let file = &docker.file.says;
    let mut found = Vec::new();
    for (number, stage) in file.stages.iter().enumerate() {
        let Some(image) = file
            .image(number)
            .filter(|image| image.libc == Some(Libc::Musl) && image.node.is_some())
        else {
            continue;
        };
        let Some(step) = stage.steps.iter().find(|step| installs(step).is_some()) else { continue };
        let before =
            file.line_of_stages(number).into_iter().flat_map(|number| &file.stages[number].steps);
        let has_tools = before.clone().any(adds_compiler);
        let broken: Vec<_> =
            lacking.iter().filter(|native| !(native.has_gyp && has_tools)).collect();
        if broken.is_empty() {
            continue;
        }
        let can_compile = broken.iter().all(|native| native.has_gyp);
        let which = names(broken.iter().map(|native| native.name.as_str()));
        let has = if broken.len() == 1 { "has" } else { "have" };
        let (what, snippet) = if can_compile {
            (
                "and the image has no compiler",
                Some("RUN apk add --no-cache python3 make g++".to_owned()),
            )
        } else {
            let major = image.node.as_ref().and_then(Wish::major).map(|major| major.to_string());
            let version = major.or_else(|| preferred(pins(docker, facts), facts));
            let root = file.line_of_stages(number).first().and_then(|root| file.stages.get(*root));
            let is_plain = root.is_some_and(|root| {
                matches!(root.base, Base::Image(_)) && !root.written.text.contains('$')
            });
            let image =
                version.filter(|_| is_plain).map(|version| format!("node:{version}-bookworm-slim"));
            (
                "and no compiler",
                root.zip(image).and_then(|(root, image)| with_image(docker, root, &image)),
            )
        };
        let message = format!("{which} {has} no file for musl, which {} uses, {what}", image.name);
        let line = if can_compile { step.line } else { stage.written.line };
        found.push(
            Finding::new(FindingCode::NoMuslPrebuild, FindingSeverity::Error, message)
                .at(&docker.file.path, line)
                .with(snippet),
        );
    }
    found
}

/// `apk add … g++ …`
fn adds_compiler(step: &Step) -> bool {
    let is_tool = |word: &String| {
        matches!(word.as_str(), "g++" | "build-base" | "alpine-sdk" | "clang" | "gcc")
    };
    commands(step).iter().any(|command| {
        command.words.first().is_some_and(|word| word == "apk") && command.words.iter().any(is_tool)
    })
}
