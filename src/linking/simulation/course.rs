//! The steps of a load, and the reasons for which it stops.

/// The reason for which a load stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The process dies, for this reason.
    Dies(&'static str),
    /// The loader reports an error.
    Throws {
        /// The text, as the loader prints it after the file's name.
        text: String,
        /// The reason, in our words.
        what: &'static str,
    },
    /// The process dies if a symbol is defined; otherwise musl defers the relocation.
    DiesIfBound {
        /// The reason, in our words.
        what: &'static str,
        /// The symbol's name.
        symbol: Vec<u8>,
    },
    /// The process dies, an error is thrown, or the load continues; that depends on other objects
    /// in the process.
    Unsure(&'static str),
}

impl Stop {
    pub(super) fn throws(text: &str, what: &'static str) -> Stop {
        Stop::Throws { text: text.to_owned(), what }
    }
}

/// The step in which a load stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The loader maps the image and reads its dynamic section.
    Mapping,
    /// The loader checks the symbol versions.
    Versions,
    /// The loader relocates the image.
    Relocation,
    /// The loader calls the constructors.
    Constructors,
    /// Node.js looks up a symbol in the image.
    LookUp,
}

/// The result of a simulated load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The step in which it stops, and the reason.
    pub stop: Option<(Step, Stop)>,
    /// A property that no linker writes. The addon's own code may fail because of it.
    pub doubt: Option<&'static str>,
}

/// Adds the step to a reason.
pub(super) trait At<T> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)>;
}

impl<T> At<T> for Result<T, Stop> {
    fn at(self, step: Step) -> Result<T, (Step, Stop)> {
        self.map_err(|stop| (step, stop))
    }
}
