//! The file systems that are mounted temporarily: a packed package while it is audited, and trees
//! in memory in tests.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::system::FileSystem;

/// A file system for all paths below a folder, until this value is dropped.
pub(super) struct Mount {
    files: Arc<dyn FileSystem>,
}

struct Mounted {
    root: PathBuf,
    files: Arc<dyn FileSystem>,
    /// True for a whole system: nothing in it sees what is above its root.
    is_system: bool,
}

static MOUNTED: RwLock<Vec<Mounted>> = RwLock::new(Vec::new());

/// The length of `MOUNTED`. Most processes never mount anything; for them, the check of a path
/// costs one atomic load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Mount {
    /// Mounts `files` at `root`. They hide the files that are there on the disk.
    pub fn new(root: PathBuf, files: Arc<dyn FileSystem>) -> Mount {
        Mount::add(Mounted { root, files, is_system: false })
    }

    /// Mounts the files of a whole system at `root`.
    pub fn of_system(root: PathBuf, files: Arc<dyn FileSystem>) -> Mount {
        Mount::add(Mounted { root, files, is_system: true })
    }

    fn add(new: Mounted) -> Mount {
        let files = Arc::clone(&new.files);
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.push(new);
        COUNT.store(mounted.len(), Ordering::Release);
        Mount { files }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.retain(|one| !Arc::ptr_eq(&one.files, &self.files));
        COUNT.store(mounted.len(), Ordering::Release);
    }
}

/// The file system of `path`. If several are mounted there, it is the last one.
pub(super) fn mounted(path: &Path) -> Option<Arc<dyn FileSystem>> {
    if COUNT.load(Ordering::Acquire) == 0 {
        return None;
    }
    let mounted = MOUNTED.read().unwrap_or_else(PoisonError::into_inner);
    let found = mounted.iter().rev().find(|one| path.starts_with(&one.root))?;
    Some(Arc::clone(&found.files))
}

/// The root of the mounted system that has `path`.
pub(super) fn system_of(path: &Path) -> Option<PathBuf> {
    if COUNT.load(Ordering::Acquire) == 0 {
        return None;
    }
    let mounted = MOUNTED.read().unwrap_or_else(PoisonError::into_inner);
    let found = mounted.iter().rev().find(|one| one.is_system && path.starts_with(&one.root))?;
    Some(found.root.clone())
}
