//! An output, and the project from which it was built.

use std::path::{Path, PathBuf};

use super::packages::package_name;
use crate::control::Control;
use crate::files::{self, normalized};
use crate::project::Folders;

/// The tool that wrote an output. It decides which lines add a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Tool {
    /// Next.js before version 15, whose setting is experimental.
    OlderNext,
    /// Next.js 15 and newer.
    Next,
    /// Nitro 2.
    Nitro,
    /// Nitro 3.
    NewerNitro,
    /// Nuxt with Nitro 2.
    Nuxt,
    /// Vercel's own builder of functions.
    Vercel,
    /// @vercel/nft, called by a program of the project.
    Tracer,
}

/// An output.
#[derive(Debug)]
pub(in crate::check) struct Output {
    /// The tool that wrote it.
    pub tool: Tool,
    /// The folder that is deployed, without links in its path.
    pub root: PathBuf,
    /// The project that it was built from; `None` if it isn't around the output.
    pub source: Option<Source>,
}

impl Output {
    /// The path in the project of a path in the output.
    pub fn mirrored(&self, path: &Path) -> Option<PathBuf> {
        let inner = path.strip_prefix(&self.root).ok()?;
        Some(normalized(&self.source.as_ref()?.base.join(inner)))
    }

    /// The folder of the project's own copy of the package in a folder of the output.
    pub fn copy_of(&self, package: &Path, control: &Control) -> Option<PathBuf> {
        let mirrored = self.mirrored(package)?;
        if files::is_folder(&mirrored) {
            return Some(mirrored);
        }
        let folder = &self.source.as_ref()?.folder;
        Folders::around(folder, control).find_package(folder, &package_name(package)?)
    }
}

/// The project from which an output was built.
#[derive(Debug)]
pub(in crate::check) struct Source {
    /// The folder with the configuration of the tool.
    pub folder: PathBuf,
    /// The folder that the root of the output mirrors. In a monorepo, it is above the project.
    pub base: PathBuf,
}

impl Source {
    /// The project around the folder `around`, in which a tool wrote its output. `depth`: the
    /// number of folders between the root of the output and the folder of the app in it.
    pub fn around(around: &Path, depth: usize) -> Option<Source> {
        // Not `files::ancestors`: the output may be a mounted view, in which nothing is around it.
        let is_project = |folder: &&Path| files::is_file(folder.join("package.json"));
        let folder = around.ancestors().take(4).find(is_project)?.to_path_buf();
        let base = folder.ancestors().nth(depth)?.to_path_buf();
        Some(Source { folder, base })
    }
}
