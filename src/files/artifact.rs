//! A file or a folder that ships, as a folder: an archive is mounted at its own path. Nothing is
//! unpacked to the disk but what is compressed, in an unnamed file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::archive::{
    Container, FileTree, Kept, PackedError, Unsound, add_layer, add_zip, asar, data_of,
};
use super::metadata::Kind;
use super::mounts::{metadata, real_path};
use super::source::Source;
use super::table::Mount;
use crate::control::Control;

/// A file or a folder that ships. An archive is mounted until this value is dropped.
pub struct Artifact {
    root: PathBuf,
    mount: Option<Mount>,
}

impl Artifact {
    /// Opens what is at `path`.
    ///
    /// # Errors
    /// [`PackedError`] if it can't be read, and if the job was cancelled.
    pub fn open(path: &Path, control: &Control) -> Result<Artifact, PackedError> {
        let root = real_path(path).map_err(PackedError::Io)?;
        let stamp = metadata(&root).map_err(PackedError::Io)?;
        if stamp.kind == Kind::Folder {
            return Ok(Artifact { root, mount: None });
        }
        let source = Source::open(&root).map_err(PackedError::of_opening)?;
        let mut tree = FileTree::new(root.clone(), stamp);
        match Container::of(&source) {
            Container::Asar => {
                let files = asar(&root).map_err(|error| match error.kind() {
                    io::ErrorKind::InvalidData => Unsound::Asar(error.to_string()).into(),
                    _ => PackedError::Io(error),
                })?;
                return Ok(Artifact {
                    mount: Some(Mount::of_system(root.clone(), Arc::new(files))),
                    root,
                });
            }
            Container::Zip => add_zip(&mut tree, source, control)?,
            Container::Debian => {
                add_layer(&mut tree, data_of(source)?, (0, 1), Kept::Examined, control)?;
            }
            Container::Tar => add_layer(&mut tree, source, (0, 1), Kept::All, control)?,
        }
        Ok(Artifact { mount: Some(Mount::of_system(root.clone(), Arc::new(tree))), root })
    }

    /// True for an archive, false for a folder.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        self.mount.is_some()
    }

    /// The folder with its files: its real path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}
