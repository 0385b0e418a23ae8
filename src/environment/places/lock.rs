//! Finds the line of a package in a lockfile. Programs write lockfiles in YAML and those of Yarn
//! and Bun, one entry after the other on separate lines, so they are read by lines.

use std::path::Path;

use serde_json::Value;

use crate::environment::files::json;
use crate::environment::files::text::Texts;

/// Lockfiles that have lines, in order of priority if a folder has several.
const NAMES: [&str; 5] =
    ["npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/// The maximum number of bytes that are scanned for the lines of nested entries.
const WORK: usize = 256 << 20;

/// A package, with the properties by which lockfiles identify it.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// Its own name.
    pub name: &'a str,
    /// The name it is installed under, which may differ.
    pub alias: &'a str,
    /// Its version.
    pub version: Option<&'a str>,
    /// Its path, relative to the lockfile, with `/`.
    pub path: &'a str,
}

/// The entries of a lockfile, with their lines.
#[derive(Debug)]
pub struct Lockfile {
    /// Its name.
    pub name: &'static str,
    entries: Vec<Entry>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    /// The names of the entry.
    names: Vec<String>,
    version: Option<String>,
    /// The path of the entry, in npm's lockfiles.
    path: Option<String>,
    line: u32,
}

impl Lockfile {
    /// The lockfiles in `folder` that can be read.
    pub fn all_in(folder: &Path, texts: &Texts) -> Vec<Lockfile> {
        let read = |name: &&'static str| {
            let text = texts.lockfile(&folder.join(name))?;
            Some(Lockfile { name, entries: entries(name, &text) })
        };
        NAMES.iter().filter_map(read).collect()
    }

    /// The line of the entry of `package`, by its path, otherwise by its name and version.
    pub fn line_of(&self, package: &Sought<'_>) -> Option<u32> {
        let by_path = self.entries.iter().find(|entry| entry.path.as_deref() == Some(package.path));
        let is_it = |entry: &&Entry| {
            package.version.is_none() || entry.version.as_deref() == package.version
        };
        let of_name = || {
            [package.alias, package.name].into_iter().find_map(|name| {
                let has_name = |entry: &&Entry| entry.names.iter().any(|known| known == name);
                self.entries.iter().filter(has_name).find(is_it)
            })
        };
        by_path.or_else(of_name).map(|entry| entry.line)
    }
}

fn entries(name: &str, text: &str) -> Vec<Entry> {
    match name {
        "pnpm-lock.yaml" => of_pnpm(text),
        "yarn.lock" => of_yarn(text),
        "bun.lock" => of_bun(text),
        _ => of_npm(text),
    }
}

/// `packages` since version 2, by their folders; `dependencies` of version 1, nested like the
/// folders.
fn of_npm(text: &str) -> Vec<Entry> {
    let root: Value = crate::files::json(text).unwrap_or_default();
    let version = |entry: &Value| entry.get("version").and_then(Value::as_str).map(str::to_owned);
    if let Some(packages) = root.get("packages") {
        let known = json::keys_of(text, &["packages"])
            .into_iter()
            .filter_map(|(path, line)| Some((path, line, packages.get(path)?)));
        return known
            .map(|(path, line, entry)| {
                let own = entry.get("name").and_then(Value::as_str);
                let names =
                    path.rsplit_once("node_modules/").map(|(_, name)| name).into_iter().chain(own);
                let names = names.map(str::to_owned).collect();
                Entry { names, version: version(entry), path: Some(path.to_owned()), line }
            })
            .collect();
    }
    let mut all = Vec::new();
    let mut waiting = vec![(vec!["dependencies".to_owned()], String::new(), &root)];
    // Each folder with nested entries needs a pass over the text.
    let mut passes = 1 + WORK / text.len().max(1);
    while let Some((path, folder, parent)) = waiting.pop() {
        let Some(left) = passes.checked_sub(1) else { break };
        passes = left;
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        for (name, line) in json::keys_of(text, &keys) {
            let Some(entry) = parent.get("dependencies").and_then(|all| all.get(name)) else {
                continue;
            };
            let place = format!("{folder}node_modules/{name}");
            all.push(Entry {
                names: vec![name.to_owned()],
                version: version(entry),
                path: Some(place.clone()),
                line,
            });
            if entry.get("dependencies").is_some() {
                let inner =
                    [path.clone(), vec![name.to_owned(), "dependencies".to_owned()]].concat();
                waiting.push((inner, format!("{place}/"), entry));
            }
        }
    }
    all
}

/// Keys of `packages`: `/a/1.2.3_peers:`, `/a@1.2.3(peers):`, `a@1.2.3:`, with quotes around those
/// that begin with `@`.
fn of_pnpm(text: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    let mut inside = false;
    for (line, number) in text.lines().zip(1..) {
        if !line.starts_with([' ', '#']) && !line.is_empty() {
            inside = line.trim_end() == "packages:";
        }
        let Some(key) = line.strip_prefix("  ").filter(|key| inside && !key.starts_with(' '))
        else {
            continue;
        };
        let Some(key) = key.trim_end().strip_suffix(':') else { continue };
        let key = key.trim_matches(['\'', '"']).trim_start_matches('/');
        let key = key.split('(').next().unwrap_or(key);
        // In "@a/b/1.2.3_c@4.0.0" the peers are removed first.
        let last = key.rfind('/').map_or(0, |slash| slash + 1);
        let is_old = key[last..].starts_with(|c: char| c.is_ascii_digit());
        let split = if is_old {
            last.checked_sub(1)
        } else {
            key.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1)
        };
        let Some(split) = split else { continue };
        let version = &key[split + 1..];
        let version = if is_old { version.split('_').next().unwrap_or(version) } else { version };
        all.push(Entry {
            names: vec![key[..split].to_owned()],
            version: Some(version.to_owned()),
            path: None,
            line: number,
        });
    }
    all
}

/// Lines without indentation, `a@^1, "b@npm:a@^1":`, each followed by a line `version "1.2.3"`
/// (Yarn 1) or `version: 1.2.3`.
fn of_yarn(text: &str) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with(['#', ' ']) {
            let version = line
                .strip_prefix("  version")
                .map(|rest| rest.trim_start_matches(':').trim().trim_matches('"'));
            if let (Some(version), Some(entry)) = (version, all.last_mut()) {
                entry.version.get_or_insert_with(|| version.to_owned());
            }
        } else if let Some(specs) = line.trim_end().strip_suffix(':') {
            let names = specs
                .split(',')
                .flat_map(|spec| names_of_spec(spec.trim().trim_matches('"')))
                .collect();
            all.push(Entry { names, line: number, ..Entry::default() });
        }
    }
    all
}

/// "a@^1" is a; "b@npm:a@^1" is b and a.
fn names_of_spec(spec: &str) -> Vec<String> {
    let name_of = |spec: &str| {
        let at = spec.char_indices().skip(1).find(|(_, c)| *c == '@')?.0;
        Some((spec[..at].to_owned(), spec[at + 1..].to_owned()))
    };
    let Some((name, range)) = name_of(spec) else { return vec![spec.to_owned()] };
    let other = range.strip_prefix("npm:").and_then(name_of).map(|(name, _)| name);
    std::iter::once(name).chain(other).collect()
}

/// Lines of `packages`: `"b/a": ["a@1.2.3", …],`.
fn of_bun(text: &str) -> Vec<Entry> {
    let mut all = Vec::new();
    let lines =
        text.lines().zip(1..).skip_while(|(line, _)| line.trim_start() != "\"packages\": {");
    for (line, number) in lines {
        let Some((key, rest)) =
            line.trim_start().strip_prefix('"').and_then(|line| line.split_once("\": [\""))
        else {
            continue;
        };
        let Some((name, version)) = rest.split('"').next().and_then(|spec| spec.rsplit_once('@'))
        else {
            continue;
        };
        // The key is a path in the tree. Its last part is the name under which the package is
        // installed.
        let alias = match key.rsplit_once('/') {
            Some((before, last)) if before.starts_with('@') && !before.contains('/') => {
                format!("{before}/{last}")
            }
            Some((before, last)) => match before.rsplit('/').next() {
                Some(scope) if scope.starts_with('@') => format!("{scope}/{last}"),
                _ => last.to_owned(),
            },
            None => key.to_owned(),
        };
        all.push(Entry {
            names: vec![alias, name.to_owned()],
            version: Some(version.to_owned()),
            path: None,
            line: number,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Lockfile, Sought, entries};

    fn line(
        file: &'static str,
        text: &str,
        name: &str,
        alias: &str,
        version: &str,
        path: &str,
    ) -> Option<u32> {
        let version = Some(version).filter(|version| !version.is_empty());
        Lockfile { name: file, entries: entries(file, text) }.line_of(&Sought {
            name,
            alias,
            version,
            path,
        })
    }

    #[test]
    fn entries_are_found_in_every_format() {
        let modern = "{\"packages\": {\n\"\": {},\n\"node_modules/a\": {\"version\": \"1.0.0\"},\n\
                      \"node_modules/b/node_modules/a\": {\"version\": \"2.0.0\"},\n\
                      \"node_modules/c\": {\"name\": \"d\", \"version\": \"3.0.0\"}}}";
        let old = "{\"dependencies\": {\n\"a\": {\"version\": \"1.0.0\",\n\"dependencies\": {\n\
            \"b\": {\"version\": \"2.0.0\"}}},\n\"b\": {\"version\": \"1.0.0\"}}}";
        let pnpm = "lockfileVersion: '9.0'\nimporters:\n  a@1.0.0:\npackages:\n\n  \
            '@s/a@1.0.0':\n    resolution: {}\n  a@1.0.0(b@2.0.0):\n  /b@1.0.0:\n\
                    \x20 /c/1.0.0:\n  /@s/d/1.0.0_a@1.0.0:\nsnapshots:\n  e@1.0.0:\n";
        let classic = "# yarn lockfile v1\n\n\n\"@s/a@^1\", \"@s/a@^1.1\":\n  version \"1.2.0\"\n\
            a@1:\n  version \"1.0.0\"\n\nx@npm:a@^2:\n  version \"2.0.0\"\n";
        let berry = "__metadata:\n  version: 8\n\n\"a@npm:^1, a@npm:^1.1\":\n  version: 1.2.0\n\n\
            \"x@npm:a@^2\":\n  version: 2.0.0\n";
        let bun = "{\n  \"workspaces\": {\n    \"a\": [\"a@1.0.0\"],\n  },\n  \"packages\": {\n    \
            \"@s/a\": [\"@s/a@1.0.0\", \"\", {}],\n\n\
                   \x20   \"b/a\": [\"a@2.0.0\", \"\"],\n    \"b/@s/a\": [\"@s/a@2.0.0\"],\n    \
                   \"x\": [\"a@3.0.0\"],\n  }\n}\n";
        for (file, text, package, expected) in [
            ("package-lock.json", modern, ("a", "a", "1.0.0", "node_modules/a"), Some(3)),
            (
                "package-lock.json",
                modern,
                ("a", "a", "2.0.0", "node_modules/b/node_modules/a"),
                Some(4),
            ),
            ("package-lock.json", modern, ("a", "a", "2.0.0", "elsewhere"), Some(4)),
            ("package-lock.json", modern, ("d", "d", "3.0.0", "elsewhere"), Some(5)),
            ("package-lock.json", modern, ("e", "e", "1.0.0", "node_modules/e"), None),
            (
                "package-lock.json",
                old,
                ("b", "b", "2.0.0", "node_modules/a/node_modules/b"),
                Some(4),
            ),
            ("package-lock.json", old, ("b", "b", "1.0.0", "node_modules/b"), Some(5)),
            ("pnpm-lock.yaml", pnpm, ("@s/a", "@s/a", "1.0.0", ""), Some(6)),
            ("pnpm-lock.yaml", pnpm, ("a", "a", "1.0.0", ""), Some(8)),
            ("pnpm-lock.yaml", pnpm, ("b", "b", "1.0.0", ""), Some(9)),
            ("pnpm-lock.yaml", pnpm, ("c", "c", "1.0.0", ""), Some(10)),
            ("pnpm-lock.yaml", pnpm, ("@s/d", "@s/d", "1.0.0", ""), Some(11)),
            ("pnpm-lock.yaml", pnpm, ("e", "e", "1.0.0", ""), None),
            ("pnpm-lock.yaml", pnpm, ("a", "a", "9.0.0", ""), None),
            ("yarn.lock", classic, ("@s/a", "@s/a", "1.2.0", ""), Some(4)),
            ("yarn.lock", classic, ("a", "a", "1.0.0", ""), Some(6)),
            ("yarn.lock", classic, ("a", "x", "2.0.0", ""), Some(9)),
            ("yarn.lock", classic, ("a", "a", "2.0.0", ""), Some(9)),
            ("yarn.lock", berry, ("a", "a", "1.2.0", ""), Some(4)),
            ("yarn.lock", berry, ("a", "x", "2.0.0", ""), Some(7)),
            ("bun.lock", bun, ("@s/a", "@s/a", "1.0.0", ""), Some(6)),
            ("bun.lock", bun, ("a", "a", "2.0.0", ""), Some(8)),
            ("bun.lock", bun, ("@s/a", "@s/a", "2.0.0", ""), Some(9)),
            ("bun.lock", bun, ("a", "x", "3.0.0", ""), Some(10)),
            ("bun.lock", bun, ("a", "a", "1.0.0", ""), None),
        ] {
            let (name, alias, version, path) = package;
            assert_eq!(
                line(file, text, name, alias, version, path),
                expected,
                "{file} {package:?}"
            );
        }
    }

    #[test]
    fn no_text_causes_a_panic() {
        for text in [
            "",
            "packages:\n  :\n  @:\n  /:\n  /é/1:\n  é@é:\n",
            "@:\n\"é@\":\n  version\n",
            "\"packages\": {\n\"\": [\"\"\n\"@/\": [\"@\"\n",
            "{\"packages\":{",
        ] {
            for file in super::NAMES {
                assert_eq!(line(file, text, "a", "a", "", "a"), None, "{file} {text}");
            }
        }
    }
}
