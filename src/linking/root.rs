//! The system in which a runtime finds its libraries: this one, or one that lies unpacked in a
//! folder.

use std::path::{Path, PathBuf};

use crate::files::{join_steps, shown};

/// Where a system's `/` lies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Root(PathBuf);

impl Root {
    pub fn new(folder: &Path) -> Root {
        Root(folder.to_path_buf())
    }

    /// True for the system that this process runs in: its environment counts there.
    pub fn is_here(&self) -> bool {
        self.0 == Path::new("/")
    }

    /// Where a path of that system lies.
    pub fn place(&self, path: &str) -> PathBuf {
        // No file has this name, so a name that is no path of that system is not found.
        join_steps(&self.0, path.trim_start_matches('/')).unwrap_or_else(|| self.0.join("\0"))
    }

    /// How that system calls a place: as its loader's texts do.
    pub fn name(&self, place: &str) -> String {
        match Path::new(place).strip_prefix(&self.0) {
            Ok(inside) if !self.is_here() => format!("/{}", shown(inside)),
            _ => place.to_owned(),
        }
    }
}
