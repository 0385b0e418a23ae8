//! Small files around a project, read whole; one that can't be read counts as absent.

use std::path::Path;

use serde_json::Value;

use crate::files;

/// Longest file that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// The text of a file, with U+FFFD where it isn't UTF-8.
pub(super) fn text(file: &Path) -> Option<String> {
    files::text(file, LONGEST).ok()
}

/// The first bytes of a file, however long it is; none where it can't be read.
pub(super) fn head(file: &Path) -> Vec<u8> {
    files::head(file, 512)
}

/// The value in a JSON file.
pub(super) fn json(file: &Path) -> Option<Value> {
    serde_json::from_str(&text(file)?).ok()
}
