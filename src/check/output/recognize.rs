//! Finds out which tool wrote a folder.

use std::path::Path;

use super::found::Output;
use super::{next, nitro};

/// The output at `folder`, if it is one with a `node_modules` of its own.
pub(in crate::check) fn output_at(folder: &Path) -> Option<Output> {
    next::standalone(folder).or_else(|| nitro::output(folder))
}
