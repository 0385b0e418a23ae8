//! Lines of releases by the words that people have for them: `lts`, `latest`, `jod`.

use super::registry::{lts, newest};
use crate::model::RuntimeName;

/// Words for the newest release, and for the newest one with long-term support; `lts/*` is that of
/// nvm.
const NEWEST: [&str; 2] = ["latest", "current"];
const NEWEST_LTS: [&str; 2] = ["lts", "lts/*"];

/// The line of Node.js that has a codename, as in "jod". Lines have one once they have long-term
/// support.
#[must_use]
pub fn line_of_codename(codename: &str) -> Option<u64> {
    lts().get(codename).copied()
}

/// The line that a word stands for: "22" for "jod" and "lts/jod". Only lines of Node.js have
/// long-term support. What is newest is what the table of releases knows.
pub(super) fn line_of_word(kind: RuntimeName, word: &str) -> Option<String> {
    if NEWEST.contains(&word) {
        return newest(kind, None, None).map(|version| match version.major {
            0 => format!("0.{}", version.minor),
            major => major.to_string(),
        });
    }
    let line = if kind != RuntimeName::Node {
        None
    } else if NEWEST_LTS.contains(&word) {
        lts().values().max().copied()
    } else {
        line_of_codename(word.strip_prefix("lts/").unwrap_or(word))
    };
    line.map(|major| major.to_string())
}

/// All such words, without those that have a slash.
pub(super) fn words(kind: RuntimeName) -> impl Iterator<Item = &'static str> {
    let of_node = NEWEST_LTS[..1].iter().copied().chain(lts().keys().map(String::as_str));
    NEWEST.into_iter().chain(of_node.filter(move |_| kind == RuntimeName::Node))
}
