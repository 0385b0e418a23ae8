//! What is known of a project, before it is judged.

use std::path::PathBuf;

use super::natives::Natives;
use crate::environment::files::ProjectFiles;
use crate::environment::{PackageManager, Pin, Toolchain};
use crate::runtime::Runtime;

/// Everything that findings rest on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The project.
    pub root: PathBuf,
    /// The runtime it is judged for.
    pub runtime: &'a Runtime,
    /// The versions of Node.js that its files name.
    pub pins: Vec<Pin>,
    /// Its native code.
    pub natives: Natives,
    /// Its package manager.
    pub manager: PackageManager,
    /// Name of its lockfile, for the key of a cache.
    pub lockfile: &'static str,
    /// It is installed without node_modules (Yarn's Plug'n'Play).
    pub is_plug_and_play: bool,
    /// What the files around it say.
    pub files: ProjectFiles,
    /// What compiles addons on this machine.
    pub toolchain: Toolchain,
}
