//! node_modules that one job of a pipeline passes to another job, on another system or with another
//! Node.js.

use std::path::Path;

use super::caches::{Afterwards, afterwards, keeps_modules};
use super::facts::Facts;
use super::finding::names;
use crate::environment::PackageManager;
use crate::environment::files::plans::{How, Transfer, Unit};
use crate::environment::files::{Command, Image};
use crate::model::reports::Finding;
use crate::model::{Arch, FindingCode, FindingSeverity, Libc, Platform};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    facts.files.units().flat_map(|(path, units)| between(units, path, facts)).collect()
}

/// The findings about the units of one pipeline.
fn between(units: &[Unit], path: &Path, facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for taker in units {
        for take in &taker.takes {
            let gives = |giver: &&Unit| !std::ptr::eq(*giver, taker) && passes(giver, take);
            let difference = units.iter().filter(gives).find_map(|giver| {
                Some((giver, difference(&Side::of(giver), &Side::of(taker), facts)?))
            });
            let Some((giver, why)) = difference else { continue };
            let commands = taker.commands.iter().map(|command: &Command| (command, false));
            if let Afterwards::Fresh = afterwards(commands, facts.manager) {
                continue;
            }
            let message = format!(
                "{} uses the node_modules of {}, which is for another system: {why}",
                taker.title, giver.title
            );
            let command = match facts.manager {
                PackageManager::YarnClassic | PackageManager::YarnBerry => "yarn install",
                PackageManager::Pnpm => "pnpm install --frozen-lockfile",
                PackageManager::Bun => "bun install --frozen-lockfile",
                _ => "npm ci",
            };
            let finding = Finding::new(FindingCode::ModulesShared, FindingSeverity::Error, message);
            found.push(finding.at(path, take.line).with(Some(command.to_owned())));
        }
    }
    found
}

/// True if `giver` keeps node_modules under the name that `take` has.
fn passes(giver: &Unit, take: &Transfer) -> bool {
    giver.keeps.iter().any(|kept| {
        let is_named = take.name.is_empty() || kept.name.is_empty() || kept.name == take.name;
        let is_whole = |path: &str| matches!(path.trim_end_matches(['/', '*']), "" | "." | "./.");
        is_named
            && kept
                .paths
                .iter()
                .any(|path| keeps_modules(path) || is_whole(path) && giver.installation().is_some())
    })
}

/// What a unit runs on, as far as its file shows one single value.
#[derive(Default)]
struct Side {
    platform: Option<Platform>,
    arch: Option<Arch>,
    libc: Option<Libc>,
    major: Option<u64>,
}

impl Side {
    fn of(unit: &Unit) -> Side {
        let mut side = Side::default();
        if let [system] = unit.systems.as_slice() {
            side.platform = Some(system.platform.clone());
            side.arch.clone_from(&system.arch);
            side.libc = system.libc;
        }
        let choice = unit.node.as_ref();
        let values = choice.and_then(|choice| choice.values.as_deref()).unwrap_or_default();
        if let (Some(choice), [value]) = (choice, values) {
            let of_image = || Image::parse(value).libc.filter(|_| choice.how == How::Image);
            side.libc = side.libc.or_else(of_image);
            side.major = choice.wish(value).and_then(|wish| wish.major());
        }
        side
    }
}

/// The reason for which the addons of one side don't load on the other.
fn difference(from: &Side, to: &Side, facts: &Facts<'_>) -> Option<String> {
    let of_system = names(facts.natives.bound_to_system().map(|native| native.name.as_str()));
    if !of_system.is_empty() {
        let systems = match (&from.platform, &to.platform, &from.arch, &to.arch, from.libc, to.libc)
        {
            (Some(a), Some(b), ..) if a != b => Some((a.to_string(), b.to_string())),
            (_, _, Some(a), Some(b), ..) if a != b => Some((a.to_string(), b.to_string())),
            (.., Some(a), Some(b)) if a != b => Some((a.to_string(), b.to_string())),
            _ => None,
        };
        if let Some((a, b)) = systems {
            return Some(format!("the addons of {of_system} for {a} don't load on {b}"));
        }
    }
    let tied = names(facts.natives.tied().map(|native| native.name.as_str()));
    let (a, b) = (from.major?, to.major?);
    (a != b && !tied.is_empty())
        .then(|| format!("what is built for Node.js {a} doesn't load in {b} ({tied})"))
}
