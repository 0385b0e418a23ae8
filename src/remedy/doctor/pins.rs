//! Files that require different versions of Node.js, and the Node.js that runs.

use std::path::Path;

use super::facts::Facts;
use crate::environment::Pin;
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity, RuntimeName};
use crate::versions::is_triple;

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (number, pin) in facts.pins.iter().enumerate() {
        let earlier = facts.pins.iter().take(number).find(|earlier| pin.contradicts(earlier));
        found.extend(earlier.map(|earlier| contradiction(pin, earlier, &facts.root)));
    }
    found.extend(running(facts));
    found
}

fn contradiction(pin: &Pin, earlier: &Pin, root: &Path) -> Finding {
    // A program for 20.11 also runs with 20.12.
    let is_same_line = pin.is_choice()
        && earlier.is_choice()
        && pin.major().is_some()
        && pin.major() == earlier.major();
    let (severity, what) = if is_same_line {
        (FindingSeverity::Note, "which one is used depends on the tool")
    } else if pin.is_choice() && earlier.is_choice() {
        (
            FindingSeverity::Warning,
            "which one is installed depends on the tool, and addons that were built for one don't \
                load in the other",
        )
    } else {
        (FindingSeverity::Warning, "one of them is out of date")
    };
    let place = earlier.file.strip_prefix(root).unwrap_or(&earlier.file);
    let message = format!(
        "{} requires Node.js {}, but {} ({}) requires {}: {what}",
        pin.source,
        pin.wanted,
        earlier.source,
        place.display(),
        earlier.wanted
    );
    Finding::new(FindingCode::PinsContradict, severity, message)
        .at(&pin.file, pin.line)
        .with(corrected(pin, earlier))
}

/// The line of `pin` with the version of `earlier`, if both are plain versions.
fn corrected(pin: &Pin, earlier: &Pin) -> Option<String> {
    let is_plain = |pin: &Pin| {
        pin.wanted.trim_start_matches('v').chars().all(|c| c.is_ascii_digit() || c == '.')
    };
    let version = earlier.wanted.trim_start_matches('v');
    if !is_plain(earlier) {
        return None;
    }
    match pin.source {
        ".nvmrc" | ".node-version" => Some(version.to_owned()),
        ".tool-versions" => Some(format!("nodejs {version}")),
        "mise.toml" => Some(format!("node = \"{version}\"")),
        "volta.node" if is_triple(version) => Some(format!("\"node\": \"{version}\"")),
        "engines.node" if earlier.major().is_some() => Some(format!("\"node\": \"^{version}\"")),
        "use-node-version" if is_triple(version) => Some(format!("use-node-version={version}")),
        _ => None,
    }
}

/// Compares the running Node.js, if the project is judged for it, with each pinned version.
fn running(facts: &Facts<'_>) -> Option<Finding> {
    let runtime = facts.runtime;
    let version = runtime
        .version
        .as_ref()
        .filter(|_| runtime.is_host && runtime.kind == RuntimeName::Node)?;
    let refuses = |pin: &&Pin| {
        let is_other_line = pin.major() != Some(version.major);
        pin.allows(version) == Some(false) && (!pin.is_choice() || is_other_line)
    };
    let pin = facts.pins.iter().find(refuses)?;
    let what =
        if facts.natives.exist() { ": what is installed now is for the wrong one" } else { "" };
    let message = format!(
        "{} requires Node.js {}, but this is Node.js {version}{what}",
        pin.source, pin.wanted
    );
    // Which tool reads the other files isn't known, so no command is given for them.
    let command = (pin.source == ".nvmrc" && facts.natives.exist())
        .then(|| "nvm install && npm rebuild".to_owned());
    Some(
        Finding::new(FindingCode::RunningNodeDiffers, FindingSeverity::Warning, message)
            .at(&pin.file, pin.line)
            .with(command),
    )
}
