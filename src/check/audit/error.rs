//! The error of an audit that can't be made.

use std::io;
use std::path::PathBuf;

use crate::files::Unsound;

/// A package that can't be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The folder or its package.json can't be read.
    #[error("{path}: {error}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no archive of a package.
    #[error("{path} is not a package archive: {reason}")]
    Archive {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Unsound,
    },
    /// Two platform packages have the same name.
    #[error("{name} was given twice: {} and {}: leave one of them out", paths[0], paths[1])]
    Twice {
        /// The name.
        name: String,
        /// Their folders or archives.
        paths: [String; 2],
    },
    /// There are more platform packages than an audit reads.
    #[error(
        "there are more than {0} platform packages: name a folder with only those of the package"
    )]
    TooMany(usize),
    /// The job was asked to stop.
    #[error("the audit was cancelled")]
    Cancelled,
}
