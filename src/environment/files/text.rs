//! Text files, read whole within bounds.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::{Limits, Source, real_path};

/// Longest file that is read: files that people write are shorter by far.
const LONGEST: u64 = 512 << 10;

/// Why a file that is there has no text to read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The system doesn't let it be read.
    #[error("it can't be read: {0}")]
    Io(io::Error),
    /// Longer than [`LONGEST`].
    #[error("it is {0} bytes long, and more than 512 KiB isn't read")]
    TooLong(u64),
    /// It has bytes that no text has.
    #[error("it is not a text file")]
    Binary,
    /// Its contents could be anything that the user has on the computer.
    #[error("it is a link to a file outside of the project, and such files aren't read")]
    Outside,
}

/// The text files of a project or a repository: only those that lie in its folder once all links
/// are followed. A project may hold a link to any file of its user, whose contents must not reach a
/// report.
#[derive(Clone, Debug)]
pub struct Texts {
    folder: PathBuf,
}

impl Texts {
    /// Those that lie in `folder`.
    #[must_use]
    pub fn within(folder: &Path) -> Texts {
        Texts { folder: real_path(folder).unwrap_or_else(|_| folder.to_path_buf()) }
    }

    /// The text of `path`, without a byte order mark; `None` where there is no such file.
    ///
    /// # Errors
    /// [`TextError`] for a file that is there and can't be read as text.
    pub fn read(&self, path: &Path) -> Result<Option<String>, TextError> {
        let path = match real_path(path) {
            Ok(real) if real.starts_with(&self.folder) => real,
            Ok(_) => return Err(TextError::Outside),
            // A link that leads nowhere, or in a circle; what the system says of it comes from
            // opening it.
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
            // A folder of that name is another thing.
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

    /// The text of `path` where it is there and readable.
    #[must_use]
    pub fn of(&self, path: &Path) -> Option<String> {
        self.read(path).ok().flatten()
    }

    /// The text of a lockfile, which may be longer than what people write.
    #[must_use]
    pub fn lockfile(&self, path: &Path) -> Option<String> {
        let path = real_path(path).ok().filter(|path| path.starts_with(&self.folder))?;
        String::from_utf8(Source::open(&path).ok()?.contents(Limits::LOCKFILE).ok()?).ok()
    }
}
