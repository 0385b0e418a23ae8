//! Workflows of GitHub Actions: jobs, their steps, and the values of their inputs as far as the
//! file shows them.

mod expressions;
mod job;
mod units;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::budget::Budget;
use super::shell::commands;
use super::spot::{FileError, Spot};
use super::yaml::{self, Node};
pub use expressions::Values;
use expressions::{Scope, values};
pub use job::{Job, Setting, Step, Workflow};
pub use units::runner;

/// The maximum nesting of actions in actions.
const DEEPEST: usize = 3;
/// The maximum number of steps of a job.
const MOST: usize = 500;

/// The actions of a repository, by their folder (`./.github/actions/setup`). Each is read once,
/// however often it is called.
pub struct Actions<'a> {
    text: &'a dyn Fn(&str) -> Option<String>,
    read: RefCell<HashMap<String, Option<Rc<Node>>>>,
}

impl<'a> Actions<'a> {
    /// `text` returns the text of the action in a folder.
    #[must_use]
    pub fn new(text: &'a dyn Fn(&str) -> Option<String>) -> Actions<'a> {
        Actions { text, read: RefCell::default() }
    }

    fn get(&self, path: &str, budget: &Budget) -> Option<Rc<Node>> {
        if let Some(known) = self.read.borrow().get(path) {
            return known.clone();
        }
        let text = (self.text)(path);
        let is_affordable =
            budget.spend(path.len() + text.as_ref().map_or(0, String::len)) && budget.spend_item();
        let action = text.filter(|_| is_affordable).and_then(|text| yaml::parse(&text).ok());
        self.read.borrow_mut().insert(path.to_owned(), action.clone());
        action
    }
}

/// Reads a workflow.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, actions: &Actions<'_>, budget: &Budget) -> Result<Workflow, FileError> {
    let root = yaml::parse(text)?;
    let Some(jobs) = root.get("jobs") else { return Ok(Workflow::default()) };
    let global = Rc::new(variables(&root, budget));
    let read = |(name, _, node): &(String, u32, Rc<Node>)| {
        let environment = with(&global, variables(node, budget), budget);
        let scope =
            Scope { environment, matrix: matrix(node, budget).map(Rc::new), inputs: None, budget };
        let mut job = Job { name: name.clone(), ..Job::default() };
        let runners = node.get("runs-on");
        let labels = runners.map(Node::list).unwrap_or_default();
        job.runners = match labels {
            [one] => values(one.text().unwrap_or_default(), &scope),
            // Several labels mean a self-hosted runner.
            _ => Values::default(),
        };
        let container = node.get("container");
        let image = container
            .and_then(|node| if node.text().is_some() { Some(node) } else { node.get("image") });
        job.container = image.and_then(|node| setting(node.line, node, &scope));
        let of_job = node
            .get("defaults")
            .or_else(|| root.get("defaults"))
            .and_then(|node| node.get("run")?.text_at(&["working-directory"]));
        let mut reader = Reader { actions, budget, steps: Vec::new() };
        reader.read(node.get("steps"), &scope, of_job, None, DEEPEST);
        job.steps = reader.steps;
        job
    };
    let jobs: Vec<Job> =
        jobs.entries().iter().take_while(|_| budget.spend_item()).map(read).collect();
    let size = |job: &Job| job.steps.iter().map(Step::size).sum::<usize>();
    let affordable = jobs.iter().take_while(|job| budget.spend(size(job)));
    let units = affordable.map(units::unit).collect();
    budget.checked(Workflow { jobs, units })
}

struct Reader<'a> {
    actions: &'a Actions<'a>,
    budget: &'a Budget,
    steps: Vec<Step>,
}

impl Reader<'_> {
    /// Reads steps. Steps of an action get the line of the step that `calls` it.
    fn read(
        &mut self,
        steps: Option<&Rc<Node>>,
        scope: &Scope<'_>,
        folder: Option<&str>,
        calls: Option<&Step>,
        left: usize,
    ) {
        for node in steps.map(Node::list).unwrap_or_default() {
            if self.steps.len() >= MOST || !self.budget.spend_item() {
                return;
            }
            let step = read_step(node, scope, folder, calls);
            let local = step.action.as_deref().filter(|action| action.starts_with("./"));
            let inner =
                local.filter(|_| left > 0).and_then(|path| self.actions.get(path, self.budget));
            if let Some(inner) = inner {
                let mut inputs: HashMap<String, Values> = HashMap::new();
                let declared = inner.entries_of("inputs");
                for (name, _, input) in declared.iter().take_while(|_| self.budget.spend_item()) {
                    let default = input.text_at(&["default"]).map(|default| values(default, scope));
                    inputs.insert(name.to_ascii_lowercase(), default.unwrap_or_default());
                }
                inputs.extend(
                    step.inputs
                        .iter()
                        .map(|(name, setting)| (name.clone(), setting.values.clone())),
                );
                let scope = Scope { inputs: Some(Rc::new(inputs)), ..scope.clone() };
                self.read(
                    inner.get("runs").and_then(|runs| runs.get("steps")),
                    &scope,
                    folder,
                    Some(&step),
                    left - 1,
                );
            }
            self.steps.push(step);
        }
    }
}

fn read_step(
    node: &Rc<Node>,
    scope: &Scope<'_>,
    folder: Option<&str>,
    calls: Option<&Step>,
) -> Step {
    let environment = with(&scope.environment, variables(node, scope.budget), scope.budget);
    let scope = Scope { environment, ..scope.clone() };
    let line = calls.map_or(node.line, |step| step.line);
    let of = |key: &str| node.get(key).and_then(|node| node.text());
    let action =
        of("uses").map(|uses| uses.split('@').next().unwrap_or_default().trim().to_owned());
    let inputs = node.get("with").map(|with| with.entries()).unwrap_or_default();
    let inputs = inputs.iter().take_while(|_| scope.budget.spend_item()).filter_map(
        |(name, of_key, value)| {
            let at = calls.map_or(*of_key, |step| step.line);
            Some((name.to_ascii_lowercase(), setting(at, value, &scope)?))
        },
    );
    let own = node.get("run").map(|run| (run.line, run.text().unwrap_or_default()));
    let own = own.filter(|(_, text)| scope.budget.spend(text.len()));
    let found = own
        .map(|(at, text)| commands(text, if calls.is_some() { line } else { at }))
        .unwrap_or_default();
    let folder = of("working-directory")
        .or(folder)
        .map(|folder| folder.trim_start_matches("./").trim_end_matches('/'));
    Step {
        line,
        inputs: inputs.collect(),
        commands: found,
        folder: folder.filter(|folder| !folder.is_empty() && *folder != ".").map(str::to_owned),
        condition: of("if")
            .map(str::to_owned)
            .or_else(|| calls.and_then(|step| step.condition.clone())),
        is_inlined: calls.is_some(),
        action,
    }
}

fn setting(line: u32, node: &Node, scope: &Scope<'_>) -> Option<Setting> {
    let written = node.text()?;
    Some(Setting { written: Spot::new(written, line), values: values(written, scope) })
}

/// The texts in `env`.
fn variables(node: &Node, budget: &Budget) -> HashMap<String, String> {
    let entries = node.entries_of("env");
    let texts = entries.iter().filter_map(|(name, _, value)| Some((name, value.text()?)));
    let affordable = texts.take_while(|(name, text)| budget.spend(name.len() + text.len() + 64));
    affordable.map(|(name, text)| (name.clone(), text.to_owned())).collect()
}

/// An environment with `more` added. If there is nothing to add, as in most steps, the environment
/// is shared.
fn with(
    environment: &Rc<HashMap<String, String>>,
    more: HashMap<String, String>,
    budget: &Budget,
) -> Rc<HashMap<String, String>> {
    let size: usize = if more.is_empty() {
        0
    } else {
        environment.iter().map(|(name, text)| name.len() + text.len() + 64).sum()
    };
    if more.is_empty() || !budget.spend(size) {
        return Rc::clone(environment);
    }
    let mut all = HashMap::clone(environment);
    all.extend(more);
    Rc::new(all)
}

/// The axes of a job's matrix, with those that `include` adds. A value that is a map gives names
/// with two parts. `None` for a matrix that is computed while the workflow runs.
fn matrix(job: &Node, budget: &Budget) -> Option<HashMap<String, Vec<String>>> {
    let mut axes: HashMap<String, Vec<String>> = HashMap::new();
    let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else {
        return Some(axes);
    };
    if matrix.text().is_some() {
        return None;
    }
    let mut add = |name: &str, node: &Rc<Node>| match node.text() {
        _ if !budget.spend(name.len() + node.text().map_or(0, str::len) + 64) => {}
        Some(text) => axes.entry(name.to_owned()).or_default().push(text.to_owned()),
        None => {
            for (key, _, value) in node.entries().iter().take_while(|_| budget.spend_item()) {
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

#[cfg(test)]
#[path = "workflows_tests.rs"]
mod tests;
