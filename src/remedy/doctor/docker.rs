//! Dockerfiles: which Node.js their images have, and whether the node_modules of the host are
//! copied into the image.

use std::path::Path;

use super::facts::Facts;
use super::versions::{preferred, wrong};
use crate::environment::files::dockerfile::{Action, Base, InstalledNode, Stage, Step};
use crate::environment::files::{Command, Docker, Image, Install, builds_addons, install};
use crate::environment::{PackageManager, Pin, Wish};
use crate::model::reports::{Basis, Finding};
use crate::model::{FindingCode, FindingSeverity, Platform};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.files.dockerfiles.iter();
    all.flat_map(|docker| {
        let mut found = versions(docker, facts);
        if !facts.is_plug_and_play {
            found.extend(copies(docker, facts));
        }
        found
    })
    .collect()
}

fn versions(docker: &Docker, facts: &Facts<'_>) -> Vec<Finding> {
    let pins = facts.pins_for(&docker.own_pins);
    let file = &docker.file.says;
    let stages = file.stages.iter().enumerate().filter_map(|(number, stage)| {
        if let Some(installed) = file.installed(number) {
            // An image of tools may need another Node.js than the project.
            if !stage.steps.iter().any(|step| installs(step).is_some()) {
                return None;
            }
            let finding = of_installed(&installed, pins, facts)?;
            return Some(finding.at(&docker.file.path, installed.line));
        }
        let Base::Image(image) = &stage.base else { return None };
        let wish = image.node.as_ref()?;
        let version = preferred(pins, facts);
        let (line, snippet) = corrected(docker, stage, image, version.as_deref());
        let finding = of_image(&image.name, wish, pins, facts)?;
        Some(finding.at(&docker.file.path, line).with(snippet))
    });
    stages.collect()
}

/// The finding about an image with Node.js, for all files that name images.
pub(super) fn of_image(
    name: &str,
    wish: &Wish,
    pins: &[Pin],
    facts: &Facts<'_>,
) -> Option<Finding> {
    let found = wrong(wish, pins, facts)?;
    Some(found.finding(
        |why| format!("the Node.js version of {name} changes over time: {why}"),
        |pin| format!("{name} isn't the Node.js {} that {} requires", pin.wanted, pin.source),
    ))
}

/// The finding about a Node.js that an instruction installs.
fn of_installed(installed: &InstalledNode, pins: &[Pin], facts: &Facts<'_>) -> Option<Finding> {
    let InstalledNode { text, wish, .. } = installed;
    let found = wrong(wish, pins, facts)?;
    Some(found.finding(
        |why| format!("the Node.js version {text} that it installs changes over time: {why}"),
        |pin| {
            let Pin { wanted, source, .. } = pin;
            format!("it installs Node.js {text}, which isn't the {wanted} that {source} requires")
        },
    ))
}

/// The line that has the version of a stage's image, and the same line with `version`.
fn corrected(
    docker: &Docker,
    stage: &Stage,
    image: &Image,
    version: Option<&str>,
) -> (u32, Option<String>) {
    let of_argument = stage
        .arguments
        .iter()
        .find_map(|(name, value)| Some((name, value.line, bumped(&value.text, version?)?)));
    if let Some((name, line, value)) = of_argument {
        return (line, Some(format!("ARG {name}={value}")));
    }
    let is_plain = !stage.written.text.contains('$');
    let new = version.filter(|_| is_plain).and_then(|version| image.with_version(version));
    (stage.written.line, new.and_then(|new| with_image(docker, stage, &new)))
}

/// The `FROM` line of `stage` with another image.
pub(super) fn with_image(docker: &Docker, stage: &Stage, image: &str) -> Option<String> {
    let line =
        docker.file.text.lines().nth(usize::try_from(stage.written.line).ok()?.checked_sub(1)?)?;
    line.contains(&stage.written.text).then(|| line.trim().replacen(&stage.written.text, image, 1))
}

/// The value of an `ARG` with `version` in place of its version; `None` if the value contains no
/// version.
fn bumped(value: &str, version: &str) -> Option<String> {
    if value.contains([':', '/']) {
        return Image::parse(value).with_version(version);
    }
    let first = value.split('-').next().unwrap_or_default();
    let is_version = first.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    if !is_version && !matches!(Wish::parse(first), Wish::Newest | Wish::Lts) {
        return None;
    }
    Some(format!("{version}{}", &value[first.len()..]))
}

/// Findings about node_modules of the host in the image.
fn copies(docker: &Docker, facts: &Facts<'_>) -> Vec<Finding> {
    let file = &docker.file.says;
    let mut found = Vec::new();
    for (number, stage) in file.stages.iter().enumerate() {
        // Computed once for all steps: a file may have thousands of them.
        let last_replaced = stage.steps.iter().rposition(replaces_modules);
        let mut installed: Vec<&str> = Vec::new();
        let mut is_for_node_here = None;
        for (at, step) in stage.steps.iter().enumerate() {
            if installs(step).is_some() && !installed.contains(&&*step.folder) {
                installed.push(&step.folder);
            }
            let Some((how, destination)) = copied(step, docker, facts) else { continue };
            if last_replaced.is_some_and(|last| last > at) {
                continue;
            }
            let image = file.image(number);
            if !*is_for_node_here.get_or_insert_with(|| is_for_node(docker, number)) {
                continue;
            }
            let (severity, certain) = match certainly_differs(image, facts) {
                Some(reason) => (FindingSeverity::Error, format!(": {reason}")),
                None => (FindingSeverity::Warning, String::new()),
            };
            let over =
                if installed.contains(&destination) { ", over those installed there" } else { "" };
            let message =
                format!("{how} copies the node_modules of the host into the image{over}{certain}");
            let name = if docker.contexts.iter().all(|context| context.ignore.is_none()) {
                "# .dockerignore (new)"
            } else {
                "# .dockerignore"
            };
            let finding = Finding::new(FindingCode::HostModulesCopied, severity, message);
            found.push(
                finding
                    .at(&docker.file.path, step.line)
                    .with(Some(format!("{name}\n**/node_modules"))),
            );
        }
    }
    found
}

/// The words of a step that copies node_modules from the host, and the destination; `None` for
/// other steps.
fn copied<'s>(step: &'s Step, docker: &Docker, facts: &Facts<'_>) -> Option<(String, &'s str)> {
    let Action::Copy { from: None, sources, destination, excludes } = &step.action else {
        return None;
    };
    if excludes.iter().any(|pattern| pattern.contains("node_modules")) {
        return None;
    }
    let is_whole = |source: &String| {
        let folder = source.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        let folder = if folder == "." { "" } else { folder };
        if folder.rsplit('/').next() == Some("node_modules") {
            return true;
        }
        // If no file names the build context, one possible context that excludes node_modules is
        // enough.
        !docker.contexts.is_empty()
            && docker.contexts.iter().all(|context| {
                let join = |a: &str, b: &str| {
                    [a, b].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
                };
                let is_package = facts.files.installed.contains(&join(&context.folder, folder));
                is_package && !context.excludes(&join(folder, "node_modules"))
            })
    };
    let source = sources.iter().find(|source| is_whole(source))?;
    Some((format!("COPY {source}"), destination))
}

/// The install command in a step; the last one if there are several.
pub(super) fn installs(step: &Step) -> Option<Install> {
    commands(step).iter().rev().find_map(install)
}

/// The commands of a `RUN`.
pub(super) fn commands(step: &Step) -> &[Command] {
    match &step.action {
        Action::Run(commands) => commands,
        _ => &[],
    }
}

/// True for a step after which node_modules belongs to the image, whatever was there before: `npm
/// ci` removes it first, Yarn records the system it installed for, and pnpm detects that its store
/// has changed.
pub(super) fn replaces_modules(step: &Step) -> bool {
    commands(step).iter().any(|command| {
        let removes = command.words.first().is_some_and(|word| word == "rm")
            && command.words.iter().any(|word| word.contains("node_modules"));
        let replaces = |found: Install| {
            found.starts_clean
                || matches!(
                    found.manager,
                    PackageManager::YarnClassic | PackageManager::YarnBerry | PackageManager::Pnpm
                )
        };
        removes || builds_addons(command) || install(command).is_some_and(replaces)
    })
}

/// True if the image has Node.js, or a step installs packages with it.
fn is_for_node(docker: &Docker, number: usize) -> bool {
    let file = &docker.file.says;
    let has_node = file.image(number).is_some_and(|image| image.node.is_some());
    let steps =
        || file.line_of_stages(number).into_iter().flat_map(|number| &file.stages[number].steps);
    has_node
        || steps().any(|step| installs(step).is_some() || commands(step).iter().any(is_about_node))
}

fn is_about_node(command: &Command) -> bool {
    let is_node = |word: &String| {
        matches!(word.as_str(), "nodejs" | "node" | "npm" | "npx" | "yarn" | "pnpm")
            || word.contains("nodesource.com")
    };
    command.words.iter().any(is_node)
}

/// The reason for which the addons of this host can't work in the image; `None` if that isn't
/// certain.
fn certainly_differs(image: Option<&Image>, facts: &Facts<'_>) -> Option<String> {
    let runtime = facts.runtime;
    if facts.natives.basis != Basis::Installed {
        return None;
    }
    if runtime.platform != Platform::Linux {
        return Some(format!("they are for {}, but the image is Linux", runtime.platform));
    }
    let image = image?;
    if let (Some(host), Some(libc)) = (runtime.libc, image.libc)
        && host != libc
    {
        return Some(format!("they are for {host}, but {} has {libc}", image.name));
    }
    let major = image.node.as_ref().and_then(Wish::major)?;
    let host = runtime.node.as_ref().or(runtime.version.as_ref())?.major;
    (major != host && facts.natives.tied().next().is_some())
        .then(|| format!("they are for Node.js {host}, but {} has {major}", image.name))
}

/// A path for a message, relative to the project.
pub(super) fn shown(path: &Path, facts: &Facts<'_>) -> String {
    path.strip_prefix(&facts.root).unwrap_or(path).display().to_string()
}
