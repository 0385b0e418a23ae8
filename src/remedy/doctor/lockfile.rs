//! Systems on which the project is installed, and for which npm's lockfile lists no packages.

use std::path::Path;

use super::docker::{installs, shown};
use super::facts::Facts;
use super::finding::names;
use crate::environment::PackageManager;
use crate::environment::files::plans::System;
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity, Platform};

/// A system that a file names.
struct Named<'a> {
    system: System,
    path: &'a Path,
    line: u32,
}

/// One finding for each system that lacks packages.
pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let Some(lock) = facts.lock_platforms.as_ref().filter(|_| facts.manager == PackageManager::Npm)
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut known: Vec<System> = Vec::new();
    for Named { system, path, line } in named(facts) {
        if known.contains(&system) {
            continue;
        }
        known.push(system.clone());
        let lacking: Vec<(&str, &str)> = lock
            .sets
            .iter()
            .filter_map(|set| {
                let arch = system.arch.as_ref();
                Some((set.package.as_str(), set.lacks(&system.platform, arch, system.libc)?))
            })
            .collect();
        let Some((_, first)) = lacking.first() else { continue };
        let which = names(lacking.iter().map(|(package, _)| *package));
        let System { platform, arch, libc } = &system;
        let arch = arch.as_ref().map(|arch| format!("-{arch}")).unwrap_or_default();
        let libc = libc.map(|libc| format!(" with {libc}")).unwrap_or_default();
        let message = format!(
            "{} doesn't list {first} for {platform}{arch}{libc}, where {}:{line} installs the \
                project: npm before 11.6.2 then installs no addon for {which}, and npm ci of \
                later versions fails",
            lock.file.file_name().unwrap_or_default().to_string_lossy(),
            shown(path, facts),
        );
        let finding =
            Finding::new(FindingCode::LockfileIncomplete, FindingSeverity::Warning, message);
        // Completes the lockfile and keeps its versions.
        let command = "npx --yes npm@11 install --package-lock-only";
        found.push(finding.at(&lock.file, 1).with(Some(command.to_owned())));
    }
    found
}

/// The systems on which a file installs the project.
fn named<'a>(facts: &'a Facts<'_>) -> Vec<Named<'a>> {
    let mut all = Vec::new();
    for docker in &facts.files.dockerfiles {
        let file = &docker.file.says;
        for (number, stage) in file.stages.iter().enumerate() {
            let Some(image) = file.image(number).filter(|image| image.libc.is_some()) else {
                continue;
            };
            let system = System { platform: Platform::Linux, arch: None, libc: image.libc };
            let step = stage.steps.iter().find(|step| installs(step).is_some());
            all.extend(step.map(|step| Named { system, path: &docker.file.path, line: step.line }));
        }
    }
    for (path, units) in facts.files.units() {
        for unit in units {
            let Some(command) = unit.installation() else { continue };
            let systems = unit.systems.iter().cloned();
            all.extend(systems.map(|system| Named { system, path, line: command.line }));
        }
    }
    all
}
