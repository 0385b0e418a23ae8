//! The Node.js that the instructions of a stage install, in addition to that of its image.

use super::stages::{Action, Base, Dockerfile, Step};
use crate::environment::files::image::Image;
use crate::environment::files::shell::Command;
use crate::environment::wish::Wish;

/// A Node.js that an instruction installs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledNode {
    /// The line of the instruction.
    pub line: u32,
    /// The version, as it is written.
    pub text: String,
    /// The meaning of that version.
    pub wish: Wish,
}

impl Dockerfile {
    /// The Node.js that the instructions of stage `number` install; the last one if there are
    /// several. Inherited stages don't count.
    #[must_use]
    pub fn installed(&self, number: usize) -> Option<InstalledNode> {
        let stage = self.stages.get(number)?;
        stage.steps.iter().rev().find_map(|step| self.installed_by(step))
    }

    /// The meaning of the version of the Node.js that stage `number` has, with the stages that it
    /// is
    /// based on.
    #[must_use]
    pub fn node(&self, number: usize) -> Option<Wish> {
        let of_stage = |number: usize| {
            let own = self.installed(number).map(|node| node.wish);
            own.or_else(|| match &self.stages[number].base {
                Base::Image(image) => image.node.clone(),
                _ => None,
            })
        };
        self.line_of_stages(number).into_iter().rev().find_map(of_stage)
    }

    fn installed_by(&self, step: &Step) -> Option<InstalledNode> {
        let node = |text: &str, line| {
            let wish = Wish::parse(text);
            (wish != Wish::Other).then(|| InstalledNode { line, text: text.to_owned(), wish })
        };
        match &step.action {
            Action::Run(commands) => {
                commands.iter().rev().find_map(|command| node(&version_in(command)?, command.line))
            }
            // COPY --from=node:22 /usr/local/bin/node /usr/local/bin/
            Action::Copy { from: Some(from), sources, .. } => {
                let is_node = |path: &String| {
                    let path = path.trim_end_matches('/');
                    path.ends_with("/bin/node") || matches!(path, "/usr/local" | "/usr/local/bin")
                };
                if !sources.iter().any(is_node) {
                    return None;
                }
                let image = match self.stage(from) {
                    Some(number) => self.image(number).cloned(),
                    None => Some(Image::parse(from)),
                };
                let image = image?;
                let text = image.name.clone();
                Some(InstalledNode { line: step.line, text, wish: image.node? })
            }
            _ => None,
        }
    }
}

/// The version that a command installs: with NodeSource's scripts or archives (nodesource.com,
/// "distributions"), nodejs.org's archives, nvm, n, fnm, volta, asdf or mise.
fn version_in(command: &Command) -> Option<String> {
    let mut words = command.words.iter().map(String::as_str);
    let first = words.next()?;
    let program = first.rsplit('/').next().unwrap_or(first);
    let rest: Vec<&str> = words.filter(|word| !word.starts_with('-')).collect();
    let operand = |number: usize| rest.get(number).map(|word| (*word).to_owned());
    match (program, rest.as_slice()) {
        ("nvm" | "fnm", ["install" | "use", ..]) => operand(1),
        ("n", [version]) => Some((*version).to_owned()),
        ("npx", ["n", version]) => Some((*version).to_owned()),
        ("volta", ["install", ..]) => {
            rest.iter().find_map(|word| Some(word.strip_prefix("node@")?.to_owned()))
        }
        ("asdf" | "mise", ["install" | "use" | "global", ..]) => {
            let named = rest.iter().find_map(|word| word.strip_prefix("node@"));
            let after = rest.iter().position(|word| matches!(*word, "nodejs" | "node"));
            named.map(str::to_owned).or_else(|| operand(after? + 1))
        }
        _ => command.words.iter().find_map(|word| of_url(word)),
    }
}

/// `https://deb.nodesource.com/setup_22.x`, `…/node_22.x`, `https://nodejs.org/dist/v22.1.0/…`
fn of_url(word: &str) -> Option<String> {
    let after = |mark: &str| word.split_once(mark).map(|(_, rest)| rest);
    let rest = if word.contains("nodesource.com/") {
        after("/setup_").or_else(|| after("/node_"))?
    } else {
        after("nodejs.org/dist/v")?
    };
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let text = rest[..end].trim_end_matches('.');
    (!text.is_empty()).then(|| text.to_owned())
}
