//! Numbers in a file that overflow. `npm run test:32bit` runs these tests with a 32-bit `usize`.

use crate::binary::{Contents, Image, SymbolLookup, read};
use crate::files::Source;
use crate::hash::HashSet;

const HASH: u64 = 0x400;
const SYMBOLS: u64 = 0x500;
const STRINGS: u64 = 0x600;
const NOTES: u64 = 0x700;

fn number(wide: bool, value: u64) -> Vec<u8> {
    value.to_le_bytes()[..if wide { 8 } else { 4 }].to_vec()
}

/// A little-endian library of 0x800 bytes, completely mapped at address 0, with a dynamic section
/// and a note.
fn library(wide: bool, dynamic: &[(u64, u64)]) -> Vec<u8> {
    let mut file = vec![0; 0x800];
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    let long = |value| number(wide, value);
    put(0, b"\x7fELF");
    put(4, &[if wide { 2 } else { 1 }, 1, 1]);
    put(16, &[3, 0, if wide { 62 } else { 40 }, 0, 1]);
    let (header, entry) = if wide { (64u16, 56u16) } else { (52, 32) };
    put(if wide { 32 } else { 28 }, &long(header.into()));
    put(if wide { 54 } else { 42 }, &[&entry.to_le_bytes()[..], &[3, 0]].concat());
    // PT_LOAD, PT_DYNAMIC, PT_NOTE
    for (index, (kind, at, size)) in
        [(1u32, 0, 0x800), (2, 0x200, 0x200), (4, NOTES, 0x100)].into_iter().enumerate()
    {
        let place = [long(at), long(at), long(at), long(size), long(size)].concat();
        let flags = 6u32.to_le_bytes();
        let program = match wide {
            true => [&kind.to_le_bytes()[..], &flags, &place].concat(),
            false => [&kind.to_le_bytes()[..], &place, &flags].concat(),
        };
        put(usize::from(header) + index * usize::from(entry), &program);
    }
    let entries: Vec<u8> =
        dynamic.iter().flat_map(|(tag, value)| [long(*tag), long(*value)].concat()).collect();
    put(0x200, &entries);
    file
}

fn image(file: Vec<u8>) -> Image {
    let source = Source::from_bytes(file);
    match read(&source).contents {
        Contents::Single(image) => *image,
        other => unreachable!("{other:?}"),
    }
}

const TABLES: [(u64, u64); 4] = [(4, HASH), (5, STRINGS), (6, SYMBOLS), (10, 0x10)];

/// `DT_HASH` has so many symbols that their size, computed in 32 bits, is 16 or 24. In an earlier
/// version it wrapped, and the table was read as if it had one entry.
#[test]
fn a_symbol_count_with_an_overflowing_size_is_not_read() {
    for (wide, count) in
        [(false, 0x1000_0001u32), (true, 0xaaaa_aaac), (false, u32::MAX), (true, u32::MAX)]
    {
        let mut file = library(wide, &TABLES);
        file[0x400..0x408].copy_from_slice(&[1u32.to_le_bytes(), count.to_le_bytes()].concat());
        let image = image(file);
        assert_eq!(image.unread, ["dynamic symbol table"], "{wide} {count:#x}");
        assert_eq!(image.symbols.imports().count() + image.symbols.exports().count(), 0);
    }
}

/// Sizes of notes and tables, and addresses, at the end of the range of numbers.
#[test]
fn the_largest_numbers_are_read_without_overflow() {
    for wide in [false, true] {
        let most = if wide { u64::MAX } else { u32::MAX.into() };
        for tag in [
            4,
            5,
            6,
            7,
            8,
            0x17,
            2,
            0x19,
            0x1b,
            0x24,
            0x23,
            0x6fff_fef5,
            0x6fff_fffe,
            0x6fff_fffc,
            0x6fff_fff0,
        ] {
            for value in [most, most - 1, most - 7, most - 15, most / 2 + 1] {
                let mut file = library(wide, &[&TABLES[..], &[(0x14, 7), (tag, value)]].concat());
                file[0x700..0x70c].fill(0xff);
                let source = Source::from_bytes(file);
                let binary = read(&source);
                for image in binary.images() {
                    drop(image.pointers(&source));
                    drop(image.bindings(&source, &HashSet::from_iter([&b"x"[..]])));
                    drop(image.constructor_addresses(&source));
                    drop(image.relocations(&source));
                }
            }
        }
    }
}

/// The same for a look-up in a library's hash table.
#[test]
fn a_hash_table_at_the_end_of_memory_finds_no_symbol() {
    let folder = std::env::temp_dir();
    for (index, wide) in [false, true].into_iter().enumerate() {
        let most = if wide { u64::MAX } else { u32::MAX.into() };
        for (kind, tag) in [4, 0x6fff_fef5].into_iter().enumerate() {
            for at in [most, most - 15, 0x7f8] {
                let file = library(wide, &[(5, STRINGS), (6, most - 3), (10, 0x10), (tag, at)]);
                let path = folder.join(format!("abi-guard-{}-{index}-{kind}", std::process::id()));
                std::fs::write(&path, file).expect("a file");
                let found = SymbolLookup::open(&path)
                    .and_then(|library| library.defines(b"name", Some(b"V1")));
                std::fs::remove_file(&path).expect("no file");
                assert_ne!(found, Some(true));
            }
        }
    }
}
