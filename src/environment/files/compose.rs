//! Compose files: which services there are, what they stand on, and what is mounted into them.

use std::collections::HashMap;
use std::rc::Rc;

use super::variables::expanded;
use super::yaml::{self, Node};
use super::{FileError, Spot};

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
    /// The image it is started from.
    pub image: Option<Spot>,
    /// How its image is built.
    pub build: Option<Build>,
    /// What is mounted.
    pub mounts: Vec<Mount>,
}

/// How an image is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The folder that is sent to the builder, as written.
    pub context: String,
    /// The Dockerfile, seen from there.
    pub dockerfile: String,
    /// The stage that is built; the last one where none is named.
    pub target: Option<String>,
    /// Values for its `ARG`s.
    pub arguments: HashMap<String, String>,
}

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Its line.
    pub line: u32,
    /// A folder of the host, as written; `None` for a volume.
    pub host: Option<String>,
    /// Where it is in the container.
    pub target: String,
}

/// Longest chain of `extends` that is followed.
const LONGEST: usize = 8;

/// Reads a compose file; `variables` are those of the `.env` file beside it.
///
/// # Errors
/// What the parser says, with its line.
pub fn parse(text: &str, variables: &HashMap<String, String>) -> Result<Compose, FileError> {
    let root = yaml::parse(text)?;
    let Some(services) = root.get("services") else { return Ok(Compose::default()) };
    let read = |(name, _, node): &(String, u32, Rc<Node>)| {
        let mut service = Service { name: name.clone(), ..Service::default() };
        fill(&mut service, node, services, variables, LONGEST);
        service
    };
    Ok(Compose { services: services.entries().iter().filter(|(name, ..)| name != "<<").map(read).collect() })
}

fn fill(service: &mut Service, node: &Rc<Node>, all: &Rc<Node>, variables: &HashMap<String, String>, left: usize) {
    let put_in = |text: &str| expanded(text, &|name| variables.get(name).cloned());
    let text = |node: &Rc<Node>| node.text().and_then(put_in);
    if service.image.is_none() {
        service.image = node.get("image").and_then(|node| Some(Spot { text: text(node)?, line: node.line }));
    }
    if service.build.is_none() {
        service.build = node.get("build").and_then(|node| build(node, &put_in));
    }
    for entry in node.get("volumes").map(Node::list).unwrap_or_default() {
        service.mounts.extend(mount(&entry, &put_in));
    }
    for entry in node.get("tmpfs").map(Node::list).unwrap_or_default() {
        let target = text(&entry).map(|target| target.split(':').next().unwrap_or_default().to_owned());
        service.mounts.extend(target.map(|target| Mount { line: entry.line, host: None, target }));
    }
    let Some(extends) = node.get("extends") else { return };
    // Services of other files aren't followed.
    let name = extends.text().or_else(|| extends.get("service").filter(|_| extends.get("file").is_none())?.text());
    if let (Some(base), Some(left)) = (name.and_then(|name| all.get(name)), left.checked_sub(1)) {
        fill(service, base, all, variables, left);
    }
}

fn build(node: &Rc<Node>, put_in: &dyn Fn(&str) -> Option<String>) -> Option<Build> {
    let text = |key: &str| node.get(key).and_then(|node| node.text()).and_then(put_in);
    if let Some(context) = node.text() {
        let dockerfile = "Dockerfile".to_owned();
        return Some(Build { context: put_in(context)?, dockerfile, target: None, arguments: HashMap::new() });
    }
    let arguments = node.get("args").map(|args| pairs(args, put_in)).unwrap_or_default();
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
fn pairs(node: &Rc<Node>, put_in: &dyn Fn(&str) -> Option<String>) -> HashMap<String, String> {
    let of_map = node.entries().iter().filter_map(|(name, _, value)| Some((name.clone(), put_in(value.text()?)?)));
    let list = if node.entries().is_empty() { node.list() } else { Vec::new() };
    let of_list = list.iter().filter_map(|entry| {
        let (name, value) = entry.text()?.split_once('=')?;
        Some((name.to_owned(), put_in(value)?))
    });
    of_map.chain(of_list).collect()
}

fn mount(node: &Rc<Node>, put_in: &dyn Fn(&str) -> Option<String>) -> Option<Mount> {
    let line = node.line;
    let Some(short) = node.text() else {
        let text = |key: &str| node.get(key).and_then(|node| node.text()).and_then(put_in);
        let host = text("source").filter(|_| node.text_at(&["type"]) == Some("bind"));
        return Some(Mount { line, host, target: text("target")? });
    };
    let whole = put_in(short)?;
    // C:\app:/app
    let drive = whole.len() > 2
        && whole.as_bytes()[0].is_ascii_alphabetic()
        && whole.as_bytes()[1] == b':'
        && matches!(whole.as_bytes()[2], b'\\' | b'/');
    let (start, rest) = if drive { whole.split_at(2) } else { ("", whole.as_str()) };
    let mut parts = rest.split(':');
    let first = format!("{start}{}", parts.next().unwrap_or_default());
    match parts.next() {
        None => Some(Mount { line, host: None, target: first }),
        // The name of a volume has no dot, slash or tilde before it.
        Some(target) => {
            let is_path = drive || first.starts_with(['.', '/', '~']);
            Some(Mount { line, host: is_path.then_some(first), target: target.to_owned() })
        }
    }
}

/// The variables of an `.env` file.
#[must_use]
pub fn variables(text: &str) -> HashMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.trim_start_matches("export ").split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Mount, parse, variables};
    use std::collections::HashMap;

    #[test]
    fn services_are_read_with_their_mounts() {
        let text = "x-base: &base\n  volumes:\n    - .:/app\n    - /app/node_modules\nservices:\n  web:\n    <<: *base\n    image: node:${V:-20}\n\
                    \x20 api:\n    build:\n      context: ./api\n      args:\n        - A=1\n    volumes:\n      - type: bind\n        source: ./api\n        target: /srv\n\
                    \x20     - modules:/srv/node_modules\n      - ${DIR:-.}/x:/y:ro\n    tmpfs: /tmp\n  worker:\n    extends: {service: api}\n    build: .\n";
        let compose = parse(text, &variables("# x\nV=22\n")).expect("a file");
        let service = |name: &str| compose.services.iter().find(|service| service.name == name).expect("the service");
        let mounts = |name: &str| -> Vec<(u32, Option<String>, String)> {
            let tell = |Mount { line, host, target }: &Mount| (*line, host.clone(), target.clone());
            service(name).mounts.iter().map(tell).collect()
        };
        assert_eq!(service("web").image.as_ref().map(|image| (image.text.as_str(), image.line)), Some(("node:22", 8)));
        assert_eq!(mounts("web"), [(3, Some(".".into()), "/app".into()), (4, None, "/app/node_modules".into())]);
        let api = [
            (15, Some("./api".into()), "/srv".into()),
            (18, None, "/srv/node_modules".into()),
            (19, Some("./x".into()), "/y".into()),
            (20, None, "/tmp".into()),
        ];
        assert_eq!(mounts("api"), api);
        assert_eq!(mounts("worker"), api);
        let build = service("api").build.as_ref().expect("a build");
        assert_eq!((build.context.as_str(), build.arguments.get("A").map(String::as_str)), ("./api", Some("1")));
        assert_eq!(service("worker").build.as_ref().map(|build| build.context.as_str()), Some("."));
    }

    #[test]
    fn other_shapes_are_no_services() {
        for text in
            ["", "services:", "services: []", "services:\n  a:\n  b: x\n", "- a", "services: {a: {volumes: {b: c}, extends: a}}"]
        {
            assert!(parse(text, &HashMap::new()).is_ok(), "{text}");
        }
    }
}
