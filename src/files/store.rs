//! The folder in an app's `node_modules` where the guard keeps its index. abi-guard writes nothing
//! else in a project. A file in this folder may be damaged, or written by another user.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use foldhash::fast::RandomState;
use rustix::fs::{Mode, OFlags, mkdir, open, rename, unlink};
use rustix::process::geteuid;

use super::metadata::{Kind, Metadata, link_metadata, metadata};
use super::recording::unnoted;

/// The folder, below `node_modules`. `.cache` is where build tools keep what may be deleted.
const FOLDERS: [&str; 2] = [".cache", "abi-guard"];
/// The maximum size of a file, in bytes.
const LONGEST: u64 = 16 << 20;
/// The maximum number of files.
const MOST: usize = 8;
/// The end of the name of a file that is being written.
const UNFINISHED: &str = ".tmp";
/// After this time a file that is being written belongs to no living process.
const ABANDONED: Duration = Duration::from_secs(60);

/// The guard's folder in a `node_modules`, which may not exist yet.
#[derive(Debug)]
pub struct Store {
    modules: PathBuf,
    folder: PathBuf,
}

impl Store {
    /// The folder below the nearest `node_modules` in or above `directory`.
    #[must_use]
    pub fn near(directory: &Path) -> Option<Store> {
        let mut around = directory.ancestors().map(|folder| folder.join("node_modules"));
        let is_folder = |folder: &PathBuf| metadata(folder).is_ok_and(|it| it.kind == Kind::Folder);
        let modules = around.find(is_folder)?;
        let folder = FOLDERS.iter().fold(modules.clone(), |folder, name| folder.join(name));
        Some(Store { modules, folder })
    }

    /// The contents of a file. `None` also for a file that another user could have written.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = File::from(open(self.folder.join(name), flags, Mode::empty()).ok()?);
        let found = file.metadata().ok()?;
        let is_own = found.uid() == geteuid().as_raw() || found.uid() == 0;
        if !found.is_file() || !is_own || found.mode() & 0o022 != 0 || found.len() > LONGEST {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(found.len()).ok()? + 1);
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Starts to write a file. `None` if this user must not write here, or can't.
    #[must_use]
    pub fn start(&self, name: &str) -> Option<Unfinished> {
        // Files of another user (of root, for instance) would prevent the owner from deleting
        // node_modules.
        if !is_of_user(metadata(&self.modules)) {
            return None;
        }
        let mut folder = self.modules.clone();
        for part in FOLDERS {
            folder.push(part);
            let _ = mkdir(&folder, Mode::from_raw_mode(0o777));
            if !is_of_user(link_metadata(&folder)) {
                return None;
            }
        }
        // Not the number of the process: in a container each start may have the same.
        let number = RandomState::default().hash_one(());
        let path = folder.join(format!("{name}.{number:016x}{UNFINISHED}"));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let flags = flags | OFlags::NOFOLLOW;
        let file = File::from(open(&path, flags, Mode::from_raw_mode(0o644)).ok()?);
        Some(Unfinished { file, path, place: folder.join(name), folder })
    }
}

/// A file that is being written. It is deleted when this value is dropped.
#[derive(Debug)]
pub struct Unfinished {
    file: File,
    path: PathBuf,
    place: PathBuf,
    folder: PathBuf,
}

impl Unfinished {
    /// The time of its last change, in seconds and nanoseconds of the clock of its file system.
    ///
    /// # Errors
    /// The error of the system.
    pub fn time(&self) -> io::Result<(i64, i64)> {
        let found = self.file.metadata()?;
        Ok((found.ctime(), found.ctime_nsec()))
    }

    /// Writes it, and puts it in its place if the clock wasn't set back meanwhile.
    ///
    /// # Errors
    /// The error of the system; the file that was there before remains.
    pub fn finish(mut self, contents: &[u8]) -> io::Result<()> {
        let before = self.time()?;
        if contents.len() as u64 > LONGEST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.file.write_all(contents)?;
        if self.time()? < before {
            return Err(io::Error::other("the clock was set back"));
        }
        rename(&self.path, &self.place)?;
        self.clear();
        Ok(())
    }

    /// Deletes the oldest files, and those that other processes never finished.
    fn clear(&self) {
        let mut files: Vec<(SystemTime, PathBuf)> = entries(&self.folder);
        files.sort();
        let now = files.last().map_or(SystemTime::UNIX_EPOCH, |(time, _)| *time);
        let is_unfinished =
            |path: &Path| path.as_os_str().as_bytes().ends_with(UNFINISHED.as_bytes());
        let (unfinished, finished): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|(_, path)| is_unfinished(path));
        let abandoned = unfinished
            .into_iter()
            .filter(|(time, _)| now.duration_since(*time).is_ok_and(|age| age > ABANDONED));
        let superfluous = finished.len().saturating_sub(MOST);
        for (_, path) in abandoned.chain(finished.into_iter().take(superfluous)) {
            let _ = unlink(path);
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = unlink(&self.path);
    }
}

/// The files in a folder, with the times of their last change.
fn entries(folder: &Path) -> Vec<(SystemTime, PathBuf)> {
    let names = unnoted(|| super::mounts::list(folder)).into_iter().flatten().flatten();
    let paths = names.filter(|entry| entry.kind == Kind::File).map(|entry| folder.join(entry.name));
    paths.filter_map(|path| Some((link_metadata(&path).ok()?.modified?, path))).collect()
}

/// True for a folder that belongs to the user of this process.
fn is_of_user(found: io::Result<Metadata>) -> bool {
    found.is_ok_and(|Metadata { kind, access, .. }| {
        kind == Kind::Folder && access.is_some_and(|(_, owner)| owner == geteuid().as_raw())
    })
}
