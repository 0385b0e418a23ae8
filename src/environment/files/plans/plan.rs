//! The common model of all CI services and hosts: what a file says about the places where a project
//! is installed or run.

use std::collections::HashMap;
use std::rc::Rc;

use crate::environment::files::budget::Budget;
use crate::environment::files::image::Image;
use crate::environment::files::install::install;
use crate::environment::files::shell::{Command, commands};
use crate::environment::files::spot::Spot;
use crate::environment::files::variables::expanded;
use crate::environment::files::yaml::{Node, Value};
use crate::environment::wish::Wish;
use crate::model::{Arch, Libc, Platform};

/// The contents of one file.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Its jobs, functions, services or processes.
    pub units: Vec<Unit>,
    /// The images that it builds.
    pub builds: Vec<PlannedBuild>,
    /// Parts of the file that weren't understood, with the reason.
    pub unclear: Vec<Spot>,
}

/// An image that is built from a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedBuild {
    /// The Dockerfile, relative to the folder of the file that names it.
    pub dockerfile: String,
    /// The build context, relative to the same folder.
    pub context: String,
    /// The values for its `ARG`s.
    pub arguments: Vec<(String, String)>,
}

/// One job of a CI service, or one function, service or process of a deployed app.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// What it is, for messages: "job test", "function api".
    pub title: String,
    /// True if the app runs in it; false for a job that builds or tests.
    pub runs_app: bool,
    /// How its Node.js is chosen; `None` if the file doesn't show it.
    pub node: Option<NodeChoice>,
    /// The files of the project that the service prefers: with one of them, `node` has no effect.
    pub prefers: &'static [&'static str],
    /// The systems that it may run on; empty if the file doesn't show them.
    pub systems: Vec<System>,
    /// The line that shows that the node_modules of the deploying computer are uploaded. `None` if
    /// packages are installed there, or that isn't known.
    pub uploads: Option<u32>,
    /// Its caches.
    pub caches: Vec<Cache>,
    /// Folders that it keeps for later units.
    pub keeps: Vec<Transfer>,
    /// Folders that it takes from earlier units.
    pub takes: Vec<Transfer>,
    /// Its commands, in order.
    pub commands: Vec<Command>,
    /// The commands that start the app.
    pub starts: Vec<Command>,
}

/// How a Node.js is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeChoice {
    /// The kind of choice.
    pub how: How,
    /// The text in the file. It may be outside of the unit.
    pub written: Spot,
    /// Every value that the text may have; `None` if a variable in it isn't known.
    pub values: Option<Vec<String>>,
    /// The line to write, with `{}` for the value.
    pub form: &'static str,
    /// The number of parts of a version that may be written: 1 for a major version only.
    pub parts: usize,
}

/// The kinds of choices of a Node.js.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By the name of a container image.
    Image,
    /// By a version or range.
    Version,
    /// By `engines.node` in package.json only; without it, the newest release with long-term
    /// support.
    Engines,
    /// The computer of the service has one, which changes when that computer is updated.
    Preinstalled,
}

/// A system that a unit may run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The operating system.
    pub platform: Platform,
    /// The processor, if it is known.
    pub arch: Option<Arch>,
    /// The libc, if it is known.
    pub libc: Option<Libc>,
}

/// One cache of a unit.
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

/// A folder that one unit passes to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The line.
    pub line: u32,
    /// The name under which it is kept; empty for a common store.
    pub name: String,
    /// The paths; empty if the unit takes everything.
    pub paths: Vec<String>,
}

/// The maximum number of units of one file, of lists in them, and of commands.
pub(super) const MOST: usize = 64;
pub(super) const COMMANDS: usize = 500;

impl Unit {
    /// The first command that installs the packages of the project itself.
    #[must_use]
    pub fn installation(&self) -> Option<&Command> {
        let is_here = |command: &&Command| command.folder.is_none() && install(command).is_some();
        self.commands.iter().find(is_here)
    }
}

impl NodeChoice {
    /// The Node.js that one of its values means; `None` for an image without Node.js.
    #[must_use]
    pub fn wish(&self, value: &str) -> Option<Wish> {
        match self.how {
            How::Image => Image::parse(value).node,
            How::Version | How::Engines | How::Preinstalled => Some(Wish::parse(value)),
        }
    }

    /// An image whose name has no variables.
    pub(super) fn image(node: &Node, form: &'static str) -> Option<NodeChoice> {
        let written = Spot::new(node.text()?, node.line);
        let values = (!written.text.contains('$')).then(|| vec![written.text.clone()]);
        Some(NodeChoice { how: How::Image, written, values, form, parts: 3 })
    }

    /// A version without variables.
    pub(super) fn version(written: Spot, form: &'static str, parts: usize) -> NodeChoice {
        let values = (!written.text.contains('$')).then(|| vec![written.text.clone()]);
        NodeChoice { how: How::Version, written, values, form, parts }
    }

    /// The version in the text at `key`.
    pub(super) fn version_at(
        node: &Node,
        key: &str,
        form: &'static str,
        parts: usize,
    ) -> Option<NodeChoice> {
        let (line, value) = node.entry(key)?;
        Some(NodeChoice::version(Spot::new(value.text()?, line), form, parts))
    }
}

/// The values of a map that are texts, by their key.
pub(super) fn arguments(node: &Node, key: &str) -> Vec<(String, String)> {
    let entries = node.entries_of(key).iter().take(MOST);
    entries.filter_map(|(name, _, value)| Some((name.clone(), value.text()?.to_owned()))).collect()
}

/// The cost of a copy of everything below `node`: aliases can repeat a long text thousands of
/// times.
pub(super) fn size(node: &Node, left: usize) -> usize {
    let Some(left) = left.checked_sub(1) else { return 0 };
    let own = 32 + node.text().map_or(0, str::len);
    let of_list = match &node.value {
        Value::List(list) => list.iter().map(|node| size(node, left)).sum(),
        _ => 0,
    };
    let entries = node.entries().iter();
    own + of_list + entries.map(|(name, _, node)| name.len() + size(node, left)).sum::<usize>()
}

/// The image in `image: x` or `image: {name: x}`; `key` is the key in the second form.
pub(super) fn image_node<'n>(node: &'n Rc<Node>, key: &str) -> Option<&'n Rc<Node>> {
    if node.text().is_some() { Some(node) } else { node.get(key) }
}

/// `text` with all values that its variables may have; `None` if one isn't known.
pub(super) fn all_of(
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

/// The commands in a script, with nested lists.
pub(super) fn script(
    node: Option<&Rc<Node>>,
    found: &mut Vec<Command>,
    left: usize,
    budget: &Budget,
) {
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
                script(Some(entry), found, left, budget);
            }
        }
    }
}

/// The texts of a list.
pub(super) fn texts(node: Option<&Rc<Node>>, budget: &Budget) -> Vec<String> {
    let list = node.map(Node::list).unwrap_or_default();
    list.iter()
        .filter_map(|node| node.text())
        .take(MOST)
        .filter(|text| budget.spend(text.len() + 64))
        .map(str::to_owned)
        .collect()
}
