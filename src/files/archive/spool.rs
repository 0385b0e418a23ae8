//! Stores the contents of entries one after the other: in memory, or in an unnamed file if they are
//! too long for that.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::source::Origin;

/// The maximum number of bytes in memory, of all packages of an audit together. Most packages with
/// addons have fewer.
const IN_MEMORY: usize = 32 << 20;
/// The maximum number of names that are tried for the file.
const TRIES: usize = 100;

/// Contents that are being written.
pub(super) struct Spool {
    /// The maximum number of bytes in memory.
    most: usize,
    memory: Vec<u8>,
    file: Option<File>,
    size: u64,
}

impl Spool {
    /// An empty spool that shares the memory with others: they are `count` together.
    pub fn sharing(count: usize) -> Spool {
        Spool { most: IN_MEMORY / count.max(1), memory: Vec::new(), file: None, size: 0 }
    }

    /// Bytes that have been written.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds bytes at the end.
    ///
    /// # Errors
    /// The system's error for the file in the temporary folder.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.file.is_none() && self.memory.len() + bytes.len() > self.most {
            let mut file = nameless(&std::env::temp_dir())?;
            file.write_all(&self.memory)?;
            self.memory = Vec::new();
            self.file = Some(file);
        }
        match &mut self.file {
            Some(file) => file.write_all(bytes)?,
            None => self.memory.extend_from_slice(bytes),
        }
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// A source of all written bytes.
    pub fn finish(self) -> Origin {
        match self.file {
            Some(file) => Origin::of_file(file),
            None => Origin::of_bytes(self.memory),
        }
    }
}

/// Creates a file without a name in `folder`. The system deletes the file when this process ends.
fn nameless(folder: &Path) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::EXCL | OFlags::CLOEXEC;
        // Some file systems have no such files (NFS).
        if let Ok(file) = rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR) {
            return Ok(File::from(file));
        }
    }
    unnamed(folder)
}

/// Creates a file in `folder` and removes its name. A process that is killed between the two calls
/// leaves an empty file behind.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn unnamed(folder: &Path) -> io::Result<File> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let mut options = OpenOptions::new();
    // Another user may have put a file or a link with this name into the folder.
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt as _;
        // FILE_FLAG_DELETE_ON_CLOSE, and no other process may open it.
        options.custom_flags(0x0400_0000).share_mode(0);
    }
    for _ in 0..TRIES {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("abi-guard-audit-{}-{number}", std::process::id()));
        match options.open(&path) {
            Ok(file) => {
                #[cfg(unix)]
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::super::super::source::Source;
    use super::{IN_MEMORY, Spool};

    #[test]
    fn what_was_written_is_read_from_memory_and_from_the_file() {
        let piece: Vec<u8> = (0..100_003_u32).map(|number| (number % 251) as u8).collect();
        for pieces in [3, IN_MEMORY / piece.len() + 5] {
            let mut spool = Spool::sharing(1);
            for _ in 0..pieces {
                spool.write(&piece).expect("room in the temporary folder");
            }
            assert_eq!(spool.size(), (pieces * piece.len()) as u64);
            assert_eq!(spool.file.is_some(), pieces > 3);
            let size = spool.size();
            let source = Source::from_origin(spool.finish()).part(size - 5000, 5000);
            let last = source.bytes(0, 5000).expect("the last bytes");
            assert_eq!(last, piece[piece.len() - 5000..]);
            assert!(!source.has_changed());
        }
    }
}
