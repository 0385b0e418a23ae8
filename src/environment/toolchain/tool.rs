//! A tool, and the environment variables that name tools.

use serde::{Deserialize, Serialize};

use crate::files;

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
    files::variable(name)
        .and_then(|value| value.into_string().ok())
        .filter(|value| !value.is_empty())
}
