//! Packages with native code that can't be loaded, now or with the next Node.js.

use super::facts::Facts;
use super::finding::names;
use crate::model::reports::{Basis, Finding};
use crate::model::{FindingCode, FindingSeverity};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    broken_now(facts).into_iter().chain(broken_by_next(facts)).collect()
}

/// Packages that are already broken. This finding comes first.
fn broken_now(facts: &Facts<'_>) -> Option<Finding> {
    let broken = facts.natives.packages.iter().filter(|native| native.fails && !native.optional);
    let broken = names(broken.map(|native| native.name.as_str()));
    if broken.is_empty() {
        return None;
    }
    let message = format!(
        "{broken} can't be loaded by {} as installed: abi-guard shows why, abi-guard fix repairs \
            it",
        facts.runtime.title()
    );
    let mut finding = Finding::new(FindingCode::DoesNotLoad, FindingSeverity::Error, message);
    finding.file = Some(facts.root.join("package.json").to_string_lossy().into_owned());
    Some(finding)
}

/// One note about the packages that break with the next major version.
fn broken_by_next(facts: &Facts<'_>) -> Option<Finding> {
    let natives = &facts.natives;
    let tied: Vec<&str> =
        natives.tied().filter(|native| !native.dev).map(|native| native.name.as_str()).collect();
    if tied.is_empty() || natives.basis != Basis::Installed {
        return None;
    }
    let is_one = tied.len() == 1;
    let next = natives
        .next
        .map_or("another major version of Node.js".to_owned(), |major| format!("Node.js {major}"));
    let message = format!(
        "{} {} Node's own C++ interface: under {next} {} to be built or downloaded again",
        names(tied.into_iter()),
        if is_one { "uses" } else { "use" },
        if is_one { "it has" } else { "they have" },
    );
    let manifest = facts.root.join("package.json");
    let mut finding = Finding::new(FindingCode::TiedToNode, FindingSeverity::Note, message);
    finding.file = Some(manifest.to_string_lossy().into_owned());
    Some(finding)
}
