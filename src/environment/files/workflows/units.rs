//! The jobs of a workflow in the model that all CI services share.

use super::job::{Job, Setting, Step};
use crate::environment::files::plans::{How, NodeChoice, System, Transfer, Unit};
use crate::environment::files::shell::Command;
use crate::environment::files::spot::Spot;
use crate::model::{Arch, Platform};

/// The unit of a job.
pub(super) fn unit(job: &Job) -> Unit {
    let runners = job.runners.known.iter().flatten();
    let commands = job.steps.iter().flat_map(|step| {
        step.commands.iter().map(|command| Command {
            folder: command.folder.clone().or_else(|| step.folder.clone()),
            is_conditional: command.is_conditional || step.condition.is_some(),
            ..command.clone()
        })
    });
    let choice = |how, setting: &Setting| NodeChoice {
        how,
        written: setting.written.clone(),
        values: setting.values.known.clone(),
        form: "",
        parts: 3,
    };
    let set_up =
        job.steps.iter().filter(|step| step.action.as_deref() == Some("actions/setup-node"));
    let version = set_up.filter_map(|step| step.input("node-version")).next();
    let container = job.container.as_ref();
    Unit {
        title: format!("job {}", job.name),
        systems: runners.filter_map(|label| runner(label)).collect(),
        node: version
            .map(|setting| choice(How::Version, setting))
            .or_else(|| container.map(|setting| choice(How::Image, setting))),
        keeps: job.steps.iter().filter_map(kept).collect(),
        takes: job.steps.iter().filter_map(taken).collect(),
        commands: commands.collect(),
        ..Unit::default()
    }
}

/// `actions/upload-artifact`: the artifact's name is "artifact" by default.
fn kept(step: &Step) -> Option<Transfer> {
    if step.action.as_deref() != Some("actions/upload-artifact") {
        return None;
    }
    let path = step.input("path")?;
    let name = step.input("name").map_or("artifact", |name| &name.written.text).to_owned();
    let paths = path.written.text.lines().map(|line| line.trim().to_owned()).collect();
    Some(Transfer { line: step.line, name, paths })
}

/// `actions/download-artifact`: all artifacts if none is named. Those go to a folder for each.
fn taken(step: &Step) -> Option<Transfer> {
    if step.action.as_deref() != Some("actions/download-artifact") {
        return None;
    }
    let Spot { text, line } = step.input("name")?.written.clone();
    Some(Transfer { line, name: text, paths: Vec::new() })
}

/// The system of a GitHub runner, by its label (GitHub documentation, "GitHub-hosted runners").
#[must_use]
pub fn runner(label: &str) -> Option<System> {
    let of = |platform, is_arm| {
        let arch = Some(if is_arm { Arch::Arm64 } else { Arch::X64 });
        Some(System { platform, arch, libc: None })
    };
    if label.starts_with("ubuntu-") {
        return of(Platform::Linux, label.contains("arm"));
    }
    if label.starts_with("windows-") {
        return of(Platform::Win32, label.contains("arm"));
    }
    let version = label.strip_prefix("macos-")?;
    let is_intel = version.contains("intel")
        || version.contains("large") && !version.contains("xlarge")
        || version.starts_with("13")
        || version.starts_with("12");
    of(Platform::Darwin, !is_intel)
}
