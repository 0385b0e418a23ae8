//! What a name or a range of versions of Node.js means, as version managers, `setup-node` and
//! package.json write it.

use crate::runtime::line_of_codename;
use crate::versions::Range;

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
            return line_of_codename(codename)
                .map_or(Wish::Other, |major| Wish::Range(Range::line(major)));
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
