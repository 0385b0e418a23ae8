//! `azure-pipelines.yml`: jobs with their agents, containers and steps (Azure Pipelines, "YAML
//! schema reference").

mod steps;
mod values;

use std::rc::Rc;

use super::plan::{How, MOST, NodeChoice, Plan, System, Unit, image_node};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::yaml::{self, Node};
use crate::model::{Arch, Platform};
use steps::Steps;
use values::{Variables, values};

/// The maximum number of steps of a job.
const STEPS: usize = 500;

/// Reads a pipeline.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut reader = Reader { root: &root, budget, plan: Plan::default() };
    let variables = reader.with(&Variables::new(), &root);
    let stages = root.list_of("stages");
    for stage in stages.iter().take(MOST) {
        let own = reader.with(&variables, stage);
        reader.jobs(stage, stage.get("pool").or_else(|| root.get("pool")), &own);
    }
    reader.jobs(&root, root.get("pool"), &variables);
    if root.get("steps").is_some() {
        reader.job("the pipeline", &root, root.get("pool"), &variables);
    }
    if let Some((line, _)) = root.entry("extends") {
        reader.plan.unclear.push(Spot::new("`extends`: templates aren't read", line));
    }
    budget.checked(reader.plan)
}

struct Reader<'a> {
    root: &'a Node,
    budget: &'a Budget,
    plan: Plan,
}

impl Reader<'_> {
    /// `variables` with those of `node`, which are a map or a list, and its parameters.
    fn with(&self, variables: &Variables, node: &Node) -> Variables {
        let size = variables
            .iter()
            .map(|(name, values)| 64 + name.len() + values.iter().map(String::len).sum::<usize>());
        let is_affordable = self.budget.spend(size.sum());
        let mut all = if is_affordable { variables.clone() } else { Variables::new() };
        let mut add = |name: &str, value: Option<&str>| {
            let length = name.len() + value.map_or(0, str::len) + 64;
            if self.budget.spend(length) {
                all.insert(name.to_owned(), value.map(str::to_owned).into_iter().collect());
            }
        };
        if let Some(own) = node.get("variables") {
            for (name, _, value) in own.entries().iter().take(MOST) {
                add(name, value.text());
            }
            for entry in own.list().iter().take(MOST) {
                if let Some(name) = entry.text_at(&["name"]) {
                    add(name, entry.text_at(&["value"]));
                }
            }
        }
        for entry in node.list_of("parameters").iter().take(MOST) {
            if let Some(name) = entry.text_at(&["name"]) {
                add(&format!("parameters.{name}"), entry.text_at(&["default"]));
            }
        }
        all
    }

    fn jobs(&mut self, node: &Node, pool: Option<&Rc<Node>>, variables: &Variables) {
        let jobs = node.list_of("jobs");
        for job in jobs.iter().take(MOST).take_while(|_| self.budget.spend_item()) {
            let name = job.text_at(&["job"]).or_else(|| job.text_at(&["deployment"]));
            let title = name.map_or_else(|| "a job".to_owned(), |name| format!("job {name}"));
            self.job(&title, job, job.get("pool").or(pool), variables);
            self.template(job);
        }
    }

    /// Notes a template, which is in another file.
    fn template(&mut self, node: &Node) {
        let Some((line, name)) = node.entry("template") else { return };
        if self.plan.unclear.len() < MOST {
            let name = name.text().unwrap_or_default();
            let text: String = format!("template {name} isn't read").chars().take(200).collect();
            self.plan.unclear.push(Spot::new(&text, line));
        }
    }

    fn job(&mut self, title: &str, node: &Node, pool: Option<&Rc<Node>>, variables: &Variables) {
        let mut variables = self.with(variables, node);
        self.matrix(node, &mut variables);
        let mut unit = Unit { title: title.to_owned(), ..Unit::default() };
        let agent = pool.and_then(|pool| pool.get("vmImage"));
        let labels = agent.and_then(|agent| values(agent.text()?, &variables, self.budget));
        unit.systems = labels.iter().flatten().filter_map(|label| system(label)).collect();
        let container = node
            .get("container")
            .or_else(|| self.root.get("container").filter(|_| self.root.get("steps").is_some()));
        if let Some(image) = container.and_then(|node| self.image(node)) {
            let written = Spot::new(image.text().unwrap_or_default(), image.line);
            let values = values(&written.text, &variables, self.budget);
            unit.node = Some(NodeChoice {
                how: How::Image,
                written,
                values,
                form: "container: {}",
                parts: 3,
            });
        } else if agent.is_some()
            && unit.systems.len() == labels.as_ref().map_or(usize::MAX, Vec::len)
        {
            let written = Spot::new("vmImage", agent.map_or(1, |agent| agent.line));
            let form = "- task: UseNode@1\n  inputs:\n    version: '{}'";
            unit.node =
                Some(NodeChoice { how: How::Preinstalled, written, values: None, form, parts: 3 });
        }
        let mut steps = Steps { budget: self.budget, variables: &variables, unit, left: STEPS };
        steps.read(node.get("steps"));
        // `deployment` jobs have their steps in the hooks of a strategy.
        for (_, _, strategy) in node.entries_of("strategy") {
            for (_, _, hook) in strategy.entries().iter().take(MOST) {
                steps.read(hook.get("steps"));
            }
        }
        let unit = steps.unit;
        for step in node.list_of("steps").iter().take(STEPS) {
            self.template(step);
        }
        if !unit.commands.is_empty() {
            self.plan.units.push(unit);
        }
    }

    /// Adds the variables of a job's matrix, with a value for each row.
    fn matrix(&self, job: &Node, variables: &mut Variables) {
        let rows = job.get("strategy").map(|node| node.entries_of("matrix")).unwrap_or_default();
        for (number, (_, _, row)) in rows.iter().enumerate() {
            for (name, _, value) in row.entries().iter().take(MOST) {
                let text = value.text().filter(|text| self.budget.spend(text.len() + 64));
                let Some(text) = text else { continue };
                let known = variables.entry(name.clone()).or_default();
                // The first row replaces a value that was set outside of the matrix.
                if number == 0 {
                    known.clear();
                }
                known.push(text.to_owned());
            }
        }
    }

    /// The image of a container, which may be the alias of one in `resources`.
    fn image<'n>(&'n self, container: &'n Rc<Node>) -> Option<&'n Rc<Node>> {
        let name = image_node(container, "image")?;
        let all = self.root.get("resources").and_then(|node| node.get("containers"));
        let named = all.map(Node::list).unwrap_or_default().iter().take(MOST);
        let mut named = named.filter(|one| one.text_at(&["container"]) == name.text());
        named.find_map(|one| one.get("image")).or(Some(name))
    }
}

/// The system of an agent of Microsoft, by its label.
fn system(label: &str) -> Option<System> {
    let label = label.to_ascii_lowercase();
    let platform = match label.split('-').next()? {
        "ubuntu" => Platform::Linux,
        "macos" | "macosx" => Platform::Darwin,
        "windows" | "vs2017" | "vs2019" => Platform::Win32,
        _ => return None,
    };
    let arch = if label.contains("arm64") { Arch::Arm64 } else { Arch::X64 };
    Some(System { platform, arch: Some(arch), libc: None })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn stages_matrices_containers_and_tasks_are_read() {
        let text = "variables:\n  - name: v\n    value: '20.x'\nresources:\n  containers:\n    - c\
            ontainer: box\n      image: node:22\n\
            stages:\n  - stage: a\n    pool: {vmImage: ubuntu-latest}\n    jobs:\n      \
            - job: one\n        \
            steps:\n          - task: NodeTool@0\n            inputs: {versionSpec: $(\
            v)}\n          \
            - task: Cache@2\n            inputs: {key: 'x | package-lock.json', path: node_modules\
            }\n          - script: npm install\n            workingDirectory: web\n\
            \x20     - job: two\n        strategy: {matrix: {a: {node: '18'}, b: {node\
            : '20'}}}\n        \
            steps:\n          - task: UseNode@1\n            inputs: {version: $(node)}\n          \
            - task: Npm@1\n            inputs: {command: ci}\n\
            \x20     - job: three\n        container: box\n        steps: [{bash: yarn}, {template\
            : x.yml}]\n      - job: four\n        steps: [{script: npm ci}]\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let values: Vec<_> = plan
            .units
            .iter()
            .map(|unit| unit.node.as_ref().map(|node| (node.how, node.values.clone())))
            .collect();
        let known =
            |all: &[&str]| Some(all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        use super::How;
        assert_eq!(
            values,
            [
                Some((How::Version, known(&["20.x"]))),
                Some((How::Version, known(&["18", "20"]))),
                Some((How::Image, known(&["node:22"]))),
                Some((How::Preinstalled, None)),
            ]
        );
        assert_eq!(plan.units[0].caches[0].paths, ["node_modules"]);
        assert_eq!(plan.units[0].commands[0].folder.as_deref(), Some("web"));
        assert_eq!(plan.units[1].commands[0].words, ["npm", "ci"]);
        assert_eq!(plan.unclear.len(), 1);
    }
}
