//! A position in a file.

/// The error for a file that can't be read in the format of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<u32>,
    /// The reason, as a phrase about the file.
    pub message: String,
}

impl FileError {
    /// An error at `line`.
    #[must_use]
    pub fn new(line: Option<u32>, message: &str) -> FileError {
        FileError { line, message: message.chars().take(200).collect() }
    }
}

/// The offsets at which the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Of `text`.
    #[must_use]
    pub fn new(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of an offset, from 1.
    #[must_use]
    pub fn of(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }
}

/// A text and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The text.
    pub text: String,
    /// The line, from 1.
    pub line: u32,
}

impl Spot {
    /// `text` on `line`.
    #[must_use]
    pub fn new(text: &str, line: u32) -> Spot {
        Spot { text: text.to_owned(), line }
    }
}
