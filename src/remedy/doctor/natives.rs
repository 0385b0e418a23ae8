//! The native code of a project, and which of it is tied to one Node.js.

use super::finding::names;
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
