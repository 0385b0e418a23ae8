//! The setting that kept an install script from running, and what is done about it.

/// The setting that kept an install script from running.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The reason, as a phrase after "its install script did not run:".
    pub reason: String,
    /// The argument with which the manager approves it: the name of the package, or a longer form
    /// if the name is not enough. `None` if an approval isn't needed.
    pub approval: Option<String>,
    /// True if a setting forbids all scripts, whichever are approved.
    pub forbids_all: bool,
    /// True if a setting names it to forbid it. Not every version of a manager changes that when it
    /// approves.
    pub is_denied: bool,
    /// True if the manager has it in its list of packages that await an approval, and therefore
    /// builds it when it is approved.
    pub is_awaited: bool,
    /// False if only some versions of the manager need the approval, and the version isn't known.
    pub is_certain: bool,
}

impl Block {
    /// A script that needs an approval.
    pub(super) fn unapproved(reason: impl Into<String>, word: &str) -> Block {
        Block {
            reason: reason.into(),
            approval: Some(word.to_owned()),
            is_certain: true,
            ..Block::default()
        }
    }

    /// A script that needs an approval in some versions of the manager. The others ignore it.
    #[must_use]
    pub fn perhaps(word: &str) -> Block {
        Block { is_certain: false, ..Block::unapproved("", word) }
    }
}

/// "@a/b@1.0.0" → ("@a/b", "1.0.0")
pub(super) fn split_spec(entry: &str) -> Option<(&str, &str)> {
    let at = entry.get(1..)?.find('@')? + 1;
    Some((&entry[..at], &entry[at + 1..]))
}

/// True for a version, and false for a file or an address in its place.
pub(super) fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}
