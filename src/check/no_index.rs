//! Systems where files have no number of their own: the guard has no index there.

use std::path::Path;

use super::known::Known;

/// There is none.
pub struct Index(std::convert::Infallible);

impl Index {
    /// `None`.
    #[must_use]
    pub fn of(_: &Path, _: &str) -> Option<Index> {
        None
    }

    /// Never called.
    #[must_use]
    pub fn answer(&self) -> Option<Known> {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn record(self) -> Option<Recorded> {
        match self.0 {}
    }
}

/// There is none.
pub struct Recorded(std::convert::Infallible);

impl Recorded {
    /// Never called.
    pub fn keep(self, _: &Known) -> Option<()> {
        match self.0 {}
    }
}
