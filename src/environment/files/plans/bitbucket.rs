//! `bitbucket-pipelines.yml`: steps with their image, caches and artifacts (Bitbucket Pipelines
//! documentation, "Configuration reference").

use std::rc::Rc;

use super::plan::{
    Cache, MOST, NodeChoice, Plan, System, Transfer, Unit, image_node, script, texts,
};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::FileError;
use crate::environment::files::yaml::{self, Node};
use crate::model::{Arch, Platform};

/// The maximum nesting of branches, stages and parallel groups.
const DEEPEST: usize = 8;

/// Reads a pipeline.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let mut reader = Reader { root: &root, budget, units: Vec::new(), pipeline: 0 };
    if let Some(pipelines) = root.get("pipelines") {
        reader.pipelines(pipelines, DEEPEST);
    }
    budget.checked(Plan { units: reader.units, ..Plan::default() })
}

struct Reader<'a> {
    root: &'a Node,
    budget: &'a Budget,
    units: Vec<Unit>,
    /// The number of the pipeline. The steps of one pipeline share their artifacts.
    pipeline: usize,
}

impl Reader<'_> {
    /// Reads `default: [steps]`, and `branches: {name: [steps]}` and the like.
    fn pipelines(&mut self, node: &Rc<Node>, left: usize) {
        let Some(left) = left.checked_sub(1) else { return };
        for (_, _, value) in
            node.entries().iter().take(MOST).take_while(|_| self.budget.spend_item())
        {
            if value.entries().is_empty() {
                self.pipeline += 1;
                self.steps(value, left);
            } else {
                self.pipelines(value, left);
            }
        }
    }

    /// Reads a list of steps; `parallel` and `stage` contain more steps.
    fn steps(&mut self, list: &Rc<Node>, left: usize) {
        let Some(left) = left.checked_sub(1) else { return };
        for entry in list.list() {
            if self.units.len() >= MOST || !self.budget.spend_item() {
                return;
            }
            if let Some(step) = entry.get("step") {
                let unit = self.step(step);
                self.units.push(unit);
            }
            for key in ["parallel", "stage"] {
                let Some(group) = entry.get(key) else { continue };
                self.steps(group.get("steps").unwrap_or(group), left);
            }
        }
    }

    fn step(&self, step: &Rc<Node>) -> Unit {
        let name = step.text_at(&["name"]).unwrap_or("without a name");
        let image = step.get("image").or_else(|| self.root.get("image"));
        let node = image.and_then(|node| NodeChoice::image(image_node(node, "name")?, "image: {}"));
        let mut commands = Vec::new();
        script(step.get("script"), &mut commands, DEEPEST, self.budget);
        let of_arm =
            texts(step.get("runs-on"), self.budget).iter().any(|label| label.contains("arm"))
                || step.text_at(&["runtime", "cloud", "arch"]) == Some("arm");
        let arch = if of_arm { Arch::Arm64 } else { Arch::X64 };
        let artifacts = step.entry("artifacts");
        let keeps = artifacts.map(|(line, node)| {
            let paths = if node.get("paths").is_some() { node.get("paths") } else { Some(node) };
            Transfer { line, name: self.pipeline.to_string(), paths: texts(paths, self.budget) }
        });
        let downloads =
            artifacts.and_then(|(_, node)| node.text_at(&["download"])) != Some("false");
        let take = Transfer { line: step.line, name: self.pipeline.to_string(), paths: Vec::new() };
        Unit {
            title: format!("step {name}"),
            node,
            systems: vec![System { platform: Platform::Linux, arch: Some(arch), libc: None }],
            caches: self.caches(step),
            keeps: keeps.into_iter().collect(),
            takes: downloads.then_some(take).into_iter().collect(),
            commands,
            ..Unit::default()
        }
    }

    /// The caches of a step. The predefined cache `node` is node_modules, and has no key: it is
    /// kept for a week (Bitbucket documentation, "Cache dependencies").
    fn caches(&self, step: &Node) -> Vec<Cache> {
        let named = step.list_of("caches");
        let defined = self.root.get("definitions").and_then(|node| node.get("caches"));
        let read = |node: &Rc<Node>| {
            let name = node.text()?;
            let own = defined.and_then(|all| all.get(name));
            let (paths, key_files) = match own {
                Some(own) if own.text().is_some() => (texts(Some(own), self.budget), Vec::new()),
                Some(own) => {
                    let files = own.get("key").and_then(|key| key.get("files"));
                    (texts(own.get("path"), self.budget), texts(files, self.budget))
                }
                None if name == "node" => (vec!["node_modules".to_owned()], Vec::new()),
                None => return None,
            };
            let key = if own.is_some() { name.to_owned() } else { String::new() };
            Some(Cache { line: node.line, key_line: None, key, key_files, paths })
        };
        named.iter().take(MOST).filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn steps_of_all_pipelines_are_read() {
        let text = "image: node:20\ndefinitions:\n  caches:\n    mods: {key: {files: [package-lock\
            .json, .nvmrc]}, path: node_modules}\n  steps:\n    - step: &build\n        name: Buil\
            d\n        caches: [node, npm]\n        script: [npm install]\n        artifacts: [nod\
            e_modules/**]\n\
            pipelines:\n  default:\n    - step: *build\n    - parallel:\n        steps:\n          \
            - step: {name: T, image: {name: 'node:22-alpine'}, script: [npm test], cac\
            hes: [mods]}\n\
            \x20 branches:\n    main:\n      - stage: {steps: [{step: {image: $I, script: [{pipe: \
            x}, npm ci]}}]}\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let [build, test, main] = plan.units.as_slice() else { unreachable!("{:?}", plan.units) };
        let value =
            |unit: &super::Unit| unit.node.as_ref().and_then(|node| node.values.clone()?.pop());
        assert_eq!(
            [value(build), value(test), value(main)],
            [Some("node:20".to_owned()), Some("node:22-alpine".to_owned()), None]
        );
        assert_eq!(build.caches[0].paths, ["node_modules"]);
        assert_eq!(build.caches.len(), 1);
        assert_eq!(test.caches[0].key_files, ["package-lock.json", ".nvmrc"]);
        assert_eq!(build.keeps[0].name, test.takes[0].name);
        assert_ne!(build.keeps[0].name, main.takes[0].name);
        assert_eq!(main.commands[0].words, ["npm", "ci"]);
    }
}
