//! What can be asked of a path, and numbers for answers.

use std::hash::{BuildHasher, Hash};
use std::io;

use foldhash::fast::FixedState;

use super::metadata::Metadata;

/// What was asked of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The contents or the metadata of what it leads to.
    Target,
    /// The metadata of the path itself, which may be a link.
    Link,
    /// The names in the folder.
    Entries,
    /// The names in the folder that match the last part of the path, which is `*` and an end.
    Ending,
    /// The names in a folder that was walked, of which only some matter. Whoever walks gives a
    /// number for what they are, and the number by which it is walked again.
    Walked {
        /// The kind of the walk.
        how: u8,
        /// Differs if the names that matter differ.
        names: u64,
    },
    /// The path without links.
    Real,
    /// The text of a file of the kernel.
    Kernel,
    /// The value of the environment variable of this name.
    Variable,
}

/// A number for the kind of what was found, or for the error.
pub(super) fn kind_of(found: &io::Result<Metadata>) -> u64 {
    match found {
        Ok(found) => hash(&(found.kind as u8)),
        Err(error) => hash(&error.raw_os_error()),
    }
}

/// A number for a value.
pub(super) fn hash(value: &impl Hash) -> u64 {
    FixedState::default().hash_one(value)
}
