//! Hostile PE files.

use std::path::{Path, PathBuf};

use super::{Bytes, Case, longest_name, stretch};
use crate::read::What;

pub const CASES: &[Case] = &[
    ("pe-imports", What::File, imports),
    ("pe-imports-by-number", What::File, imports_by_number),
    ("pe-delayed-imports", What::File, delayed_imports),
    ("pe-exports-of-one-name", What::File, exports_of_one_name),
    ("pe-relocations", What::File, relocations),
    ("pe-sections", What::File, sections),
    ("pe-image-base", What::File, image_base),
    ("pe-sparse", What::File, sparse),
];

const BASE: u64 = 0x1_8000_0000;
const EXPORT: u64 = 0;
const IMPORT: u64 = 1;
const RELOCATION: u64 = 5;
const DELAYED: u64 = 13;
/// The only section: everything after the headers. Its address is its position in the file.
const BODY: u64 = 0x10000;

/// The headers of a 64-bit DLL with `count` sections. The first is the whole body, the others are
/// far away.
fn image(body: &mut Bytes, count: u16, directories: &[(u64, u64, u64)]) {
    let size = body.0.len() as u64;
    body.put(0, b"MZ")
        .u32(60, 64)
        .put(64, b"PE\0\0")
        .u16(68, 0x8664)
        .u16(70, count)
        .u16(84, 240)
        .u16(86, 0x2022);
    body.u16(88, 0x20b)
        .u64(88 + 24, BASE)
        .u32(88 + 32, 4096)
        .u32(88 + 36, 512)
        .u32(88 + 56, size as u32)
        .u32(88 + 60, 1024);
    body.u32(88 + 108, 16);
    for (index, address, size) in directories {
        body.u32(88 + 112 + index * 8, *address as u32).u32(88 + 116 + index * 8, *size as u32);
    }
    for index in 0..u64::from(count) {
        let at = 88 + 240 + index * 40;
        let (address, length, offset) =
            if index == 0 { (BODY, size - BODY, BODY) } else { (0x7000_0000, 16, 0) };
        body.u32(at + 8, length as u32)
            .u32(at + 12, address as u32)
            .u32(at + 16, length as u32)
            .u32(at + 20, offset as u32);
        body.u32(at + 36, 0x6000_0020);
    }
}

/// 4,096 libraries that share a million thunks, all with the same long name.
fn imports(folder: &Path) -> PathBuf {
    imports_of(folder, 0x10000)
}

/// The same with thunks that contain a number, of which nothing is kept.
fn imports_by_number(folder: &Path) -> PathBuf {
    imports_of(folder, 1 << 63)
}

fn imports_of(folder: &Path, thunk: u64) -> PathBuf {
    let mut body = Bytes::default();
    body.string(BODY + 2, &longest_name("?", "@v8@"));
    let (descriptors, thunks) = (0x20000, 0x100000);
    for index in 0..4095 {
        let at = descriptors + index * 20;
        body.u32(at, thunks).u32(at + 12, BODY as u32 + 2).u32(at + 16, thunks);
    }
    body.put(descriptors + 4095 * 20, &[0; 20]);
    body.put(thunks.into(), &thunk.to_le_bytes().repeat((1 << 20) - 1));
    body.put(u64::from(thunks) + (8 << 20), &[0; 16]);
    image(&mut body, 2, &[(IMPORT, descriptors, 20)]);
    body.save(folder)
}

/// 4,096 delayed libraries that share a million thunks.
fn delayed_imports(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.string(BODY + 2, "name");
    let (descriptors, thunks) = (0x20000, 0x100000);
    for index in 0..4095 {
        let at = descriptors + index * 32;
        body.u32(at, 1).u32(at + 4, BODY as u32 + 2).u32(at + 16, thunks);
    }
    body.put(descriptors + 4095 * 32, &[0; 32]);
    body.put(thunks.into(), &BODY.to_le_bytes().repeat((1 << 20) - 1));
    body.put(u64::from(thunks) + (8 << 20), &[0; 16]);
    image(&mut body, 2, &[(DELAYED, descriptors, 32)]);
    body.save(folder)
}

/// A million exports with the longest name of a Node 0.10 struct.
fn exports_of_one_name(folder: &Path) -> PathBuf {
    const COUNT: u32 = 1 << 20;
    let mut body = Bytes::default();
    let (table, names, ordinals) = (BODY, 0x100000, 0x600000);
    body.u32(table + 16, 1)
        .u32(table + 20, 1)
        .u32(table + 24, COUNT)
        .u32(table + 28, 0x11000)
        .u32(table + 32, names)
        .u32(table + 36, ordinals);
    body.u32(0x11000, 0x11000);
    body.string(0x12000, &longest_name("", "_module"));
    body.put(names.into(), &0x12000_u32.to_le_bytes().repeat(COUNT as usize));
    body.put(ordinals.into(), &vec![0; COUNT as usize * 2]);
    body.put(BODY + 0x800000, &[0]);
    image(&mut body, 2, &[(EXPORT, table, 0x800000)]);
    body.save(folder)
}

/// Thirty million base relocations. Each of them is searched in 1,600 sections.
fn relocations(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    // node.exe exports the function because of which the pointers are read.
    let descriptors = 0x20000;
    body.string(BODY + 2, "node_module_register")
        .string(BODY + 0x100, "node.exe")
        .u64(BODY + 0x200, BODY);
    body.u32(descriptors, BODY as u32 + 0x200)
        .u32(descriptors + 12, BODY as u32 + 0x100)
        .put(descriptors + 16, &[0; 24]);
    let table = 0x40000;
    let block = 65536 * 4;
    for index in 0..240 {
        let at = table + index * block;
        body.u32(at, 0x30000).u32(at + 4, block as u32);
        body.put(at + 8, &0xa008_u16.to_le_bytes().repeat((block as usize - 8) / 2));
    }
    image(&mut body, 1600, &[(IMPORT, descriptors, 40), (RELOCATION, table, 240 * block)]);
    body.save(folder)
}

/// 65,535 sections, most of which are after the part of the headers that is read.
fn sections(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.put(BODY + 65535 * 40, &[0]);
    image(&mut body, 65535, &[]);
    body.save(folder)
}

/// Everything is at the end of the address space.
fn image_base(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    // The only import descriptor is at the end of the section; the next one would begin at address
    // 0.
    let last = BODY + 4096 - 20;
    body.string(BODY, "name")
        .u32(last, BODY as u32 + 0x100)
        .u32(last + 12, BODY as u32)
        .put(BODY + 4095, &[0]);
    image(&mut body, 1, &[(IMPORT, last, 20), (RELOCATION, BODY, 4096)]);
    body.u64(88 + 24, 0_u64.wrapping_sub(BODY + 4096));
    body.save(folder)
}

/// A terabyte of zeros after valid headers.
fn sparse(folder: &Path) -> PathBuf {
    let mut body = Bytes::default();
    body.put(BODY + 4096, &[0]);
    image(
        &mut body,
        2,
        &[(EXPORT, BODY, 0xffff_0000), (IMPORT, BODY, 40), (RELOCATION, BODY, 0xffff_0000)],
    );
    body.u32(88 + 240 + 8, 0xffff_0000).u32(88 + 240 + 16, 0xffff_0000);
    let path = body.save(folder);
    stretch(&path, 1 << 40);
    path
}
