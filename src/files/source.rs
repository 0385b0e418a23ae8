//! Bounded positional reads of a regular file, or of bytes in memory.
//!
//! A file is never mapped into memory: truncating a mapped file kills the process with SIGBUS.
//! Every read states its length, and lengths that come from the file are compared with [`Limits`].

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::blocks::{Blocks, Kind};
use super::limits::Limits;
use super::metadata::{Kind as FileKind, metadata};
use super::question::{Question, kind_of};
use super::recording;

/// The cost of a read besides its bytes.
const LOOK: u64 = 128;

/// A file, or bytes in memory, read by position.
pub struct Source {
    origin: Origin,
    /// The position in `origin` where this source begins; not 0 for a part of a file.
    start: u64,
    size: u64,
    /// The size of the whole `origin`.
    whole: u64,
    modified: Option<SystemTime>,
    blocks: RefCell<Blocks>,
    left: Cell<u64>,
}

/// The file or the bytes. Several sources may share them.
#[derive(Clone)]
pub(super) enum Origin {
    File(Arc<File>),
    Bytes(Arc<Vec<u8>>),
}

impl Origin {
    pub fn of_file(file: File) -> Origin {
        Origin::File(Arc::new(file))
    }

    pub fn of_bytes(bytes: Vec<u8>) -> Origin {
        Origin::Bytes(Arc::new(bytes))
    }

    /// The current size, and the current time of the last change.
    fn state(&self) -> io::Result<(u64, Option<SystemTime>)> {
        match self {
            Origin::File(file) => file.metadata().map(|found| (found.len(), found.modified().ok())),
            Origin::Bytes(bytes) => Ok((bytes.len() as u64, None)),
        }
    }
}

impl Source {
    /// Opens a regular file on the disk. [`Source::open`] opens one of any file system.
    pub(super) fn of_disk(path: &Path) -> io::Result<Source> {
        let before = metadata(path);
        recording::note(path, Question::Target, || Some(kind_of(&before)));
        match before?.kind {
            FileKind::File => {}
            FileKind::Folder => return Err(io::ErrorKind::IsADirectory.into()),
            _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        }
        let file = open_without_waiting(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        Ok(Source::in_state(Origin::of_file(file), metadata.len(), metadata.modified().ok()))
    }

    /// All of `origin`, with its current size.
    pub(super) fn from_origin(origin: Origin) -> Source {
        let (size, modified) = origin.state().unwrap_or_default();
        Source::in_state(origin, size, modified)
    }

    fn in_state(origin: Origin, size: u64, modified: Option<SystemTime>) -> Source {
        Source {
            origin,
            start: 0,
            size,
            whole: size,
            modified,
            blocks: RefCell::default(),
            left: Cell::new(Limits::READ),
        }
    }

    /// A source of bytes that are already in memory.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Source {
        Source::from_origin(Origin::of_bytes(bytes))
    }

    /// The same bytes with a wrong size, for tests.
    #[cfg(test)]
    pub(super) fn claiming(self, size: u64) -> Source {
        Source { size, whole: size, ..self }
    }

    /// The origin of its bytes, and the position of the first one in it.
    pub(super) fn place(&self) -> (Origin, u64) {
        (self.origin.clone(), self.start)
    }

    /// The `size` bytes from `offset` on, for example a file in an archive. The part ends where the
    /// source ends.
    #[must_use]
    pub fn part(self, offset: u64, size: u64) -> Source {
        let start = self.start.saturating_add(offset).min(self.start + self.size);
        let size = size.min(self.start + self.size - start);
        Source { start, size, blocks: RefCell::default(), ..self }
    }

    /// The same source, cached for reads at scattered positions instead of one table after the
    /// other.
    #[must_use]
    pub fn for_look_ups(self) -> Source {
        Source { blocks: RefCell::new(Blocks::new(Kind::LookUps)), ..self }
    }

    /// The size in bytes that the file had when it was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The time of the last change that the file had when it was opened.
    #[must_use]
    pub fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// Allows another `Limits::READ` bytes, for the next structure that is read from the file.
    pub fn refill(&self) {
        self.left.set(Limits::READ);
    }

    /// True if `Limits::READ` is used up. From then on, reads return nothing.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }

    fn spend(&self, cost: u64) -> bool {
        self.left.set(self.left.get().saturating_sub(cost));
        !self.is_exhausted()
    }

    /// True if the file's size or time differs from when it was opened: another process is writing
    /// it.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        match &self.origin {
            Origin::File(_) => {
                self.origin.state().is_ok_and(|now| now != (self.whole, self.modified))
            }
            Origin::Bytes(_) => false,
        }
    }

    /// Fills `buffer` from `offset`, and returns the number of bytes that the file has there. It is
    /// less than the length of `buffer` only at the end of the file.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> usize {
        // Nothing is read after the size that the file had when it was opened: bytes that are added
        // later don't count, and the files of /proc, which state a size of 0, appear empty.
        let count = usize::try_from(self.size.saturating_sub(offset))
            .map_or(buffer.len(), |left| left.min(buffer.len()));
        let buffer = &mut buffer[..count];
        if !self.spend(LOOK + count as u64) {
            return 0;
        }
        let mut blocks = self.blocks.borrow_mut();
        if buffer.len() >= blocks.kind().size() {
            return self.read_directly(offset, buffer);
        }
        let mut read = |at: u64, block: &mut [u8]| {
            let left = usize::try_from(self.size.saturating_sub(at))
                .map_or(block.len(), |left| left.min(block.len()));
            self.spend(left as u64).then(|| self.read_directly(at, &mut block[..left]))
        };
        blocks.read(offset, buffer, &mut read)
    }

    /// Reads exactly `length` bytes from `offset`; `None` if the file ends before that, or if
    /// `length` is greater than `Limits::TABLE`.
    #[must_use]
    pub fn bytes(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        if length > Limits::TABLE || offset.checked_add(length)? > self.size {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        (self.read(offset, &mut bytes) == bytes.len()).then_some(bytes)
    }

    /// The contents of the whole file, for small text files.
    ///
    /// # Errors
    /// `FileTooLarge` if the file is longer than `longest`; `UnexpectedEof` if it can't be read to
    /// its end.
    pub fn contents(&self, longest: u64) -> io::Result<Vec<u8>> {
        if self.size > longest {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes(0, self.size).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn read_directly(&self, offset: u64, buffer: &mut [u8]) -> usize {
        match &self.origin {
            Origin::File(file) => read_file(file, self.start + offset, buffer),
            Origin::Bytes(bytes) => {
                let from = usize::try_from(self.start + offset).unwrap_or(usize::MAX);
                let available = bytes.get(from..).unwrap_or_default();
                let count = available.len().min(buffer.len());
                buffer[..count].copy_from_slice(&available[..count]);
                count
            }
        }
    }
}

/// Opens a file for reading. Another program may have replaced the file since its metadata was
/// read: a pipe without a writer must not block.
fn open_without_waiting(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    // O_NONBLOCK. Its number differs on MIPS; there, only the metadata read before protects from
    // pipes.
    #[cfg(all(target_os = "linux", not(any(target_arch = "mips", target_arch = "mips64"))))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, 0o4000);
    #[cfg(any(target_os = "macos", target_os = "freebsd"))]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, 0x4);
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    options.open(path)
}

/// Reads until the buffer is full or the file ends. An error of the disk counts as the end: the
/// missing data is then reported as truncated or unreadable, never guessed.
fn read_file(file: &File, offset: u64, buffer: &mut [u8]) -> usize {
    let mut filled = 0;
    while filled < buffer.len() {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(
            file,
            &mut buffer[filled..],
            offset + filled as u64,
        );
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(
            file,
            &mut buffer[filled..],
            offset + filled as u64,
        );
        match read {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    filled
}

/// Reads a file to its end, at most `longest` bytes, even if the file states no size.
pub(super) fn stream(path: &Path, longest: usize) -> io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    open_without_waiting(path)?.take(longest as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
