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

/// The first bytes of a file, however long it is; none where it can't be read.
pub(super) fn head(file: &Path) -> Vec<u8> {
    const LENGTH: u64 = 512;
    let source = crate::binary::Source::open(file).ok();
    source.and_then(|source| source.bytes(0, source.size().min(LENGTH))).unwrap_or_default()
}

/// The value in a JSON file.
pub(super) fn json(file: &Path) -> Option<Value> {
    serde_json::from_str(&text(file)?).ok()
}
