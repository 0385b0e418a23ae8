//! pnpm's policy for install scripts. Since version 10 it runs those of approved packages only.
//! Without an approval `pnpm rebuild` does nothing and exits with 0 (10, 11) or 1 (12).

use std::path::Path;

use serde_json::Value;

use super::block::{Block, split_spec, starts_with_digit};
use super::manager::Installation;
use super::read;

const SETTINGS: &str = "pnpm-workspace.yaml";

/// The reason for which pnpm doesn't run the install script of a package.
pub(super) fn blocked(
    installation: &Installation,
    name: &str,
    version: Option<&str>,
) -> Option<Block> {
    let root = installation.root.as_path();
    let policy = Policy::read(root, installation.is_at_least(11, 0));
    let modules = read::text(&root.join("node_modules/.modules.yaml")).unwrap_or_default();
    let ignored = ignored_builds(&modules);
    let listed = ignored.iter().find_map(|entry| {
        let (package, what) = split_spec(entry)?;
        let is_it = package == name
            && version.is_none_or(|version| what == version || !starts_with_digit(what));
        // A package from a file or from git is approved by its full specifier only.
        is_it.then(|| if starts_with_digit(what) { package } else { entry.as_str() })
    });
    match listed {
        Some(word) if policy.has_approved(word) => None,
        Some(word) => {
            let why = policy.unread(name).unwrap_or_else(|| {
                "pnpm lists it among the builds that are not approved".to_owned()
            });
            Some(Block { is_awaited: true, ..Block::unapproved(why, word) })
        }
        // An installation with --ignore-scripts leaves no list. Packages that the settings forbid
        // are never in it.
        None if !installation.is_at_least(10, 0) || policy.has_approved_some(name) => None,
        None => {
            let denial = policy.denial(name);
            let is_denied = denial.is_some();
            let why = denial.or_else(|| policy.unread(name)).unwrap_or_else(|| {
                "pnpm 10 and newer run it for approved packages only, and its settings don't \
                    approve it"
                    .to_owned()
            });
            Some(Block { is_denied, ..Block::unapproved(why, name) })
        }
    }
}

/// The approvals and denials in package.json and pnpm-workspace.yaml.
#[derive(Default)]
struct Policy {
    approved: Vec<String>,
    /// The entry, and the setting with its file.
    denied: Vec<(String, String)>,
    /// Approvals that this version of pnpm doesn't read.
    unread: Vec<(String, String)>,
    /// True if a setting approves all packages, or if the approvals are in another file.
    approves_all: bool,
}

impl Policy {
    /// pnpm 11 reads `allowBuilds` in pnpm-workspace.yaml. pnpm 10 reads that and its older
    /// settings, in package.json, too.
    fn read(root: &Path, is_new: bool) -> Policy {
        let mut policy = Policy::default();
        let text = read::text(&root.join(SETTINGS)).unwrap_or_default();
        let manifest = read::json(&root.join("package.json")).unwrap_or_default();
        let in_manifest = |key: &str| manifest.get("pnpm").and_then(|pnpm| pnpm.get(key));
        let lists = |key: &str| {
            let list = in_manifest(key).and_then(Value::as_array).into_iter().flatten();
            let names: Vec<String> = list.filter_map(Value::as_str).map(str::to_owned).collect();
            let settings = entries(&text, key).into_iter().map(|(name, _)| name).collect();
            [("package.json", names), (SETTINGS, settings)]
        };
        for (file, names) in lists("onlyBuiltDependencies") {
            if is_new {
                let why = format!(
                    "onlyBuiltDependencies in {file} names it, which pnpm 11 and newer don't read"
                );
                policy.unread.extend(names.into_iter().map(|name| (name, why.clone())));
            } else {
                policy.approved.extend(names);
            }
        }
        for key in ["ignoredBuiltDependencies", "neverBuiltDependencies"] {
            for (file, names) in lists(key).into_iter().filter(|_| !is_new) {
                let said =
                    names.into_iter().map(|name| (name, format!("{key} in {file} names it")));
                policy.denied.extend(said);
            }
        }
        let map = in_manifest("allowBuilds").and_then(Value::as_object).filter(|_| !is_new);
        let map = map.into_iter().flatten().map(|(name, is)| (name.clone(), Some(is.to_string())));
        let sources = [("package.json", map.collect()), (SETTINGS, entries(&text, "allowBuilds"))];
        for (file, (name, value)) in
            sources.into_iter().flat_map(|(file, all)| all.into_iter().map(move |one| (file, one)))
        {
            match value.as_deref() {
                Some("true") => policy.approved.push(name),
                Some("false") => {
                    let said = format!("allowBuilds in {file} has the line {name}: false");
                    policy.denied.push((name, said));
                }
                // pnpm 11 writes "set this to true or false".
                _ => {}
            }
        }
        policy.approves_all = text.lines().any(|line| {
            line.replace(' ', "") == "dangerouslyAllowAllBuilds:true"
                || !is_new && line.starts_with("onlyBuiltDependenciesFile:")
        });
        policy
    }

    /// True if the settings approve it: by its name, by its name with versions, or by a pattern. A
    /// specifier with a file is only approved as it is.
    fn has_approved(&self, word: &str) -> bool {
        self.approves_all || self.approved.iter().any(|entry| matches(entry, word))
    }

    /// True if the settings approve it, or one of its specifiers: which one is installed isn't
    /// known here.
    fn has_approved_some(&self, name: &str) -> bool {
        let is_of = |entry: &String| split_spec(entry).is_some_and(|(package, _)| package == name);
        self.has_approved(name) || self.approved.iter().any(is_of)
    }

    /// The setting that forbids it.
    fn denial(&self, name: &str) -> Option<String> {
        of_entry(&self.denied, name)
    }

    /// The setting that would approve it in older versions.
    fn unread(&self, name: &str) -> Option<String> {
        of_entry(&self.unread, name)
    }
}

fn of_entry(settings: &[(String, String)], name: &str) -> Option<String> {
    settings.iter().find(|(entry, _)| matches(entry, name)).map(|(_, said)| said.clone())
}

fn matches(entry: &str, word: &str) -> bool {
    let is_version = split_spec(entry).filter(|(_, what)| starts_with_digit(what));
    entry == word
        || is_version.is_some_and(|(name, _)| name == word)
        || entry.strip_suffix('*').is_some_and(|start| word.starts_with(start))
}

/// The entries of a list or of a map of a YAML file, with the values of a map.
fn entries(text: &str, key: &str) -> Vec<(String, Option<String>)> {
    let bare = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
    let of_map = |text: &str| match text.rsplit_once(':') {
        Some((name, value)) if !value.contains(['\'', '"']) => (bare(name), Some(bare(value))),
        _ => (bare(text), None),
    };
    let mut lines = text.lines().skip_while(|line| {
        line.strip_prefix(key).is_none_or(|rest| !rest.trim_start().starts_with(':'))
    });
    let Some(first) = lines.next() else { return Vec::new() };
    let inline = first.split_once(':').map_or("", |(_, rest)| rest.trim());
    if let Some(list) = inline.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
        return list.split(',').map(|name| (bare(name), None)).collect();
    }
    if let Some(map) = inline.strip_prefix('{').and_then(|rest| rest.split('}').next()) {
        return map.split(',').map(of_map).collect();
    }
    let is_within = |line: &&str| line.is_empty() || line.starts_with([' ', '\t', '-', '#']);
    lines
        .take_while(is_within)
        .map(|line| line.split(" #").next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.strip_prefix("- ") {
            Some(name) => (bare(name), None),
            None => of_map(line),
        })
        .collect()
}

/// The list `ignoredBuilds` of pnpm's .modules.yaml, which is JSON in newer versions.
fn ignored_builds(text: &str) -> Vec<String> {
    if let Ok(Value::Object(all)) = crate::files::json(text) {
        let list = all.get("ignoredBuilds").and_then(Value::as_array).into_iter().flatten();
        return list.filter_map(Value::as_str).map(str::to_owned).collect();
    }
    entries(text, "ignoredBuilds").into_iter().map(|(entry, _)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::{Policy, entries, ignored_builds, matches};

    #[test]
    fn the_list_of_pnpm_is_read_as_json_and_as_yaml() {
        let expected = ["bcrypt@5.1.1", "@a/b@1.0.0"];
        assert_eq!(
            ignored_builds(r#"{"ignoredBuilds": ["bcrypt@5.1.1", "@a/b@1.0.0"], "x": 1}"#),
            expected
        );
        assert_eq!(
            ignored_builds("x: 1\nignoredBuilds:\n  - bcrypt@5.1.1\n  - '@a/b@1.0.0'\ny:\n  - c"),
            expected
        );
        assert!(ignored_builds("x: 1").is_empty());
    }

    #[test]
    fn settings_are_read_in_every_form() {
        let map = [("a".to_owned(), Some("true".to_owned())), ("@b/c".to_owned(), None)];
        let text = "x: 1\nallowBuilds:\n  # why\n  a: true # because\n\n  '@b/c': 'false'\ny: 2";
        assert_eq!(entries(text, "allowBuilds")[0], map[0]);
        for text in ["only: [a, '@b/c']", "only:\n- a\n- \"@b/c\"", "only:\n  - a\n  - '@b/c'\nz:"]
        {
            let names: Vec<String> = entries(text, "only").into_iter().map(|one| one.0).collect();
            assert_eq!(names, ["a", "@b/c"], "{text}");
        }
        assert_eq!(entries("allowBuilds: { a: true }", "allowBuilds"), [map[0].clone()]);
        assert_eq!(
            entries("allowBuilds:\n  \"a@file:../a.tgz\": true", "allowBuilds")[0].0,
            "a@file:../a.tgz"
        );
        assert!(entries("allow: 1", "allowBuilds").is_empty());
    }

    #[test]
    fn an_entry_approves_by_name_version_or_pattern() {
        for (entry, word, expected) in [
            ("a", "a", true),
            ("a@1.0.0 || 1.1.0", "a", true),
            ("@s/*", "@s/a", true),
            ("ab", "a", false),
            ("a@file:../a.tgz", "a@file:../a.tgz", true),
            // The name alone doesn't approve a package from a file.
            ("a", "a@file:../a.tgz", false),
        ] {
            assert_eq!(matches(entry, word), expected, "{entry} {word}");
        }
        let denied = vec![("a".to_owned(), "the line a: false".to_owned())];
        let policy = Policy { denied, ..Policy::default() };
        assert_eq!(policy.denial("a").as_deref(), Some("the line a: false"));
        assert!(policy.denial("b").is_none() && !policy.has_approved("a"));
    }

    #[test]
    fn a_specifier_approves_the_package_that_it_installs() {
        let approved = vec!["@a/b@file:../b.tgz".to_owned()];
        let policy = Policy { approved, ..Policy::default() };
        assert!(policy.has_approved_some("@a/b") && !policy.has_approved("@a/b"));
        assert!(!policy.has_approved_some("b"));
    }
}
