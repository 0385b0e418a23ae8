//! What the guard's index keeps of an answer.

/// An answer of the guard, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The result, which is all that a start without a problem needs.
    pub summary: String,
    /// The whole report, up to the time that it took.
    pub report: String,
    /// The rest of the report.
    pub rest: String,
}
