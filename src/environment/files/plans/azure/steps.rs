//! The steps of a job of Azure Pipelines.

use std::rc::Rc;

use super::values::{Variables, values};
use crate::environment::files::budget::Budget;
use crate::environment::files::plans::plan::{Cache, NodeChoice, Transfer, Unit, size, texts};
use crate::environment::files::shell::commands_in;
use crate::environment::files::spot::Spot;
use crate::environment::files::yaml::Node;

/// The depth to which the cost of a step is counted: its inputs are below it.
const DEEPEST: usize = 4;

/// Reads the steps of one job.
pub(super) struct Steps<'a> {
    pub budget: &'a Budget,
    pub variables: &'a Variables,
    /// The job.
    pub unit: Unit,
    /// The number of steps that may still be read.
    pub left: usize,
}

impl Steps<'_> {
    /// Reads a list of steps.
    pub fn read(&mut self, steps: Option<&Rc<Node>>) {
        for step in steps.map(Node::list).unwrap_or_default() {
            self.left = self.left.saturating_sub(1);
            let is_affordable = self.budget.spend_item() && self.budget.spend(size(step, DEEPEST));
            if self.left == 0 || !is_affordable {
                return;
            }
            self.step(step);
            // `- ${{ if … }}:` has steps below it.
            for (name, _, inner) in step.entries().iter().take(1) {
                if name.starts_with("${{") {
                    self.read(Some(inner));
                }
            }
        }
    }

    fn step(&mut self, step: &Node) {
        let folder = step
            .text_at(&["workingDirectory"])
            .or_else(|| step.text_at(&["inputs", "workingDir"]))
            .map(|folder| {
                folder.trim_start_matches("$(System.DefaultWorkingDirectory)").trim_matches('/')
            })
            .filter(|folder| !folder.is_empty());
        let mut run = |text: &str, line| self.unit.commands.extend(commands_in(text, line, folder));
        for key in ["script", "bash", "pwsh", "powershell"] {
            if let Some((node, text)) = step.get(key).and_then(|node| Some((node, node.text()?))) {
                run(text, node.line);
            }
        }
        let line = step.line;
        if let Some((line, path)) = step.entry("publish") {
            let name = step.text_at(&["artifact"]).unwrap_or_default().to_owned();
            let paths = texts(Some(path), self.budget);
            self.unit.keeps.push(Transfer { line, name, paths });
        }
        if let Some((line, _)) = step.entry("download") {
            let name = step.text_at(&["artifact"]).unwrap_or_default().to_owned();
            self.unit.takes.push(Transfer { line, name, paths: Vec::new() });
        }
        let Some(task) = step.text_at(&["task"]) else { return };
        let input = |names: &[&str]| {
            let inputs = step.get("inputs")?.entries();
            let found = inputs
                .iter()
                .find(|(key, ..)| names.iter().any(|name| key.eq_ignore_ascii_case(name)));
            found.map(|(_, line, node)| (*line, Rc::clone(node)))
        };
        let text_of =
            |names: &[&str]| input(names).and_then(|(_, node)| node.text().map(str::to_owned));
        match task.split('@').next().unwrap_or_default() {
            name @ ("NodeTool" | "UseNode") => {
                let from_file = text_of(&["versionSource"]).as_deref() == Some("fromFile");
                let of = input(&["versionSpec", "version"]);
                self.unit.node =
                    if from_file { None } else { Some(self.node(name, of.as_ref(), line)) };
            }
            "Npm" => {
                let command = text_of(&["command"]).unwrap_or_else(|| "install".to_owned());
                let custom = text_of(&["customCommand"]).filter(|_| command == "custom");
                run(&format!("npm {}", custom.unwrap_or(command)), line);
            }
            "Bash" | "CmdLine" | "PowerShell" | "ShellScript" => {
                if let Some((line, node)) = input(&["script"]) {
                    run(node.text().unwrap_or_default(), node.line.max(line));
                }
            }
            "Cache" | "CacheBeta" => {
                let Some((key_line, key)) = input(&["key"]) else { return };
                let paths = text_of(&["path"]).into_iter().collect();
                let key = key.text().unwrap_or_default().to_owned();
                let key_line = Some(key_line);
                self.unit.caches.push(Cache { line, key_line, key, paths, ..Cache::default() });
            }
            "PublishPipelineArtifact" | "PublishBuildArtifacts" => {
                let paths = text_of(&["targetPath", "PathtoPublish", "path"]).into_iter().collect();
                let name =
                    text_of(&["artifact", "artifactName", "ArtifactName"]).unwrap_or_default();
                self.unit.keeps.push(Transfer { line, name, paths });
            }
            "DownloadPipelineArtifact" | "DownloadBuildArtifacts" => {
                let name = text_of(&["artifact", "artifactName"]).unwrap_or_default();
                self.unit.takes.push(Transfer { line, name, paths: Vec::new() });
            }
            _ => {}
        }
    }

    /// The version that a task installs. Without one it is an old default (Azure Pipelines task
    /// reference, "NodeTool@0" and "UseNode@1").
    fn node(&self, task: &str, version: Option<&(u32, Rc<Node>)>, line: u32) -> NodeChoice {
        let (form, default) = match task {
            "NodeTool" => ("versionSpec: '{}'", "6.x"),
            _ => ("version: '{}'", "10.x"),
        };
        let (line, text) = match version {
            Some((line, node)) => (*line, node.text().unwrap_or_default()),
            None => (line, default),
        };
        let mut choice = NodeChoice::version(Spot::new(text, line), form, 3);
        choice.values = values(text, self.variables, self.budget);
        choice
    }
}
