//! The packages that the scripts of a package require for a target.

use crate::project::loader::entries::read_entries;
use crate::project::loader::search::Search;
use crate::project::script::{Flow, GAP, Host, Mention, Said, matches};

/// The maximum number of specifiers. Loaders of napi-rs have two for each system.
const MOST: usize = 400;

/// The packages that scripts require for a target, as they are written. A part that only a running
/// process knows is a gap.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    specifiers: Vec<String>,
}

/// What the scripts require of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Its entry, or a file that isn't known.
    Entry,
    /// The file at this path in the package.
    File(&'a str),
}

impl Asked {
    /// Reads the scripts for the target of `search`. Nothing is asked for if they can't be read
    /// completely.
    pub(in super::super) fn read(search: &Search<'_>) -> Asked {
        let mut specifiers = Vec::new();
        let mut listener = |said: Said| {
            if let Mention::Package(name) = said.mention
                && !specifiers.contains(&name)
            {
                specifiers.push(name);
            }
            if specifiers.len() < MOST { Flow::On } else { Flow::Stop }
        };
        if read_entries(search, Some(Host::new(search.runtime)), &mut listener) {
            Asked { specifiers }
        } else {
            Asked::default()
        }
    }

    /// What is required of the package `name`; `None` if nothing is.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<Request<'_>> {
        self.specifiers.iter().find_map(|specifier| {
            let inner = specifier.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
            match inner {
                Some(inner) if inner.contains(GAP) => Some(Request::Entry),
                Some(inner) => Some(Request::File(inner)),
                None => matches(specifier, name).then_some(Request::Entry),
            }
        })
    }

    /// The specifiers without gaps.
    pub fn whole(&self) -> impl Iterator<Item = &str> {
        self.specifiers.iter().filter(|specifier| !specifier.contains(GAP)).map(String::as_str)
    }
}
