//! `.gitlab-ci.yml`: jobs with their image, caches and commands, with `default`, `extends` and
//! variables applied.

use std::collections::HashMap;
use std::rc::Rc;

use super::budget::Budget;
use super::shell::{Command, commands};
use super::spot::{FileError, Spot};
use super::variables::expanded;
use super::yaml::{self, Node};

/// A pipeline.
#[derive(Clone, Debug, Default)]
pub struct Gitlab {
    /// Its jobs, without the hidden ones.
    pub jobs: Vec<Job>,
}

/// One job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its name.
    pub name: String,
    /// The image it runs in, as written. It may be written outside of the job.
    pub image: Option<Spot>,
    /// The image's name with its variables expanded, one for each value of a matrix; `None` if a
    /// variable isn't known.
    pub images: Option<Vec<String>>,
    /// Its caches.
    pub caches: Vec<Cache>,
    /// Its commands, those of `before_script` first.
    pub commands: Vec<Command>,
}

/// One cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    /// The line on which it begins.
    pub line: u32,
    /// The line of its key.
    pub key_line: Option<u32>,
    /// The text of its key, or the prefix of a key that consists of files.
    pub key: String,
    /// The files whose contents are the key.
    pub key_files: Vec<String>,
    /// The cached paths.
    pub paths: Vec<String>,
}

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
/// The maximum number of templates of one job, and of commands.
const MOST: usize = 64;
const COMMANDS: usize = 500;

/// Reads a pipeline.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Gitlab, FileError> {
    let root = yaml::parse(text)?;
    let is_job = |name: &str| !name.starts_with('.') && !KEYWORDS.contains(&name);
    let jobs =
        root.entries().iter().filter(|(name, _, node)| is_job(name) && !node.entries().is_empty());
    let jobs = jobs.take(MOST).map(|(name, _, node)| job(name, node, &root, budget)).collect();
    budget.checked(Gitlab { jobs })
}

fn job(name: &str, node: &Rc<Node>, root: &Rc<Node>, budget: &Budget) -> Job {
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
        let name =
            if node.text().is_some() { Rc::clone(&node) } else { Rc::clone(node.get("name")?) };
        Some(Spot::new(name.text()?, name.line))
    });
    let images = image.as_ref().and_then(|image| all_of(&image.text, &variables, budget));
    let caches: Vec<Cache> = match find("cache") {
        Some(node) if node.entries().is_empty() => {
            node.list().iter().take(MOST).map(|node| cache(node, budget)).collect()
        }
        Some(node) => vec![cache(&node, budget)],
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for key in ["before_script", "script"] {
        flatten(find(key).as_ref(), &mut found, 10, budget);
    }
    Job { name: name.to_owned(), image, images, caches, commands: found }
}

/// A job and the templates it extends, the nearest first.
fn collect(node: &Rc<Node>, root: &Rc<Node>, left: usize, layers: &mut Vec<Rc<Node>>) {
    layers.push(Rc::clone(node));
    let Some(left) = left.checked_sub(1) else { return };
    // The last one in a list has the highest priority.
    let names = node.get("extends").map(Node::list).unwrap_or_default();
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
        for (name, _, value) in
            layer.get("variables").map(|node| node.entries()).unwrap_or_default()
        {
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

/// `text` with all values that its variables may have.
fn all_of(
    text: &str,
    variables: &HashMap<String, Vec<String>>,
    budget: &Budget,
) -> Option<Vec<String>> {
    let most = variables.values().map(Vec::len).max().unwrap_or(1).clamp(1, MOST);
    let mut found: Vec<String> = Vec::new();
    for number in 0..most {
        let value = |name: &str| {
            let values = variables.get(name)?;
            let value = values.get(number).or_else(|| values.first())?;
            // A variable may contain other variables; those are not expanded again.
            expanded(value, &|name| variables.get(name)?.first().cloned(), budget)
        };
        let one = expanded(text, &value, budget)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Some(found)
}

fn cache(node: &Rc<Node>, budget: &Budget) -> Cache {
    let key = node.entry("key");
    let key_node = key.map(|(_, node)| node);
    let texts = |node: Option<&Rc<Node>>| -> Vec<String> {
        let list = node.map(Node::list).unwrap_or_default();
        list.iter()
            .filter_map(|node| node.text())
            .filter(|text| budget.spend(text.len() + 64))
            .map(str::to_owned)
            .collect()
    };
    Cache {
        line: node.line,
        key_line: key.map(|(line, _)| line),
        key: key_node
            .and_then(|node| node.text().or_else(|| node.text_at(&["prefix"])))
            .unwrap_or_default()
            .to_owned(),
        key_files: texts(key_node.and_then(|node| node.get("files"))),
        paths: texts(node.get("paths")),
    }
}

/// The commands in a script, with nested lists.
fn flatten(node: Option<&Rc<Node>>, found: &mut Vec<Command>, left: usize, budget: &Budget) {
    let (Some(node), Some(left)) = (node, left.checked_sub(1)) else { return };
    // Aliases can create nested lists without a command in them.
    if !budget.spend(64 + node.text().map_or(0, str::len)) {
        return;
    }
    match node.text() {
        Some(text) => found.extend(commands(text, node.line)),
        None => {
            for entry in node.list() {
                if found.len() >= COMMANDS {
                    return;
                }
                flatten(Some(entry), found, left, budget);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::budget::Budget;
    use super::parse;

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
        let job = |name: &str| file.jobs.iter().find(|job| job.name == name).expect("the job");
        assert_eq!(file.jobs.len(), 5);
        assert_eq!(job("build").images, Some(vec!["node:20".to_owned()]));
        assert_eq!(job("build").image.as_ref().map(|image| image.line), Some(6));
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
        assert_eq!(job("other").images, Some(vec!["node:22-alpine".to_owned()]));
        assert_eq!(
            (job("other").caches[0].key.as_str(), job("other").caches[0].key_files.join(" ")),
            ("x", "package-lock.json".into())
        );
        assert_eq!(job("other").caches.len(), 2);
        assert_eq!(job("many").images, Some(vec!["node:20".to_owned(), "node:22".to_owned()]));
        assert_eq!(job("unknown").images, None);
        assert!(job("alone").image.is_none() && job("alone").caches.is_empty());
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
