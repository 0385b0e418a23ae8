//! Random damage, mostly to the areas that determine how a file is read.

use std::ops::Range;

use crate::areas;
use crate::random::Random;

/// Values that are typical causes of mistakes with lengths, counts and offsets.
const VALUES: [u64; 28] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    16,
    31,
    32,
    63,
    64,
    127,
    255,
    4095,
    4096,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x10_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_ffff_ffff,
];

/// A valid file with its areas.
pub struct Seed {
    pub name: String,
    bytes: Vec<u8>,
    areas: Vec<Range<usize>>,
}

impl Seed {
    /// Finds the areas of `bytes`.
    pub fn new(name: String, bytes: Vec<u8>) -> Seed {
        Seed { name, areas: areas::of(&bytes), bytes }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A damaged copy. Some damage copies pieces of `other`.
    pub fn damaged(&self, other: &Seed, random: &mut Random) -> Vec<u8> {
        let mut file = self.bytes.clone();
        // Mostly little damage, because otherwise the first check would reject nearly all copies.
        let most = 1 << random.below(5);
        let times = 1 + random.below(most);
        for _ in 0..times {
            self.damage(&mut file, other, random);
        }
        file
    }

    fn damage(&self, file: &mut Vec<u8>, other: &Seed, random: &mut Random) {
        if file.is_empty() {
            return;
        }
        let at = self.place(file.len(), random);
        match random.below(16) {
            0 | 1 => file[at] ^= 1 << random.below(8),
            2 => file[at] = random.next() as u8,
            3..=6 => {
                let value = *random.pick(&VALUES);
                write(file, at, value, random);
            }
            // Numbers that are related to this file: its size, positions in it, and numbers near
            // them.
            7 | 8 => {
                let base = [file.len() as u64, self.place(file.len(), random) as u64, at as u64]
                    [random.below(3)];
                let value = base.wrapping_add(random.below(33) as u64).wrapping_sub(16);
                write(file, at, value, random);
            }
            9 => {
                let value = random.next() >> random.below(64);
                write(file, at, value, random);
            }
            // A byte that differs slightly from the old one.
            10 => file[at] = file[at].wrapping_add(random.below(9) as u8).wrapping_sub(4),
            11 => {
                let length = 1 << random.below(9);
                let end = at.saturating_add(length).min(file.len());
                file[at..end].fill(*random.pick(&[0, 0xff, 0x80, b'A']));
            }
            // One field or table over another one of the same file.
            12 | 13 => {
                let from = self.place(file.len(), random);
                let length = (1 << random.below(8)).min(file.len() - at.max(from));
                file.copy_within(from..from + length, at);
            }
            14 => {
                let from = other.place(other.bytes.len(), random);
                let length =
                    (1 << random.below(12)).min(file.len() - at).min(other.bytes.len() - from);
                file[at..at + length].copy_from_slice(&other.bytes[from..from + length]);
            }
            _ if random.one_in(2) => {
                file.truncate(if random.one_in(2) { at } else { random.below(file.len()) })
            }
            _ => {
                let length = file.len() + random.below(16384);
                file.resize(length, *random.pick(&[0, 0xff]));
            }
        }
    }

    /// A position in the file, mostly in an area that determines how it is read, and at the
    /// beginning of a field.
    fn place(&self, length: usize, random: &mut Random) -> usize {
        let at = if self.areas.is_empty() || random.one_in(10) {
            random.below(length)
        } else {
            let area = &self.areas[random.below(self.areas.len())];
            area.start + random.below(area.len())
        };
        let aligned = if random.one_in(6) { at } else { at & !3 };
        aligned.min(length - 1)
    }
}

fn write(file: &mut [u8], at: usize, value: u64, random: &mut Random) {
    let width = *random.pick(&[1, 2, 4, 4, 4, 8, 8]);
    let bytes = if random.one_in(3) { value.to_be_bytes() } else { value.to_le_bytes() };
    let significant =
        if bytes == value.to_be_bytes() { &bytes[8 - width..] } else { &bytes[..width] };
    for (target, source) in file[at..].iter_mut().zip(significant) {
        *target = *source;
    }
}
