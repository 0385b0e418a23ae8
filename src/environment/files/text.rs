//! Reads text files completely, up to a maximum size.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::{Limits, Source, real_path};

/// The longest file that is read, in bytes. Files that people write are much shorter.
const LONGEST: u64 = 512 << 10;

/// The reason for which an existing file can't be read as text.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The system's error.
    #[error("it can't be read: {0}")]
    Io(io::Error),
    /// Longer than [`LONGEST`].
    #[error("it is {0} bytes long, and more than 512 KiB isn't read")]
    TooLong(u64),
    /// It contains bytes that are not text.
    #[error("it is not a text file")]
    Binary,
    /// It is a link to a file outside of the project. Such a file could contain any data of the
    /// user.
    #[error("it is a link to a file outside of the project, and such files aren't read")]
    Outside,
}

/// The text files of a project or a repository: only those that are in its folder after all links
/// are resolved. A project can contain a link to any file of the user, whose contents must not be
/// shown in a report.
#[derive(Clone, Debug)]
pub struct Texts {
    folder: PathBuf,
}

impl Texts {
    /// Reads only files in `folder`.
    #[must_use]
    pub fn within(folder: &Path) -> Texts {
        Texts { folder: real_path(folder).unwrap_or_else(|_| folder.to_path_buf()) }
    }

    /// The text of `path`, without a byte order mark; `None` if there is no such file.
    ///
    /// # Errors
    /// [`TextError`] if the file exists but can't be read as text.
    pub fn read(&self, path: &Path) -> Result<Option<String>, TextError> {
        let path = match real_path(path) {
            Ok(real) if real.starts_with(&self.folder) => real,
            Ok(_) => return Err(TextError::Outside),
            // The link has no target, or is circular. Opening it gives the system's error.
            Err(_) => path.to_path_buf(),
        };
        let source = match Source::open(&path) {
            Ok(source) => source,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            // A folder of that name doesn't count.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => return Ok(None),
            Err(error) => return Err(TextError::Io(error)),
        };
        if source.size() > LONGEST {
            return Err(TextError::TooLong(source.size()));
        }
        let bytes = source.contents(LONGEST).map_err(TextError::Io)?;
        if bytes.contains(&0) {
            return Err(TextError::Binary);
        }
        let text = String::from_utf8(bytes).map_err(|_| TextError::Binary)?;
        Ok(Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned)))
    }

    /// The text of `path` if it exists and is readable.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<String> {
        self.read(path).ok().flatten()
    }

    /// The text of a lockfile, which may be longer than files that people write.
    #[must_use]
    pub fn lockfile(&self, path: &Path) -> Option<String> {
        let path = real_path(path).ok().filter(|path| path.starts_with(&self.folder))?;
        String::from_utf8(Source::open(&path).ok()?.contents(Limits::LOCKFILE).ok()?).ok()
    }
}
