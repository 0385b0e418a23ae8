//! Files around a project that say how it is built and run, one reader per format. They give what
//! stands there and on which line; what is to be thought of it is said elsewhere.

mod budget;
pub mod compose;
pub mod dockerfile;
pub mod dockerignore;
mod found;
pub mod gitlab;
mod image;
mod install;
pub mod json;
mod project;
mod shell;
mod text;
mod variables;
pub mod workflows;
mod yaml;

pub use budget::Budget;
pub use image::Image;
pub use install::{Install, builds_addons, install};
pub use project::{Docker, File, ProjectFiles, project_files, relative};
pub use shell::Command;
pub use text::Texts;

#[cfg(test)]
mod damage_tests;

/// Why a file could not be read as what its name says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// Where.
    pub line: Option<u32>,
    /// What.
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
