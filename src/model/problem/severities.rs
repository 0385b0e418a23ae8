//! The severities that problems can have.

use crate::model::words::Severity;

/// The severities that the problems of a code can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severities {
    /// The usual one.
    pub usual: Severity,
    /// True if the other severity is possible too.
    pub vary: bool,
}

impl Severities {
    pub(super) const ERROR: Severities = Severities { usual: Severity::Error, vary: false };
    pub(super) const WARNING: Severities = Severities { usual: Severity::Warning, vary: false };
    pub(super) const ERROR_OR_WARNING: Severities =
        Severities { usual: Severity::Error, vary: true };
    pub(super) const WARNING_OR_ERROR: Severities =
        Severities { usual: Severity::Warning, vary: true };

    /// True if a problem can have this severity.
    #[must_use]
    pub fn allow(self, severity: Severity) -> bool {
        self.vary || severity == self.usual
    }
}
