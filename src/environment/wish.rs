//! The meaning of a Node.js version or range, in the formats of version managers, `setup-node` and
//! package.json.

use crate::runtime::line_of_codename;
use crate::versions::Range;

/// The meaning of a version or range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// These versions.
    Range(Range),
    /// The newest release at the time of use.
    Newest,
    /// The newest release with long-term support at the time of use.
    Lts,
    /// Unknown: `system`, a branch, a name that a user has defined.
    Other,
}

impl Wish {
    /// Reads a version in the format of version managers, `setup-node` or package.json.
    #[must_use]
    pub fn parse(text: &str) -> Wish {
        let text = text.trim();
        let name = text.to_ascii_lowercase();
        // asdf and mise select the newest release with this prefix.
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

    /// True if it changes over time, so it may select another major version later.
    #[must_use]
    pub fn moves(&self) -> bool {
        matches!(self, Wish::Newest | Wish::Lts)
    }

    /// The major version, if there is exactly one.
    #[must_use]
    pub fn major(&self) -> Option<u64> {
        match self {
            Wish::Range(range) => range.major(),
            _ => None,
        }
    }

    /// False if it is certain that no version fits both.
    #[must_use]
    pub fn meets(&self, other: &Wish) -> bool {
        match (self, other) {
            (Wish::Range(a), Wish::Range(b)) => a.meets(b),
            _ => true,
        }
    }
}
