//! The folders of a project that are its workspaces.

use std::path::Path;

use serde_json::Value;

use super::package::Manifest;
use super::script::matches_stars;
use crate::files::Source;

/// The longest pnpm-workspace.yaml that is read, in bytes.
const LONGEST: u64 = 1 << 20;

/// The maximum number of patterns.
const MOST_PATTERNS: usize = 1000;

/// Patterns for the folders of workspaces, relative to the root. Patterns that exclude begin with
/// `!`.
#[derive(Debug, Default)]
pub struct Workspaces {
    patterns: Vec<String>,
}

impl Workspaces {
    /// The patterns of npm, Yarn and Bun in package.json, and those of pnpm in pnpm-workspace.yaml.
    #[must_use]
    pub fn of(root: &Path, manifest: &Manifest) -> Workspaces {
        let list = |value: &Value| -> Vec<String> {
            value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let mut patterns = match manifest.field("workspaces") {
            Some(Value::Object(object)) => object.get("packages").map(list).unwrap_or_default(),
            Some(value) => list(value),
            None => Vec::new(),
        };
        let yaml = Source::open(&root.join("pnpm-workspace.yaml"))
            .and_then(|source| source.contents(LONGEST));
        if let Ok(text) = yaml {
            patterns.extend(packages_of_yaml(&String::from_utf8_lossy(&text)));
        }
        patterns.truncate(MOST_PATTERNS);
        Workspaces { patterns }
    }

    /// True if the folder `path`, relative to the root and with `/`, is a workspace.
    #[must_use]
    pub fn contain(&self, path: &str) -> bool {
        // No project needs more "**", and the time grows with each one.
        let is_sound = |pattern: &str| pattern.matches("**").count() <= 4;
        let is_meant =
            |pattern: &str| is_sound(pattern) && matches(&segments(pattern), &segments(path));
        let (excluded, included): (Vec<&String>, Vec<&String>) =
            self.patterns.iter().partition(|pattern| pattern.starts_with('!'));
        included.iter().any(|pattern| is_meant(pattern))
            && !excluded.iter().any(|pattern| is_meant(&pattern[1..]))
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect()
}

/// `**` matches any folders, `*` any characters within one name.
fn matches(pattern: &[&str], path: &[&str]) -> bool {
    match (pattern, path) {
        ([], []) => true,
        (["**", rest @ ..], _) => {
            matches(rest, path)
                || path.split_first().is_some_and(|(_, inner)| matches(pattern, inner))
        }
        ([first, rest @ ..], [name, inner @ ..]) => {
            matches_stars(first, name) && matches(rest, inner)
        }
        _ => false,
    }
}

/// The list `packages` of a pnpm-workspace.yaml, one per line or in brackets.
fn packages_of_yaml(text: &str) -> Vec<String> {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("packages:"));
    let Some(first) = lines.next() else { return Vec::new() };
    let unquoted = |item: &str| item.trim().trim_matches(['\'', '"']).to_owned();
    let without_comment =
        |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let inline = without_comment(&first["packages:".len()..]);
    if let Some(list) = inline.strip_prefix('[') {
        return list
            .trim_end_matches(']')
            .split(',')
            .map(unquoted)
            .filter(|item| !item.is_empty())
            .collect();
    }
    lines
        .map(without_comment)
        .skip_while(|line| line.is_empty() || line.starts_with('#'))
        .take_while(|line| line.starts_with('-') || line.is_empty())
        .filter_map(|line| line.strip_prefix('-').map(unquoted))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Workspaces, packages_of_yaml};

    #[test]
    fn patterns_are_read_as_package_managers_read_them() {
        let workspaces = |patterns: &[&str]| Workspaces {
            patterns: patterns.iter().map(ToString::to_string).collect(),
        };
        assert!(workspaces(&["packages/*"]).contain("packages/a"));
        assert!(!workspaces(&["packages/*"]).contain("packages/a/b"));
        assert!(workspaces(&["./packages/**"]).contain("packages/a/b"));
        assert!(!workspaces(&["packages/**", "!**/test/**"]).contain("packages/a/test/b"));
        assert!(workspaces(&["app"]).contain("app"));
    }

    #[test]
    fn the_list_of_pnpm_is_read_in_both_styles() {
        let expected = ["packages/*", "!**/test/**"];
        assert_eq!(
            packages_of_yaml(
                "# x\npackages:\n  # y\n  - 'packages/*' # z\n  - \"!**/test/**\"\ncatalog:\n  a: \
                    1\n"
            ),
            expected
        );
        assert_eq!(packages_of_yaml("packages: ['packages/*', \"!**/test/**\"]\n"), expected);
        assert!(packages_of_yaml("catalog: {}").is_empty());
    }
}
