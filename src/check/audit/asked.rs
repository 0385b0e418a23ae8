//! The platform packages that the package's scripts require on each system, compared with those
//! that are there. package.json shows which package is meant for a system; the scripts show which
//! one they load.

use std::collections::BTreeMap;

use super::member_systems::of_member;
use super::opened::Opened;
use super::subject::Audit;
use super::systems::System;
use crate::files::{self, join_inside};
use crate::model::Problem;
use crate::model::problem::package::MissingTarget;
use crate::model::reports::Promise;
use crate::project::loader::{self, Asked, Request};
use crate::project::{Manifest, claims};

/// The maximum number of bytes of scripts that an audit has read when this comparison reads more.
/// Loaders are small, but the entry of rollup has 1 MB, which is read again for each system.
const MOST_BYTES: u64 = 4 << 20;
/// The names of files that `require` tries for a path.
const ENDINGS: [&str; 5] = ["", ".js", ".json", ".node", "/index.js"];

impl Audit<'_> {
    /// The systems on which the scripts require other packages than the platform package for the
    /// system, or a file that it doesn't have. Such systems are no longer served in `promises`.
    pub(super) fn unasked(&self, promises: &mut [Promise]) -> Vec<Problem> {
        let mut by_system: BTreeMap<System, Vec<&Opened>> = BTreeMap::new();
        for member in self.members().iter().filter(|member| !member.installed.files.is_empty()) {
            for system in of_member(member) {
                by_system.entry(system.clone()).or_default().push(member);
            }
        }
        let asked: Vec<(System, Vec<&Opened>, Asked)> = by_system
            .into_iter()
            .filter_map(|(system, members)| {
                let asked = self.asked(&system)?;
                Some((system, members, asked))
            })
            .collect();
        let is_asked = |members: &[&Opened], asked: &Asked| {
            members.iter().any(|member| asked.of(member.name()).is_some())
        };
        let understood = asked.iter().filter(|(_, members, asked)| is_asked(members, asked));
        // The reader of scripts understands the loader only if it finds most of the packages.
        if understood.count() * 2 < asked.len() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for (system, members, asked) in &asked {
            let fault = if is_asked(members, asked) {
                self.lacking(members, asked)
            } else {
                unknown_name(&self.installed.manifest, system, members, asked)
            };
            let Some(fault) = fault else { continue };
            let name = system.name();
            let Some(promise) = promises.iter_mut().find(|promise| promise.system == name) else {
                continue;
            };
            // A file of the package itself, or a problem that is already reported.
            if !members.iter().any(|member| promise.by.as_deref() == Some(member.name())) {
                continue;
            }
            promise.by = None;
            let message = format!("on {name}, {fault}");
            problems.push(Problem::error(MissingTarget { system: name }, message));
        }
        problems
    }

    /// The packages that the scripts require on a system; `None` if too much had to be read.
    fn asked(&self, system: &System) -> Option<Asked> {
        if self.control.script_bytes() >= MOST_BYTES || self.control.stops() {
            return None;
        }
        let runtime = self.runtime(&format!("node/{}", system.name()))?;
        Some(loader::asked(self.installed, &runtime, &self.disk))
    }

    /// The file that the scripts require of each of the packages, if none of them has it.
    fn lacking(&self, members: &[&Opened], asked: &Asked) -> Option<String> {
        let mut fault = None;
        for member in members {
            let Some(request) = asked.of(member.name()) else { continue };
            let Request::File(file) = request else { return None };
            // "exports" may lead the path to any file.
            if member.installed.manifest.field("exports").is_some() {
                return None;
            }
            let is_there = |ending: &&str| {
                join_inside(&member.installed.directory, &format!("{file}{ending}"))
                    .is_some_and(files::is_file)
            };
            if ENDINGS.iter().any(is_there) {
                return None;
            }
            fault = fault.or(Some(format!(
                "the package's loader requires {}/{file}, which {} doesn't have",
                member.name(),
                member.name()
            )));
        }
        fault
    }
}

/// The package for the same system that the scripts require instead of these packages, if the
/// package doesn't list it. A condition that only a running process can test may lead to any of the
/// listed ones: libsql replaces names for musl if it runs on glibc.
fn unknown_name(
    manifest: &Manifest,
    system: &System,
    members: &[&Opened],
    asked: &Asked,
) -> Option<String> {
    let is_for_it = |specifier: &str| {
        let claims = claims(specifier);
        claims.platforms.contains(&system.platform) && claims.archs.contains(&system.arch)
    };
    let others: Vec<&str> = asked.whole().filter(|specifier| is_for_it(specifier)).collect();
    let other = others.first()?;
    if others.iter().any(|specifier| is_listed(manifest, specifier)) {
        return None;
    }
    let name = members.first()?.name();
    Some(format!("the package's loader requires {other} instead of {name}"))
}

/// True if the specifier is that of a listed package, or of a file in it.
fn is_listed(manifest: &Manifest, specifier: &str) -> bool {
    let mut ends: Vec<usize> = specifier.match_indices('/').map(|(at, _)| at).collect();
    ends.push(specifier.len());
    ends.iter().any(|end| manifest.depends_on(&specifier[..*end]))
}
