//! Folders of the disk on Linux, by descriptors (`openat`, `getdents64`).

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};

use super::super::archive;
use super::super::metadata::Kind;
use super::super::table;

/// The size of the blocks in which entries are read, in bytes: nearly all folders fit into one.
const BLOCK: usize = 64 << 10;
/// The maximum number of folders that are kept open. Some processes may open only 256 files.
const MOST_OPEN: usize = 64;

static OPEN: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static BUFFER: RefCell<Vec<MaybeUninit<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An open folder of the disk.
pub struct Descriptor(OwnedFd);

impl Drop for Descriptor {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::Relaxed);
    }
}

/// False if enough folders are open.
pub fn may_keep() -> bool {
    OPEN.load(Ordering::Relaxed) < MOST_OPEN
}

/// Opens a folder. `None` for a folder that isn't on the disk, and for a path that can't be opened:
/// listing it gives the error.
pub fn open(path: &Path, around: Option<&Descriptor>) -> io::Result<Option<Descriptor>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let opened = match (around, path.file_name()) {
        (Some(around), Some(name)) => {
            Some(openat(&around.0, name, flags | OFlags::NOFOLLOW, Mode::empty())?)
        }
        _ if table::mounted(path).is_some() || archive::mounted(path).is_some() => None,
        _ => openat(CWD, path, flags, Mode::empty()).ok(),
    };
    Ok(opened.map(|descriptor| {
        OPEN.fetch_add(1, Ordering::Relaxed);
        Descriptor(descriptor)
    }))
}

/// Calls `visit` with the name and the kind of each entry.
pub fn each(folder: &Descriptor, mut visit: impl FnMut(&OsStr, Kind)) -> io::Result<()> {
    // Taken out of its place, because `visit` may list other folders.
    let mut buffer = BUFFER.with(|buffer| std::mem::take(&mut *buffer.borrow_mut()));
    buffer.resize(BLOCK, MaybeUninit::uninit());
    let mut entries = RawDir::new(&folder.0, &mut buffer);
    let result = loop {
        match entries.next() {
            None => break Ok(()),
            Some(Err(error)) => break Err(error.into()),
            Some(Ok(entry)) => {
                let name = entry.file_name();
                let bytes = name.to_bytes();
                if bytes == b"." || bytes == b".." {
                    continue;
                }
                let kind = match entry.file_type() {
                    // Some file systems don't state it with the name.
                    FileType::Unknown => statat(&folder.0, name, AtFlags::SYMLINK_NOFOLLOW)
                        .map_or(Kind::Other, |found| FileType::from_raw_mode(found.st_mode).into()),
                    known => known.into(),
                };
                visit(OsStr::from_bytes(bytes), kind);
            }
        }
    };
    BUFFER.with(|place| *place.borrow_mut() = buffer);
    result
}
