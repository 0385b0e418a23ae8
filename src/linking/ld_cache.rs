//! `/etc/ld.so.cache`: the library names that `ldconfig` found, with their paths (glibc
//! sysdeps/generic/dl-cache.h).

use std::path::Path;

use object::elf;

use crate::files::Source;
use crate::hash::HashMap;

const MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// Sizes in bytes of the header up to the first entry, and of one entry.
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// `FLAG_ELF_LIBC6` with the bits of a processor.
fn flags(machine: u16) -> u32 {
    match elf::Machine(machine) {
        elf::EM_X86_64 => 0x0303,
        elf::EM_AARCH64 => 0x0a03,
        elf::EM_ARM => 0x0903,
        _ => 0x0003,
    }
}

/// Reads the entries for a processor; the result is empty if there is no cache or its format isn't
/// known.
pub(super) fn read(path: &Path, machine: u16) -> HashMap<String, String> {
    let bytes = Source::open(path)
        .ok()
        .and_then(|source| source.bytes(0, source.size()))
        .unwrap_or_default();
    parse(&bytes, flags(machine))
}

fn parse(bytes: &[u8], wanted: u32) -> HashMap<String, String> {
    let mut paths = HashMap::default();
    // Files in the old format contain the new format after it.
    let Some(start) = memchr::memmem::find(bytes, MAGIC) else { return paths };
    let bytes = &bytes[start..];
    let word =
        |at: usize| Some(u32::from_ne_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let text = |at: u32| {
        let tail = bytes.get(at as usize..)?;
        let end = memchr::memchr(0, &tail[..tail.len().min(4096)])?;
        Some(String::from_utf8_lossy(&tail[..end]).into_owned())
    };
    let count = word(20).unwrap_or(0) as usize;
    // The count in the header may be wrong. The file's size limits the number of entries.
    for index in 0..count.min(bytes.len() / ENTRY) {
        let at = HEADER.saturating_add(index.saturating_mul(ENTRY));
        let entry = || {
            Some((
                word(at)?,
                text(word(at + 4)?)?,
                text(word(at + 8)?)?,
                word(at + 16)?,
                word(at + 20)?,
            ))
        };
        let Some((flags, name, path, hwcap_low, hwcap_high)) = entry() else { break };
        // Entries with a hwcap are for newer processors. They are skipped, because the library for
        // all processors has the same symbol versions.
        if flags == wanted && hwcap_low == 0 && hwcap_high == 0 {
            paths.entry(name).or_insert(path);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_truncated_cache_is_read_up_to_its_end() {
        let mut bytes = Vec::from(super::MAGIC);
        bytes.extend([255, 255, 255, 255]);
        assert!(parse(&bytes, 3).is_empty());
        assert!(parse(b"", 3).is_empty());
    }
}
