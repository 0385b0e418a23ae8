//! The system in which a runtime finds its libraries: this system, or one that is unpacked in a
//! folder. [`SystemView`](crate::files::SystemView) resolves the links of the latter.

use std::path::{Path, PathBuf};

use crate::files::{join_steps, shown};

/// The folder that is the system's `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Root(PathBuf);

impl Root {
    pub fn new(folder: &Path) -> Root {
        Root(folder.to_path_buf())
    }

    /// A system whose files aren't available. Nothing is found in it: no path contains a zero byte.
    pub fn unavailable() -> Root {
        Root(PathBuf::from("\0"))
    }

    /// True if its files aren't available.
    pub fn is_unavailable(&self) -> bool {
        self.0 == Path::new("\0")
    }

    /// True for a host path inside of it.
    pub fn contains(&self, place: &Path) -> bool {
        place.starts_with(&self.0)
    }

    /// True for the system that this process runs in. Only then do the process's environment
    /// variables apply.
    pub fn is_here(&self) -> bool {
        self.0 == Path::new("/")
    }

    /// The host path of a path of that system.
    pub fn place(&self, path: &str) -> PathBuf {
        // No file has this name. A name that isn't a valid path of that system is therefore not
        // found.
        join_steps(&self.0, path.trim_start_matches('/')).unwrap_or_else(|| self.0.join("\0"))
    }

    /// The path in that system of a host path, as its loader prints it.
    pub fn name(&self, place: &str) -> String {
        match Path::new(place).strip_prefix(&self.0) {
            Ok(inside) if !self.is_here() => format!("/{}", shown(inside)),
            _ => place.to_owned(),
        }
    }
}
