//! A file or field that requires a Node.js version.

use std::path::{Path, PathBuf};

use semver::Version;

use crate::environment::wish::Wish;

/// A file or field that requires a Node.js version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The file.
    pub file: PathBuf,
    /// The line in it, from 1.
    pub line: u32,
    /// The name of the file or field: `.nvmrc`, `.node-version`, `.tool-versions`, `mise.toml`,
    /// `volta.node`, `devEngines.runtime`, `engines.node` or `use-node-version`.
    pub source: &'static str,
    /// The required version, as it is written: `20.11.0`, `v22`, `lts/jod`, `>=18`.
    pub wanted: String,
    wish: Wish,
}

impl Pin {
    pub(super) fn new(file: &Path, line: u32, source: &'static str, wanted: &str) -> Pin {
        let wanted: String = wanted.trim().chars().take(200).collect();
        Pin { file: file.to_path_buf(), line, source, wish: Wish::parse(&wanted), wanted }
    }

    /// True for a text that looks like a version. Any other text is not printed: it could be a
    /// secret, and reports are public.
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

    /// True if it allows `version`; `None` if that isn't known, as for `lts/*`.
    #[must_use]
    pub fn allows(&self, version: &Version) -> Option<bool> {
        match &self.wish {
            Wish::Range(range) => Some(range.allows(version)),
            _ => None,
        }
    }

    /// The major version, if it allows exactly one; `None` for several (`>=18`), and for a version
    /// that changes over time (`lts/*`).
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        self.wish.major()
    }

    /// True if it selects the Node.js for working on the project: a version manager reads it, or it
    /// allows only one major version. `engines` with `>=18` only states what is compatible.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        !matches!(self.source, "engines.node" | "devEngines.runtime") || self.major().is_some()
    }

    /// True if no version satisfies both.
    #[must_use]
    pub fn contradicts(&self, other: &Pin) -> bool {
        !self.wish.meets(&other.wish)
    }

    /// The parsed version or range.
    #[must_use]
    pub fn wish(&self) -> &Wish {
        &self.wish
    }
}
