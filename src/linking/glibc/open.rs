//! What glibc says of a file that lies where it looks for a library: it takes it, passes it over,
//! or gives up (elf/dl-load.c `open_verify`).

use std::path::Path;

use super::System;
use crate::files::Source;

/// What becomes of a file.
pub(super) enum Opened {
    Fine,
    /// As if it weren't there.
    PassedOver,
    /// As if it weren't there, but remembered: for processors of 32 bits instead of 64, or the
    /// other way.
    OtherClass,
    /// The search ends.
    Refused(&'static str),
}

/// Bytes of an ELF header.
const HEADER: [usize; 2] = [52, 64];

impl System {
    /// Looks at the header of the file at `path`.
    pub(super) fn open(&self, path: &Path) -> Opened {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                return Opened::Refused("cannot read file data: Is a directory");
            }
            Ok(_) => {}
            Err(_) => return Opened::PassedOver,
        }
        let Ok(source) = Source::open(path) else { return Opened::PassedOver };
        let mut head = [0; 64];
        let length = source.read(0, &mut head);
        let is_64 = self.class == 2;
        if length < HEADER[usize::from(is_64)] {
            return Opened::Refused("file too short");
        }
        if !head.starts_with(b"\x7fELF") {
            return Opened::Refused("invalid ELF header");
        }
        if head[4] != self.class {
            return Opened::OtherClass;
        }
        if head[5] != self.data {
            return Opened::Refused(match self.data {
                2 => "ELF file data encoding not big-endian",
                _ => "ELF file data encoding not little-endian",
            });
        }
        let half = |at: usize| {
            let bytes = [head[at], head[at + 1]];
            if self.data == 2 { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
        };
        if head[6] != 1 {
            return Opened::Refused("ELF file version ident does not match current one");
        }
        if !matches!(head[7], 0 | 3) {
            return Opened::Refused("ELF file OS ABI invalid");
        }
        if head[8] != 0 && (head[7] != 3 || head[8] >= 4) {
            return Opened::Refused("ELF file ABI version invalid");
        }
        if head[9..16].iter().any(|byte| *byte != 0) {
            return Opened::Refused("nonzero padding in e_ident");
        }
        if u32::from(half(20)) | u32::from(half(22)) << 16
            != if self.data == 2 { 1 << 16 } else { 1 }
        {
            return Opened::Refused("ELF file version does not match current one");
        }
        if half(18) != self.machine {
            return Opened::PassedOver;
        }
        if !matches!(half(16), 2 | 3) {
            return Opened::Refused("only ET_DYN and ET_EXEC can be loaded");
        }
        Opened::Fine
    }
}
