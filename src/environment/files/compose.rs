//! Compose files: the services, their images, and their mounts.

use std::collections::HashMap;
use std::rc::Rc;

use super::budget::Budget;
use super::spot::FileError;
use super::variables::expanded;
use super::yaml::{self, Node};

/// A compose file.
#[derive(Clone, Debug, Default)]
pub struct Compose {
    /// Its services.
    pub services: Vec<Service>,
}

/// One service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// The image that it starts.
    pub image: Option<Written>,
    /// How its image is built.
    pub build: Option<Build>,
    /// Its mounts.
    pub mounts: Vec<Mount>,
}

/// How an image is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The folder that is sent to the builder, as written.
    pub context: String,
    /// The Dockerfile, relative to the context.
    pub dockerfile: String,
    /// The stage that is built; the last one if none is named.
    pub target: Option<String>,
    /// Values for its `ARG`s.
    pub arguments: HashMap<String, Argument>,
}

/// A text that may contain variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The text with its variables expanded.
    pub text: String,
    /// The text for messages. Variables from `.env` are not expanded, because that file contains
    /// secrets.
    pub shown: String,
    /// Its line.
    pub line: u32,
}

/// The value of an `ARG`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The value.
    pub text: String,
    /// True if the value comes from `.env`, so it must not be shown.
    pub is_secret: bool,
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Its line.
    pub line: u32,
    /// The host's folder; `None` for a volume.
    pub host: Option<String>,
    /// The path in the container.
    pub target: String,
    /// True if it contains a variable from `.env`, so neither folder may be shown.
    pub is_secret: bool,
}

/// The longest chain of `extends` that is followed.
const LONGEST: usize = 8;

/// Reads a compose file; `variables` are those of the `.env` file beside it.
///
/// # Errors
/// The parser's error, with its line; or an error if the budget is exceeded.
pub fn parse(
    text: &str,
    variables: &HashMap<String, String>,
    budget: &Budget,
) -> Result<Compose, FileError> {
    let root = yaml::parse(text)?;
    let reader = Reader { variables, budget };
    let mut compose = Compose::default();
    let Some(services) = root.get("services") else { return Ok(compose) };
    for (name, _, node) in services.entries().iter().filter(|(name, ..)| name != "<<") {
        let mut service = Service { name: name.clone(), ..Service::default() };
        reader.fill(&mut service, node, services, LONGEST);
        compose.services.push(service);
    }
    budget.checked(compose)
}

struct Reader<'a> {
    variables: &'a HashMap<String, String>,
    budget: &'a Budget,
}

impl Reader<'_> {
    /// `text` with its variables expanded.
    fn put_in(&self, text: &str) -> Option<String> {
        expanded(text, &|name| self.variables.get(name).cloned(), self.budget)
    }

    /// As [`Self::put_in`], for messages: variables from `.env` are not expanded.
    fn shown(&self, text: &str) -> Option<String> {
        expanded(
            text,
            &|name| self.variables.contains_key(name).then(|| format!("${{{name}}}")),
            self.budget,
        )
    }

    fn written(&self, node: &Node) -> Option<Written> {
        let text = node.text()?;
        Some(Written { text: self.put_in(text)?, shown: self.shown(text)?, line: node.line })
    }

    fn fill(&self, service: &mut Service, node: &Rc<Node>, all: &Rc<Node>, left: usize) {
        if !self.budget.spend_item() {
            return;
        }
        if service.image.is_none() {
            service.image = node.get("image").and_then(|node| self.written(node));
        }
        if service.build.is_none() {
            service.build = node.get("build").and_then(|node| self.build(node));
        }
        let list = |key: &str| {
            node.get(key)
                .map(Node::list)
                .unwrap_or_default()
                .iter()
                .take_while(|_| self.budget.spend_item())
        };
        for entry in list("volumes") {
            service.mounts.extend(self.mount(entry));
        }
        for entry in list("tmpfs") {
            let target = self
                .written(entry)
                .map(|target| target.text.split(':').next().unwrap_or_default().to_owned());
            service.mounts.extend(target.map(|target| Mount {
                line: entry.line,
                host: None,
                target,
                is_secret: true,
            }));
        }
        let Some(extends) = node.get("extends") else { return };
        // Services in other files aren't followed.
        let name = extends
            .text()
            .or_else(|| extends.get("service").filter(|_| extends.get("file").is_none())?.text());
        if let (Some(base), Some(left)) = (name.and_then(|name| all.get(name)), left.checked_sub(1))
        {
            self.fill(service, base, all, left);
        }
    }

    fn build(&self, node: &Rc<Node>) -> Option<Build> {
        let put_in = |text: &str| self.put_in(text);
        let text = |key: &str| node.get(key).and_then(|node| node.text()).and_then(put_in);
        if let Some(context) = node.text() {
            let dockerfile = "Dockerfile".to_owned();
            return Some(Build {
                context: put_in(context)?,
                dockerfile,
                target: None,
                arguments: HashMap::new(),
            });
        }
        let arguments = node.get("args").map(|args| self.arguments(args)).unwrap_or_default();
        if node.get("dockerfile_inline").is_some() {
            return None;
        }
        Some(Build {
            context: text("context").unwrap_or_else(|| ".".to_owned()),
            dockerfile: text("dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()),
            target: text("target"),
            arguments,
        })
    }

    /// `A: b`, or `- A=b`.
    fn arguments(&self, node: &Rc<Node>) -> HashMap<String, Argument> {
        let of_map = node
            .entries()
            .iter()
            .filter_map(|(name, _, value)| Some((name.as_str(), value.text()?)));
        let of_list = node.list().iter().filter_map(|entry| entry.text()?.split_once('='));
        let pairs = of_map.chain(of_list).take_while(|_| self.budget.spend_item());
        let argument = |text: &str| {
            let value = self.put_in(text)?;
            Some(Argument { is_secret: self.shown(text)? != value, text: value })
        };
        pairs.filter_map(|(name, text)| Some((name.to_owned(), argument(text)?))).collect()
    }

    fn mount(&self, node: &Rc<Node>) -> Option<Mount> {
        let line = node.line;
        let Some(short) = node.text() else {
            let text = |key: &str| node.get(key).and_then(|node| self.written(node));
            let host = text("source").filter(|_| node.text_at(&["type"]) == Some("bind"));
            let target = text("target")?;
            let is_secret = [host.as_ref(), Some(&target)]
                .into_iter()
                .flatten()
                .any(|one| one.shown != one.text);
            return Some(Mount {
                line,
                host: host.map(|host| host.text),
                target: target.text,
                is_secret,
            });
        };
        let text = self.put_in(short)?;
        let is_secret = self.shown(short)? != text;
        Some(Mount { is_secret, ..short_mount(line, &text) })
    }
}

/// `.:/app:ro`, `modules:/app/node_modules`, `/app/node_modules`
fn short_mount(line: u32, whole: &str) -> Mount {
    // C:\app:/app
    let drive = whole.len() > 2
        && whole.as_bytes()[0].is_ascii_alphabetic()
        && whole.as_bytes()[1] == b':'
        && matches!(whole.as_bytes()[2], b'\\' | b'/');
    let (start, rest) = if drive { whole.split_at(2) } else { ("", whole) };
    let mut parts = rest.split(':');
    let first = format!("{start}{}", parts.next().unwrap_or_default());
    match parts.next() {
        None => Mount { line, host: None, target: first, is_secret: false },
        // The name of a volume has no dot, slash or tilde at its start.
        Some(target) => {
            let is_path = drive || first.starts_with(['.', '/', '~']);
            Mount {
                line,
                host: is_path.then_some(first),
                target: target.to_owned(),
                is_secret: false,
            }
        }
    }
}

/// The variables of an `.env` file.
#[must_use]
pub fn variables(text: &str) -> HashMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.trim_start_matches("export ").split_once('='));
    pairs
        .map(|(name, value)| {
            (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Budget, Mount, parse, variables};
    use std::collections::HashMap;

    #[test]
    fn services_are_read_with_their_mounts() {
        let text = "x-base: &base\n  volumes:\n    - .:/app\n    - /app/node_modules\nservices:\n  \
            web:\n    <<: *base\n    image: node:${V:-20}\n\
                    \x20 api:\n    build:\n      context: ./api\n      args:\n        - A=1\n    \
                    volumes:\n      - type: bind\n        source: ./api\n        target: /srv\n\
                    \x20     - modules:/srv/node_modules\n      - ${DIR:-.}/x:/y:ro\n    tmpfs: \
                    /tmp\n  worker:\n    extends: {service: api}\n    build: .\n";
        let compose = parse(text, &variables("# x\nV=22\n"), &Budget::default()).expect("a file");
        let service = |name: &str| {
            compose.services.iter().find(|service| service.name == name).expect("the service")
        };
        let mounts = |name: &str| -> Vec<(u32, Option<String>, String)> {
            let tell =
                |Mount { line, host, target, .. }: &Mount| (*line, host.clone(), target.clone());
            service(name).mounts.iter().map(tell).collect()
        };
        assert_eq!(
            service("web").image.as_ref().map(|image| (
                image.text.as_str(),
                image.shown.as_str(),
                image.line
            )),
            Some(("node:22", "node:${V}", 8))
        );
        assert_eq!(
            mounts("web"),
            [(3, Some(".".into()), "/app".into()), (4, None, "/app/node_modules".into())]
        );
        let api = [
            (15, Some("./api".into()), "/srv".into()),
            (18, None, "/srv/node_modules".into()),
            (19, Some("./x".into()), "/y".into()),
            (20, None, "/tmp".into()),
        ];
        assert_eq!(mounts("api"), api);
        assert_eq!(mounts("worker"), api);
        let build = service("api").build.as_ref().expect("a build");
        assert_eq!(
            (
                build.context.as_str(),
                build.arguments.get("A").map(|argument| argument.text.as_str())
            ),
            ("./api", Some("1"))
        );
        assert_eq!(service("worker").build.as_ref().map(|build| build.context.as_str()), Some("."));
    }

    #[test]
    fn unexpected_structures_are_not_services() {
        for text in [
            "",
            "services:",
            "services: []",
            "services:\n  a:\n  b: x\n",
            "- a",
            "services: {a: {volumes: {b: c}, extends: a}}",
        ] {
            assert!(parse(text, &HashMap::new(), &Budget::default()).is_ok(), "{text}");
        }
    }
}
