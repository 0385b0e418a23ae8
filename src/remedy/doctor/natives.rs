//! The native code of a project, and which of it the next Node.js breaks.

use super::{Facts, Finding, FindingCode, FindingSeverity, names};
use crate::model::reports::Basis;

/// What is known of the native code of a project.
#[derive(Clone, Debug, Default)]
pub struct Natives {
    /// What it is known from.
    pub basis: Basis,
    /// The packages.
    pub packages: Vec<Native>,
    /// The project compiles an addon of its own.
    pub own: bool,
    /// That addon is tied to one Node.js.
    pub own_is_tied: bool,
    /// The major version that [`Native::tied`] was found out with.
    pub next: Option<u64>,
}

/// One package with native code.
#[derive(Clone, Debug, Default)]
pub struct Native {
    /// Its name.
    pub name: String,
    /// It loads under one major version of Node.js only.
    pub tied: bool,
    /// It can't be loaded as it is.
    pub fails: bool,
    /// It would have to be compiled, and isn't.
    pub unbuilt: bool,
    /// It has a binding.gyp.
    pub has_gyp: bool,
    /// Its file comes from an install script.
    pub needs_script: bool,
    /// Its file comes from an optional package for the platform.
    pub by_platform: bool,
    /// It brings files along, and none for musl.
    pub lacks_musl: bool,
    /// Only for development.
    pub dev: bool,
    /// Only optional dependents.
    pub optional: bool,
}

impl Natives {
    /// True when there is native code to care about.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.own || !self.packages.is_empty()
    }

    /// The packages that a change of Node.js breaks.
    pub(super) fn tied(&self) -> impl Iterator<Item = &Native> {
        self.packages.iter().filter(|native| native.tied && !native.optional)
    }

    /// True when something is tied to one Node.js, or may turn out to be once it is built.
    pub(super) fn depend_on_version(&self) -> bool {
        self.own && self.own_is_tied
            || self.tied().next().is_some()
            || self.packages.iter().any(|native| native.unbuilt && !native.optional)
    }

    /// The names of what [`Natives::depend_on_version`] is about, for a sentence.
    pub(super) fn names_of_tied(&self) -> String {
        let tied = self
            .packages
            .iter()
            .filter(|native| (native.tied || native.unbuilt) && !native.optional);
        let found = names(tied.map(|native| native.name.as_str()));
        if found.is_empty() { "the addon of this project".to_owned() } else { found }
    }
}

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    broken_now(facts).into_iter().chain(broken_by_next(facts)).collect()
}

/// What is broken already, before anything else.
fn broken_now(facts: &Facts<'_>) -> Option<Finding> {
    let broken = facts.natives.packages.iter().filter(|native| native.fails && !native.optional);
    let broken = names(broken.map(|native| native.name.as_str()));
    if broken.is_empty() {
        return None;
    }
    let message = format!(
        "{broken} can't be loaded by {} as installed: abi-guard says why, abi-guard fix mends it",
        facts.runtime.title()
    );
    let mut finding = Finding::new(FindingCode::DoesNotLoad, FindingSeverity::Error, message);
    finding.file = Some(facts.root.join("package.json").to_string_lossy().into_owned());
    Some(finding)
}

/// Which packages break at the next major version: one note.
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
