//! What glibc does with a file that lies where it looks for a library: it accepts the file, passes
//! over it, or ends the search (elf/dl-load.c `open_verify`).

use std::path::Path;

use crate::files::{self, Kind, Source};
use crate::linking::acceptance::{Expected, GlibcText, Header, Rejection, glibc_header};

/// What glibc does with a file.
pub(super) enum Opened {
    Fine,
    /// As if it weren't there.
    PassedOver,
    /// As if it weren't there, but remembered: for processors of 32 bits instead of 64, or the
    /// other way.
    OtherClass,
    /// The search ends.
    Refused(GlibcText),
}

/// Looks at the header of the file at `path`, for a process that demands what is `expected`.
pub(super) fn open(path: &Path, expected: Expected) -> Opened {
    match files::metadata(path) {
        Ok(found) if found.kind == Kind::Folder => {
            return Opened::Refused(GlibcText::IS_A_DIRECTORY);
        }
        Ok(_) => {}
        Err(_) => return Opened::PassedOver,
    }
    let Ok(source) = Source::open(path) else { return Opened::PassedOver };
    let mut head = [0; 64];
    let length = source.read(0, &mut head);
    let rejection = if (length as u64) < expected.header_size() {
        Some(Rejection::TooShort)
    } else {
        match Header::parse(&head) {
            None => Some(Rejection::NotElf),
            Some(header) => glibc_header(&header, expected),
        }
    };
    match rejection {
        None => Opened::Fine,
        Some(Rejection::OtherClass) => Opened::OtherClass,
        Some(Rejection::OtherMachine) => Opened::PassedOver,
        Some(rejection) => Opened::Refused(rejection.glibc_text(expected)),
    }
}
