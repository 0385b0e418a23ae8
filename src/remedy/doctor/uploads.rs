//! Functions whose package has the node_modules of the computer that deploys them.

use super::facts::Facts;
use super::finding::names;
use crate::environment::PackageManager;
use crate::environment::files::plans::{Service, System, Unit};
use crate::environment::files::{Command, PlanFile, chooses_system};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

/// The target of a function whose package is created on the deploying computer; `None` for other
/// units.
#[must_use]
pub fn target(unit: &Unit) -> Option<String> {
    unit.uploads?;
    let [System { arch: Some(arch), .. }] = unit.systems.as_slice() else { return None };
    let [version] = unit.node.as_ref()?.values.as_deref()? else { return None };
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("lambda/nodejs{version}-{arch}"))
}

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let deployers = deployers(facts);
    let mut found = Vec::new();
    for plan in &facts.files.plans {
        if plan.service == Service::Sam && builds_in_container(facts) {
            continue;
        }
        for unit in &plan.file.says.units {
            let Some((line, target)) = unit.uploads.zip(target(unit)) else { continue };
            let found_here = if deployers.is_empty() {
                from_here(&target, facts)
            } else {
                deployers.iter().find_map(|deployer| from_job(unit, deployer, facts))
            };
            let Some((severity, why)) = found_here else { continue };
            let message = format!("{} runs on {target}, {why}", unit.title);
            let finding = Finding::new(FindingCode::ModulesUploaded, severity, message);
            found.push(finding.at(&plan.file.path, line).with(install_for(unit, plan, facts)));
        }
    }
    found
}

/// The finding if the package is created on this computer.
fn from_here(target: &str, facts: &Facts<'_>) -> Option<(FindingSeverity, String)> {
    let uploaded = facts.uploaded.iter().find(|uploaded| uploaded.target == target)?;
    // Another finding names the packages that fail everywhere.
    let fails_here = |name: &String| {
        facts.natives.packages.iter().any(|native| native.name == *name && native.fails)
    };
    let failing = uploaded.failing.iter().filter(|name| !fails_here(name));
    let which = names(failing.map(String::as_str));
    (!which.is_empty()).then(|| {
        let why = format!(
            "but its package gets the node_modules of the deploying computer: as installed here, \
                {which} can't be loaded there"
        );
        (FindingSeverity::Warning, why)
    })
}

/// The finding if a job of a CI service creates the package.
fn from_job(unit: &Unit, job: &Unit, facts: &Facts<'_>) -> Option<(FindingSeverity, String)> {
    let ([from], [to]) = (job.systems.as_slice(), unit.systems.as_slice()) else { return None };
    let differs = from.platform != to.platform
        || from.arch.is_some() && to.arch.is_some() && from.arch != to.arch;
    if !differs || job.commands.iter().any(chooses_system) {
        return None;
    }
    let which = names(
        facts
            .natives
            .bound_to_system()
            .filter(|native| !native.dev)
            .map(|native| native.name.as_str()),
    );
    let arch = from.arch.as_ref().map(|arch| format!("-{arch}")).unwrap_or_default();
    (!which.is_empty()).then(|| {
        let why = format!(
            "but {} creates its package on {}{arch}: the addons of {which} are for that system",
            job.title, from.platform
        );
        (FindingSeverity::Error, why)
    })
}

/// The jobs whose commands deploy functions.
fn deployers<'a>(facts: &'a Facts<'_>) -> Vec<&'a Unit> {
    let deploys = |command: &Command| {
        let is_tool = |word: &String| matches!(word.as_str(), "serverless" | "sls" | "sam");
        let is_deployment =
            |word: &String| matches!(word.as_str(), "deploy" | "package" | "build" | "run");
        command.words.iter().any(is_tool) && command.words.iter().any(is_deployment)
    };
    let is_action = |unit: &&Unit| unit.commands.iter().any(deploys);
    facts.files.jobs().filter(is_action).collect()
}

fn builds_in_container(facts: &Facts<'_>) -> bool {
    let in_container = |command: &Command| {
        command.words.iter().any(|word| word == "sam")
            && command.words.iter().any(|word| matches!(word.as_str(), "--use-container" | "-u"))
    };
    facts.files.sam_uses_container
        || facts.files.jobs().any(|unit| unit.commands.iter().any(in_container))
}

/// The installation for the system of a function, if its package manager can do that.
fn install_for(unit: &Unit, plan: &PlanFile, facts: &Facts<'_>) -> Option<String> {
    if plan.service == Service::Sam {
        return Some("sam build --use-container".to_owned());
    }
    let arch = unit.systems.first()?.arch.as_ref()?;
    let needs_build =
        facts.natives.bound_to_system().any(|native| !native.by_platform && !native.dev);
    if needs_build {
        return None;
    }
    match facts.manager {
        PackageManager::Npm => {
            Some(format!("npm ci --omit=dev --os=linux --cpu={arch} --libc=glibc"))
        }
        PackageManager::Pnpm => {
            Some(format!("pnpm install --prod --os=linux --cpu={arch} --libc=glibc"))
        }
        PackageManager::Bun => Some(format!("bun install --production --os=linux --cpu={arch}")),
        _ => None,
    }
}
