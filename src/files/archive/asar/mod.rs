//! Electron's archive: a JSON header with the position of each file, followed by the files. Some
//! files are kept beside the archive, in `app.asar.unpacked`. These are mostly addons, because the
//! system's loader can't open a file in an archive. Electron copies an addon that is in the archive
//! to a temporary file first (shell/common/asar, lib/asar/fs-wrapper.ts).

mod header;

use std::io;
use std::path::{Path, PathBuf};

use self::header::{Files, Header, Item};
use super::super::join::join_inside;
use super::super::json::json;
use super::super::metadata::Kind;
use super::super::system::Entry;
use super::place::{Node, Place, around};

/// The maximum size of the header, in bytes. The header of a large app has a few MiB.
const LONGEST_HEADER: u64 = 8 << 20;
/// The maximum depth of folders in the archive.
const DEEPEST: usize = 100;
/// The maximum number of files that are listed.
const MOST_FILES: usize = 1 << 20;

/// An archive whose header has been read.
pub struct Archive {
    path: PathBuf,
    files: Files,
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
        let source = around(path).open(path)?;
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
        let header: Header =
            json(&text).map_err(|error| unsound(&format!("its header: {error}")))?;
        Ok(Archive { path: path.to_path_buf(), files: header.files, start: 8 + pickle })
    }

    /// Finds the file at a path.
    ///
    /// # Errors
    /// `NotFound`; `InvalidData` for a folder, for a link, and if the header has no size or
    /// position for the file; the error of the system for the archive.
    pub fn locate(&self, inner: &str) -> io::Result<Place> {
        match self.item(inner).ok_or(io::ErrorKind::NotFound)? {
            Item::Unpacked { .. } | Item::Link { is_unpacked: true } => {
                let path = join_inside(&unpacked_folder(&self.path), inner);
                Ok(Place::File(path.ok_or(io::ErrorKind::NotFound)?))
            }
            Item::Packed { size, offset } => Ok(Place::Inside(
                around(&self.path)
                    .open(&self.path)?
                    .part(self.start.saturating_add(*offset), *size),
            )),
            Item::Folder(_) | Item::Link { .. } | Item::Invalid => {
                Err(io::ErrorKind::InvalidData.into())
            }
        }
    }

    /// The thing at a path; `None` if nothing is there. An empty path is the archive itself.
    pub(super) fn look(&self, inner: &str) -> Option<Node> {
        if inner.is_empty() {
            return Some(Node { kind: Kind::Folder, size: 0 });
        }
        let item = self.item(inner)?;
        let size = match item {
            Item::Unpacked { size } | Item::Packed { size, .. } => *size,
            Item::Folder(_) | Item::Link { .. } | Item::Invalid => 0,
        };
        Some(Node { kind: kind(item), size })
    }

    /// The entries of a folder.
    pub(super) fn names(&self, inner: &str) -> Vec<Entry> {
        let files = match self.item(inner) {
            None if inner.is_empty() => &self.files,
            Some(Item::Folder(files)) => files,
            _ => return Vec::new(),
        };
        let sound = files.iter().filter(|(name, _)| is_sound(name));
        sound.map(|(name, item)| Entry { name: name.into(), kind: kind(item) }).collect()
    }

    fn item(&self, inner: &str) -> Option<&Item> {
        let mut files = &self.files;
        let mut parts = inner.split('/').peekable();
        while let Some(part) = parts.next() {
            let item = files.get(part)?;
            if parts.peek().is_none() {
                return Some(item);
            }
            let Item::Folder(inner) = item else { return None };
            files = inner;
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

fn kind(item: &Item) -> Kind {
    match item {
        Item::Folder(_) => Kind::Folder,
        Item::Link { .. } => Kind::Link,
        Item::Unpacked { .. } | Item::Packed { .. } | Item::Invalid => Kind::File,
    }
}

fn collect(files: &Files, folder: &str, listing: &mut Listing, depth: usize) {
    let parent = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let around = folder.trim_end_matches('/').rsplit('/').nth(1).unwrap_or_default();
    for (name, item) in files.iter() {
        if !is_sound(name)
            || depth > DEEPEST
            || listing.addons.len() + listing.packages.len() > MOST_FILES
        {
            continue;
        }
        match item {
            Item::Folder(inner) => {
                let in_modules = parent == "node_modules" && !name.starts_with(['@', '.']);
                let is_scope = parent.starts_with('@') || parent == ".prisma";
                let in_scope = around == "node_modules" && is_scope;
                if in_modules || in_scope {
                    listing.packages.push(format!("{folder}{name}"));
                }
                collect(inner, &format!("{folder}{name}/"), listing, depth + 1);
            }
            Item::Link { .. } => {}
            Item::Unpacked { .. } | Item::Packed { .. } | Item::Invalid => {
                if name.ends_with(".node") && name.len() > 5 {
                    listing.addons.push(format!("{folder}{name}"));
                }
            }
        }
    }
}
