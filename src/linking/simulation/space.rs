//! The part of a process's memory that belongs to one image: its mapped pages, their protection and
//! their contents. Addresses are as linked, because the load address isn't known.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use crate::binary::PAGE;
use crate::files::Source;

use object::elf;

use super::course::Stop;
use super::run::{Backing, Run};

/// Protection bits of a page.
pub(super) const READ: u8 = 1;
pub(super) const WRITE: u8 = 2;
pub(super) const EXECUTE: u8 = 4;

/// Memory of other objects may be at most this many bytes away from an image's pages. The objects
/// that were mapped before the image are above it, without gaps. A fresh Node.js has 0.4 GB there
/// (`/proc/self/maps`; V8's heap is elsewhere). An access that is farther away faults.
const NEIGHBORHOOD: u64 = 1 << 30;

/// The maximum number of bytes that are copied of an image's tables. Of 265 real addons half have
/// under 15 KB of them, and none over 525 KB.
const MOST_KEPT: u64 = 2 << 20;

/// The pages of one image.
pub(super) struct Space<'s> {
    source: &'s Source,
    runs: Vec<Run>,
    /// A copy of readable memory, with its address: see [`Space::keep`].
    kept: (u64, Vec<u8>),
    /// The indices of the two runs that were found last: a relocation writes to one, and most
    /// pointers lead to another.
    last: Cell<[usize; 2]>,
    pub pointer_size: u8,
    pub big_endian: bool,
}

/// `address`, rounded down to its page.
pub(super) fn floor(address: u64) -> u64 {
    address & !(PAGE - 1)
}

/// `address`, rounded up to a page; wraps like the loaders' arithmetic.
pub(super) fn ceiling(address: u64) -> u64 {
    floor(address.wrapping_add(PAGE - 1))
}

impl<'s> Space<'s> {
    pub fn new(source: &'s Source, pointer_size: u8, big_endian: bool) -> Space<'s> {
        let (runs, kept, last) = (Vec::new(), (0, Vec::new()), Cell::new([0; 2]));
        Space { source, runs, kept, last, pointer_size, big_endian }
    }

    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// Maps pages, and replaces existing ones.
    pub fn map(&mut self, start: u64, end: u64, protection: u8, backing: Backing) {
        if start < end {
            self.cut(start, end);
            self.insert(Run { start, end, protection, backing });
        }
    }

    /// Copies a range that is read often and in small pieces (symbols, their names, hash tables,
    /// relocations), so that a read needs neither a search of the pages nor a file access. If a
    /// range is too long or not completely mapped, only its beginning is copied; the rest is read
    /// from the file.
    pub fn keep(&mut self, range: Range<u64>) {
        let Range { start, end } = range;
        self.kept = (0, Vec::new());
        let Some(run) = self.run_at(start).filter(|run| run.protection & (READ | WRITE) != 0)
        else {
            return;
        };
        let Backing::File(offset) = run.backing else { return };
        let in_file = self.source.size().saturating_sub(offset.saturating_add(start - run.start));
        let length = end.min(run.end).saturating_sub(start).min(MOST_KEPT).min(in_file);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        if self.read(start, &mut bytes, "").is_ok() {
            self.kept = (start, bytes);
        }
    }

    /// The copied bytes from an address on.
    fn kept_from(&self, address: u64) -> &[u8] {
        let within = usize::try_from(address.wrapping_sub(self.kept.0)).unwrap_or(usize::MAX);
        self.kept.1.get(within..).unwrap_or_default()
    }

    /// Unmaps pages.
    fn cut(&mut self, start: u64, end: u64) {
        self.kept = (0, Vec::new());
        let mut kept = Vec::with_capacity(self.runs.len() + 1);
        for run in &self.runs {
            if run.start < start {
                kept.push(run.part(run.start, run.end.min(start)));
            }
            if run.end > end {
                kept.push(run.part(run.start.max(end), run.end));
            }
        }
        self.runs = kept;
    }

    fn insert(&mut self, run: Run) {
        let at = self.runs.partition_point(|other| other.start < run.start);
        self.runs.insert(at, run);
    }

    /// `mprotect`: returns false if a page of the range isn't mapped. The pages before it are
    /// changed nevertheless.
    pub fn protect(&mut self, start: u64, end: u64, protection: u8) -> bool {
        let mut at = start;
        while at < end {
            let Some(run) = self.run_at(at).copied() else { return false };
            let stop = run.end.min(end);
            self.cut(at, stop);
            self.insert(Run { protection, ..run.part(at, stop) });
            at = stop;
        }
        true
    }

    /// Makes all pages readable, writable and executable.
    pub fn open_all(&mut self) {
        self.runs.iter_mut().for_each(|run| run.protection = READ | WRITE | EXECUTE);
    }

    fn run_at(&self, address: u64) -> Option<&Run> {
        let has = |run: &&Run| run.start <= address && address < run.end;
        let last = self.last.get();
        if let Some(run) = last.iter().find_map(|index| self.runs.get(*index).filter(has)) {
            return Some(run);
        }
        let index = self.runs.partition_point(|run| run.start <= address).checked_sub(1)?;
        self.last.set([index, last[0]]);
        self.runs.get(index).filter(has)
    }

    /// True if the whole range is mapped with the protection `needed`.
    pub fn allows(&self, address: u64, length: u64, needed: u8) -> bool {
        self.check(address, length, needed, "").is_ok()
    }

    /// True if the image has memory at the address. False for the gaps between its segments.
    pub fn is_used(&self, address: u64) -> bool {
        self.run_at(address).is_some_and(|run| run.protection != 0)
    }

    /// Checks whether the loader can access a range. `what` describes the access for people.
    ///
    /// # Errors
    /// [`Stop::Dies`] if the access is certain to fault, [`Stop::Unsure`] if other memory may be
    /// there.
    pub fn check(
        &self,
        address: u64,
        length: u64,
        needed: u8,
        what: &'static str,
    ) -> Result<(), Stop> {
        let mut at = address;
        // Addresses are relative to the load address, so the largest ones are right before the
        // image. A range that wraps begins there.
        let Some(end) = address.checked_add(length) else {
            return Err(self.outside(address, what));
        };
        while at < end {
            let Some(run) = self.run_at(at) else { return Err(self.outside(at, what)) };
            // On all supported processors a writable page is readable. An executable page is
            // readable on most x64 processors, but not on those with protection keys.
            let has =
                if run.protection & WRITE != 0 { run.protection | READ } else { run.protection };
            if has & needed != needed {
                let is_execute_only = needed == READ && has == EXECUTE;
                return Err(if is_execute_only { Stop::Unsure(what) } else { Stop::Dies(what) });
            }
            if let Backing::File(offset) = run.backing {
                let last = offset.saturating_add(run.end.min(end) - run.start).saturating_sub(1);
                if last >= self.source.size().next_multiple_of(PAGE) {
                    return Err(Stop::Dies(what));
                }
            }
            at = run.end;
        }
        Ok(())
    }

    /// The result of an access outside of the image's own memory.
    fn outside(&self, address: u64, what: &'static str) -> Stop {
        let (Some(first), Some(last)) = (self.runs.first(), self.runs.last()) else {
            return Stop::Unsure(what);
        };
        if address >= first.start && address < last.end {
            // Memory between the segments is reserved and has no access rights.
            return Stop::Dies(what);
        }
        let distance = address.wrapping_sub(last.end).min(first.start.wrapping_sub(address));
        // A 32-bit process has other memory at every distance.
        if distance > NEIGHBORHOOD && self.pointer_size == 8 {
            Stop::Dies(what)
        } else {
            Stop::Unsure(what)
        }
    }

    /// Reads mapped memory.
    ///
    /// # Errors
    /// As [`Space::check`].
    pub fn read(&self, address: u64, buffer: &mut [u8], what: &'static str) -> Result<(), Stop> {
        if let Some(kept) = self.kept_from(address).get(..buffer.len()) {
            buffer.copy_from_slice(kept);
            return Ok(());
        }
        self.check(address, buffer.len() as u64, READ, what)?;
        let mut done = 0;
        while done < buffer.len() {
            let at = address.saturating_add(done as u64);
            let run = self.run_at(at).ok_or(Stop::Unsure(what))?;
            let left = usize::try_from(run.end - at).unwrap_or(usize::MAX).min(buffer.len() - done);
            let part = &mut buffer[done..done + left];
            part.fill(0);
            if let Backing::File(offset) = run.backing {
                self.source.read(offset.saturating_add(at - run.start), part);
            }
            done += left;
        }
        Ok(())
    }

    pub fn half(&self, address: u64, what: &'static str) -> Result<u16, Stop> {
        let mut bytes = [0; 2];
        self.read(address, &mut bytes, what)?;
        Ok(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub fn word(&self, address: u64, what: &'static str) -> Result<u32, Stop> {
        let mut bytes = [0; 4];
        self.read(address, &mut bytes, what)?;
        Ok(if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }

    /// A number of the image's pointer size.
    pub fn pointer(&self, address: u64, what: &'static str) -> Result<u64, Stop> {
        if self.pointer_size == 4 {
            return self.word(address, what).map(u64::from);
        }
        let mut bytes = [0; 8];
        self.read(address, &mut bytes, what)?;
        Ok(if self.big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
    }

    /// A NUL-terminated string of at most `longest` bytes; a longer one is truncated.
    pub fn string(
        &self,
        address: u64,
        longest: usize,
        what: &'static str,
    ) -> Result<Cow<'_, [u8]>, Stop> {
        let kept = self.kept_from(address);
        if let Some(end) = memchr::memchr(0, &kept[..kept.len().min(longest)]) {
            return Ok(kept[..end].into());
        }
        let mut string = Vec::new();
        while string.len() < longest {
            let at = address.wrapping_add(string.len() as u64);
            self.check(at, 1, READ, what)?;
            let end = self.run_at(at).map_or(at, |run| run.end);
            let length = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX).min(64);
            let mut chunk = vec![0; length];
            self.read(at, &mut chunk, what)?;
            if let Some(end) = memchr::memchr(0, &chunk) {
                string.extend_from_slice(&chunk[..end]);
                return Ok(string.into());
            }
            string.extend_from_slice(&chunk);
        }
        Ok(string.into())
    }
}

/// `PF_R`, `PF_W`, `PF_X` as the protection of a page.
pub(super) fn protection(flags: u32) -> u8 {
    let bit = |flag: elf::ProgramFlags, bit: u8| if flags & flag.0 == 0 { 0 } else { bit };
    bit(elf::PF_R, READ) | bit(elf::PF_W, WRITE) | bit(elf::PF_X, EXECUTE)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Backing, EXECUTE, READ, Space, WRITE};
    use crate::files::Source;
    use crate::linking::simulation::course::Stop;

    /// Two segments with a reserved gap between them. The file has a little more than two pages.
    fn space(source: &Source) -> Space<'_> {
        let mut space = Space::new(source, 8, false);
        space.map(0, 0x4000, READ | EXECUTE, Backing::File(0));
        assert!(space.protect(0x1000, 0x3000, 0));
        space.map(0x3000, 0x4000, READ | WRITE, Backing::File(0x1000));
        space
    }

    #[test]
    fn an_access_is_judged_by_its_page() {
        let source = Source::from_bytes(vec![7; 0x2001]);
        let space = space(&source);
        let stop = |address, length, needed| space.check(address, length, needed, "x").err();
        assert_eq!(stop(0xffc, 4, READ), None);
        assert_eq!(stop(0xffc, 8, READ), Some(Stop::Dies("x")), "the gap");
        assert_eq!(stop(0x800, 8, WRITE), Some(Stop::Dies("x")), "code");
        assert_eq!(stop(0x3ff8, 8, WRITE), None);
        assert_eq!(
            stop(0x3ff8, 16, WRITE),
            Some(Stop::Unsure("x")),
            "memory after the image may belong to others"
        );
        assert_eq!(stop(1 << 40, 8, READ), Some(Stop::Dies("x")), "no memory is that far away");
        assert_eq!(
            stop(u64::MAX - 3, 8, READ),
            Some(Stop::Unsure("x")),
            "right before its beginning"
        );
    }

    #[test]
    fn pages_past_the_end_of_the_file_kill() {
        let source = Source::from_bytes(vec![7; 0x2001]);
        let mut space = space(&source);
        space.map(0x4000, 0x8000, READ, Backing::File(0x2000));
        let mut byte = [9];
        assert_eq!(space.read(0x4001, &mut byte, "x"), Ok(()));
        assert_eq!(byte, [0], "the rest of the last page is zeros");
        assert_eq!(space.read(0x5000, &mut byte, "x"), Err(Stop::Dies("x")));
    }

    #[test]
    fn cached_bytes_equal_those_in_memory() {
        let mut bytes = vec![7; 0x2001];
        bytes[0xffe] = 0;
        let source = Source::from_bytes(bytes);
        let mut space = space(&source);
        for (start, end) in
            [(0, 0x10), (0xff0, 0x5000), (0x3000, 0x4000), (0x2000, 0x3000), (1 << 40, 1 << 41)]
        {
            for at in [0, 0xff0, 0xffe, 0xfff, 0x3ff8, 0x3fff] {
                let read = |space: &Space<'_>| {
                    let mut buffer = [1; 8];
                    (
                        space.read(at, &mut buffer, "x").map(|()| buffer),
                        space.string(at, 20, "x").map(Cow::into_owned),
                    )
                };
                let alone = read(&space);
                space.keep(start..end);
                assert_eq!(read(&space), alone, "{start:x} {at:x}");
                space.keep(0..0);
            }
        }
    }

    #[test]
    fn later_mappings_cover_earlier_ones() {
        let source = Source::from_bytes((0..0x3000u32).map(|at| at.to_le_bytes()[1]).collect());
        let mut space = space(&source);
        space.map(0x3000, 0x4000, READ, Backing::Zeros);
        assert_eq!(space.word(0x3000, "x"), Ok(0));
        space.map(0x2000, 0x3000, READ, Backing::File(0x2000));
        assert_eq!(space.half(0x2100, "x"), Ok(0x2121));
        assert!(!space.protect(0x3000, 0x6000, READ), "not all of it is mapped");
    }
}
