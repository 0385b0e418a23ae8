//! `.circleci/config.yml`: jobs with their executor, the commands and parameters that they use, and
//! the matrices of workflows (CircleCI documentation, "Configuration reference").

use std::collections::HashMap;
use std::rc::Rc;

use super::plan::{Cache, How, MOST, NodeChoice, Plan, System, Transfer, Unit, size, texts};
use crate::environment::files::budget::Budget;
use crate::environment::files::shell::{commands, commands_in};
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::variables::LONGEST;
use crate::environment::files::yaml::{self, Node};
use crate::model::{Arch, Platform};

/// The maximum nesting of commands in commands.
const DEEPEST: usize = 4;
/// The maximum number of steps of a job.
const STEPS: usize = 500;

/// The values of parameters, by name.
type Parameters = HashMap<String, Vec<String>>;

/// Reads a configuration.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut plan = Plan::default();
    let mut saved: Vec<Cache> = Vec::new();
    let jobs = root.entries_of("jobs");
    for (name, _, node) in jobs.iter().take(MOST).take_while(|_| budget.spend_item()) {
        let mut parameters = defaults(&root, node, budget);
        given(&root, name, &mut parameters, budget);
        let mut reader =
            Reader { root: &root, budget, unit: Unit::default(), steps: 0, saved: Vec::new() };
        reader.unit.title = format!("job {name}");
        reader.executor(node, node.text_at(&["resource_class"]), &parameters, DEEPEST);
        reader.read(node.get("steps"), &parameters, DEEPEST);
        saved.append(&mut reader.saved);
        plan.units.push(reader.unit);
    }
    // Every job may save the same cache.
    saved.sort_by(|a, b| (&a.key, &a.paths).cmp(&(&b.key, &b.paths)));
    saved.dedup_by(|a, b| (&a.key, &a.paths) == (&b.key, &b.paths));
    for cache in plan.units.iter_mut().flat_map(|unit| &mut unit.caches) {
        // `restore_cache` has no paths. They are in the step that saves the cache.
        let is_same = |other: &&Cache| {
            let same = other.key.starts_with(&cache.key) || cache.key.starts_with(&other.key);
            !cache.key.is_empty() && same
        };
        if !budget.spend(saved.len() * 16) {
            break;
        }
        let of_same = saved.iter().filter(is_same).flat_map(|other| &other.paths);
        cache.paths =
            of_same.take(MOST).filter(|path| budget.spend(path.len() + 64)).cloned().collect();
    }
    budget.checked(plan)
}

/// The default values of the parameters of the pipeline and of `node`.
fn defaults(root: &Node, node: &Node, budget: &Budget) -> Parameters {
    let mut all = Parameters::new();
    for (prefix, of) in [("pipeline.parameters.", root), ("parameters.", node)] {
        let entries = of.entries_of("parameters");
        for (name, _, parameter) in entries.iter().take(MOST) {
            let default = parameter.text_at(&["default"]);
            let default = default.filter(|text| budget.spend(text.len())).map(str::to_owned);
            if budget.spend_item() {
                all.insert(format!("{prefix}{name}"), default.into_iter().collect());
            }
        }
    }
    all
}

/// Adds the values that the workflows give to the parameters of job `name`: those of a matrix, and
/// single ones.
fn given(root: &Node, name: &str, parameters: &mut Parameters, budget: &Budget) {
    let mut found = Parameters::new();
    let workflows = root.entries_of("workflows");
    let calls = workflows.iter().filter_map(|(_, _, workflow)| workflow.get("jobs"));
    for call in calls.flat_map(Node::list).take(STEPS) {
        let Some(call) = call.get(name).filter(|_| budget.spend_item()) else { continue };
        let matrix = call.get("matrix").and_then(|matrix| matrix.get("parameters"));
        let of_matrix = matrix.map(|node| node.entries()).unwrap_or_default();
        for (key, _, value) in call.entries().iter().chain(of_matrix).take(MOST) {
            let key = format!("parameters.{key}");
            if parameters.contains_key(&key) {
                found.entry(key).or_default().extend(texts(Some(value), budget));
            }
        }
    }
    parameters.extend(found.into_iter().filter(|(_, values)| !values.is_empty()));
}

/// `text` with its parameters (`<< parameters.version >>`) replaced by each of their values; `None`
/// if one has no known value.
fn values(text: &str, parameters: &Parameters, budget: &Budget) -> Option<Vec<String>> {
    if !budget.spend(text.len()) {
        return None;
    }
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some(start) = rest.find("<<") {
        let end = rest[start..].find(">>")? + start;
        let known =
            parameters.get(rest[start + 2..end].trim()).filter(|known| !known.is_empty())?;
        let length: usize = known.iter().map(|value| value.len() + end).sum();
        if all.len() * known.len() > MOST || length > LONGEST || !budget.spend(length * all.len()) {
            return None;
        }
        let before = &rest[..start];
        let longer = |all: &String| {
            let all = all.clone();
            known.iter().map(move |value| format!("{all}{before}{value}"))
        };
        all = all.iter().flat_map(longer).collect();
        rest = &rest[end + 2..];
    }
    all.iter_mut().for_each(|one| one.push_str(rest));
    Some(all)
}

struct Reader<'a> {
    root: &'a Node,
    budget: &'a Budget,
    unit: Unit,
    steps: usize,
    /// The caches that the job saves.
    saved: Vec<Cache>,
}

impl Reader<'_> {
    /// Reads where a job runs: `docker`, `machine`, `macos`, or a named `executor`.
    fn executor(&mut self, node: &Node, class: Option<&str>, parameters: &Parameters, left: usize) {
        let Some(left) = left.checked_sub(1) else { return };
        if let Some(executor) = node.get("executor") {
            let name = executor.text().or_else(|| executor.text_at(&["name"]));
            // The executor of the orb `circleci/node`.
            if name == Some("node/default")
                && let Some((line, tag)) = executor.entry("tag")
            {
                let text = tag.text().unwrap_or_default();
                let mut choice = NodeChoice::version(Spot::new(text, line), "tag: '{}'", 3);
                choice.values = values(text, parameters, self.budget);
                self.unit.node = Some(choice);
            }
            let named = name.and_then(|name| self.root.get("executors")?.get(name));
            if let Some(named) = named.filter(|_| self.budget.spend_item()) {
                let mut inner = defaults(self.root, named, self.budget);
                pass(executor, parameters, &mut inner, self.budget);
                self.executor(named, class, &inner, left);
            }
            return;
        }
        let arch = match class.or_else(|| node.text_at(&["resource_class"])) {
            Some(class) if class.contains("arm") || class.starts_with("m4") => Arch::Arm64,
            _ => Arch::X64,
        };
        let image = node.get("docker").and_then(|all| all.list().first()?.get("image"));
        if let Some((image, written)) = image.and_then(|image| Some((image, image.text()?))) {
            let values =
                values(written, parameters, self.budget).filter(|_| !written.contains('$'));
            self.unit.systems =
                vec![System { platform: Platform::Linux, arch: Some(arch), libc: None }];
            self.unit.node = Some(NodeChoice {
                how: How::Image,
                written: Spot::new(written, image.line),
                values,
                form: "- image: {}",
                parts: 3,
            });
        } else if node.get("macos").is_some() {
            let system = System { platform: Platform::Darwin, arch: Some(Arch::Arm64), libc: None };
            self.unit.systems = vec![system];
        } else if node.get("machine").is_some() {
            // Windows executors come from an orb, or name their image.
            let is_windows =
                node.text_at(&["machine", "image"]).is_some_and(|name| name.contains("windows"));
            let platform = if is_windows { Platform::Win32 } else { Platform::Linux };
            self.unit.systems = vec![System { platform, arch: Some(arch), libc: None }];
        }
    }

    fn read(&mut self, steps: Option<&Rc<Node>>, parameters: &Parameters, left: usize) {
        let Some(left) = left.checked_sub(1) else { return };
        for step in steps.map(Node::list).unwrap_or_default() {
            self.steps += 1;
            let is_affordable = self.budget.spend_item() && self.budget.spend(size(step, DEEPEST));
            if self.steps > STEPS || !is_affordable {
                return;
            }
            if let Some(name) = step.text() {
                self.call(name, step, step.line, parameters, left);
            }
            for (name, line, value) in step.entries().iter().take(1) {
                self.call(name, value, *line, parameters, left);
            }
        }
    }

    /// The text of a key, with its parameters replaced if they have one value.
    fn key(&self, text: Option<&str>, parameters: &Parameters) -> String {
        let text = text.unwrap_or_default();
        match values(text, parameters, self.budget).as_deref() {
            Some([one]) => one.clone(),
            _ => text.to_owned(),
        }
    }

    /// Reads one step.
    fn call(
        &mut self,
        name: &str,
        node: &Rc<Node>,
        line: u32,
        parameters: &Parameters,
        left: usize,
    ) {
        match name {
            "run" => {
                let of = if node.text().is_some() { Some(node) } else { node.get("command") };
                let Some((of, text)) = of.and_then(|of| Some((of, of.text()?))) else { return };
                let folder = node.text_at(&["working_directory"]);
                self.unit.commands.extend(commands_in(text, of.line, folder));
            }
            "when" | "unless" => self.read(node.get("steps"), parameters, left),
            "save_cache" => {
                let key = self.key(node.text_at(&["key"]), parameters);
                let paths = texts(node.get("paths"), self.budget);
                self.saved.push(Cache { line, key, paths, ..Cache::default() });
            }
            "restore_cache" => {
                // The first key that matches the beginning of a saved key is used.
                let keys = node.entry("keys").or_else(|| node.entry("key"));
                let Some((key_line, keys)) = keys else { return };
                let first = keys.list().first();
                let key = self.key(first.and_then(|key| key.text()), parameters);
                let key_line = Some(first.map_or(key_line, |key| key.line));
                self.unit.caches.push(Cache { line, key_line, key, ..Cache::default() });
            }
            "persist_to_workspace" => {
                let root = node.text_at(&["root"]).unwrap_or_default().trim_end_matches('/');
                let inside = texts(node.get("paths"), self.budget);
                let paths = inside.iter().map(|path| format!("{root}/{path}")).collect();
                self.unit.keeps.push(Transfer { line, name: String::new(), paths });
            }
            "attach_workspace" => {
                self.unit.takes.push(Transfer { line, name: String::new(), paths: Vec::new() });
            }
            _ if name.ends_with("node/install") => {
                let Some((line, value)) = node.entry("node-version") else { return };
                let Some(text) = value.text() else { return };
                let spot = Spot::new(text, line);
                let mut choice = NodeChoice::version(spot, "node-version: '{}'", 3);
                choice.values = values(text, parameters, self.budget);
                self.unit.node = Some(choice);
            }
            "node/install-packages" => {
                let manager = node.text_at(&["pkg-manager"]).unwrap_or("npm");
                let clean = if manager == "npm" { "npm ci" } else { "yarn install" };
                let text = node.text_at(&["override-ci-command"]).unwrap_or(clean);
                self.unit.commands.extend(commands(text, line));
            }
            name => {
                let own = self.root.get("commands").and_then(|all| all.get(name)).cloned();
                if let Some(own) = own {
                    let mut inner = defaults(self.root, &own, self.budget);
                    pass(node, parameters, &mut inner, self.budget);
                    self.read(own.get("steps"), &inner, left);
                }
            }
        }
    }
}

/// Gives the values in a call to the parameters of what is called.
fn pass(call: &Node, outer: &Parameters, inner: &mut Parameters, budget: &Budget) {
    for (name, _, value) in call.entries().iter().take(MOST) {
        let known = value.text().and_then(|text| values(text, outer, budget));
        if budget.spend_item() {
            inner.insert(format!("parameters.{name}"), known.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn executors_commands_and_matrices_are_resolved() {
        let text = "version: 2.1\n\
            executors:\n  node:\n    parameters: {v: {type: string, default: '20.1'}}\n    \
            docker:\n      \
            - image: cimg/node:<< parameters.v >>\n\
            commands:\n  setup:\n    parameters: {key: {type: string}}\n    steps:\n      - restor\
            e_cache: {keys: ['v1-<< parameters.key >>', v1-]}\n      - run: npm install\n      - s\
            ave_cache: {key: v1-x, paths: [node_modules]}\n\
            jobs:\n  test:\n    parameters: {node: {type: string, default: '18.0'}}\n    executor: \
            {name: node, v: << parameters.node >>}\n    steps:\n      - checkout\n      - setup: {\
            key: x}\n      - run: {name: t, command: npm test, working_directory: web}\n\
            \x20 plain:\n    executor: node\n    resource_class: arm.medium\n    steps: [{persist_\
            to_workspace: {root: ., paths: [node_modules]}}]\n\
            \x20 vm:\n    machine: {image: 'ubuntu-2404:current'}\n    steps:\n      - node/instal\
            l: {node-version: '22'}\n      - attach_workspace: {at: .}\n\
            workflows:\n  w:\n    jobs:\n      - plain\n      - test: {matrix: {parameters: {node: \
            ['20.2', '22.1']}}}\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let [test, plain, vm] = plan.units.as_slice() else { unreachable!("{:?}", plan.units) };
        let values = |unit: &super::Unit| unit.node.as_ref().and_then(|node| node.values.clone());
        assert_eq!(
            values(test),
            Some(vec!["cimg/node:20.2".to_owned(), "cimg/node:22.1".to_owned()])
        );
        assert_eq!(values(plain), Some(vec!["cimg/node:20.1".to_owned()]));
        assert_eq!(values(vm), Some(vec!["22".to_owned()]));
        assert_eq!(test.node.as_ref().map(|node| node.written.line), Some(6));
        assert_eq!(test.caches[0].paths, ["node_modules"]);
        let words: Vec<_> =
            test.commands.iter().map(|one| (one.words.join(" "), one.folder.clone())).collect();
        assert_eq!(
            words,
            [("npm install".into(), None), ("npm test".into(), Some("web".to_owned()))]
        );
        assert_eq!(plain.keeps[0].paths, ["./node_modules"]);
        assert_eq!(plain.systems[0].arch, Some(super::Arch::Arm64));
        assert_eq!(vm.takes.len(), 1);
    }
}
