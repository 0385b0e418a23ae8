//! Which Node.js a project says it wants: the files of version managers, and the fields of
//! package.json.

mod readers;

use std::path::{Path, PathBuf};

use semver::Version;

use super::files::Texts;
use crate::versions::Range;

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

/// What a name or range of versions means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// These versions.
    Range(Range),
    /// The newest release, whichever that is.
    Newest,
    /// The newest release with long-term support, whichever that is.
    Lts,
    /// Something that can't be told from here: `system`, a branch, a name of one's own.
    Other,
}

/// Release lines by the name they bear once they have long-term support (nodejs/Release,
/// CODENAMES.md).
#[rustfmt::skip]
const CODENAMES: [(&str, u64); 11] = [
    ("argon", 4), ("boron", 6), ("carbon", 8), ("dubnium", 10), ("erbium", 12), ("fermium", 14),
    ("gallium", 16), ("hydrogen", 18), ("iron", 20), ("jod", 22), ("krypton", 24),
];

impl Wish {
    /// Reads a version as version managers, `setup-node` and package.json write it.
    #[must_use]
    pub fn parse(text: &str) -> Wish {
        let text = text.trim();
        let name = text.to_ascii_lowercase();
        // asdf and mise: the newest release that begins so.
        let name =
            name.strip_prefix("latest:").or_else(|| name.strip_prefix("prefix:")).unwrap_or(&name);
        match name {
            "node" | "latest" | "current" | "stable" => return Wish::Newest,
            "lts" | "lts/*" | "lts/latest" | "lts-latest" | "--lts" => return Wish::Lts,
            "" => return Wish::Other,
            _ => {}
        }
        if let Some(codename) = name.strip_prefix("lts/").or_else(|| name.strip_prefix("lts-")) {
            return match CODENAMES.iter().find(|(known, _)| *known == codename) {
                Some((_, major)) => Wish::Range(Range::line(*major)),
                None => Wish::Other,
            };
        }
        Range::parse(name.strip_prefix("node-").unwrap_or(name)).map_or(Wish::Other, Wish::Range)
    }

    /// True when it moves on by itself, so that another major version may come tomorrow.
    #[must_use]
    pub fn moves(&self) -> bool {
        matches!(self, Wish::Newest | Wish::Lts)
    }

    /// The one major version that it stands for.
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        match self {
            Wish::Range(range) => range.major(),
            _ => None,
        }
    }

    /// False when no version fits both for sure.
    #[must_use]
    pub fn meets(&self, other: &Wish) -> bool {
        match (self, other) {
            (Wish::Range(a), Wish::Range(b)) => a.meets(b),
            _ => true,
        }
    }
}

impl Pin {
    fn new(file: &Path, line: u32, source: &'static str, wanted: &str) -> Pin {
        let wanted: String = wanted.trim().chars().take(200).collect();
        Pin { file: file.to_path_buf(), line, source, wish: Wish::parse(&wanted), wanted }
    }

    /// True for what a person may have written as a version. Anything else in the place of one is
    /// not repeated: it could be a secret, and reports are public.
    fn is_plausible(&self) -> bool {
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

/// Most folders that are gone up.
const HIGHEST: usize = 32;

/// What the project at `root` says, by each kind of file once: the nearest, as version managers
/// look for it, up to the top of the repository. Without a repository, in `root` alone.
#[must_use]
pub fn pins(root: &Path) -> Vec<Pin> {
    let mut pins: Vec<Pin> = Vec::new();
    let folders = within_repository(root);
    let texts = Texts::within(folders.last().copied().unwrap_or(root));
    for folder in folders {
        for pin in readers::pins_in(folder, &texts).into_iter().filter(Pin::is_plausible) {
            let is_known =
                pins.iter().any(|known| known.source == pin.source && known.file != pin.file);
            if !is_known {
                pins.push(pin);
            }
        }
    }
    pins
}

/// `root` and the folders above it that belong to the same repository.
pub(super) fn within_repository(root: &Path) -> Vec<&Path> {
    let above: Vec<&Path> = root.ancestors().take(HIGHEST).collect();
    let top = above.iter().position(|folder| folder.join(".git").exists()).unwrap_or(0);
    above.into_iter().take(top + 1).collect()
}

#[cfg(test)]
mod tests;
