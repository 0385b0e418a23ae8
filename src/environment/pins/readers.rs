//! One reader for each file that requires a Node.js version.

use std::path::Path;

use serde_json::Value;

use super::pin::Pin;
use crate::environment::files::json::line_of;
use crate::environment::files::text::Texts;

/// The files of mise, in order of priority (mise documentation, "Configuration").
const MISE: [&str; 6] = [
    "mise.toml",
    ".mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
    ".config/mise/config.toml",
];

/// The pins in the files of one folder.
pub(super) fn pins_in(folder: &Path, texts: &Texts) -> Vec<Pin> {
    let mut pins = Vec::new();
    let mut read = |name: &str, source: &'static str, find: fn(&str) -> Option<(u32, String)>| {
        let found = texts.of(&folder.join(name)).and_then(|text| find(&text));
        pins.extend(
            found.map(|(line, wanted)| Pin::new(&folder.join(name), line, source, &wanted)),
        );
    };
    read(".nvmrc", ".nvmrc", nvmrc);
    read(".node-version", ".node-version", nvmrc);
    read(".tool-versions", ".tool-versions", tool_versions);
    for name in MISE {
        read(name, "mise.toml", mise);
    }
    read("package.json", "volta.node", volta);
    read("package.json", "devEngines.runtime", dev_engines);
    read("package.json", "engines.node", engines);
    read(".npmrc", "use-node-version", npmrc);
    pins
}

fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines())
}

fn without_comment(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

/// nvm uses the first line that is neither a comment nor one of its reserved `key=value` lines.
fn nvmrc(text: &str) -> Option<(u32, String)> {
    let lines = numbered(text).map(|(number, line)| (number, without_comment(line)));
    let mut lines = lines.filter(|(_, line)| !line.is_empty() && !is_setting(line));
    lines.next().map(|(number, line)| (number, line.to_owned()))
}

fn is_setting(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(key, _)| key.trim().starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// A line of asdf has the name of a tool and its versions; the first version counts. asdf calls the
/// tool `nodejs`, mise calls it `node`.
fn tool_versions(text: &str) -> Option<(u32, String)> {
    numbered(text).find_map(|(number, line)| {
        let mut words = without_comment(line).split_whitespace();
        let tool = words.next()?;
        matches!(tool, "nodejs" | "node").then_some(())?;
        Some((number, words.next()?.to_owned()))
    })
}

/// `node` in the table `tools` of mise, in each TOML spelling that is in use.
fn mise(text: &str) -> Option<(u32, String)> {
    let mut table = String::new();
    for (number, line) in numbered(text) {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').filter(|_| !line.contains('=')) {
            table = header.split(']').next().unwrap_or_default().replace([' ', '"', '\''], "");
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.replace([' ', '\t', '"', '\''], "");
        let key = if table.is_empty() { key } else { format!("{table}.{key}") };
        let value = match key.as_str() {
            "tools.node" | "tools.nodejs" if value.trim().starts_with('{') => inline_version(value),
            "tools.node" | "tools.nodejs" | "tools.node.version" | "tools.nodejs.version" => {
                toml_string(value)
            }
            _ => None,
        };
        if let Some(value) = value {
            return Some((number, value));
        }
    }
    None
}

/// The first string of a TOML value: the value itself, or the first of a list.
fn toml_string(value: &str) -> Option<String> {
    let value = value.trim().trim_start_matches('[').trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// `{ version = "22", postinstall = "…" }`
fn inline_version(value: &str) -> Option<String> {
    let inner = value.trim().trim_start_matches('{');
    inner.split(',').find_map(|field| {
        let (key, value) = field.split_once('=')?;
        (key.trim() == "version").then(|| toml_string(value)).flatten()
    })
}

fn manifest(text: &str) -> Option<Value> {
    crate::files::json(text).ok()
}

/// A string in package.json and its line.
fn field(text: &str, path: &[&str]) -> Option<(u32, String)> {
    let manifest = manifest(text)?;
    let value = path.iter().try_fold(&manifest, |value, name| value.get(name))?.as_str()?;
    Some((line_of(text, path).unwrap_or(1), value.to_owned()))
}

fn volta(text: &str) -> Option<(u32, String)> {
    field(text, &["volta", "node"])
}

fn engines(text: &str) -> Option<(u32, String)> {
    field(text, &["engines", "node"])
}

/// `devEngines.runtime`: one object or a list of them, each with the name of a runtime.
fn dev_engines(text: &str) -> Option<(u32, String)> {
    let manifest = manifest(text)?;
    let runtime = manifest.get("devEngines")?.get("runtime")?;
    let is_node = |value: &Value| {
        value
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| name.eq_ignore_ascii_case("node"))
    };
    let version = |value: &Value| value.get("version").and_then(Value::as_str).map(str::to_owned);
    match runtime {
        Value::Array(all) => {
            let (index, node) = all.iter().enumerate().find(|(_, value)| is_node(value))?;
            let line = line_of(text, &["devEngines", "runtime", &index.to_string(), "version"]);
            Some((line.unwrap_or(1), version(node)?))
        }
        one if is_node(one) => {
            Some((line_of(text, &["devEngines", "runtime", "version"]).unwrap_or(1), version(one)?))
        }
        _ => None,
    }
}

/// `use-node-version` of pnpm.
fn npmrc(text: &str) -> Option<(u32, String)> {
    numbered(text).find_map(|(number, line)| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "use-node-version")
            .then(|| (number, value.trim().trim_matches('"').to_owned()))
    })
}
