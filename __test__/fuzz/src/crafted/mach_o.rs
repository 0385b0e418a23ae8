//! Hostile Mach-O files.

use std::path::{Path, PathBuf};

use super::{Bytes, Case, longest_name, stretch};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("macho-rebase-times", What::File, rebase_times),
    ("macho-rebase-skips", What::File, rebase_skips),
    ("macho-trie-cycle", What::File, trie_cycle),
    ("macho-trie-paths", What::File, trie_paths),
    ("macho-trie-names", What::File, trie_names),
    ("macho-symbols-of-one-name", What::File, symbols_of_one_name),
    ("macho-chained-segments", What::File, chained_segments),
    ("macho-local-relocations", What::File, local_relocations),
    ("macho-slices", What::File, slices),
    ("macho-slices-at-the-end", What::File, slices_at_the_end),
    ("macho-sparse", What::File, sparse),
];

/// The position of everything except the headers.
const BODY: u64 = 0x80000;

/// The header and load commands of a bundle for arm64.
struct Image {
    body: Bytes,
    commands: u32,
    end: u64,
}

impl Image {
    fn new() -> Image {
        let mut body = Bytes::default();
        body.u32(0, 0xfeed_facf).u32(4, 0x0100_000c).u32(12, 8).u32(28, 0);
        Image { body, commands: 0, end: 32 }
    }

    fn command(&mut self, kind: u32, fields: &[u32]) -> &mut Image {
        self.body.u32(self.end, kind).u32(self.end + 4, fields.len() as u32 * 4 + 8);
        for (index, field) in fields.iter().enumerate() {
            self.body.u32(self.end + 8 + index as u64 * 4, *field);
        }
        self.end += fields.len() as u64 * 4 + 8;
        self.commands += 1;
        self
    }

    fn segment(&mut self, address: u64, offset: u64, size: u64) -> &mut Image {
        let halves = |value: u64| [value as u32, (value >> 32) as u32];
        let name = [0; 4];
        let numbers = [address, size, offset, size].map(halves).concat();
        self.command(0x19, &[&name[..], &numbers, &[7, 3, 0, 0]].concat())
    }

    /// The symbol table: one import because of which the pointers are read.
    fn registering(&mut self) -> &mut Image {
        self.body
            .string(BODY, "\0_node_module_register")
            .u32(BODY + 0x100, 1)
            .u32(BODY + 0x104, 0x0100_0001)
            .u64(BODY + 0x108, 0);
        self.command(2, &[BODY as u32 + 0x100, 1, BODY as u32, 64])
    }

    fn finish(&mut self) -> &mut Bytes {
        self.body.u32(16, self.commands).u32(20, (self.end - 32) as u32);
        assert!(self.end <= BODY, "load commands end before the body");
        &mut self.body
    }

    /// 4,000 further segments far away.
    fn many_segments(&mut self) -> &mut Image {
        for index in 0..4000 {
            self.segment(0x7000_0000_0000 + index * 16, 0, 16);
        }
        self
    }
}

fn uleb(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn rebases(opcodes: &[u8]) -> Image {
    let mut image = Image::new();
    image.segment(0, 0, 64 << 20);
    image.registering();
    image.body.put(BODY + 0x1000, opcodes);
    image.command(0x22, &[BODY as u32 + 0x1000, opcodes.len() as u32, 0, 0, 0, 0, 0, 0, 0, 0]);
    image
}

/// A rebase opcode repeated 2⁶³ times, in 4,000 segments.
fn rebase_times(folder: &Path) -> PathBuf {
    let opcodes = [&[0x11, 0x20, 0][..], &[0x60], &uleb(1 << 63), &[0]].concat();
    let mut image = rebases(&opcodes);
    image.many_segments().finish().put(64 << 20, &[0]);
    image.body.save(folder)
}

/// Four million rebases, each on another page.
fn rebase_skips(folder: &Path) -> PathBuf {
    let opcodes = [&[0x11, 0x20, 0][..], &[0x80], &uleb(4 << 20), &uleb(40960 - 8), &[0]].concat();
    let mut image = rebases(&opcodes);
    image.finish().put(64 << 20, &[0]);
    image.body.u64(32 + 32, 1 << 40).u64(32 + 48, 1 << 40);
    let path = image.body.save(folder);
    stretch(&path, 1 << 40);
    path
}

fn with_trie(folder: &Path, trie: &[u8]) -> PathBuf {
    let mut image = Image::new();
    image.segment(0, 0, 1 << 20);
    image.command(0x8000_0033, &[BODY as u32, trie.len() as u32]);
    image.finish().put(BODY, trie);
    image.body.save(folder)
}

/// A node that is its own child.
fn trie_cycle(folder: &Path) -> PathBuf {
    with_trie(folder, b"\0\x02a\0\x00b\0\x00")
}

/// 255³⁰ paths through 30 nodes, without an export at the end.
fn trie_paths(folder: &Path) -> PathBuf {
    let mut trie = Vec::new();
    for _ in 0..30 {
        let start = trie.len();
        let next = start + 2 + 255 * 4;
        trie.extend([0, 255]);
        for _ in 0..255 {
            // An offset of three bytes for all values, and an empty label.
            trie.extend(
                [0, next | 0x80, next >> 7 | 0x80, next >> 14 & 0x7f].map(|bits| bits as u8),
            );
        }
    }
    trie.extend([0, 0]);
    with_trie(folder, &trie)
}

/// A chain of sixty nodes with an export each. Their labels of 1 MB form longer and longer names.
fn trie_names(folder: &Path) -> PathBuf {
    let mut trie = Vec::new();
    for _ in 0..60 {
        trie.extend([2, 0, 1, 1]);
        trie.resize(trie.len() + (1 << 20), b'a');
        trie.push(0);
        // An offset of four bytes for all values.
        let next = trie.len() + 4;
        trie.extend(
            [next | 0x80, next >> 7 | 0x80, next >> 14 | 0x80, next >> 21 & 0x7f]
                .map(|bits| bits as u8),
        );
    }
    trie.extend([2, 0, 1, 0]);
    with_trie(folder, &trie)
}

fn add_symbols(image: &mut Image, at: u64, count: u64, name: &str) {
    image.body.string(at, name);
    let table = at + 0x2000;
    for index in 0..count {
        image
            .body
            .u32(table + index * 16, 0)
            .u32(table + index * 16 + 4, 0x0100_0001)
            .u64(table + index * 16 + 8, 0);
    }
    image.command(2, &[table as u32, count as u32, at as u32, 0x2000]);
}

/// A million imports with the longest name.
fn symbols_of_one_name(folder: &Path) -> PathBuf {
    let mut image = Image::new();
    image.segment(0, 0, 1 << 20);
    add_symbols(&mut image, BODY, 1 << 20, &longest_name("__ZN2v", ""));
    image.finish();
    image.body.save(folder)
}

/// 4,000 segments over the same 64 MB, each with a chain through all of these bytes.
fn chained_segments(folder: &Path) -> PathBuf {
    const SIZE: u64 = 64 << 20;
    let mut image = Image::new();
    for _ in 0..4000 {
        image.segment(0, 0, SIZE);
    }
    image.registering();
    let fixups = BODY + 0x1000;
    let body = image.command(0x8000_0034, &[fixups as u32, 0x10000]).finish();
    // The header, then the starts in the image: 4,000 times the same starts in a segment, pages of
    // 16 KB with a chain each.
    body.u32(fixups, 0).u32(fixups + 4, 32).u32(fixups + 20, 1);
    let starts = fixups + 32;
    body.u32(starts, 4000);
    let shared = 4 + 4000 * 4;
    for index in 0..4000 {
        body.u32(starts + 4 + index * 4, shared as u32);
    }
    let pages = (SIZE >> 14) as u16;
    let segment = starts + shared;
    body.u32(segment, 22 + u32::from(pages) * 2)
        .u16(segment + 4, 0x4000)
        .u16(segment + 6, 2)
        .u16(segment + 20, pages);
    for page in 0..u64::from(pages) {
        body.u16(segment + 22 + page * 2, 0);
    }
    // DYLD_CHAINED_PTR_64: the next pointer follows after 8 bytes.
    for at in (1 << 20..SIZE).step_by(8) {
        body.u64(at, 2 << 51);
    }
    body.save(folder)
}

/// Eight million local relocations.
fn local_relocations(folder: &Path) -> PathBuf {
    let mut image = Image::new();
    image.segment(0, 0, 64 << 20).many_segments().registering();
    let mut fields = [0; 18];
    fields[16] = BODY as u32 + 0x1000;
    fields[17] = 8 << 20;
    let body = image.command(0x0b, &fields).finish();
    for index in 0..8 << 20 {
        body.u32(BODY + 0x1000 + index * 8, index as u32 * 4)
            .u32(BODY + 0x1004 + index * 8, 3 << 25);
    }
    body.put(BODY + 0x1000 + (64 << 20), &[0]);
    body.save(folder)
}

fn universal(slices: &[(u32, u32)]) -> Bytes {
    let mut file = Bytes::default();
    file.put(0, &0xcafe_babe_u32.to_be_bytes()).put(4, &(slices.len() as u32).to_be_bytes());
    for (index, (offset, size)) in slices.iter().enumerate() {
        for (field, value) in
            [0x0100_000c, index as u32, *offset, *size, 12].into_iter().enumerate()
        {
            file.put(8 + index as u64 * 20 + field as u64 * 4, &value.to_be_bytes());
        }
    }
    file
}

/// Thirty slices that are all the same 64 MB.
fn slices(folder: &Path) -> PathBuf {
    let mut image = Image::new();
    image.segment(0, 0, 1 << 20);
    image.body.string(BODY, "\0_node_module_register");
    let table = BODY + (60 << 20);
    for index in 0..1 << 17 {
        image
            .body
            .u32(table + index * 16, 1)
            .u32(table + index * 16 + 4, 0x0100_0001)
            .u64(table + index * 16 + 8, 0);
    }
    image.command(2, &[table as u32, 1 << 17, BODY as u32, 60 << 20]);
    let slice = image.finish().0.clone();
    let mut file = universal(&[(4096, slice.len() as u32); 30]);
    file.put(4096, &slice);
    file.save(folder)
}

/// 64-bit slices that begin at the end of the address space.
fn slices_at_the_end(folder: &Path) -> PathBuf {
    let mut file = Bytes::default();
    file.put(0, &0xcafe_babf_u32.to_be_bytes()).put(4, &2_u32.to_be_bytes());
    for index in 0..2 {
        let at = 8 + index * 32;
        file.put(at, &0x0100_000c_u32.to_be_bytes())
            .put(at + 8, &(u64::MAX - 31).to_be_bytes())
            .put(at + 16, &u64::MAX.to_be_bytes());
    }
    file.put(8191, &[0]).save(folder)
}

/// A terabyte of zeros after valid headers, with tables of 4 GB.
fn sparse(folder: &Path) -> PathBuf {
    let mut image = Image::new();
    image.segment(0, 0, 1 << 40).registering();
    image.command(0x22, &[u32::MAX; 10]).command(0x8000_0033, &[BODY as u32, u32::MAX]).finish();
    let path = image.body.save(folder);
    stretch(&path, 1 << 40);
    path
}
