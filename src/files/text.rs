//! Reads small files as texts, up to a maximum size.

use std::io;
use std::path::Path;

use super::question::{Question, hash};
use super::recording;
use super::source::{self, Source};

/// The maximum size of a text from the kernel, in bytes: enough for the memory map of a process
/// with some thousand libraries.
pub(super) const LONGEST_OF_KERNEL: usize = 4 << 20;

/// The text of a file of at most `longest` bytes. Bytes that aren't UTF-8 become U+FFFD.
///
/// # Errors
/// The errors of [`Source::open`]; `FileTooLarge` for a longer file.
pub fn text(file: &Path, longest: u64) -> io::Result<String> {
    let bytes = Source::open(file)?.contents(longest)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// The first `length` bytes of a file of any size; empty if the file can't be read.
#[must_use]
pub fn head(file: &Path, length: u64) -> Vec<u8> {
    let source = Source::open(file).ok();
    source.and_then(|source| source.bytes(0, source.size().min(length))).unwrap_or_default()
}

/// The text of a file that the kernel generates (`/proc`, `/sys`). Such files state a size of 0, so
/// this reads to the end, at most 4 MiB. Call it with fixed paths only, never with a path from a
/// project.
///
/// # Errors
/// The error of the system.
pub fn kernel_text(file: &Path) -> io::Result<String> {
    let bytes = source::stream(file, LONGEST_OF_KERNEL);
    // The addresses in a memory map differ in each process. The libraries are files that are read.
    if !file.ends_with("maps") {
        recording::note(file, Question::Kernel, || Some(hash(&bytes.as_ref().ok())));
    }
    let bytes = bytes?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
