//! Debian packages: an `ar` (deb(5)) with `data.tar`, which has the files of the package.

use super::super::source::Source;
use super::error::Unsound;

/// The first bytes.
pub(super) const MAGIC: &[u8] = b"!<arch>\n";
/// The size of a member's header.
const HEADER: u64 = 60;
/// The maximum number of members. A package has three, and at most a few signatures.
const MOST_MEMBERS: usize = 32;

/// The tar with the files of the package, which may be compressed.
pub(in crate::files) fn data_of(source: Source) -> Result<Source, Unsound> {
    let mut at = MAGIC.len() as u64;
    for _ in 0..MOST_MEMBERS {
        let header = source.bytes(at, HEADER).ok_or(Unsound::Debian)?;
        let text = |from: usize, to: usize| {
            header
                .get(from..to)
                .and_then(|field| std::str::from_utf8(field).ok())
                .map(str::trim_end)
        };
        let size = text(48, 58).and_then(|size| size.parse::<u64>().ok()).ok_or(Unsound::Size)?;
        if text(0, 16).is_some_and(|name| name.starts_with("data.tar")) {
            return Ok(source.part(at + HEADER, size));
        }
        // Members begin at even positions.
        at = at.saturating_add(HEADER).saturating_add(size).saturating_add(size % 2);
    }
    Err(Unsound::Debian)
}
