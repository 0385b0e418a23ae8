//! Compares the Node.js version of an image or a workflow with the versions that the project
//! requires.

use semver::Version;

use super::facts::Facts;
use crate::environment::{Pin, Wish};
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

/// What is wrong with a version.
pub(super) enum Wrong<'a> {
    /// It isn't pinned; the text is the reason for pinning it.
    Moves(String),
    /// It differs from this pin.
    Differs(&'a Pin),
}

impl Wrong<'_> {
    /// The finding, with a message for each case: `moves` receives the reason for pinning.
    pub(super) fn finding(
        self,
        moves: impl FnOnce(String) -> String,
        differs: impl FnOnce(&Pin) -> String,
    ) -> Finding {
        let (code, message) = match self {
            Wrong::Moves(why) => (FindingCode::NodeNotPinned, moves(why)),
            Wrong::Differs(pin) => (FindingCode::NodeVersionDiffers, differs(pin)),
        };
        Finding::new(code, FindingSeverity::Warning, message)
    }
}

/// The error in `wish`; `pins` are those that apply to its file.
pub(super) fn wrong<'a>(wish: &Wish, pins: &'a [Pin], facts: &Facts<'_>) -> Option<Wrong<'a>> {
    if !facts.natives.exist() {
        return None;
    }
    if wish.moves() || is_open(wish) {
        return reason_to_pin(pins, facts).map(Wrong::Moves);
    }
    differs(wish, pins).map(Wrong::Differs)
}

/// A range like `>=18` selects the newest release.
fn is_open(wish: &Wish) -> bool {
    matches!(wish, Wish::Range(range) if range.allows(&Version::new(u64::from(u16::MAX), 0, 0)))
}

/// The reason to pin the version: a package depends on it, or the project has chosen one.
fn reason_to_pin(pins: &[Pin], facts: &Facts<'_>) -> Option<String> {
    if facts.natives.depend_on_version() {
        return Some(format!("{} would break with the next one", facts.natives.names_of_tied()));
    }
    let choice = pins.iter().find(|pin| pin.is_choice() && !pin.wish().moves())?;
    Some(format!("{} says {}", choice.source, choice.wanted))
}

/// The pin that `wish` contradicts: a chosen version, or the range in package.json.
pub(super) fn differs<'a>(wish: &Wish, pins: &'a [Pin]) -> Option<&'a Pin> {
    let fits = |pin: &&Pin| {
        pin.wish().meets(wish)
            || pin.is_choice() && pin.major().is_some() && pin.major() == wish.major()
    };
    let choices: Vec<&Pin> = pins.iter().filter(|pin| pin.is_choice()).collect();
    if let Some(first) = choices.first().filter(|_| !choices.iter().any(fits)) {
        return Some(first);
    }
    pins.iter().find(|pin| !pin.is_choice() && !fits(pin))
}

/// The version to write. If the project has chosen a version: its numbers, or the major version for
/// a name such as `lts/iron`. Otherwise the major version of the Node.js in the target.
pub(super) fn preferred(pins: &[Pin], facts: &Facts<'_>) -> Option<String> {
    let choice = pins.iter().filter(|pin| pin.is_choice()).find_map(|pin| {
        let major = pin.major()?;
        let written = pin.wanted.trim_start_matches(['v', 'V']);
        let is_number = written.chars().all(|c| c.is_ascii_digit() || c == '.');
        Some(if is_number { written.to_owned() } else { major.to_string() })
    });
    choice.or_else(|| {
        Some(facts.runtime.node.as_ref().or(facts.runtime.version.as_ref())?.major.to_string())
    })
}

/// A file from which `setup-node` can read the version.
pub(super) fn version_file(facts: &Facts<'_>) -> Option<&'static str> {
    let pin = facts.pins.iter().find(|pin| {
        pin.is_choice() && pin.major().is_some() && pin.file.parent() == Some(&facts.root)
    })?;
    match pin.source {
        ".nvmrc" | ".node-version" | ".tool-versions" => Some(pin.source),
        "volta.node" | "engines.node" | "devEngines.runtime" => Some("package.json"),
        _ => None,
    }
}
