//! Stages of a Dockerfile that aren't compatible, and images with musl for packages without a file
//! for it.

use std::collections::HashMap;

use super::docker::{commands, installs, replaces_modules, with_image};
use super::facts::Facts;
use super::finding::names;
use super::natives::Native;
use super::versions::preferred;
use crate::environment::Wish;
use crate::environment::files::dockerfile::{Action, Base, Step};
use crate::environment::files::{Docker, Image, chooses_system, deployed_to};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity, Libc};
use crate::versions::numbers;

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
            let (Some(first), Some(second)) =
                (StageSystem::of(docker, source), StageSystem::of(docker, number))
            else {
                continue;
            };
            let folders =
                folders.entry(source).or_insert_with(|| folders_with_modules(docker, source));
            if last_replaced.is_some_and(|last| last > at)
                || !sources.iter().any(|path| brings_modules(folders, path))
            {
                continue;
            }
            let Some((severity, what)) = difference(&first, &second, facts) else { continue };
            let message = format!(
                "node_modules is copied from {} to {}: {what}",
                first.image.name, second.image.name
            );
            let snippet = like(&second).and_then(|image| {
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
            Action::Run(_) => {
                folders.extend(installs(step).map(|_| step.folder.to_string()));
                let deployed = commands(step).iter().filter_map(|command| deployed_to(command));
                folders.extend(deployed.map(|folder| absolute(&step.folder, folder)));
            }
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

/// `folder` in the folder `around`.
fn absolute(around: &str, folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    if folder.starts_with('/') { folder.to_owned() } else { format!("{around}/{folder}") }
}

/// The system of a stage.
struct StageSystem<'a> {
    image: &'a Image,
    /// The major version of its Node.js.
    major: Option<u64>,
    /// `--platform` of the image.
    platform: Option<&'a str>,
    /// True if packages are installed for a named processor.
    chooses_system: bool,
}

impl<'a> StageSystem<'a> {
    fn of(docker: &'a Docker, number: usize) -> Option<StageSystem<'a>> {
        let file = &docker.file.says;
        let line = file.line_of_stages(number);
        let steps = line.iter().flat_map(|number| &file.stages[*number].steps);
        Some(StageSystem {
            image: file.image(number)?,
            major: file.node(number).as_ref().and_then(Wish::major),
            platform: file.stages[*line.first()?].platform.as_deref(),
            chooses_system: steps.flat_map(commands).any(chooses_system),
        })
    }
}

/// The reason for which addons of the first stage may not work in the second one.
fn difference(
    first: &StageSystem<'_>,
    second: &StageSystem<'_>,
    facts: &Facts<'_>,
) -> Option<(FindingSeverity, String)> {
    let which = |is_meant: fn(&Native) -> bool| {
        let all = facts.natives.packages.iter();
        names(all.filter(|one| !one.dev && is_meant(one)).map(|native| native.name.as_str()))
    };
    if let (Some(a), Some(b)) = (first.image.libc, second.image.libc)
        && a != b
    {
        let all = which(|_| true);
        if !all.is_empty() {
            let why = format!("addons built for {a} don't load with {b} ({all})");
            return Some((FindingSeverity::Error, why));
        }
    }
    if second.image.has_bun && !first.image.has_bun {
        let failing = which(|native| native.fails_on_bun);
        if !failing.is_empty() {
            return Some((FindingSeverity::Error, format!("Bun can't load {failing}")));
        }
    }
    let tied = which(|native| native.tied && !native.optional);
    if let (Some(a), Some(b)) = (first.major, second.major)
        && a != b
        && !tied.is_empty()
    {
        let why = format!("what is built for Node.js {a} doesn't load in {b} ({tied})");
        return Some((FindingSeverity::Error, why));
    }
    let bound = which(|native| (native.by_platform || native.needs_script) && !native.optional);
    let is_builder =
        |platform: Option<&str>| platform.is_some_and(|text| text.contains("BUILDPLATFORM"));
    if is_builder(first.platform)
        && !is_builder(second.platform)
        && !first.chooses_system
        && !bound.is_empty()
    {
        let why = format!(
            "the first stage runs on the processor of the builder (--platform={}), and the addons \
                of {bound} are for that processor",
            first.platform.unwrap_or_default()
        );
        return Some((FindingSeverity::Warning, why));
    }
    older_glibc(first.image, second.image, &which(|native| native.compiles && !native.optional))
}

/// The reason if `compiled` packages are built with a newer glibc than the second image has.
fn older_glibc(first: &Image, second: &Image, compiled: &str) -> Option<(FindingSeverity, String)> {
    let (a, b) = (first.glibc?, second.glibc?);
    let is_newer = numbers(a.glibc)? > numbers(b.glibc)?;
    (is_newer && !compiled.is_empty()).then(|| {
        let why = format!(
            "what {} compiles may need glibc {}, and {} has {} ({compiled})",
            a.name, a.glibc, b.name, b.glibc
        );
        (FindingSeverity::Warning, why)
    })
}

/// A build image for a runtime image.
fn like(stage: &StageSystem<'_>) -> Option<String> {
    let image = stage.image;
    if image.has_bun {
        return None;
    }
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
            let version = major.or_else(|| preferred(facts.pins_for(&docker.own_pins), facts));
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
