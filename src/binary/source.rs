//! The only door through which file contents come in: bounded positional reads.
//!
//! A file is never mapped into memory: one that is truncated while mapped kills the process with SIGBUS.
//! Every read states its length, and lengths that come from the file are held against [`Limits`].

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::path::Path;

/// Bounds on what one file may cost, however hostile it is.
pub struct Limits;

impl Limits {
    /// Longest single table (symbols, strings, opcodes) that is read, in bytes.
    pub const TABLE: u64 = 64 << 20;
    /// Most symbols of one binary.
    pub const SYMBOLS: usize = 1 << 20;
    /// Most relocations that are looked at in one binary.
    pub const RELOCATIONS: usize = 4 << 20;
    /// Most segments, sections or load commands.
    pub const SEGMENTS: usize = 4096;
    /// Most libraries, version needs or slices.
    pub const LIBRARIES: usize = 4096;
    /// Longest name (symbol, library, module) in bytes.
    pub const NAME: usize = 4096;
}

/// Bytes kept from the last small read, so that neighbouring structures cost one system call.
const WINDOW: usize = 32 << 10;
/// The same, where reads jump about and their neighbours are never wanted.
const SMALL_WINDOW: usize = 64;

/// A file, or bytes already in memory, read by position.
pub struct Source {
    origin: Origin,
    size: u64,
    window: RefCell<(u64, Vec<u8>)>,
    window_size: usize,
}

enum Origin {
    File(File),
    Bytes(Vec<u8>),
}

impl Source {
    /// Opens a regular file.
    ///
    /// # Errors
    /// What the system says (`NotFound`, `PermissionDenied` …); a directory is `IsADirectory`, and any other thing that is
    /// no regular file (a pipe would block) is `InvalidInput`.
    pub fn open(path: &Path) -> io::Result<Source> {
        let before = std::fs::metadata(path)?;
        if before.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !before.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let file = open_without_waiting(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let size = metadata.len();
        Ok(Source { origin: Origin::File(file), size, window: RefCell::default(), window_size: WINDOW })
    }

    /// Wraps bytes that are in memory already.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Source {
        Source { size: bytes.len() as u64, origin: Origin::Bytes(bytes), window: RefCell::default(), window_size: WINDOW }
    }

    /// The same source for look-ups here and there instead of one after the other.
    #[must_use]
    pub fn with_small_window(self) -> Source {
        Source { window_size: SMALL_WINDOW, ..self }
    }

    /// The size in bytes when the file was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// True when the file has another size than when it was opened: somebody is writing it.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        match &self.origin {
            Origin::File(file) => file.metadata().is_ok_and(|now| now.len() != self.size),
            Origin::Bytes(_) => false,
        }
    }

    /// Fills `buffer` from `offset` and returns how many bytes were there; fewer only at the end of the file.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> usize {
        if buffer.len() >= self.window_size {
            return self.read_directly(offset, buffer);
        }
        let mut window = self.window.borrow_mut();
        let end = offset.saturating_add(buffer.len() as u64);
        let covered = window.0 <= offset && end <= window.0 + window.1.len() as u64;
        if !covered {
            let (start, bytes) = &mut *window;
            bytes.resize(self.window_size, 0);
            *start = offset;
            let count = self.read_directly(offset, bytes);
            bytes.truncate(count);
        }
        let from = usize::try_from(offset - window.0).unwrap_or(usize::MAX);
        let available = window.1.get(from..).unwrap_or_default();
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        count
    }

    /// Reads exactly `length` bytes from `offset`, or `None` where the file ends before or `length` is over
    /// [`Limits::TABLE`].
    #[must_use]
    pub fn bytes(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        if length > Limits::TABLE || offset.checked_add(length)? > self.size {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        (self.read(offset, &mut bytes) == bytes.len()).then_some(bytes)
    }

    fn read_directly(&self, offset: u64, buffer: &mut [u8]) -> usize {
        match &self.origin {
            Origin::File(file) => read_file(file, offset, buffer),
            Origin::Bytes(bytes) => {
                let from = usize::try_from(offset).unwrap_or(usize::MAX);
                let available = bytes.get(from..).unwrap_or_default();
                let count = available.len().min(buffer.len());
                buffer[..count].copy_from_slice(&available[..count]);
                count
            }
        }
    }
}

/// Opens for reading. Something else may have taken the file's place since it was looked at: a pipe that nobody writes to must
/// not hold us up.
fn open_without_waiting(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    // O_NONBLOCK. MIPS has another number for it; there the look before must do.
    #[cfg(all(target_os = "linux", not(any(target_arch = "mips", target_arch = "mips64"))))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, 0o4000);
    #[cfg(any(target_os = "macos", target_os = "freebsd"))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, 0x4);
    options.open(path)
}

/// Reads until the buffer is full or the file ends. An error of the disk counts as the end: what is missing is then
/// reported as truncated or unreadable, never guessed.
fn read_file(file: &File, offset: u64, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    while filled < buffer.len() {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, &mut buffer[filled..], offset + filled as u64);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, &mut buffer[filled..], offset + filled as u64);
        match read {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    filled
}
