//! The dynamic symbols: imports, and the exports that loaders can find.

use object::elf;
use object::endian::{Endianness, U16};
use object::read::elf::Sym;

use crate::binary::symbols::Symbols;

/// The imports and exports in a symbol table; `versions` is the table of `DT_VERSYM`.
pub(super) fn collect<S: Sym<Endian = Endianness>>(
    table: &[S],
    endian: Endianness,
    strings: Vec<u8>,
    versions: &[u8],
) -> Symbols {
    let (versions, _) =
        object::pod::slice_from_bytes::<U16<Endianness>>(versions, versions.len() / 2)
            .unwrap_or((&[], &[]));
    let mut symbols = Symbols::in_table(strings);
    let indexes = 0u32..;
    for (index, symbol) in
        indexes.zip(table).filter(|(_, symbol)| symbol.st_bind() != elf::STB_LOCAL)
    {
        let name = symbol.st_name(endian) as usize;
        if symbol.is_undefined(endian) {
            // 0 and 1 mean no version.
            let version = versions
                .get(index as usize)
                .map(|version| version.get(endian) & elf::VERSYM_VERSION)
                .filter(|version| *version > 1);
            symbols.import_at(name, version, symbol.st_bind() == elf::STB_WEAK, index);
        } else if can_be_found(symbol, endian) {
            symbols.export_at(name, symbol.st_value(endian).into());
        }
    }
    symbols
}

/// True for a definition that loaders can find by its name (glibc's elf/dl-lookup.c `check_match`,
/// musl's `find_sym2`).
pub(in crate::binary::elf) fn can_be_found<S: Sym<Endian = Endianness>>(
    symbol: &S,
    endian: Endianness,
) -> bool {
    let kind = symbol.st_type();
    let is_of_kind = matches!(
        kind,
        elf::STT_NOTYPE
            | elf::STT_OBJECT
            | elf::STT_FUNC
            | elf::STT_COMMON
            | elf::STT_TLS
            | elf::STT_GNU_IFUNC
    );
    let has_address = symbol.st_value(endian).into() != 0
        || kind == elf::STT_TLS
        || symbol.st_shndx(endian) == elf::SHN_ABS;
    is_of_kind
        && has_address
        && matches!(symbol.st_bind(), elf::STB_GLOBAL | elf::STB_WEAK | elf::STB_GNU_UNIQUE)
        && !symbol.is_undefined(endian)
        && !matches!(symbol.st_visibility(), elf::STV_HIDDEN | elf::STV_INTERNAL)
}
