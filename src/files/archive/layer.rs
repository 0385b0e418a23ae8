//! Adds the entries of a tar to a tree of files: an archive, or a layer of an image. The names of
//! removed files are those of the OCI image specification ("Image Layer Filesystem Changeset").

use std::collections::BTreeMap;

use super::super::source::Source;
use super::error::PackedError;
use super::spool::Spool;
use super::stored::Bounds;
use super::tar::{Entries, EntryKind, TarEntry};
use super::tree::{Contents, FileTree, Node};
use super::unpacked::{Form, Unpacked};
use crate::control::Control;

/// The maximum number of headers.
const MOST_ENTRIES: usize = 2_000_000;
/// The maximum size of a text that is kept, in bytes.
const LONGEST_TEXT: u64 = 4 << 20;
/// The maximum size of JSON that is kept, in bytes: a lockfile may be long.
const LONGEST_JSON: u64 = 32 << 20;
/// The extensions of scripts, and of files that a scan reads for facts.
const TEXTS: [&str; 17] = [
    "js",
    "cjs",
    "mjs",
    "ts",
    "gyp",
    "gypi",
    "yaml",
    "yml",
    "toml",
    "cache",
    "conf",
    "lock",
    "lockb",
    "prisma",
    "path",
    "plist",
    "vsixmanifest",
];
/// The name of a file that says: nothing of the layers below is in this folder.
const OPAQUE: &str = ".wh..wh..opq";
/// The beginning of the name of a file that removes the file with the rest of the name.
const WHITEOUT: &str = ".wh.";

/// The contents that are kept of a compressed archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::files) enum Kept {
    All,
    /// Executables, libraries, and texts of a usual size.
    Examined,
}

/// Adds a tar, which may be compressed, as the layer of this number. `count` layers share the
/// memory for contents that were unpacked.
///
/// # Errors
/// [`PackedError`] if it can't be read, and if the job was cancelled.
pub(in crate::files) fn add_layer(
    tree: &mut FileTree,
    source: Source,
    (layer, count): (u32, usize),
    kept: Kept,
    control: &Control,
) -> Result<(), PackedError> {
    let form = Form::of(&source);
    let (origin, start) = source.place();
    // Contents of a plain tar are read where they are.
    let is_plain = form == Form::Plain;
    let number = tree.next_origin();
    let mut spool = Spool::sharing(count);
    let unpacked = Unpacked::new(source, form, Bounds::ARTIFACT, control);
    let mut entries = Entries::new(unpacked, MOST_ENTRIES);
    while let Some(TarEntry { name, kind, size }) = entries.next()? {
        if is_whiteout(tree, &name, layer)? {
            continue;
        }
        let node = match kind {
            EntryKind::Folder => Node::Folder(BTreeMap::new()),
            EntryKind::Link(target) => Node::Link(target.into()),
            EntryKind::HardLink(target) => {
                tree.link(&name, &target, layer)?;
                continue;
            }
            EntryKind::Other => Node::Other,
            EntryKind::File if is_plain => {
                let place = Some((number, start.saturating_add(entries.body_at())));
                Node::File(Contents { size, place })
            }
            EntryKind::File => {
                let start = spool.size();
                let mut is_kept = kept == Kept::All || is_text(&name, size);
                let mut is_first = true;
                entries.copy_body(|piece| {
                    is_kept |= is_first && is_binary(piece);
                    is_first = false;
                    match is_kept {
                        true => spool.write(piece).map_err(PackedError::Temporary),
                        false => Ok(()),
                    }
                })?;
                Node::File(Contents { size, place: is_kept.then_some((number, start)) })
            }
        };
        tree.add(&name, node, layer)?;
    }
    tree.add_origin(if is_plain { origin } else { spool.finish() });
    Ok(())
}

/// Removes what a whiteout names. False for any other file.
fn is_whiteout(tree: &mut FileTree, path: &str, layer: u32) -> Result<bool, PackedError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name == OPAQUE {
        tree.clear(folder, layer)?;
        return Ok(true);
    }
    let Some(removed) = name.strip_prefix(WHITEOUT) else { return Ok(false) };
    // Names with a second prefix are for aufs itself.
    if !removed.starts_with(WHITEOUT) && !removed.is_empty() {
        tree.remove(&format!("{folder}/{removed}"), layer)?;
    }
    Ok(true)
}

/// True for a text that a scan may read: a script, a manifest, a lockfile, a file of settings.
pub(super) fn is_text(path: &str, size: u64) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    match name.rsplit_once('.') {
        Some((_, "json")) => size <= LONGEST_JSON,
        // ".npmrc", and files without an extension.
        Some(("", _)) | None => size <= LONGEST_TEXT,
        Some((_, extension)) => TEXTS.contains(&extension) && size <= LONGEST_TEXT,
    }
}

/// True for the first bytes of a library, an executable, an archive of Electron, or a zip, which
/// may be one of Yarn's cache.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let magics: [&[u8]; 9] = [
        b"\x7fELF",
        b"MZ",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"\x04\0\0\0",
        b"PK\x03\x04",
    ];
    magics.iter().any(|magic| bytes.starts_with(magic))
}
