use std::io;

/// The reason why the archive of a package can't be read.
#[derive(Debug, thiserror::Error)]
pub enum PackedError {
    /// The archive can't be opened or read.
    #[error(transparent)]
    Io(io::Error),
    /// The temporary file, for contents that are too large for the memory, can't be written.
    #[error("the temporary folder: {0}")]
    Temporary(io::Error),
    /// The file isn't an archive of a package.
    #[error(transparent)]
    Unsound(#[from] Unsound),
    /// The job was cancelled.
    #[error("the reading was cancelled")]
    Cancelled,
}

impl PackedError {
    /// The error for a file that can't be opened.
    pub(in crate::files) fn of_opening(error: io::Error) -> PackedError {
        match error.kind() {
            io::ErrorKind::InvalidInput => Unsound::NoFile.into(),
            _ => PackedError::Io(error),
        }
    }
}

/// The defect of an archive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    #[error("it is not a regular file")]
    NoFile,
    #[error("it is not valid gzip")]
    Gzip,
    #[error("it is not valid Zstandard")]
    Zstandard,
    #[error("it is not valid xz")]
    Xz,
    #[error("it is not a valid zip")]
    Zip,
    #[error("{0}")]
    Asar(String),
    #[error("it is not a valid Debian package")]
    Debian,
    #[error("it is encrypted")]
    Encrypted,
    #[error("it is compressed with method {0} of zip, which abi-guard can't read")]
    Method(u16),
    #[error("it is not valid deflate")]
    Deflate,
    #[error("its checksum is wrong")]
    Contents,
    #[error("{name}: {reason}")]
    Entry { name: String, reason: Box<Unsound> },
    #[error("it ends too early")]
    EndsEarly,
    #[error("it unpacks to too many bytes")]
    TooLarge,
    #[error("it has more than {0} entries")]
    TooManyEntries(usize),
    #[error("its names are too long together")]
    TooManyNames,
    #[error("it contains a name that is too long")]
    LongName,
    #[error("it contains a length that is not a number")]
    Size,
    #[error("it contains a header with a wrong checksum")]
    Checksum,
    #[error("it contains {0} as a file and as a folder")]
    FileAndFolder(String),
    #[error("it contains no folder")]
    NoFolder,
    #[error("it contains no package.json")]
    NoManifest,
    #[error("it lacks {0}")]
    MissingPart(String),
    #[error("its {0} is not as expected: {1}")]
    Json(String, String),
    #[error("unpacking it takes longer than {0} s")]
    TooSlow(u64),
}
