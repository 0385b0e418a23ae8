//! Small files, read whole within a limit.

use std::io;
use std::path::Path;

use super::source::{self, Source};

/// Longest text that the kernel is asked for, in bytes: the maps of a process with some thousand
/// libraries.
const LONGEST_OF_KERNEL: usize = 4 << 20;

/// The text of a file of at most `longest` bytes, with U+FFFD where it isn't UTF-8.
///
/// # Errors
/// Those of [`Source::open`]; `FileTooLarge` for a longer file.
pub fn text(file: &Path, longest: u64) -> io::Result<String> {
    let bytes = Source::open(file)?.contents(longest)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// The first `length` bytes of a file, however long it is; none where it can't be read.
#[must_use]
pub fn head(file: &Path, length: u64) -> Vec<u8> {
    let source = Source::open(file).ok();
    source.and_then(|source| source.bytes(0, source.size().min(length))).unwrap_or_default()
}

/// The text of a file that the kernel makes up (`/proc`, `/sys`): such files state a size of 0, so
/// they are read to their end, at most 4 MiB. For fixed paths only, never for a path out of a
/// project.
///
/// # Errors
/// What the system says.
pub fn kernel_text(file: &Path) -> io::Result<String> {
    let bytes = source::stream(file, LONGEST_OF_KERNEL)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
