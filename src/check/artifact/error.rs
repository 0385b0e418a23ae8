//! The reason for which an artifact can't be checked.

use std::io;
use std::path::{Path, PathBuf};

use crate::check::output::judge::OutputError;
use crate::check::scan::ScanError;
use crate::files::{PackedError, Unsound};
use crate::runtime::SpecError;

/// An artifact that can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// It can't be read.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// It is damaged.
    #[error("{path} can't be read: {reason}")]
    Archive {
        /// The file or folder.
        path: PathBuf,
        /// The defect.
        reason: Unsound,
    },
    /// An image has no runtime.
    #[error(
        "{path} has no Node.js in the PATH of the image {image}: name the runtime with --target, \
            as in --target node@22/linux-x64"
    )]
    NoRuntime {
        /// The file or folder.
        path: PathBuf,
        /// The name of the image, and its system.
        image: String,
    },
    /// It is an ordinary folder.
    #[error(
        "{path} is a folder that no packer wrote: check the packages in it with \"abi-guard \
            <folder>\""
    )]
    Unknown {
        /// The folder.
        path: PathBuf,
    },
    /// An archive doesn't say which runtime loads it.
    #[error(
        "{path} doesn't say which runtime loads it: name one with --target, as in --target \
            lambda/nodejs22, --target node:22-alpine or --target electron@39/win32-x64"
    )]
    NoTarget {
        /// The file or folder.
        path: PathBuf,
    },
    /// There is no app.
    #[error("{path} has no package.json and no node_modules{place}")]
    NoApp {
        /// The file or folder.
        path: PathBuf,
        /// Where it was searched: nothing, or an image with its system.
        place: String,
    },
    /// The target names no runtime.
    #[error(transparent)]
    Target(SpecError),
    /// The work was stopped.
    #[error("the check was cancelled")]
    Cancelled,
}

impl ArtifactError {
    /// The error for an archive at `path`.
    pub(super) fn of_archive(path: &Path, error: PackedError) -> ArtifactError {
        let path = path.to_path_buf();
        match error {
            PackedError::Io(error) => ArtifactError::Io { path, error },
            PackedError::Temporary(error) => {
                ArtifactError::Io { path: std::env::temp_dir(), error }
            }
            PackedError::Unsound(reason) => ArtifactError::Archive { path, reason },
            PackedError::Cancelled => ArtifactError::Cancelled,
        }
    }
}

impl From<OutputError> for ArtifactError {
    fn from(error: OutputError) -> ArtifactError {
        match error {
            OutputError::Scan(error) => error.into(),
            OutputError::Target(error) => ArtifactError::Target(error),
        }
    }
}

impl From<ScanError> for ArtifactError {
    fn from(error: ScanError) -> ArtifactError {
        match error {
            ScanError::Io { path, error } => ArtifactError::Io { path, error },
            ScanError::Cancelled => ArtifactError::Cancelled,
        }
    }
}
