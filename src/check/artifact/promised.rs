//! What the format of an archive promises.

use std::path::PathBuf;

use crate::runtime::RuntimeSpec;

/// The apps in an archive, and the runtimes for which it is made, if it says so.
pub(super) struct Contents {
    pub apps: Vec<PathBuf>,
    pub targets: Vec<RuntimeSpec>,
}
