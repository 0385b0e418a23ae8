//! The facts about a project that the rules use.

use std::path::PathBuf;

use super::natives::{Natives, Uploaded};
use crate::environment::files::ProjectFiles;
use crate::environment::{LockPlatforms, PackageManager, Pin, Toolchain};
use crate::runtime::Runtime;

/// All facts that findings are based on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The project's folder.
    pub root: PathBuf,
    /// The runtime that the findings are for.
    pub runtime: &'a Runtime,
    /// The versions of Node.js in the project's files.
    pub pins: Vec<Pin>,
    /// The project's native code.
    pub natives: Natives,
    /// What fails in the system of functions to which this computer's node_modules are uploaded.
    pub uploaded: Vec<Uploaded>,
    /// The packages for single systems in npm's lockfile.
    pub lock_platforms: Option<LockPlatforms>,
    /// The project's package manager.
    pub manager: PackageManager,
    /// Name of the lockfile, for the key of a cache.
    pub lockfile: &'static str,
    /// True if it is installed without node_modules (Yarn's Plug'n'Play).
    pub is_plug_and_play: bool,
    /// The project's Docker and CI files.
    pub files: ProjectFiles,
    /// The tools on this computer that compile addons.
    pub toolchain: Toolchain,
}

impl Facts<'_> {
    /// The versions that apply to a file: `own` are those of the package in its folder.
    pub(super) fn pins_for<'a>(&'a self, own: &'a [Pin]) -> &'a [Pin] {
        if own.is_empty() { &self.pins } else { own }
    }
}
