//! Collects the starts: from package.json, Dockerfiles, and the files of hosts and process
//! managers.

use std::path::Path;

use super::guard::{Around, StartReader};
use super::start::Start;
use crate::environment::files::dockerfile::Action;
use crate::environment::files::json::line_of;
use crate::environment::files::{Command, Docker, PlanFile, ProjectFiles, commands, relative};
use crate::project::Manifest;

/// The maximum number of starts.
const MOST: usize = 40;
/// The scripts in package.json that start an app.
const SCRIPTS: [&str; 4] = ["start", "start:prod", "start:production", "serve"];

/// The starts of the project at `root`.
#[must_use]
pub fn starts(root: &Path, files: &ProjectFiles, manifest: &Manifest) -> Vec<Start> {
    let reader = StartReader::new(root);
    let mut all = of_manifest(&reader, root, manifest);
    all.extend(files.dockerfiles.iter().filter_map(|docker| of_docker(&reader, docker)));
    all.extend(files.plans.iter().flat_map(|plan| of_plan(&reader, plan, root)));
    all.truncate(MOST);
    all
}

fn of_manifest(reader: &StartReader<'_>, root: &Path, manifest: &Manifest) -> Vec<Start> {
    let file = root.join("package.json");
    let text = reader.text(&file).unwrap_or_default();
    let start = |name: &&str| {
        let line = line_of(&text, &["scripts", name]).unwrap_or(1);
        let (command, guard) =
            reader.first(&commands(manifest.script(name)?, line), &Around::default())?;
        Some(Start { file: file.clone(), line, command, guard })
    };
    SCRIPTS.iter().filter_map(start).collect()
}

/// The start of the last stage: its `ENTRYPOINT` with its `CMD`.
fn of_docker(reader: &StartReader<'_>, docker: &Docker) -> Option<Start> {
    let file = &docker.file.says;
    let last = file.stages.len().checked_sub(1)?;
    let line_of_stages = file.line_of_stages(last);
    let steps = line_of_stages.iter().flat_map(|number| &file.stages[*number].steps);
    let (mut entrypoint, mut cmd): (Option<&[Command]>, Option<&[Command]>) = (None, None);
    let (mut line, mut work) = (1, "/");
    for step in steps {
        match &step.action {
            Action::Entrypoint(found) => (entrypoint, cmd) = (Some(found.as_slice()), None),
            Action::Cmd(found) => cmd = Some(found),
            _ => continue,
        }
        (line, work) = (step.line, &step.folder);
    }
    // Docker appends the words of `CMD` to those of `ENTRYPOINT`.
    let mut all = entrypoint.unwrap_or_default().to_vec();
    if all.is_empty() {
        all.extend(cmd.into_iter().flatten().cloned());
    } else if let [only] = all.as_mut_slice() {
        only.words.extend(cmd.into_iter().flatten().flat_map(|command| command.words.clone()));
    }
    let around = Around {
        folder: docker.contexts.first().map_or("", |context| context.folder.as_str()),
        work: Some(work),
        options: file.stages[last].node_options.as_deref().unwrap_or_default(),
    };
    let (command, guard) = reader.first(&all, &around)?;
    Some(Start { file: docker.file.path.clone(), line, command, guard })
}

fn of_plan(reader: &StartReader<'_>, plan: &PlanFile, root: &Path) -> Vec<Start> {
    let folder = plan.file.path.parent().and_then(|folder| relative(root, folder));
    let around = Around { folder: folder.as_deref().unwrap_or_default(), ..Around::default() };
    let start = |commands: &Vec<Command>| {
        let line = commands.first()?.line;
        let (command, guard) = reader.first(commands, &around)?;
        Some(Start { file: plan.file.path.clone(), line, command, guard })
    };
    plan.file.says.units.iter().filter_map(|unit| start(&unit.starts)).collect()
}
