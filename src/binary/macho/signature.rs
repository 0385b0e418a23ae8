//! Mach-O: whether a code signature still matches the file. Only the hash of the first page is
//! compared: it covers the load commands, which strip and other editing tools change, and that is
//! where a signature breaks.

use sha2::{Digest, Sha256};

use crate::files::Source;

/// The state of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Signature {
    /// The file has no signature.
    #[default]
    None,
    /// Present; no defect found.
    Present,
    /// The file was changed after it was signed.
    Broken,
}

/// `CSMAGIC_EMBEDDED_SIGNATURE` and `CSMAGIC_CODEDIRECTORY` (xnu osfmk/kern/cs_blobs.h); all
/// numbers are big-endian.
const SIGNATURE: u32 = 0xfade_0cc0;
const DIRECTORY: u32 = 0xfade_0c02;
/// `CS_HASHTYPE_SHA256`
const SHA256: u8 = 2;
const LARGEST: u64 = 16 << 20;

/// Reads the signature of `size` bytes at `offset` of the image that begins at `start`, and
/// compares its first page.
pub(super) fn read(source: &Source, start: u64, offset: u64, size: u64) -> Signature {
    // An unknown form is assumed to be valid; macOS decides.
    match fits(source, start, offset, size.min(LARGEST)) {
        Some(false) => Signature::Broken,
        Some(true) | None => Signature::Present,
    }
}

fn fits(source: &Source, start: u64, offset: u64, size: u64) -> Option<bool> {
    const MOST_BLOBS: u32 = 32;
    let bytes = source.bytes(start.checked_add(offset)?, size)?;
    let word =
        |at: usize| Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let field = |start: usize, offset: usize| word(start.checked_add(offset)?);
    let byte = |start: usize, offset: usize| bytes.get(start.checked_add(offset)?).copied();
    if word(0)? != SIGNATURE {
        return None;
    }
    let blobs = (0..word(8)?.min(MOST_BLOBS) as usize)
        .filter_map(|index| word(index.checked_mul(8)?.checked_add(16)?));
    let directory = blobs
        .map(|at| at as usize)
        .find(|at| word(*at) == Some(DIRECTORY) && byte(*at, 37) == Some(SHA256))?;
    let hashes = directory.checked_add(field(directory, 16)? as usize)?;
    let (pages, limit) = (field(directory, 28)?, u64::from(field(directory, 32)?));
    let page = 1u64.checked_shl(u32::from(byte(directory, 39)?))?;
    if pages == 0 || page > LARGEST {
        return None;
    }
    // The signed part ends where the signature begins.
    if limit > offset {
        return Some(false);
    }
    let first = source.bytes(start, page.min(limit))?;
    let expected = bytes.get(hashes..hashes.checked_add(32)?)?;
    Some(Sha256::digest(&first).as_slice() == expected)
}
