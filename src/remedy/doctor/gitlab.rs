//! GitLab pipelines: the image of a job, and caches of node_modules.

use super::caches::{Afterwards, afterwards, keeps_modules, reason, tells_version};
use super::docker::of_image;
use super::facts::Facts;
use super::versions::{preferred, version_file};
use crate::environment::Wish;
use crate::environment::files::gitlab::{Gitlab, Job};
use crate::environment::files::{Command, File, Image, install};
use crate::model::FindingCode;
use crate::model::reports::Finding;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.files.pipelines.iter();
    all.flat_map(|file| {
        file.says
            .jobs
            .iter()
            .flat_map(|job| image(job, file, facts).into_iter().chain(caches(job, file, facts)))
    })
    .collect()
}

fn images(job: &Job) -> Vec<Image> {
    job.images.iter().flatten().map(|name| Image::parse(name)).collect()
}

/// The image of a job that installs the project. If a matrix has several images, one of them has to
/// fit.
fn image(job: &Job, file: &File<Gitlab>, facts: &Facts<'_>) -> Option<Finding> {
    let spot = job.image.as_ref()?;
    let is_here = |command: &Command| command.folder.is_none() && install(command).is_some();
    if !job.commands.iter().any(is_here) {
        return None;
    }
    let images = images(job);
    let said: Vec<Option<Finding>> = images
        .iter()
        .map(|image| of_image(&image.name, image.node.as_ref()?, &facts.pins, facts))
        .collect();
    if said.len() > 1 && said.iter().any(Option::is_none) {
        return None;
    }
    let finding = said.into_iter().flatten().next()?;
    let is_plain = !spot.text.contains('$');
    let snippet = preferred(&facts.pins, facts)
        .filter(|_| is_plain)
        .and_then(|version| Image::parse(&spot.text).with_version(&version));
    Some(finding.at(&file.path, spot.line).with(snippet.map(|image| format!("image: {image}"))))
}

fn caches(job: &Job, file: &File<Gitlab>, facts: &Facts<'_>) -> Vec<Finding> {
    let versions: Vec<String> = images(job)
        .iter()
        .filter_map(|image| Some(image.node.as_ref().and_then(Wish::major)?.to_string()))
        .collect();
    let of_several = versions.windows(2).any(|pair| pair[0] != pair[1]);
    let mut found = Vec::new();
    for cache in
        job.caches.iter().filter(|cache| cache.paths.iter().any(|path| keeps_modules(path)))
    {
        // Known variables may contain the version; unknown ones are taken to contain none.
        if tells_version(&cache.key, &cache.key_files, &versions) {
            continue;
        }
        let commands = job.commands.iter().map(|command| (command, false));
        if !matches!(afterwards(commands, facts.manager), Afterwards::Kept) {
            continue;
        }
        let Some((severity, why)) = reason(facts, of_several) else { continue };
        let snippet = corrected(&versions, facts);
        let message = format!(
            "job {} caches node_modules under a key without the version of Node.js: {why}",
            job.name
        );
        let finding = Finding::new(FindingCode::ModulesCached, severity, message);
        found
            .push(finding.at(&file.path, cache.key_line.unwrap_or(cache.line)).with(Some(snippet)));
    }
    found
}

/// GitLab allows at most two files in a key, and no slash in its prefix.
fn corrected(versions: &[String], facts: &Facts<'_>) -> String {
    let named = version_file(facts).filter(|name| *name != "package.json");
    let second = match (named, versions.first()) {
        (Some(name), _) => format!("      - {name}"),
        (None, Some(version)) => format!("    prefix: node{version}"),
        (None, None) => "    prefix: $NODE_VERSION".to_owned(),
    };
    format!(
        "cache:\n  key:\n    files:\n      - {}\n{second}\n  paths:\n    - node_modules/",
        facts.lockfile
    )
}
