//! Values that were made from files and are cached for the life of the process. The rules:
//!
//! 1. **Key**: everything that the value depends on, except the contents of files.
//! 2. **Validity**: a value is valid while each file from which it was made has the same [`Stamp`]
//!    as before it was read. No value expires by time.
//! 3. **Size**: a memo has a maximum number of entries. When it is full, all entries are dropped.
//!
//! The rules don't apply to tables that are compiled in, and to facts that can't change while a
//! process runs (its libc, the version of macOS, the distribution). Those are in a `OnceLock` or a
//! `LazyLock` without a key.

use std::hash::Hash;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use super::metadata::Metadata;
use super::recording;
use crate::hash::HashMap;

/// Distinguishes two states of a file without reading it. The time alone isn't enough: container
/// images and package managers set it to a fixed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    inode: Option<(u64, u64, i64, i64)>,
}

impl Stamp {
    /// The stamp of the file at `path`, through links; `None` if there is no such file.
    fn taken_by(look: Look, path: &Path) -> Option<Stamp> {
        let Metadata { size, modified, inode, .. } = look(path).ok()?;
        Some(Stamp { size, modified, inode })
    }
}

/// Reads the metadata of a path in one file system.
type Look = fn(&Path) -> io::Result<Metadata>;

/// Files and their stamps. A missing file has no stamp, and may be created later.
#[derive(Clone, Debug, Default)]
pub struct Stamps(Vec<(PathBuf, Option<Stamp>, Look)>);

impl Stamps {
    /// The current stamps of `files` in the file system of `look`. They must be taken before the
    /// files are read.
    #[must_use]
    pub(super) fn taken_by<P: AsRef<Path>>(
        look: Look,
        files: impl IntoIterator<Item = P>,
    ) -> Stamps {
        let stamped = |file: P| {
            let file = file.as_ref();
            (file.to_path_buf(), Stamp::taken_by(look, file), look)
        };
        Stamps(files.into_iter().map(stamped).collect())
    }

    #[must_use]
    pub fn and(mut self, other: Stamps) -> Stamps {
        self.0.extend(other.0);
        self
    }

    fn hold(&self) -> bool {
        self.0.iter().all(|(file, stamp, look)| Stamp::taken_by(*look, file) == *stamp)
    }
}

#[derive(Debug)]
struct Entry<V> {
    stamps: Stamps,
    value: V,
    /// The number of the recording during which it was made.
    recording: usize,
}

impl<V> Entry<V> {
    /// A value that was made before the active recording isn't valid in it: the recording needs
    /// every question that leads to the value, not only those of its stamps.
    fn holds(&self) -> bool {
        (!recording::is_recording() || self.recording == recording::number()) && self.stamps.hold()
    }
}

/// Values by key, according to the rules above.
#[derive(Debug)]
pub struct Memo<K, V> {
    entries: Mutex<HashMap<K, Entry<V>>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// A memo of at most `most` entries.
    #[must_use]
    pub fn new(most: usize) -> Memo<K, V> {
        Memo { entries: Mutex::default(), most }
    }

    /// The cached value of `key`, or a new one if it isn't valid. `make` returns the value with the
    /// stamps of the files from which it was made. Errors aren't cached. Several threads may make
    /// the value of one key at the same time.
    ///
    /// # Errors
    /// The errors of `make`.
    pub fn get_or_make<E>(
        &self,
        key: K,
        make: impl FnOnce() -> Result<(Stamps, V), E>,
    ) -> Result<V, E> {
        // A poisoned memo caches nothing.
        if let Some(value) = self.entries.lock().ok().and_then(|entries| valid(&entries, &key)) {
            return Ok(value);
        }
        let recording = recording::number();
        let (stamps, value) = make()?;
        if let Ok(mut entries) = self.entries.lock() {
            self.keep(&mut entries, key, Entry { stamps, value: value.clone(), recording });
        }
        Ok(value)
    }

    /// Like [`Memo::get_or_make`], but other threads wait while a value is made. This is for values
    /// that take long to make and that all threads need at the same time.
    pub fn get_or_make_alone(&self, key: K, make: impl FnOnce() -> (Stamps, V)) -> V {
        let Ok(mut entries) = self.entries.lock() else { return make().1 };
        if let Some(value) = valid(&entries, &key) {
            return value;
        }
        let recording = recording::number();
        let (stamps, value) = make();
        self.keep(&mut entries, key, Entry { stamps, value: value.clone(), recording });
        value
    }

    fn keep(&self, entries: &mut HashMap<K, Entry<V>>, key: K, entry: Entry<V>) {
        if entries.len() >= self.most {
            entries.clear();
        }
        entries.insert(key, entry);
    }
}

fn valid<K: Eq + Hash, V: Clone>(entries: &HashMap<K, Entry<V>>, key: &K) -> Option<V> {
    entries.get(key).filter(|entry| entry.holds()).map(|entry| entry.value.clone())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;
    use std::fs;
    #[cfg(unix)]
    use std::io::Write as _;

    use super::super::disk::Disk;
    use super::super::system::FileSystem as _;
    use super::{Memo, Stamps};

    #[test]
    fn a_value_is_valid_until_one_of_its_files_changes() {
        let folder = std::env::temp_dir().join(format!("abi-guard-memo-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [file, later] = ["file", "later"].map(|name| folder.join(name));
        fs::write(&file, "one").expect("a file");
        let memo: Memo<&str, u32> = Memo::new(2);
        let made = Cell::new(0);
        let make = || {
            made.set(made.get() + 1);
            (Stamps::taken_by(|path| Disk.metadata(path), [&file, &later]), made.get())
        };
        let ask = |key| memo.get_or_make(key, || Ok::<_, Infallible>(make()));
        assert_eq!((ask("a"), ask("a")), (Ok(1), Ok(1)));
        fs::write(&file, "longer").expect("a file");
        assert_eq!((ask("a"), ask("a")), (Ok(2), Ok(2)), "it has another size");
        fs::write(&later, "").expect("a file");
        assert_eq!((ask("a"), ask("a")), (Ok(3), Ok(3)), "a file came into being");
        #[cfg(unix)]
        {
            let other = folder.join("other");
            let time = Disk.metadata(&file).expect("a file").modified.expect("a time");
            let mut written = fs::File::create(&other).expect("a file");
            written.write_all(b"LONGER").expect("written");
            written.set_modified(time).expect("the same time");
            fs::rename(&other, &file).expect("put in its place");
            assert_eq!(ask("a"), Ok(4), "another file of the same size and time");
        }
        let last = memo.get_or_make_alone("b", make);
        assert_eq!(memo.get_or_make_alone("b", make), last);
        assert_eq!(ask("c"), Ok(last + 1));
        assert_eq!(ask("b"), Ok(last + 2), "a full memo was emptied");
        assert_eq!(memo.get_or_make("d", || Err("no")), Err("no"));
        fs::remove_dir_all(&folder).expect("removed");
    }
}
