//! Finds the parts of a file that determine how it is read: headers, load commands, tables. They
//! are damaged most often, because damage to machine code has no effect on reading. The search
//! assumes a valid file and skips whatever is inconsistent.

use std::ops::Range;

/// The maximum number of bytes of one table that count as one area. The rest of a long table
/// consists of similar entries.
const LONGEST: u64 = 4096;

/// The areas of `file`, in no particular order.
pub fn of(file: &[u8]) -> Vec<Range<usize>> {
    let mut areas = Areas { file, found: Vec::new() };
    areas.add(0, 64);
    match file {
        [0x7f, b'E', b'L', b'F', class, order, ..] => areas.elf(*class == 2, *order == 2),
        [0xca, 0xfe, 0xba, 0xbe, ..] => areas.universal(),
        [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => areas.mach_o(0),
        [b'M', b'Z', ..] => areas.pe(),
        _ => {}
    }
    areas.found
}

struct Areas<'a> {
    file: &'a [u8],
    found: Vec<Range<usize>>,
}

impl Areas<'_> {
    fn add(&mut self, start: u64, length: u64) {
        let end = start.saturating_add(length.min(LONGEST)).min(self.file.len() as u64);
        if start < end {
            self.found.push(start as usize..end as usize);
        }
    }

    fn number(&self, at: u64, width: usize, big: bool) -> u64 {
        let bytes = usize::try_from(at)
            .ok()
            .and_then(|at| self.file.get(at..at.checked_add(width)?))
            .unwrap_or_default();
        let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        if big { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }

    fn elf(&mut self, is_64: bool, big: bool) {
        let word = if is_64 { 8 } else { 4 };
        let (table, count) = if is_64 {
            (self.number(32, 8, big), self.number(56, 2, big))
        } else {
            (self.number(28, 4, big), self.number(44, 2, big))
        };
        let entry = if is_64 { 56 } else { 32 };
        self.add(table, count * entry);
        let mut loads = Vec::new();
        let mut dynamic = None;
        for index in 0..count.min(64) {
            let at = table.saturating_add(index * entry);
            // The type (in a 64-bit entry also the flags), then offset, address, physical address,
            // size.
            let field =
                |index: u64| self.number(at.saturating_add((index + 1) * word as u64), word, big);
            let (offset, address, size) = (field(0), field(1), field(3));
            match self.number(at, 4, big) {
                1 => loads.push((address, offset, size)),
                2 => dynamic = Some((offset, size)),
                4 => self.add(offset, size),
                _ => {}
            }
        }
        let Some((offset, size)) = dynamic else { return };
        self.add(offset, size);
        self.add(offset, size);
        for at in (offset..offset.saturating_add(size.min(LONGEST))).step_by(word * 2) {
            let value = self.number(at.saturating_add(word as u64), word, big);
            // A value that is in a segment is treated as the address of a table.
            for &(address, position, length) in &loads {
                if value != 0 && value.wrapping_sub(address) < length {
                    self.add(position.saturating_add(value - address), 512);
                }
            }
        }
    }

    fn universal(&mut self) {
        let count = self.number(4, 4, true).min(30);
        self.add(8, count * 20);
        for index in 0..count {
            let start = self.number(8 + index * 20 + 8, 4, true);
            self.mach_o(start);
        }
    }

    fn mach_o(&mut self, start: u64) {
        let big = false;
        let is_64 = self.file.get(start as usize) == Some(&0xcf);
        let (count, size) = (self.number(start + 16, 4, big), self.number(start + 20, 4, big));
        let mut at = start + if is_64 { 32 } else { 28 };
        self.add(start, 32 + size);
        for _ in 0..count.min(64) {
            let (kind, length) = (self.number(at, 4, big) & 0xff, self.number(at + 4, 4, big));
            self.add(at, length);
            let pair = |field: u64| (at + field, at + field + 4);
            let ranges: &[(u64, u64)] = match kind {
                0x02 => &[pair(8), pair(16)],
                0x0b => &[pair(72)],
                0x22 => &[pair(8), pair(40), pair(8), pair(40)],
                0x33 | 0x34 => &[pair(8), pair(8), pair(8)],
                _ => &[],
            };
            for &(offset, length) in ranges {
                let (offset, length) = (self.number(offset, 4, big), self.number(length, 4, big));
                self.add(start + offset, length.max(256));
            }
            at += length.max(8);
        }
    }

    fn pe(&mut self) {
        let headers = self.number(60, 4, false);
        let sections = self.number(headers + 6, 2, false);
        let optional = headers + 24;
        let size = self.number(headers + 20, 2, false);
        let directories =
            optional + if self.number(optional, 2, false) == 0x20b { 112 } else { 96 };
        let table = optional + size;
        self.add(headers, 24 + size);
        self.add(directories, 128);
        self.add(table, sections * 40);
        for index in 0..16 {
            let address = self.number(directories + index * 8, 4, false);
            for section in (0..sections.min(64)).map(|index| table + index * 40) {
                let start = self.number(section + 12, 4, false);
                if address != 0 && address.wrapping_sub(start) < self.number(section + 16, 4, false)
                {
                    let length = self.number(directories + index * 8 + 4, 4, false);
                    self.add(
                        self.number(section + 20, 4, false) + (address - start),
                        length.max(64),
                    );
                }
            }
        }
    }
}
