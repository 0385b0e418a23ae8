//! One tool, and the variables that name some.

use std::env;

use serde::{Deserialize, Serialize};

/// A tool that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// Its file.
    pub path: String,
    /// Its version, where the name of its file tells.
    pub version: Option<String>,
}

/// A variable of the environment; `None` for an empty one.
pub(super) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
