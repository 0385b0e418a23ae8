//! Names of release lines: `lts`, `latest`, `jod`.

use super::registry::{lts, newest};
use crate::model::RuntimeName;

/// Names of the newest release, and of the newest one with long-term support; `lts/*` is nvm's.
const NEWEST: [&str; 2] = ["latest", "current"];
const NEWEST_LTS: [&str; 2] = ["lts", "lts/*"];

/// The line of Node.js with a codename such as "jod". Lines get one with long-term support.
#[must_use]
pub fn line_of_codename(codename: &str) -> Option<u64> {
    lts().get(codename).copied()
}

/// The line that a name means: "22" for "jod" and "lts/jod". Only lines of Node.js have long-term
/// support. The newest release is the newest one in the table of releases.
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

/// All such names, without those that have a slash.
pub(super) fn words(kind: RuntimeName) -> impl Iterator<Item = &'static str> {
    let of_node = NEWEST_LTS[..1].iter().copied().chain(lts().keys().map(String::as_str));
    NEWEST.into_iter().chain(of_node.filter(move |_| kind == RuntimeName::Node))
}
