//! Where something stands in a file.

/// Why a file could not be read as what its name says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<u32>,
    /// What is wrong, in the words of the reader.
    pub message: String,
}

impl FileError {
    /// An error at `line`.
    #[must_use]
    pub fn new(line: Option<u32>, message: &str) -> FileError {
        FileError { line, message: message.chars().take(200).collect() }
    }
}

/// A piece of text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What stands there.
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
