//! The native code of a project, and the packages that work with one version of Node.js only.

use super::finding::names;
use crate::model::reports::Basis;

/// The facts about the native code of a project.
#[derive(Clone, Debug, Default)]
pub struct Natives {
    /// The source of the facts.
    pub basis: Basis,
    /// The packages with native code.
    pub packages: Vec<Native>,
    /// True if the project itself has an addon that is compiled.
    pub own: bool,
    /// True if that addon works with one version of Node.js only.
    pub own_is_tied: bool,
    /// The major version that [`Native::tied`] was determined with.
    pub next: Option<u64>,
}

/// One package with native code.
#[derive(Clone, Debug, Default)]
pub struct Native {
    /// Name of the package.
    pub name: String,
    /// True if it loads with one major version of Node.js only.
    pub tied: bool,
    /// True if it can't be loaded as installed.
    pub fails: bool,
    /// True if it has to be compiled, and isn't.
    pub unbuilt: bool,
    /// True if it has a binding.gyp.
    pub has_gyp: bool,
    /// True if an install script builds or downloads its file.
    pub needs_script: bool,
    /// True if its file is in an optional package for the platform.
    pub by_platform: bool,
    /// True if it ships prebuilt files, but none for musl.
    pub lacks_musl: bool,
    /// True if each installation compiles it: it has no prebuilt file, and no script downloads one.
    pub compiles: bool,
    /// True if Bun can't load it.
    pub fails_on_bun: bool,
    /// True if it is used for development only.
    pub dev: bool,
    /// True if only optional dependencies lead to it.
    pub optional: bool,
}

/// The packages that can't be loaded in the system of a function, as installed on this computer.
#[derive(Clone, Debug)]
pub struct Uploaded {
    /// The function's target, such as `lambda/nodejs22-arm64`.
    pub target: String,
    /// Their names.
    pub failing: Vec<String>,
}

impl Natives {
    /// True if the project has native code.
    #[must_use]
    pub fn exist(&self) -> bool {
        self.own || !self.packages.is_empty()
    }

    /// The packages that a change of Node.js breaks.
    pub(super) fn tied(&self) -> impl Iterator<Item = &Native> {
        self.packages.iter().filter(|native| native.tied && !native.optional)
    }

    /// The packages whose installed file is for one system only.
    pub(super) fn bound_to_system(&self) -> impl Iterator<Item = &Native> {
        let is_bound = |native: &&Native| native.by_platform || native.needs_script;
        self.packages.iter().filter(|native| !native.optional).filter(is_bound)
    }

    /// True if something works with one version of Node.js only, or may do so once it is built.
    pub(super) fn depend_on_version(&self) -> bool {
        self.own && self.own_is_tied
            || self.tied().next().is_some()
            || self.packages.iter().any(|native| native.unbuilt && !native.optional)
    }

    /// The names of the packages for which [`Natives::depend_on_version`] is true, for a sentence.
    pub(super) fn names_of_tied(&self) -> String {
        let tied = self
            .packages
            .iter()
            .filter(|native| (native.tied || native.unbuilt) && !native.optional);
        let found = names(tied.map(|native| native.name.as_str()));
        if found.is_empty() { "the addon of this project".to_owned() } else { found }
    }
}
