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

static MOUNTED: RwLock<Vec<(PathBuf, Arc<dyn FileSystem>)>> = RwLock::new(Vec::new());

/// The length of `MOUNTED`. Most processes never mount anything; for them, the check of a path
/// costs one atomic load.
static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Mount {
    /// Mounts `files` at `root`. They hide the files that are there on the disk.
    pub fn new(root: PathBuf, files: Arc<dyn FileSystem>) -> Mount {
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.push((root, Arc::clone(&files)));
        COUNT.store(mounted.len(), Ordering::Release);
        Mount { files }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.retain(|(_, files)| !Arc::ptr_eq(files, &self.files));
        COUNT.store(mounted.len(), Ordering::Release);
    }
}

/// The file system of `path`. If several are mounted there, it is the last one.
pub(super) fn mounted(path: &Path) -> Option<Arc<dyn FileSystem>> {
    if COUNT.load(Ordering::Acquire) == 0 {
        return None;
    }
    let mounted = MOUNTED.read().unwrap_or_else(PoisonError::into_inner);
    let (_, files) = mounted.iter().rev().find(|(root, _)| path.starts_with(root))?;
    Some(Arc::clone(files))
}
