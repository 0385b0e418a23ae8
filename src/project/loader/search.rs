//! The package whose file a convention looks for, and what conventions ask of it.

use std::cell::Cell;
use std::cmp::Reverse;

use super::choice::{Active, Choice};
use crate::model::RuntimeName;
use crate::project::installed::{Disk, Installed};
use crate::runtime::Runtime;

/// Most packages that are looked into for the file of one.
pub(super) const MOST_PACKAGES: usize = 200;

/// A package whose file is looked for.
pub(super) struct Search<'a> {
    pub package: &'a Installed,
    pub runtime: &'a Runtime,
    pub disk: &'a dyn Disk,
    /// Platform packages can have platform packages; this ends it.
    pub depth: usize,
    /// How many more packages are looked into: they can require each other in any number.
    pub left: &'a Cell<usize>,
    /// Chooses the file of another package by all conventions.
    pub choose: fn(&Search<'_>) -> Choice,
}

impl Search<'_> {
    pub fn files(&self) -> &[String] {
        &self.package.files
    }

    /// The text of a file of the package; `None` also for a job that has read as much as it may, or
    /// should stop.
    pub fn read(&self, file: &str) -> Option<String> {
        let control = self.disk.control();
        if control.stops() || !control.has_read_all() {
            return None;
        }
        let text = self.disk.read(&self.package.directory, file)?;
        control.spend_on_scripts(text.len() as u64).then_some(text)
    }

    /// Those of `files` whose names fit the target, and how much they say of it: those that say
    /// most come first.
    pub fn by_fit<'f>(&self, files: impl Iterator<Item = &'f String>) -> Vec<(usize, &'f String)> {
        let mut fitting: Vec<_> = files
            .filter_map(|file| Some((self.package.claims_of(file).fit(self.runtime)?, file)))
            .collect();
        fitting.sort_by_key(|(says, _)| Reverse(*says));
        fitting
    }

    /// The one of `files` whose name says more that holds for the target than those of all others
    /// do.
    pub fn best<'f>(&self, files: impl Iterator<Item = &'f String>) -> Option<&'f String> {
        match self.by_fit(files).as_slice() {
            [(_, file)] => Some(file),
            [(most, file), (next, _), ..] if most > next => Some(file),
            _ => None,
        }
    }

    /// A package that this one requires, with more than its name in it.
    pub fn installed(&self, name: &str) -> Option<Installed> {
        self.left.set(self.left.get().checked_sub(1)?);
        let package = self.disk.package(&self.package.directory, name)?;
        (!package.files.is_empty() || !self.disk.is_stub(&package.directory)).then_some(package)
    }

    /// What another package that this one requires would load; `None` when it isn't installed.
    pub fn elsewhere(&self, name: &str) -> Option<Active> {
        let package = self.installed(name)?;
        let inner = Search { package: &package, depth: self.depth + 1, ..*self };
        Some(match (self.choose)(&inner).active {
            Active::File(file) => Active::Elsewhere { package: package.directory, file },
            other => other,
        })
    }
}

/// The runtime's name in the tags of prebuilt files.
pub(super) fn tag_of(kind: RuntimeName) -> &'static str {
    match kind {
        RuntimeName::Electron => "electron",
        RuntimeName::Nw => "node-webkit",
        RuntimeName::Node | RuntimeName::Bun | RuntimeName::Deno => "node",
    }
}
