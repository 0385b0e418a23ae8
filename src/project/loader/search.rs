//! The package whose file a convention searches, and the questions of conventions about it.

use std::cell::Cell;
use std::cmp::Reverse;

use super::choice::{Active, Choice};
use crate::model::RuntimeName;
use crate::project::installed::{Disk, Installed};
use crate::runtime::Runtime;

/// The maximum number of packages that are searched for the file of one.
pub(super) const MOST_PACKAGES: usize = 200;

/// A package whose file is searched.
pub(super) struct Search<'a> {
    pub package: &'a Installed,
    pub runtime: &'a Runtime,
    pub disk: &'a dyn Disk,
    /// How many packages led here. It ends chains of platform packages that have platform packages.
    pub depth: usize,
    /// How many more packages may be searched: any number of packages can require each other.
    pub left: &'a Cell<usize>,
    /// Chooses the file of another package by all conventions.
    pub choose: fn(&Search<'_>) -> Choice,
}

impl Search<'_> {
    pub fn files(&self) -> &[String] {
        &self.package.files
    }

    /// The text of a file of the package. None also if the job has read its maximum or was
    /// cancelled.
    pub fn read(&self, file: &str) -> Option<String> {
        let control = self.disk.control();
        if control.stops() || !control.has_read_all() {
            return None;
        }
        let text = self.disk.read(&self.package.directory, file)?;
        control.spend_on_scripts(text.len() as u64).then_some(text)
    }

    /// The `files` whose names fit the target, each with how much its name says about it, the
    /// greatest first.
    pub fn by_fit<'f>(&self, files: impl Iterator<Item = &'f String>) -> Vec<(usize, &'f String)> {
        let mut fitting: Vec<_> = files
            .filter_map(|file| Some((self.package.claims_of(file).fit(self.runtime)?, file)))
            .collect();
        fitting.sort_by_key(|(says, _)| Reverse(*says));
        fitting
    }

    /// The one of `files` whose name says more about the target than the names of all others.
    pub fn best<'f>(&self, files: impl Iterator<Item = &'f String>) -> Option<&'f String> {
        match self.by_fit(files).as_slice() {
            [(_, file)] => Some(file),
            [(most, file), (next, _), ..] if most > next => Some(file),
            _ => None,
        }
    }

    /// A required package whose folder contains more than a package.json.
    pub fn installed(&self, name: &str) -> Option<Installed> {
        self.left.set(self.left.get().checked_sub(1)?);
        let package = self.disk.package(&self.package.directory, name)?;
        let is_there = !package.files.is_empty() || !self.holds_only(&package, is_nothing);
        is_there.then_some(package)
    }

    /// True for an installed package that has neither code nor data, only documents.
    pub fn has_only_documents(&self, package: &Installed) -> bool {
        self.holds_only(package, |name| is_nothing(name) || is_document(name))
    }

    fn holds_only(&self, package: &Installed, is_one: fn(&str) -> bool) -> bool {
        let names = self.disk.names(&package.directory, "");
        !names.is_empty() && names.iter().all(|name| is_one(name))
    }

    /// A required package, and its choice. None if the package isn't installed.
    pub fn choice_of(&self, name: &str) -> Option<(Installed, Choice)> {
        let package = self.installed(name)?;
        let choice = (self.choose)(&Search { package: &package, depth: self.depth + 1, ..*self });
        Some((package, choice))
    }

    /// The file that a required package would load. None if the package isn't installed.
    pub fn elsewhere(&self, name: &str) -> Option<Active> {
        let (package, choice) = self.choice_of(name)?;
        Some(choice.active.seen_outside(package.directory))
    }
}

/// True for what is in the folder of a package that isn't there. Yarn's pnpm linker creates folders
/// with a package.json for packages for other systems. npm leaves out a package for another system,
/// but not the dependencies that are nested in it.
fn is_nothing(name: &str) -> bool {
    name == "package.json" || name == "node_modules"
}

fn is_document(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".md")
        || name.ends_with(".txt")
        || ["readme", "license", "licence", "notice", "changelog"].contains(&name.as_str())
}

/// The name of the runtime in the tags of prebuilt files.
pub(super) fn tag_of(kind: RuntimeName) -> &'static str {
    match kind {
        RuntimeName::Electron => "electron",
        RuntimeName::Nw => "node-webkit",
        RuntimeName::Node | RuntimeName::Bun | RuntimeName::Deno => "node",
    }
}
