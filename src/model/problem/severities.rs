//! How severe problems can be.

use crate::model::words::Severity;

/// How severe the problems of a code can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Severities {
    /// As a rule.
    pub usual: Severity,
    /// The other severity is possible, too.
    pub vary: bool,
}

impl Severities {
    pub(super) const ERROR: Severities = Severities { usual: Severity::Error, vary: false };
    pub(super) const WARNING: Severities = Severities { usual: Severity::Warning, vary: false };
    pub(super) const ERROR_OR_WARNING: Severities =
        Severities { usual: Severity::Error, vary: true };
    pub(super) const WARNING_OR_ERROR: Severities =
        Severities { usual: Severity::Warning, vary: true };

    /// True when a problem can have this severity.
    #[must_use]
    pub fn allow(self, severity: Severity) -> bool {
        self.vary || severity == self.usual
    }
}
