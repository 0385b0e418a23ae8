//! Hostile ELF files.

use std::path::{Path, PathBuf};

use super::{Bytes, Case, longest_name, stretch};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("elf-bindings-of-missing-symbols", What::File, bindings_of_missing_symbols),
    ("elf-segments-relocations", What::File, segments_relocations),
    ("elf-segments-hash-chain", What::File, segments_hash_chain),
    ("elf-bucket-count", What::File, bucket_count),
    ("elf-huge-tables", What::File, huge_tables),
    ("elf-packed-relocations", What::File, packed_relocations),
    ("elf-packed-relocations-of-long-strings", What::File, packed_relocations_of_long_strings),
    ("elf-relocations-lost", What::File, relocations_lost),
    ("elf-absolute-relocations", What::File, absolute_relocations),
    ("elf-modules", What::File, modules),
    ("elf-imports-of-one-name", What::File, imports_of_one_name),
    ("elf-exports-of-one-name", What::File, exports_of_one_name),
    ("elf-version-needs", What::File, version_needs),
    ("elf-libraries", What::File, libraries),
    ("elf-sparse", What::File, sparse),
    ("elf-sparse-executable", What::Executable, sparse),
];

const SYMBOLS: u64 = 1 << 20;
/// The position of the dynamic section.
const DYNAMIC: u64 = 0x100;
/// The position of the string table: "", then the registering function, then the strings of a case.
const STRINGS: u64 = 0x1000;
const REGISTER: &str = "node_module_register";
/// The first free byte of the string table.
const FREE: u64 = 1 + REGISTER.len() as u64 + 1;

/// A 64-bit image whose addresses are its file offsets: one segment over the whole file, and a
/// dynamic section with `dynamic` and the string table.
fn image(body: &mut Bytes, dynamic: &[(u64, u64)]) {
    body.string(STRINGS + 1, REGISTER);
    let size = (body.0.len() as u64).max(0x4000).next_multiple_of(8);
    body.put(size - 1, &[0]);
    header(body, 64, 2);
    segment(body, 64, 1, 5, 0, size);
    segment(body, 64 + 56, 2, 6, DYNAMIC, 16 * (dynamic.len() as u64 + 3));
    let mut at = DYNAMIC;
    for (tag, value) in dynamic.iter().chain(&[(5, STRINGS), (10, 0x2800), (0, 0)]) {
        // If a tag occurs twice, the last entry counts. So the default DT_STRSZ is left out if the
        // case has one.
        if !(*tag == 10 && dynamic.iter().any(|(tag, _)| *tag == 10)) {
            body.u64(at, *tag).u64(at + 8, *value);
            at += 16;
        }
    }
}

fn header(body: &mut Bytes, table: u64, count: u16) {
    body.put(0, b"\x7fELF\x02\x01\x01")
        .u16(16, 3)
        .u16(18, 62)
        .u32(20, 1)
        .u64(32, table)
        .u16(52, 64)
        .u16(54, 56)
        .u16(56, count);
}

fn segment(body: &mut Bytes, at: u64, kind: u32, flags: u32, start: u64, size: u64) {
    body.u32(at, kind).u32(at + 4, flags).u64(at + 8, start).u64(at + 16, start);
    body.u64(at + 32, size).u64(at + 40, size).u64(at + 48, 4096);
}

/// 4,094 further segments far away, which are searched before the one that has contents.
fn many_segments(body: &mut Bytes) {
    let table = (body.0.len() as u64).next_multiple_of(16);
    let first_two = body.0[64..64 + 112].to_vec();
    body.put(table, &first_two);
    for index in 2..4096 {
        let at = table + index * 56;
        segment(body, at, 1, 4, 0x7000_0000_0000, 0);
        body.u64(at + 8, 0).u64(at + 40, 16);
    }
    header(body, table, 4096);
}

fn symbol(body: &mut Bytes, at: u64, name: u64, section: u16, value: u64) {
    body.u32(at, name as u32)
        .put(at + 4, &[0x12, 0])
        .u16(at + 6, section)
        .u64(at + 8, value)
        .u64(at + 16, 0);
}

/// Symbols at 0x8000: the empty one and the registering function. Returns their dynamic entries.
fn registering(body: &mut Bytes) -> [(u64, u64); 2] {
    symbol(body, 0x8018, 1, 0, 0);
    body.u32(0x8100, 1).u32(0x8104, 2);
    [(6, 0x8000), (4, 0x8100)]
}

/// `DT_RELR` words at `at` that describe `count` slots from `first` on. Returns the size of the
/// table.
fn packed(body: &mut Bytes, at: u64, first: u64, count: u64) -> u64 {
    body.u64(at, first);
    let words = count / 63;
    for index in 1..=words {
        body.u64(at + index * 8, u64::MAX);
    }
    (words + 1) * 8
}

/// Four million pointers. Each of them is searched in 4,096 segments.
fn segments_relocations(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    let size = packed(&mut body, 0x10000, 0x200000, 4 << 20);
    body.put(0x200000 + (32 << 20), &[0]);
    image(&mut body, &[symbols, hash, (36, 0x10000), (35, size)]);
    many_segments(&mut body);
    body.save(folder)
}

/// A hash chain of two million words without an end, in 4,096 segments.
fn segments_hash_chain(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.u32(0x10000, 1).u32(0x10004, 1).u32(0x10008, 0).u32(0x10010, 1);
    body.put(0x10014 + (8 << 20), &[0]);
    image(&mut body, &[(6, 0x8000), (0x6fff_fef5, 0x10000)]);
    many_segments(&mut body);
    body.save(folder)
}

/// A `DT_GNU_HASH` with 2³² − 1 buckets and as many bloom words.
fn bucket_count(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.put(0x10000, &[0xff; 64]);
    image(&mut body, &[(6, 0x8000), (0x6fff_fef5, 0x10000)]);
    let path = body.save(folder);
    stretch(&path, 1 << 40);
    path
}

/// Every table at the end of the address space, with every size at its maximum.
fn huge_tables(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let huge = |tag| (tag, u64::MAX - 3);
    let tags = [2, 4, 6, 7, 8, 10, 17, 18, 23, 35, 36, 0x6fff_fef5, 0x6fff_fffe, 0x6fff_ffff];
    image(&mut body, &tags.map(huge));
    // The segment itself extends to the end of the address space.
    body.u64(64 + 16, 0).u64(64 + 32, u64::MAX).u64(64 + 40, u64::MAX);
    let path = body.save(folder);
    stretch(&path, 1 << 40);
    path
}

/// Each byte of the table describes eight slots.
fn packed_relocations(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    let size = packed(&mut body, 0x10000, 0x4000000, 60 << 20);
    image(&mut body, &[symbols, hash, (36, 0x10000), (35, size)]);
    body.u64(64 + 40, 1 << 32);
    body.save(folder)
}

/// Every slot points to the longest string that is read.
fn packed_relocations_of_long_strings(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    let size = packed(&mut body, 0x10000, 0x200000, 4 << 20);
    body.string(0x4000, &longest_name("", ""));
    body.put(0x200000, &0x4000_u64.to_le_bytes().repeat(4 << 20));
    image(&mut body, &[symbols, hash, (36, 0x10000), (35, size)]);
    body.save(folder)
}

/// A truncated file with relocations that could all be after its end, in 4,096 segments.
fn relocations_lost(folder: &Path) -> PathBuf {
    let path = segments_relocations(folder);
    let mut bytes = std::fs::read(&path).expect("the file");
    // The last segment of the table continues after the end of the file.
    let table = u64::from_le_bytes(bytes[32..40].try_into().expect("eight bytes")) as usize;
    let last = table + 4095 * 56;
    bytes[last + 32..last + 40].copy_from_slice(&(1_u64 << 30).to_le_bytes());
    bytes[last + 40..last + 48].copy_from_slice(&(1_u64 << 30).to_le_bytes());
    std::fs::write(&path, bytes).expect("the file");
    path
}

/// Each relocation requires reading a symbol that is far from the previous one.
fn absolute_relocations(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    for index in 0..1_u64 << 20 {
        let at = 0x4000000 + index * 24;
        // R_X86_64_64 for symbols at distances of 48 KB.
        body.u64(at, 0x10000 + index * 8).u64(at + 8, ((index % 1024) * 2000) << 32 | 1);
    }
    image(&mut body, &[symbols, hash, (7, 0x4000000), (8, 24 << 20)]);
    body.save(folder)
}

/// A quarter of a million valid registrations, each with the longest name.
fn modules(folder: &Path) -> PathBuf {
    const COUNT: u64 = 1 << 18;
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    body.string(0x4000, &longest_name("", ""));
    let (structs, relocations) = (0x100000, 0x100000 + COUNT * 72);
    for index in 0..COUNT {
        let at = structs + index * 72;
        body.u32(at, (index % 1999) as u32 + 1);
        for (field, (slot, target)) in
            [(16, 0x4000), (24, 0x100), (40, 0x4000)].into_iter().enumerate()
        {
            let entry = relocations + (index * 3 + field as u64) * 24;
            body.u64(entry, at + slot).u64(entry + 8, 8).u64(entry + 16, target);
        }
    }
    image(&mut body, &[symbols, hash, (7, relocations), (8, COUNT * 72)]);
    body.save(folder)
}

fn symbols_of_one_name(folder: &Path, name: &str, section: u16) -> PathBuf {
    let mut body = Bytes::default();
    body.string(STRINGS + FREE, name);
    body.u32(0x4000, 1).u32(0x4004, SYMBOLS as u32);
    for index in 1..SYMBOLS {
        symbol(&mut body, 0x10000 + index * 24, FREE, section, 0x4000);
    }
    image(&mut body, &[(6, 0x10000), (4, 0x4000)]);
    body.save(folder)
}

/// A million imports. It takes long to distinguish each name from one of V8's.
fn imports_of_one_name(folder: &Path) -> PathBuf {
    symbols_of_one_name(folder, &longest_name("?", "@v8@"), 0)
}

/// A million exports, each with the long name of a Node 0.10 struct.
fn exports_of_one_name(folder: &Path) -> PathBuf {
    symbols_of_one_name(folder, &longest_name("", "_module"), 1)
}

/// 4,096 libraries × 65,535 versions with the longest name, all of which are the same few bytes.
fn version_needs(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.string(STRINGS + FREE, &longest_name("", ""));
    let (needs, versions) = (0x10000, 0x10000 + 4096 * 16);
    for index in 0..4096 {
        let at = needs + index * 16;
        body.u16(at, 1)
            .u16(at + 2, 65535)
            .u32(at + 4, FREE as u32)
            .u32(at + 8, (versions - at) as u32)
            .u32(at + 12, 16);
    }
    for index in 0..65536 {
        let at = versions + index * 16;
        body.u32(at + 8, FREE as u32).u32(at + 12, 16);
    }
    image(&mut body, &[(0x6fff_fffe, needs), (0x6fff_ffff, 4096)]);
    body.save(folder)
}

/// 4,096 libraries with the longest name, which consists of characters that reports escape.
fn libraries(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.put(STRINGS + FREE, &[0x1b; 4095]);
    let dynamic = 0x20000;
    for index in 0..4096 {
        body.u64(dynamic + index * 16, 1).u64(dynamic + index * 16 + 8, FREE);
    }
    body.u64(dynamic + 4096 * 16, 5).u64(dynamic + 4096 * 16 + 8, STRINGS);
    body.u64(dynamic + 4097 * 16, 10).u64(dynamic + 4097 * 16 + 8, 0x2000);
    image(&mut body, &[]);
    segment(&mut body, 64 + 56, 2, 6, dynamic, 4098 * 16);
    body.save(folder)
}

/// A terabyte of zeros after valid headers.
fn sparse(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    let [symbols, hash] = registering(&mut body);
    image(&mut body, &[symbols, hash, (7, 0x10000), (8, 1 << 39)]);
    body.u64(64 + 32, 1 << 40).u64(64 + 40, 1 << 40);
    let path = body.save(folder);
    stretch(&path, 1 << 40);
    path
}

/// All symbols are missing, and every relocation needs one.
fn bindings_of_missing_symbols(folder: &Path) -> PathBuf {
    const COUNT: u64 = 1 << 16;
    let mut body = Bytes::default();
    body.string(STRINGS + FREE, &longest_name("nobody_has_this_", ""));
    body.u32(0x4000, 1).u32(0x4004, COUNT as u32 * 2);
    let relocations = 0x10000 + COUNT * 2 * 24;
    for index in 1..COUNT * 2 {
        // The first half are imports, the second half exports. Each name is one byte shorter than
        // the name before it; after 4,000 names this starts again.
        symbol(&mut body, 0x10000 + index * 24, FREE + index % 4000, (index / COUNT) as u16, 0);
    }
    for index in 0..COUNT {
        let at = relocations + index * 24;
        body.u64(at, 0x3800).u64(at + 8, (index << 32) | 7);
    }
    image(&mut body, &[(6, 0x10000), (4, 0x4000), (23, relocations), (2, COUNT * 24), (20, 7)]);
    body.save(folder)
}
