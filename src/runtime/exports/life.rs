//! The life of a name in a release line: the release that added it, and the one that removed it.

use semver::Version;

/// Whether a release of Node.js exports a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The release exports it.
    There,
    /// A later release exports it: the first one of the line that was read with it.
    Since(Version),
    /// An earlier release exported it: the first one of the line that was read without it.
    Gone(Version),
    /// No release of its line exports it.
    Missing,
    /// The tables don't cover the name, the release or the system.
    Unknown,
}

/// Index for "no such release".
pub(super) const NONE: usize = 255;

/// The releases of a line that added and removed a name, as indexes of the releases that were read.
pub(super) struct Life {
    pub first: usize,
    pub gone: usize,
}

impl Life {
    fn has(&self, index: usize) -> bool {
        self.first <= index && index < self.gone
    }

    /// The result for a release of the line whose `releases` were read. `None` if it isn't known.
    pub fn at(&self, releases: &[Version], version: &Version) -> Option<Presence> {
        // Pre-releases and nightly builds are built from other sources than the line of their name.
        if !version.pre.is_empty() {
            return None;
        }
        let before = releases.partition_point(|read| read <= version).checked_sub(1)?;
        let is_there = self.has(before);
        let is_known = releases.get(before) == Some(version)
            || match releases.get(before + 1) {
                Some(_) => self.has(before + 1) == is_there,
                // The release is newer than all releases that were read.
                None => is_there,
            };
        if !is_known {
            return None;
        }
        Some(match (is_there, releases.get(self.first), releases.get(self.gone)) {
            (true, ..) => Presence::There,
            (false, Some(first), _) if self.first > before => Presence::Since(first.clone()),
            (false, _, Some(gone)) => Presence::Gone(gone.clone()),
            _ => Presence::Missing,
        })
    }
}
