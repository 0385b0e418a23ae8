//! `.gitlab-ci.yml`: jobs with their image, caches and commands, with `default`, `extends` and
//! variables applied.

use std::collections::HashMap;
use std::rc::Rc;

use super::plan::{
    Cache, How, MOST, NodeChoice, Plan, Transfer, Unit, all_of, image_node, script, texts,
};
use crate::environment::files::budget::Budget;
use crate::environment::files::spot::{FileError, Spot};
use crate::environment::files::yaml::{self, Node};

/// Top-level keys that are not jobs (GitLab's reference, "Global keywords" and deprecated ones).
const KEYWORDS: [&str; 12] = [
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "types",
    "spec",
];
/// The longest chain of `extends`; GitLab accepts eleven.
const LONGEST: usize = 11;

/// Reads a pipeline.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let root = yaml::parse(text)?;
    let is_job = |name: &str| !name.starts_with('.') && !KEYWORDS.contains(&name);
    let jobs =
        root.entries().iter().filter(|(name, _, node)| is_job(name) && !node.entries().is_empty());
    let units = jobs.take(MOST).map(|(name, _, node)| job(name, node, &root, budget)).collect();
    let included = root
        .entry("include")
        .map(|(line, _)| Spot::new("`include`: the included files aren't read", line));
    budget.checked(Plan { units, unclear: included.into_iter().collect(), ..Plan::default() })
}

fn job(name: &str, node: &Rc<Node>, root: &Rc<Node>, budget: &Budget) -> Unit {
    let mut layers = Vec::new();
    collect(node, root, LONGEST, &mut layers);
    let takes_defaults =
        node.get("inherit").and_then(|inherit| inherit.text_at(&["default"])) != Some("false");
    if takes_defaults {
        layers.extend(root.get("default").cloned());
        layers.push(Rc::clone(root));
    }
    let find = |key: &str| layers.iter().find_map(|layer| layer.get(key).cloned());
    let variables = variables(&layers, node, budget);
    let image = find("image").and_then(|node| {
        let name = image_node(&node, "name")?;
        let written = Spot::new(name.text()?, name.line);
        let values = all_of(&written.text, &variables, budget);
        Some(NodeChoice { how: How::Image, written, values, form: "image: {}", parts: 3 })
    });
    let caches: Vec<Cache> = match find("cache") {
        Some(node) if node.entries().is_empty() => {
            node.list().iter().take(MOST).map(|node| cache(node, budget)).collect()
        }
        Some(node) => vec![cache(&node, budget)],
        None => Vec::new(),
    };
    let mut commands = Vec::new();
    for key in ["before_script", "script"] {
        script(find(key).as_ref(), &mut commands, 10, budget);
    }
    let keeps = find("artifacts").and_then(|node| {
        let (line, _) = node.entry("paths")?;
        Some(Transfer { line, name: name.to_owned(), paths: texts(node.get("paths"), budget) })
    });
    Unit {
        title: format!("job {name}"),
        node: image,
        caches,
        keeps: keeps.into_iter().collect(),
        takes: takes(find("needs").or_else(|| find("dependencies")).as_ref(), node.line),
        commands,
        ..Unit::default()
    }
}

/// The jobs whose artifacts a job takes. Without a list it takes those of all earlier stages, which
/// an empty name stands for.
fn takes(list: Option<&Rc<Node>>, line: u32) -> Vec<Transfer> {
    let take = |name: &str, line| Transfer { line, name: name.to_owned(), paths: Vec::new() };
    let Some(list) = list else { return vec![take("", line)] };
    let named = list.list().iter().take(MOST).filter_map(|node| {
        let is_wanted = node.text_at(&["artifacts"]) != Some("false");
        let name = node.text().or_else(|| node.text_at(&["job"])).filter(|_| is_wanted)?;
        Some(take(name, node.line))
    });
    named.collect()
}

/// A job and the templates it extends, the nearest first.
fn collect(node: &Rc<Node>, root: &Rc<Node>, left: usize, layers: &mut Vec<Rc<Node>>) {
    layers.push(Rc::clone(node));
    let Some(left) = left.checked_sub(1) else { return };
    // The last one in a list has the highest priority.
    let names = node.list_of("extends");
    for name in names.iter().rev().filter_map(|name| name.text()) {
        if let Some(template) = root.get(name).filter(|_| layers.len() < MOST) {
            collect(template, root, left, layers);
        }
    }
}

/// Variables, with all values that they may have.
fn variables(layers: &[Rc<Node>], job: &Rc<Node>, budget: &Budget) -> HashMap<String, Vec<String>> {
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for layer in layers.iter().rev() {
        for (name, _, value) in layer.entries_of("variables") {
            let text = value.text().or_else(|| value.text_at(&["value"]));
            if let Some(text) = text.filter(|text| budget.spend(name.len() + text.len() + 64)) {
                all.insert(name.clone(), vec![text.to_owned()]);
            }
        }
    }
    for row in
        job.get("parallel").and_then(|node| node.get("matrix")).map(Node::list).unwrap_or_default()
    {
        for (name, _, value) in row.entries() {
            let texts = value.list().iter().take(MOST).filter_map(|value| value.text());
            let texts: Vec<_> =
                texts.filter(|text| budget.spend(text.len() + 64)).map(str::to_owned).collect();
            all.insert(name.clone(), texts);
        }
    }
    all
}

fn cache(node: &Rc<Node>, budget: &Budget) -> Cache {
    let key = node.entry("key");
    let key_node = key.map(|(_, node)| node);
    Cache {
        line: node.line,
        key_line: key.map(|(line, _)| line),
        key: key_node
            .and_then(|node| node.text().or_else(|| node.text_at(&["prefix"])))
            .unwrap_or_default()
            .to_owned(),
        key_files: texts(key_node.and_then(|node| node.get("files")), budget),
        paths: texts(node.get("paths"), budget),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn jobs_inherit_from_defaults_templates_and_variables() {
        let text = "variables:\n  V: '20'\n  W:\n    value: $V\ndefault:\n  image: node:$W\n  \
            cache:\n    key: $CI_COMMIT_REF_SLUG\n    paths: [node_modules/]\n.base:\n  \
            before_script:\n    - npm ci\n\
                    build:\n  extends: .base\n  script: [npm run build, [npm test]]\nother:\n  \
                    image: {name: 'node:22-alpine'}\n  cache:\n    - key: {files: \
                    [package-lock.json], prefix: x}\n      paths: [.npm/]\n    - paths: [a]\n  \
                    script: x\n\
                    many:\n  image: node:$N\n  parallel:\n    matrix:\n      - N: ['20', '22']\n  \
                    script: x\nunknown:\n  image: $CI_REGISTRY_IMAGE\n  script: x\nalone:\n  \
                    inherit: {default: false}\n  script: x\n";
        let file = parse(text, &Budget::default()).expect("a file");
        let job = |name: &str| {
            let title = format!("job {name}");
            file.units.iter().find(|unit| unit.title == title).expect("the job")
        };
        let images = |name: &str| job(name).node.as_ref().and_then(|node| node.values.clone());
        assert_eq!(file.units.len(), 5);
        assert_eq!(images("build"), Some(vec!["node:20".to_owned()]));
        assert_eq!(job("build").node.as_ref().map(|node| node.written.line), Some(6));
        let words: Vec<_> = job("build")
            .commands
            .iter()
            .map(|command| (command.line, command.words.join(" ")))
            .collect();
        assert_eq!(
            words,
            [(12, "npm ci".into()), (15, "npm run build".into()), (15, "npm test".into())]
        );
        assert_eq!(job("build").caches[0].key, "$CI_COMMIT_REF_SLUG");
        assert_eq!((job("build").caches[0].line, job("build").caches[0].key_line), (8, Some(8)));
        assert_eq!(images("other"), Some(vec!["node:22-alpine".to_owned()]));
        assert_eq!(
            (job("other").caches[0].key.as_str(), job("other").caches[0].key_files.join(" ")),
            ("x", "package-lock.json".into())
        );
        assert_eq!(job("other").caches.len(), 2);
        assert_eq!(images("many"), Some(vec!["node:20".to_owned(), "node:22".to_owned()]));
        assert_eq!(images("unknown"), None);
        assert!(job("alone").node.is_none() && job("alone").caches.is_empty());
    }

    #[test]
    fn circular_templates_cause_no_endless_loop() {
        let loops: String = (0..12)
            .map(|n| format!(".t{n}:\n  extends: [.t{}, .t{}]\n", (n + 1) % 12, (n + 5) % 12))
            .collect();
        assert!(
            parse(&format!("{loops}a:\n  extends: .t0\n  script: x\n"), &Budget::default()).is_ok()
        );
        for text in ["", "a: b", "a: [b]", "a: {script: {x: y}, cache: x, image: [], extends: {}}"]
        {
            assert!(parse(text, &Budget::default()).is_ok(), "{text}");
        }
    }
}
