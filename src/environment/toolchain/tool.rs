//! A tool, and the environment variables that name tools.

use std::env;

use serde::{Deserialize, Serialize};

/// A tool that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// The path of its file.
    pub path: String,
    /// Its version, if its file name contains one.
    pub version: Option<String>,
}

/// A variable of the environment; `None` for an empty one.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
