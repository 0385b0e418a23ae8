//! The JSON envelope of every answer, and the coded errors in it.

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::check::{ArtifactError, AuditError, PackageError, ScanError};
use crate::files::{self, shown};
use crate::panics::{caught, silence};
use crate::runtime::SpecError;

/// An error for JavaScript. index.js creates the `Error` object from it.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    code: String,
    message: String,
    /// The argument of the public function that is wrong, as in `options.targets[1]`. JavaScript
    /// puts it before the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    argument: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    syscall: Option<&'static str>,
}

/// The errno of Unix for a process that has reached its limit of open files. The standard library
/// has no `ErrorKind` for it.
const EMFILE: i32 = 24;

/// The errno of Unix for a loop of symbolic links. Its `ErrorKind` isn't stable yet.
const ELOOP: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };

impl Failure {
    fn new(code: &str, message: String) -> Failure {
        Failure { code: code.to_owned(), message, argument: None, path: None, syscall: None }
    }

    /// The error for an invalid value of the argument `name`.
    pub fn argument(name: &str, message: &str) -> Failure {
        Failure {
            argument: Some(name.to_owned()),
            ..Failure::new("ERR_INVALID_ARG_VALUE", message.to_owned())
        }
    }

    /// The error for an invalid value that no argument has.
    pub fn value(message: &str) -> Failure {
        Failure::new("ERR_INVALID_ARG_VALUE", message.to_owned())
    }

    /// The error for an argument `name` that doesn't specify a runtime.
    pub fn spec(name: &str, error: &SpecError) -> Failure {
        match error {
            SpecError::Unreadable { path, error } => Failure::io("open", Path::new(path), error),
            _ => Failure::argument(name, &error.to_string()),
        }
    }

    /// The error of a job that was cancelled or has exceeded its time limit.
    pub fn aborted() -> Failure {
        Failure::new("ABORT_ERR", "The operation was aborted".to_owned())
    }

    /// An error of the system, with the code and the words that Node's own `fs` uses for it.
    pub fn io(syscall: &'static str, path: &Path, error: &io::Error) -> Failure {
        let (code, words) = match error.kind() {
            // Some file systems of Windows return another error when a file is listed like a
            // folder.
            _ if syscall == "scandir" && files::is_file(path) => {
                ("ENOTDIR", "not a directory".to_owned())
            }
            io::ErrorKind::NotFound => ("ENOENT", "no such file or directory".to_owned()),
            // On Windows, no file can exist at an invalid name.
            io::ErrorKind::InvalidFilename if cfg!(windows) => {
                ("ENOENT", "no such file or directory".to_owned())
            }
            io::ErrorKind::PermissionDenied => ("EACCES", "permission denied".to_owned()),
            io::ErrorKind::IsADirectory => {
                ("EISDIR", "illegal operation on a directory".to_owned())
            }
            io::ErrorKind::NotADirectory => ("ENOTDIR", "not a directory".to_owned()),
            io::ErrorKind::InvalidInput => ("EINVAL", error.to_string()),
            io::ErrorKind::StorageFull => ("ENOSPC", "no space left on device".to_owned()),
            io::ErrorKind::ReadOnlyFilesystem => ("EROFS", "read-only file system".to_owned()),
            io::ErrorKind::QuotaExceeded => ("EDQUOT", "disk quota exceeded".to_owned()),
            io::ErrorKind::FileTooLarge => ("EFBIG", "file too large".to_owned()),
            io::ErrorKind::TimedOut => ("ETIMEDOUT", "connection timed out".to_owned()),
            _ if cfg!(unix) && error.raw_os_error() == Some(EMFILE) => {
                ("EMFILE", "too many open files".to_owned())
            }
            io::ErrorKind::InvalidFilename => ("ENAMETOOLONG", "name too long".to_owned()),
            _ if cfg!(unix) && error.raw_os_error() == Some(ELOOP) => {
                ("ELOOP", "too many symbolic links encountered".to_owned())
            }
            _ => ("EIO", error.to_string()),
        };
        let path = shown(path);
        let message = format!("{code}: {words}, {syscall} '{path}'");
        Failure { path: Some(path), syscall: Some(syscall), ..Failure::new(code, message) }
    }
}

impl From<PackageError> for Failure {
    fn from(error: PackageError) -> Failure {
        match &error {
            PackageError::Io { path, error } => Failure::io("scandir", path, error),
            PackageError::Cancelled => Failure::aborted(),
            PackageError::NotInstalled { .. } => {
                Failure::new("ERR_PACKAGE_NOT_FOUND", error.to_string())
            }
        }
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Failure {
        match &error {
            AuditError::Io { path, error } => Failure::io("open", path, error),
            AuditError::Archive { path, .. } => Failure {
                path: Some(shown(path)),
                ..Failure::new("ERR_INVALID_PACKAGE_ARCHIVE", error.to_string())
            },
            AuditError::Twice { .. } | AuditError::TooMany(_) => {
                Failure::argument("options.platformPackages", &error.to_string())
            }
            AuditError::Cancelled => Failure::aborted(),
        }
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Failure {
        let message = error.to_string();
        let (code, path) = match &error {
            ArtifactError::Io { path, error } => return Failure::io("open", path, error),
            ArtifactError::Target(error) => return Failure::spec("options.target", error),
            ArtifactError::Cancelled => return Failure::aborted(),
            ArtifactError::Unknown { path } => ("ERR_UNKNOWN_ARTIFACT", path),
            ArtifactError::Archive { path, .. } => ("ERR_INVALID_ARTIFACT", path),
            ArtifactError::NoRuntime { path, .. } | ArtifactError::NoTarget { path } => {
                ("ERR_NO_RUNTIME_IN_ARTIFACT", path)
            }
            ArtifactError::NoApp { path, .. } => ("ERR_NO_APP_IN_ARTIFACT", path),
        };
        Failure { path: Some(shown(path)), ..Failure::new(code, message) }
    }
}

impl From<ScanError> for Failure {
    fn from(error: ScanError) -> Failure {
        match &error {
            ScanError::Io { path, error } => Failure::io("scandir", path, error),
            ScanError::Cancelled => Failure::aborted(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Answer<T> {
    Value(T),
    Error(Failure),
}

/// The answer of a cancelled job.
pub(super) fn aborted() -> String {
    answer(|| Err::<(), Failure>(Failure::aborted()))
}

/// Runs `work` and serializes its result. A panic becomes an error like any other.
pub(super) fn answer<T: Serialize>(work: impl FnOnce() -> Result<T, Failure>) -> String {
    silence();
    let result = caught(work).unwrap_or_else(|| {
        let message = "internal error of abi-guard; please report it".to_owned();
        Err(Failure::new("ERR_ABI_GUARD_INTERNAL", message))
    });
    let answer = match result {
        Ok(value) => Answer::Value(value),
        Err(failure) => Answer::Error(failure),
    };
    serde_json::to_string(&answer).unwrap_or_else(|_| {
        r#"{"error":{"code":"ERR_ABI_GUARD_INTERNAL","message":"the answer can't be written"}}"#
            .to_owned()
    })
}
