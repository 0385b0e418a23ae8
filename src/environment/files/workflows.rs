//! Workflows of GitHub Actions: jobs, their steps, and the values of their inputs as far as the file tells them.

mod expressions;

use std::collections::HashMap;
use std::rc::Rc;

use super::shell::{Command, commands};
use super::yaml::{self, Node};
use super::{FileError, Spot};
use expressions::{Scope, values};

/// A workflow.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// Its jobs; those that only call another workflow have no steps.
    pub jobs: Vec<Job>,
}

/// One job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its name in the file.
    pub name: String,
    /// The runners it is for, every one of a matrix.
    pub runners: Values,
    /// The image it runs in.
    pub container: Option<Setting>,
    /// Its steps; those of an action in the same repository stand in its place.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its line; of a step in an action, the line that calls the action.
    pub line: u32,
    /// The action it calls, without `@version`.
    pub action: Option<String>,
    /// Its inputs.
    pub inputs: Vec<(String, Setting)>,
    /// The commands it runs.
    pub commands: Vec<Command>,
    /// The folder they run in, where it isn't the root of the repository.
    pub folder: Option<String>,
    /// When it runs, if not always.
    pub condition: Option<String>,
    /// It stands in an action that the workflow calls.
    pub is_inlined: bool,
}

/// A value in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// As it stands there.
    pub written: Spot,
    /// What it comes to.
    pub values: Values,
}

/// What an expression comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Each value it may have; `None` where that can't be told from the file.
    pub known: Option<Vec<String>>,
    /// It is another one in each job of a matrix.
    pub of_matrix: bool,
}

/// Deepest nesting of actions in actions.
const DEEPEST: usize = 3;
/// Most steps of a job.
const MOST: usize = 500;

/// Reads a workflow. `action` gives the text of an action in the same repository, by its folder (`./.github/actions/setup`).
///
/// # Errors
/// What the parser says, with its line.
pub fn parse(text: &str, action: &dyn Fn(&str) -> Option<String>) -> Result<Workflow, FileError> {
    let root = yaml::parse(text)?;
    let Some(jobs) = root.get("jobs") else { return Ok(Workflow::default()) };
    let global = variables(&root);
    let read = |(name, _, node): &(String, u32, Rc<Node>)| {
        let mut environment = global.clone();
        environment.extend(variables(node));
        let scope = Scope { environment, matrix: matrix(node), inputs: None };
        let mut job = Job { name: name.clone(), ..Job::default() };
        let runners = node.get("runs-on");
        let labels = runners.map(Node::list).unwrap_or_default();
        job.runners = match labels.as_slice() {
            [one] => values(one.text().unwrap_or_default(), &scope),
            // Several labels name a runner of one's own.
            _ => Values::default(),
        };
        let container = node.get("container");
        let image = container.and_then(|node| if node.text().is_some() { Some(node) } else { node.get("image") });
        job.container = image.and_then(|node| setting(node.line, node, &scope));
        let of_job = node
            .get("defaults")
            .or_else(|| root.get("defaults"))
            .and_then(|node| node.get("run")?.text_at(&["working-directory"]));
        let mut reader = Reader { action, steps: Vec::new() };
        reader.read(node.get("steps"), &scope, of_job, None, DEEPEST);
        job.steps = reader.steps;
        job
    };
    Ok(Workflow { jobs: jobs.entries().iter().map(read).collect() })
}

struct Reader<'a> {
    action: &'a dyn Fn(&str) -> Option<String>,
    steps: Vec<Step>,
}

impl Reader<'_> {
    /// Reads steps; those of an action have the line of the step that `calls` it.
    fn read(&mut self, steps: Option<&Rc<Node>>, scope: &Scope, folder: Option<&str>, calls: Option<&Step>, left: usize) {
        for node in steps.map(Node::list).unwrap_or_default() {
            if self.steps.len() >= MOST {
                return;
            }
            let step = read_step(&node, scope, folder, calls);
            let local = step.action.as_deref().filter(|action| action.starts_with("./"));
            let inner = local.filter(|_| left > 0).and_then(|path| yaml::parse(&(self.action)(path)?).ok());
            if let Some(inner) = inner {
                let mut inputs: HashMap<String, Values> = HashMap::new();
                for (name, _, input) in inner.get("inputs").map(|node| node.entries()).unwrap_or_default() {
                    let default = input.text_at(&["default"]).map(|default| values(default, scope));
                    inputs.insert(name.to_ascii_lowercase(), default.unwrap_or_default());
                }
                inputs.extend(step.inputs.iter().map(|(name, setting)| (name.clone(), setting.values.clone())));
                let scope = Scope { inputs: Some(inputs), ..scope.clone() };
                self.read(inner.get("runs").and_then(|runs| runs.get("steps")), &scope, folder, Some(&step), left - 1);
            }
            self.steps.push(step);
        }
    }
}

fn read_step(node: &Rc<Node>, scope: &Scope, folder: Option<&str>, calls: Option<&Step>) -> Step {
    let mut scope = scope.clone();
    scope.environment.extend(variables(node));
    let line = calls.map_or(node.line, |step| step.line);
    let of = |key: &str| node.get(key).and_then(|node| node.text());
    let action = of("uses").map(|uses| uses.split('@').next().unwrap_or_default().trim().to_owned());
    let inputs = node.get("with").map(|with| with.entries()).unwrap_or_default();
    let inputs = inputs.iter().filter_map(|(name, of_key, value)| {
        let at = calls.map_or(*of_key, |step| step.line);
        Some((name.to_ascii_lowercase(), setting(at, value, &scope)?))
    });
    let own = node.get("run").map(|run| (run.line, run.text().unwrap_or_default()));
    let found = own.map(|(at, text)| commands(text, if calls.is_some() { line } else { at })).unwrap_or_default();
    let folder = of("working-directory").or(folder).map(|folder| folder.trim_start_matches("./").trim_end_matches('/'));
    Step {
        line,
        inputs: inputs.collect(),
        commands: found,
        folder: folder.filter(|folder| !folder.is_empty() && *folder != ".").map(str::to_owned),
        condition: of("if").map(str::to_owned).or_else(|| calls.and_then(|step| step.condition.clone())),
        is_inlined: calls.is_some(),
        action,
    }
}

fn setting(line: u32, node: &Node, scope: &Scope) -> Option<Setting> {
    let written = node.text()?;
    Some(Setting { written: Spot::new(written, line), values: values(written, scope) })
}

/// The texts in `env`.
fn variables(node: &Node) -> HashMap<String, String> {
    let entries = node.get("env").map(|node| node.entries()).unwrap_or_default();
    entries.iter().filter_map(|(name, _, value)| Some((name.clone(), value.text()?.to_owned()))).collect()
}

/// The axes of a job's matrix, what `include` adds among them; a name of two parts for a value that is a map. `None` for a matrix
/// that is made while the workflow runs.
fn matrix(job: &Node) -> Option<HashMap<String, Vec<String>>> {
    let mut axes: HashMap<String, Vec<String>> = HashMap::new();
    let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else { return Some(axes) };
    if matrix.text().is_some() {
        return None;
    }
    let mut add = |name: &str, node: &Rc<Node>| match node.text() {
        Some(text) => axes.entry(name.to_owned()).or_default().push(text.to_owned()),
        None => {
            for (key, _, value) in node.entries() {
                let text = value.text().map(str::to_owned);
                axes.entry(format!("{name}.{key}")).or_default().extend(text);
            }
        }
    };
    for (name, _, node) in matrix.entries() {
        match name.as_str() {
            "exclude" => {}
            "include" => {
                for entry in node.list() {
                    entry.entries().iter().for_each(|(key, _, value)| add(key, value));
                }
            }
            name => node.list().iter().for_each(|value| add(name, value)),
        }
    }
    Some(axes)
}

impl Step {
    /// The input `name`.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&Setting> {
        self.inputs.iter().find(|(known, _)| known == name).map(|(_, setting)| setting)
    }
}

#[cfg(test)]
#[path = "workflows_tests.rs"]
mod tests;
