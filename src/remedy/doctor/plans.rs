//! Files of CI services and hosts: the Node.js of a job or a deployed app, caches of node_modules,
//! and install commands.

use super::caches::{Afterwards, afterwards, keeps_modules, reason, shown_key, tells_version};
use super::docker::of_image;
use super::facts::Facts;
use super::scripts::{Place, of_commands};
use super::versions::{Wrong, preferred, version_file, wrong};
use crate::environment::files::plans::{Cache, How, NodeChoice, Service, Unit};
use crate::environment::files::{Command, Image, PlanFile};
use crate::environment::{Pin, Wish};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for plan in &facts.files.plans {
        let said = plan.file.says.units.iter().filter_map(|unit| node(unit, plan, facts));
        found.extend(merged(said.collect()));
        for unit in &plan.file.says.units {
            found.extend(caches(unit, plan, facts));
            let place = if unit.runs_app { Place::App } else { Place::Job };
            let commands: Vec<&Command> = unit.commands.iter().collect();
            found.extend(of_commands(&commands, place, &plan.file.path, facts));
        }
    }
    found
}

/// The findings of several units with the same fault as one, which names all of them.
fn merged(all: Vec<(String, Finding)>) -> Vec<Finding> {
    let mut groups: Vec<(Vec<String>, Finding)> = Vec::new();
    for (title, finding) in all {
        let same = |other: &Finding| {
            (other.code, &other.message, &other.snippet)
                == (finding.code, &finding.message, &finding.snippet)
        };
        match groups.iter_mut().find(|(_, first)| same(first)) {
            Some((titles, _)) => titles.push(title),
            None => groups.push((vec![title], finding)),
        }
    }
    let name = |(titles, finding): (Vec<String>, Finding)| {
        let others = match titles.len() - 1 {
            0 => String::new(),
            1 => format!(", and in {}", titles[1]),
            number => format!(", and in {number} others"),
        };
        Finding { message: format!("in {}{others}, {}", titles[0], finding.message), ..finding }
    };
    groups.into_iter().map(name).collect()
}

/// The finding about the Node.js of a unit that installs or runs the project. If it has several
/// values, one of them has to fit.
fn node(unit: &Unit, plan: &PlanFile, facts: &Facts<'_>) -> Option<(String, Finding)> {
    let choice = unit.node.as_ref()?;
    let installs = unit.installation();
    if !unit.runs_app && installs.is_none() {
        return None;
    }
    let pins = facts.pins_for(&plan.own_pins);
    if pins.iter().any(|pin| unit.prefers.contains(&pin.source)) {
        return None;
    }
    if choice.how == How::Engines {
        let finding = of_engines(choice, pins, facts)?;
        return Some((unit.title.clone(), finding.at(&plan.file.path, choice.written.line)));
    }
    if choice.how == How::Preinstalled {
        let finding = preinstalled(unit, installs?, choice, pins, facts)?;
        return Some((unit.title.clone(), finding.at(&plan.file.path, installs?.line)));
    }
    let said: Vec<Option<Finding>> = choice
        .values
        .iter()
        .flatten()
        .map(|value| {
            let wish = choice.wish(value)?;
            match choice.how {
                How::Image => of_image(value, &wish, pins, facts),
                _ => of_version(value, &wish, pins, facts),
            }
        })
        .collect();
    if said.len() > 1 && said.iter().any(Option::is_none) {
        return None;
    }
    let finding = said.into_iter().flatten().next()?;
    let finding =
        finding.at(&plan.file.path, choice.written.line).with(corrected(choice, pins, facts));
    Some((unit.title.clone(), finding))
}

fn of_version(value: &str, wish: &Wish, pins: &[Pin], facts: &Facts<'_>) -> Option<Finding> {
    let found = wrong(wish, pins, facts)?;
    Some(found.finding(
        |why| format!("the Node.js version {value} changes over time: {why}"),
        |pin| format!("Node.js {value} isn't the {} that {} requires", pin.wanted, pin.source),
    ))
}

/// The Node.js of a host that reads `engines.node` only.
fn of_engines(choice: &NodeChoice, pins: &[Pin], facts: &Facts<'_>) -> Option<Finding> {
    if pins.iter().any(|pin| pin.source == "engines.node") {
        return None;
    }
    let Some(Wrong::Moves(why)) = wrong(&Wish::Lts, pins, facts) else { return None };
    let message = format!(
        "the Node.js version is that of engines.node, which package.json doesn't have, so it \
            changes over time: {why}"
    );
    let finding = Finding::new(FindingCode::NodeNotPinned, FindingSeverity::Warning, message);
    Some(finding.with(corrected(choice, pins, facts)))
}

/// The Node.js that the service's computers have.
fn preinstalled(
    unit: &Unit,
    installs: &Command,
    choice: &NodeChoice,
    pins: &[Pin],
    facts: &Facts<'_>,
) -> Option<Finding> {
    let before = unit.commands.iter().take_while(|command| *command != installs);
    if before.into_iter().any(may_set_up_node) {
        return None;
    }
    let Some(Wrong::Moves(why)) = wrong(&Wish::Newest, pins, facts) else { return None };
    let message = format!("the Node.js of the agent changes when the agent is updated: {why}");
    let finding = Finding::new(FindingCode::NodeNotPinned, FindingSeverity::Warning, message);
    Some(finding.with(corrected(choice, pins, facts)))
}

/// True for a command that may install another Node.js.
pub(super) fn may_set_up_node(command: &Command) -> bool {
    let tools = [
        "nvm", "fnm", "volta", "mise", "asdf", "n", "nix", "devbox", "proto", "nodenv", "corepack",
        "docker", "source", ".",
    ];
    command.words.first().is_some_and(|word| tools.contains(&word.as_str()))
}

/// The line with the version of the project.
fn corrected(choice: &NodeChoice, pins: &[Pin], facts: &Facts<'_>) -> Option<String> {
    if choice.form.is_empty()
        || choice.written.text.contains('$')
        || choice.written.text.contains("<<")
    {
        return None;
    }
    let version = preferred(pins, facts)?;
    let version: Vec<&str> = version.split('.').take(choice.parts).collect();
    let version = version.join(".");
    let value = match choice.how {
        How::Image => Image::parse(&choice.written.text).with_version(&version)?,
        How::Version | How::Preinstalled | How::Engines => version,
    };
    Some(choice.form.replace("{}", &value))
}

fn caches(unit: &Unit, plan: &PlanFile, facts: &Facts<'_>) -> Vec<Finding> {
    let versions = versions(unit);
    let of_several = versions.windows(2).any(|pair| pair[0] != pair[1]);
    let mut found = Vec::new();
    for cache in
        unit.caches.iter().filter(|cache| cache.paths.iter().any(|path| keeps_modules(path)))
    {
        // Known variables may contain the version; unknown ones are taken to contain none.
        if tells_version(&cache.key, &cache.key_files, &versions) {
            continue;
        }
        let commands = unit.commands.iter().map(|command| (command, false));
        if !matches!(afterwards(commands, facts.manager), Afterwards::Kept) {
            continue;
        }
        let Some((severity, why)) = reason(facts, of_several) else { continue };
        let message = format!(
            "{} caches node_modules under a key without the version of Node.js: {why}",
            unit.title
        );
        let line = cache.key_line.unwrap_or(cache.line);
        let snippet = cache_snippet(plan.service, cache, &versions, facts);
        let finding = Finding::new(FindingCode::ModulesCached, severity, message);
        found.push(finding.at(&plan.file.path, line).with(snippet));
    }
    found
}

/// The major versions of Node.js that a unit may use.
fn versions(unit: &Unit) -> Vec<String> {
    let Some(choice) = &unit.node else { return Vec::new() };
    let major = |value: &String| Some(choice.wish(value)?.major()?.to_string());
    choice.values.iter().flatten().filter_map(major).collect()
}

/// The cache with the version in its key, in the words of the service.
fn cache_snippet(
    service: Service,
    cache: &Cache,
    versions: &[String],
    facts: &Facts<'_>,
) -> Option<String> {
    let lockfile = facts.lockfile;
    let file = version_file(facts).filter(|name| *name != "package.json");
    let version = versions.first();
    let node = version.map_or_else(|| "node".to_owned(), |version| format!("node{version}"));
    Some(match service {
        // GitLab allows at most two files in a key, and no slash in its prefix.
        Service::GitLab => {
            let second = match (file, version) {
                (Some(name), _) => format!("      - {name}"),
                (None, Some(version)) => format!("    prefix: node{version}"),
                (None, None) => "    prefix: $NODE_VERSION".to_owned(),
            };
            format!(
                "cache:\n  key:\n    files:\n      - {lockfile}\n{second}\n  paths:\n    - \
                    node_modules/"
            )
        }
        Service::CircleCi => {
            let version = file.map_or(node, |name| format!("{{{{ checksum \"{name}\" }}}}"));
            format!("key: modules-{{{{ arch }}}}-{version}-{{{{ checksum \"{lockfile}\" }}}}")
        }
        Service::Azure => {
            let version = file.map_or_else(|| format!("\"{node}\""), str::to_owned);
            format!("key: 'modules | \"$(Agent.OS)\" | {version} | {lockfile}'")
        }
        Service::Bitbucket => {
            let name = shown_key(&cache.key);
            let second = file.map_or_else(String::new, |name| format!("\n          - {name}"));
            format!(
                "definitions:\n  caches:\n    {name}:\n      key:\n        files:\n          - \
                    {lockfile}{second}\n      path: node_modules"
            )
        }
        _ => return None,
    })
}
