//! glibc's reaction to a file with the name of a needed library: it accepts the file, skips it, or
//! ends the search (elf/dl-load.c `open_verify`).

use std::path::Path;

use crate::files::{self, Kind, Source};
use crate::linking::acceptance::{Expected, GlibcText, Header, Rejection, glibc_header};

/// glibc's reaction to a file.
pub(super) enum Opened {
    Fine,
    /// The search continues as if the file didn't exist.
    PassedOver,
    /// The search continues, but the final error text changes: the file is for 32-bit processors
    /// and the process is 64-bit, or the other way round.
    OtherClass,
    /// The search ends with this error.
    Refused(GlibcText),
}

/// Checks the header of the file at `path` for a process that requires `expected`.
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
