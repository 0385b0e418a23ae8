//! Reads small files of a project completely. A file that can't be read counts as absent.

use std::path::Path;

use serde_json::Value;

use crate::files;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// The text of a file, with U+FFFD in place of invalid UTF-8.
pub(super) fn text(file: &Path) -> Option<String> {
    files::text(file, LONGEST).ok()
}

/// The first bytes of a file of any length; empty if it can't be read.
pub(super) fn head(file: &Path) -> Vec<u8> {
    files::head(file, 512)
}

/// The value in a JSON file.
pub(super) fn json(file: &Path) -> Option<Value> {
    crate::files::json(text(file)?).ok()
}
