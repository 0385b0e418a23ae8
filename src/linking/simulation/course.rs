//! How a load ends: the steps of it, and what stops it.

/// Why a load goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The process dies; the reason, for people.
    Dies(&'static str),
    /// An Error with this text, as the loader says it after the file's name; and the reason, for
    /// people.
    Throws {
        /// The text.
        text: String,
        /// The reason.
        what: &'static str,
    },
    /// The process dies if a symbol is there; else the relocation waits for a call (musl).
    DiesIfBound {
        /// The reason, for people.
        what: &'static str,
        /// The symbol's name.
        symbol: Vec<u8>,
    },
    /// It dies, throws, or goes on: that depends on what else is in the process.
    Unsure(&'static str),
}

impl Stop {
    pub(super) fn throws(text: &str, what: &'static str) -> Stop {
        Stop::Throws { text: text.to_owned(), what }
    }
}

/// How far a load comes before it stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The image is mapped and its dynamic section read.
    Mapping,
    /// Symbol versions are looked at.
    Versions,
    /// It is relocated.
    Relocation,
    /// Its constructors are called.
    Constructors,
    /// Node.js looks for a function in it.
    LookUp,
}

/// How a load ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// Where it stops, and why.
    pub stop: Option<(Step, Stop)>,
    /// What no linker writes, so that the addon's own code may meet anything.
    pub doubt: Option<&'static str>,
}

/// Names a step for what went wrong in it.
pub(super) trait At<T> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)>;
}

impl<T> At<T> for Result<T, Stop> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)> {
        self.map_err(|stop| (step, stop))
    }
}
