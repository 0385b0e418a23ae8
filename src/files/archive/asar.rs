//! Electron's archive: a JSON header with the position of each file, followed by the files. Some
//! files are kept beside the archive, in `app.asar.unpacked`. These are mostly addons, because the
//! system's loader can't open a file in an archive. Electron copies an addon that is in the archive
//! to a temporary file first (shell/common/asar, lib/asar/fs-wrapper.ts).

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::join::join_inside;
use super::super::json::json;
use super::super::source::Source;
use super::super::system::{Entry, Kind};
use super::place::{Node, Place};

/// The maximum size of the header, in bytes. The header of a large app has a few MiB.
const LONGEST_HEADER: u64 = 8 << 20;
/// The maximum depth of folders in the archive.
const DEEPEST: usize = 100;
/// The maximum number of files that are listed.
const MOST_FILES: usize = 1 << 20;

/// An archive whose header has been read.
pub struct Archive {
    path: PathBuf,
    files: Map<String, Value>,
    /// The position in the archive where the files begin.
    start: u64,
}

/// The addons and packages in an archive.
#[derive(Debug, Default)]
pub struct Listing {
    /// The relative paths of the `.node` files, with `/`.
    pub addons: Vec<String>,
    /// The folders that are directly in a `node_modules`, or in a scope of one.
    pub packages: Vec<String>,
}

/// The folder beside the archive with the files that aren't packed.
#[must_use]
pub fn unpacked_folder(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".unpacked");
    PathBuf::from(name)
}

impl Archive {
    /// Reads the header of the archive at `path`.
    ///
    /// # Errors
    /// The error of the system; `InvalidData` for an invalid header.
    pub fn open(path: &Path) -> io::Result<Archive> {
        let source = Source::of_disk(path)?;
        let unsound = |what: &str| {
            io::Error::new(io::ErrorKind::InvalidData, format!("not a valid asar archive: {what}"))
        };
        // Two pickles. The first has a length of 4 and contains the size of the second. The second
        // has its own length and the length of its text.
        let prefix = source.bytes(0, 16).ok_or_else(|| unsound("it ends inside its header"))?;
        let number = |at: usize| {
            prefix
                .get(at..at + 4)
                .and_then(|bytes| bytes.try_into().ok())
                .map_or(0, u32::from_le_bytes)
        };
        let (first, pickle, text) = (number(0), u64::from(number(4)), u64::from(number(12)));
        if first != 4 || text > LONGEST_HEADER || text > pickle {
            return Err(unsound("its header has invalid lengths"));
        }
        let text = source.bytes(16, text).ok_or_else(|| unsound("it ends inside its header"))?;
        // The parser rejects deep nesting.
        let mut header: Value =
            json(&text).map_err(|error| unsound(&format!("its header: {error}")))?;
        let Some(Value::Object(files)) = header.get_mut("files").map(Value::take) else {
            return Err(unsound("it lists no files"));
        };
        Ok(Archive { path: path.to_path_buf(), files, start: 8 + pickle })
    }

    ///
    /// # Errors
    /// `NotFound`; `InvalidData` if the header has an invalid size or position for the file; the
    /// error of the system for the archive.
    pub fn locate(&self, inner: &str) -> io::Result<Place> {
        let entry = self.entry(inner).ok_or(io::ErrorKind::NotFound)?;
        if entry.get("unpacked").and_then(Value::as_bool) == Some(true) {
            let path =
                join_inside(&unpacked_folder(&self.path), inner).ok_or(io::ErrorKind::NotFound)?;
            return Ok(Place::File(path));
        }
        let size = entry.get("size").and_then(Value::as_u64);
        let offset = entry
            .get("offset")
            .and_then(Value::as_str)
            .and_then(|offset| offset.parse::<u64>().ok());
        let (Some(size), Some(offset)) = (size, offset) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        Ok(Place::Inside(
            Source::of_disk(&self.path)?.part(self.start.saturating_add(offset), size),
        ))
    }

    /// The thing at a path; `None` if nothing is there.
    pub(super) fn look(&self, inner: &str) -> Option<Node> {
        let entry = self.entry(inner)?;
        let size = entry.get("size").and_then(Value::as_u64).unwrap_or_default();
        Some(Node { kind: kind(entry), size })
    }

    /// The entries of a folder.
    pub(super) fn names(&self, inner: &str) -> Vec<Entry> {
        let files = self.entry(inner).and_then(|entry| entry.get("files")?.as_object());
        let sound = files.into_iter().flatten().filter(|(name, _)| is_sound(name));
        let entries = sound.filter_map(|(name, entry)| {
            Some(Entry { name: name.into(), kind: kind(entry.as_object()?) })
        });
        entries.take(MOST_FILES).collect()
    }

    fn entry(&self, inner: &str) -> Option<&Map<String, Value>> {
        let mut files = &self.files;
        let mut parts = inner.split('/').peekable();
        while let Some(part) = parts.next() {
            let entry = files.get(part)?.as_object()?;
            if parts.peek().is_none() {
                return Some(entry);
            }
            files = entry.get("files")?.as_object()?;
        }
        None
    }

    /// Lists the addons and packages in the archive.
    #[must_use]
    pub fn list(&self) -> Listing {
        let mut listing = Listing::default();
        collect(&self.files, "", &mut listing, 0);
        listing
    }
}

/// True for the name of an entry of the folder; false for `..` and names with a separator.
fn is_sound(name: &str) -> bool {
    !name.is_empty() && !matches!(name, "." | "..") && !name.contains(['/', '\\', '\0'])
}

fn kind(entry: &Map<String, Value>) -> Kind {
    if entry.contains_key("files") {
        Kind::Folder
    } else if entry.contains_key("link") {
        Kind::Link
    } else {
        Kind::File
    }
}

fn collect(files: &Map<String, Value>, folder: &str, listing: &mut Listing, depth: usize) {
    let parent = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let around = folder.trim_end_matches('/').rsplit('/').nth(1).unwrap_or_default();
    for (name, entry) in files {
        if !is_sound(name)
            || depth > DEEPEST
            || listing.addons.len() + listing.packages.len() > MOST_FILES
        {
            continue;
        }
        match entry.get("files").and_then(Value::as_object) {
            Some(inner) => {
                let in_modules = parent == "node_modules" && !name.starts_with(['@', '.']);
                let in_scope = around == "node_modules" && parent.starts_with('@');
                if in_modules || in_scope {
                    listing.packages.push(format!("{folder}{name}"));
                }
                collect(inner, &format!("{folder}{name}/"), listing, depth + 1);
            }
            None if name.ends_with(".node") && name.len() > 5 && entry.get("link").is_none() => {
                listing.addons.push(format!("{folder}{name}"));
            }
            None => {}
        }
    }
}
