//! Text files, read whole within bounds.

use std::io;
use std::path::Path;

use crate::binary::Source;

/// Longest file that is read: files that people write are shorter by far.
const LONGEST: u64 = 1 << 20;

/// Longest lockfile that is read.
const LONGEST_LOCKFILE: u64 = 64 << 20;

/// Why a file that is there has no text to read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The system doesn't let it be read.
    #[error("it can't be read: {0}")]
    Io(io::Error),
    /// Longer than [`LONGEST`].
    #[error("it is {0} bytes long, and more than 1 MiB isn't read")]
    TooLong(u64),
    /// It has bytes that no text has.
    #[error("it is no text")]
    Binary,
}

/// The contents of text files.
pub struct Text;

impl Text {
    /// The text of `path`, without a byte order mark; `None` where there is no such file.
    ///
    /// # Errors
    /// [`TextError`] for a file that is there and can't be read as text.
    pub fn read(path: &Path) -> Result<Option<String>, TextError> {
        let source = match Source::open(path) {
            Ok(source) => source,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
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

    /// The text of a lockfile, which may be longer than what people write.
    #[must_use]
    pub fn read_long(path: &Path) -> Option<String> {
        let bytes = Source::open(path).ok()?.contents(LONGEST_LOCKFILE).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The text of `path` where it is there and readable.
    #[must_use]
    pub fn of(path: &Path) -> Option<String> {
        Text::read(path).ok().flatten()
    }
}
