//! A command that starts an app.

use std::path::PathBuf;

/// A command that starts the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The file that has the command.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: u32,
    /// The command, without the variables before it.
    pub command: String,
    /// If the guard starts with it.
    pub guard: Guarded,
}

/// How a start is guarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// By an option of Node.js: `-r abi-guard/register`.
    Option,
    /// By the environment variable `NODE_OPTIONS`.
    Variable,
    /// By a script that loads abi-guard.
    Script(PathBuf),
    /// Not at all: the scripts of the start were read, and none loads abi-guard.
    No,
    /// That isn't known; the text is the reason.
    Unknown(String),
}
