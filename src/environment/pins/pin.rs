//! One place that says which Node.js is wanted.

use std::path::{Path, PathBuf};

use semver::Version;

use crate::environment::wish::Wish;

/// One place that says which Node.js is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The file.
    pub file: PathBuf,
    /// The line in it, from 1.
    pub line: u32,
    /// What says so: `.nvmrc`, `.node-version`, `.tool-versions`, `mise.toml`, `volta.node`,
    /// `devEngines.runtime`, `engines.node` or `use-node-version`.
    pub source: &'static str,
    /// What is wanted, as it stands there: `20.11.0`, `v22`, `lts/jod`, `>=18`.
    pub wanted: String,
    wish: Wish,
}

impl Pin {
    pub(super) fn new(file: &Path, line: u32, source: &'static str, wanted: &str) -> Pin {
        let wanted: String = wanted.trim().chars().take(200).collect();
        Pin { file: file.to_path_buf(), line, source, wish: Wish::parse(&wanted), wanted }
    }

    /// True for what a person may have written as a version. Anything else in the place of one is
    /// not repeated: it could be a secret, and reports are public.
    pub(super) fn is_plausible(&self) -> bool {
        let name = self.wanted.to_ascii_lowercase();
        let is_word = |word: &str| {
            word.len() <= 20 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
        };
        let is_line =
            || name.strip_prefix("lts/").or_else(|| name.strip_prefix("lts-")).is_some_and(is_word);
        self.wish != Wish::Other
            || is_line()
            || matches!(name.as_str(), "system" | "default" | "unstable" | "iojs")
    }

    /// Whether `version` is what is wanted; `None` where that can't be told, as for `lts/*`.
    #[must_use]
    pub fn allows(&self, version: &Version) -> Option<bool> {
        match &self.wish {
            Wish::Range(range) => Some(range.allows(version)),
            _ => None,
        }
    }

    /// The one major version it wants; `None` for several (`>=18`), and for what moves on by itself
    /// (`lts/*`).
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        self.wish.major()
    }

    /// True where it says which Node.js was chosen for working on the project: what a version
    /// manager goes by, or a field that leaves but one major version. `engines` with `>=18` only
    /// says what would do.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        !matches!(self.source, "engines.node" | "devEngines.runtime") || self.major().is_some()
    }

    /// True when no version could be what both want.
    #[must_use]
    pub fn contradicts(&self, other: &Pin) -> bool {
        !self.wish.meets(&other.wish)
    }

    /// What it wants.
    #[must_use]
    pub fn wish(&self) -> &Wish {
        &self.wish
    }
}
