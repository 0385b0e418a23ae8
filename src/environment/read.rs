//! Small files around a project, read whole; what can't be read is as good as absent.

use std::path::Path;

use serde_json::Value;

/// Longest file that is read, in bytes.
const LONGEST: u64 = 4 << 20;

/// The text of a file, with U+FFFD where it isn't UTF-8.
pub(super) fn text(file: &Path) -> Option<String> {
    let bytes = crate::binary::Source::open(file).ok()?.contents(LONGEST).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The value in a JSON file.
pub(super) fn json(file: &Path) -> Option<Value> {
    serde_json::from_str(&text(file)?).ok()
}
