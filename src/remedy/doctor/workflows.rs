//! Workflows of GitHub Actions: the Node.js of each job, and caches of node_modules.

use super::caches::{Afterwards, afterwards, keeps_modules, reason, tells_version};
use super::docker::of_image;
use super::facts::Facts;
use super::plans::may_set_up_node;
use super::scripts::{Place, of_commands};
use super::versions::{Wrong, preferred, version_file, wrong};
use crate::environment::files::plans::System;
use crate::environment::files::workflows::{Job, Setting, Step, Workflow, runner};
use crate::environment::files::{Command, File, Image, install};
use crate::environment::{Pin, Wish};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity, Platform};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.files.workflows.iter();
    let of_file = |file: &File<Workflow>| {
        let jobs = file.says.jobs.iter();
        let mut found: Vec<Finding> = jobs
            .flat_map(|job| node(job, file, facts).into_iter().chain(caches(job, file, facts)))
            .collect();
        for unit in &file.says.units {
            let commands: Vec<&Command> = unit.commands.iter().collect();
            found.extend(of_commands(&commands, Place::Job, &file.path, facts));
        }
        found
    };
    all.flat_map(of_file).collect()
}

/// Actions that don't change which Node.js is installed. Any other action may install one.
const WITHOUT_NODE: [&str; 14] = [
    "actions/checkout",
    "actions/cache",
    "actions/upload-artifact",
    "actions/download-artifact",
    "actions/setup-python",
    "actions/setup-go",
    "actions/setup-java",
    "actions/setup-dotnet",
    "actions/configure-pages",
    "actions/github-script",
    "pnpm/action-setup",
    "codecov/codecov-action",
    "docker/login-action",
    "docker/setup-buildx-action",
];

/// The first step that installs the project's packages, as its number and line.
fn install_step(job: &Job) -> Option<(usize, u32)> {
    job.steps.iter().enumerate().filter(|(_, step)| step.folder.is_none()).find_map(
        |(number, step)| {
            let command = step
                .commands
                .iter()
                .find(|command| command.folder.is_none() && install(command).is_some())?;
            Some((number, command.line))
        },
    )
}

/// The steps that set up Node.js.
fn set_ups(job: &Job) -> impl Iterator<Item = &Step> {
    job.steps.iter().filter(|step| step.action.as_deref() == Some("actions/setup-node"))
}

/// The finding about the Node.js of a job that installs the project.
fn node(job: &Job, file: &File<Workflow>, facts: &Facts<'_>) -> Option<Finding> {
    let (at, line) = install_step(job)?;
    let set_up: Vec<&Step> = set_ups(job).collect();
    if let Some(finding) = set_up.iter().find_map(|step| of_set_up(step, file, facts)) {
        return Some(finding);
    }
    if !set_up.is_empty() {
        return None;
    }
    if let Some(container) = &job.container {
        return of_container(container, file, facts);
    }
    // An unknown action may install Node.js, and so may a command.
    let before = &job.steps[..=at];
    let may_set_up = before.iter().any(|step| {
        let action = step
            .action
            .as_deref()
            .is_some_and(|action| !WITHOUT_NODE.iter().any(|known| action.starts_with(known)));
        action || step.commands.iter().any(may_set_up_node)
    });
    let runners = job.runners.known.as_ref()?;
    let is_hosted = |runner: &String| {
        ["ubuntu-", "macos-", "windows-"].iter().any(|system| runner.starts_with(system))
    };
    if may_set_up || !runners.iter().all(is_hosted) {
        return None;
    }
    let Some(Wrong::Moves(why)) = wrong(&Wish::Newest, &facts.pins, facts) else { return None };
    let message = format!("the Node.js of the runner changes when the runner is updated: {why}");
    let snippet = format!("- uses: actions/setup-node@v6\n  with:\n    {}", version_input(facts)?);
    let finding = Finding::new(FindingCode::NodeNotPinned, FindingSeverity::Warning, message);
    Some(finding.at(&file.path, line).with(Some(snippet)))
}

/// The input with the version: by file if the project has one.
fn version_input(facts: &Facts<'_>) -> Option<String> {
    match version_file(facts) {
        Some(name) => Some(format!("node-version-file: {name}")),
        None => Some(format!("node-version: {}", preferred(&facts.pins, facts)?)),
    }
}

fn of_set_up(step: &Step, file: &File<Workflow>, facts: &Facts<'_>) -> Option<Finding> {
    let version =
        step.input("node-version").filter(|setting| !setting.written.text.trim().is_empty());
    let Some(setting) = version else {
        if step.input("node-version-file").is_some() {
            return None;
        }
        let Some(Wrong::Moves(why)) = wrong(&Wish::Newest, &facts.pins, facts) else { return None };
        let message = format!(
            "setup-node without a version uses the runner's preinstalled \
            version: {why}"
        );
        let finding = Finding::new(FindingCode::NodeNotPinned, FindingSeverity::Warning, message)
            .at(&file.path, step.line);
        let snippet = version_input(facts)
            .map(|input| format!("- uses: actions/setup-node@v6\n  with:\n    {input}"));
        return Some(finding.with(snippet.filter(|_| !step.is_inlined)));
    };
    let known = setting.values.known.as_ref()?;
    let wishes: Vec<Wish> = known.iter().map(|value| Wish::parse(value)).collect();
    let found = if setting.values.of_matrix {
        of_matrix(&wishes, &facts.pins, facts)
    } else {
        wrong(wishes.first()?, &facts.pins, facts)
    };
    let written = known.join(", ");
    let (code, message) = match found? {
        Wrong::Moves(why) => (
            FindingCode::NodeNotPinned,
            format!("the Node.js version of {written} changes over time: {why}"),
        ),
        Wrong::Differs(pin) if setting.values.of_matrix => {
            let message = format!(
                "none of {written} is the Node.js {} that {} requires",
                pin.wanted, pin.source
            );
            (FindingCode::NodeVersionDiffers, message)
        }
        Wrong::Differs(pin) => {
            let message =
                format!("Node.js {written} isn't the {} that {} requires", pin.wanted, pin.source);
            (FindingCode::NodeVersionDiffers, message)
        }
    };
    let finding =
        Finding::new(code, FindingSeverity::Warning, message).at(&file.path, setting.written.line);
    Some(
        finding
            .with(version_input(facts).filter(|_| !setting.values.of_matrix && !step.is_inlined)),
    )
}

/// A matrix has several versions on purpose; one of them has to be the project's.
fn of_matrix<'a>(wishes: &[Wish], pins: &'a [Pin], facts: &Facts<'_>) -> Option<Wrong<'a>> {
    let found: Vec<Option<Wrong<'a>>> =
        wishes.iter().map(|wish| wrong(wish, pins, facts)).collect();
    if found.is_empty() || found.iter().any(|found| !matches!(found, Some(Wrong::Differs(_)))) {
        return None;
    }
    found.into_iter().flatten().next()
}

fn of_container(container: &Setting, file: &File<Workflow>, facts: &Facts<'_>) -> Option<Finding> {
    let known = container.values.known.as_ref()?;
    let said: Vec<Option<Finding>> = known
        .iter()
        .map(|name| {
            let image = Image::parse(name);
            of_image(&image.name, image.node.as_ref()?, &facts.pins, facts)
        })
        .collect();
    if said.iter().any(Option::is_none) {
        return None;
    }
    let image = known.first().filter(|_| known.len() == 1).map(|name| Image::parse(name));
    let snippet = image.and_then(|image| image.with_version(&preferred(&facts.pins, facts)?));
    let finding = said.into_iter().flatten().next()?;
    Some(
        finding
            .at(&file.path, container.written.line)
            .with(snippet.map(|image| format!("container: {image}"))),
    )
}

/// Findings about caches of node_modules in a job.
fn caches(job: &Job, file: &File<Workflow>, facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, step) in job.steps.iter().enumerate() {
        let is_cache =
            matches!(step.action.as_deref(), Some("actions/cache" | "actions/cache/restore"));
        let paths =
            step.input("path").filter(|paths| paths.written.text.lines().any(keeps_modules));
        let (Some(_), Some(key), true) = (paths, step.input("key"), is_cache) else { continue };
        let later = job.steps[number + 1..].iter();
        let commands = later.flat_map(|step| {
            let is_conditional =
                step.condition.as_ref().is_some_and(|condition| condition.contains("cache-hit"));
            step.commands.iter().map(move |command| (command, is_conditional))
        });
        let Afterwards::Kept = afterwards(commands, facts.manager) else { continue };
        let set_up: Vec<&Setting> =
            set_ups(job).filter_map(|step| step.input("node-version")).collect();
        let versions: Vec<String> = set_up
            .iter()
            .flat_map(|setting| setting.values.known.clone().unwrap_or_default())
            .collect();
        let of_several =
            set_up.iter().any(|setting| setting.values.of_matrix) && versions.len() != 1;
        let lacks_version = !version_is_told(key, &versions, &set_up);
        let systems = systems(&key.written.text, file);
        let system = missing_system(&key.written.text, &systems);
        let by_version = reason(facts, of_several).filter(|_| lacks_version);
        let (severity, what, why) = match (by_version, system) {
            (Some((weight, why)), None) => (weight, "the version of Node.js", why),
            (Some((_, why)), Some(_)) => {
                (FindingSeverity::Error, "the version of Node.js and the system", why)
            }
            (None, Some(system)) => {
                (FindingSeverity::Error, system, "runners of different kinds share it".to_owned())
            }
            (None, None) => continue,
        };
        let message =
            format!("job {} caches node_modules under a key without {what}: {why}", job.name);
        let finding = Finding::new(FindingCode::ModulesCached, severity, message)
            .at(&file.path, key.written.line);
        found.push(finding.with(Some(corrected(facts, &set_up)).filter(|_| !step.is_inlined)));
    }
    found
}

/// True if the key contains the version, or may contain it in a way that can't be determined.
fn version_is_told(key: &Setting, versions: &[String], set_up: &[&Setting]) -> bool {
    let text = &key.written.text;
    let known = key.values.known.iter().flatten();
    // The key uses the same matrix value that gives the version.
    let of_matrix = set_up.iter().any(|setting| {
        let inner = setting
            .written
            .text
            .trim()
            .strip_prefix("${{")
            .and_then(|rest| rest.strip_suffix("}}"))
            .map(str::trim);
        inner.is_some_and(|inner| text.contains(inner))
    });
    let hidden = ["steps.", "needs.", "inputs.", "vars.", "secrets."].iter().any(|context| {
        text.split("${{").skip(1).any(|expression| expression.trim_start().starts_with(context))
    }) || text
        .split("${{")
        .skip(1)
        .any(|expression| expression.trim_start().starts_with("env."))
        && key.values.known.is_none()
        && !text.contains("hashFiles");
    of_matrix
        || hidden
        || tells_version(text, &[], versions)
        || known.into_iter().any(|value| tells_version(value, &[], versions))
}

/// The systems and processors of all jobs that use a cache with the same key. Windows has separate
/// caches.
fn systems(key: &str, file: &File<Workflow>) -> Vec<System> {
    let uses_key = |job: &&Job| {
        job.steps
            .iter()
            .any(|step| step.input("key").is_some_and(|setting| setting.written.text == key))
    };
    let runners =
        file.says.jobs.iter().filter(uses_key).flat_map(|job| job.runners.known.iter().flatten());
    let all = runners.filter_map(|label| runner(label));
    all.filter(|system| system.platform != Platform::Win32).collect()
}

/// What the key lacks, if the systems that share it differ in that.
fn missing_system(key: &str, systems: &[System]) -> Option<&'static str> {
    let tells_runner = key.contains("runner.name")
        || key.contains("matrix.os")
        || key.contains("matrix.runner")
        || key.contains("matrix.platform");
    let differ =
        |of: fn(&System, &System) -> bool| systems.iter().any(|a| systems.iter().any(|b| of(a, b)));
    let several = differ(|a, b| a.platform != b.platform);
    let within_one = differ(|a, b| a.platform == b.platform && a.arch != b.arch);
    let has_system = tells_runner || key.contains("runner.os");
    let has_processor = tells_runner || key.contains("runner.arch") || key.contains("matrix.arch");
    if several && !has_system {
        Some("the operating system")
    } else if within_one && !has_processor {
        Some("the processor")
    } else {
        None
    }
}

fn corrected(facts: &Facts<'_>, set_up: &[&Setting]) -> String {
    let of_matrix = set_up
        .iter()
        .find(|setting| setting.values.of_matrix)
        .map(|setting| setting.written.text.trim().to_owned());
    let version = match (of_matrix, version_file(facts)) {
        (Some(expression), _) => format!("node{expression}"),
        (None, Some(name)) => {
            return format!(
                "key: modules-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-${{{{ \
                    hashFiles('{name}', '{}') }}}}",
                facts.lockfile
            );
        }
        (None, None) => preferred(&facts.pins, facts)
            .map_or_else(|| "node".to_owned(), |version| format!("node{version}")),
    };
    format!(
        "key: modules-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-{version}-${{{{ hashFiles('{}') \
            }}}}",
        facts.lockfile
    )
}
