//! What the guard's index keeps.

/// An answer of the guard, as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The answer without the report; empty if there is a problem, as the report is needed then.
    pub brief: String,
    /// The answer with the report, up to the time that the scan took.
    pub whole: String,
    /// The rest of that answer.
    pub rest: String,
}
