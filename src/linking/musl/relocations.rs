//! musl's relocation of an image (ldso/dynlink.c 1.2.5, `do_relocs`): PLT relocations first, in one
//! pass that ends at the first failure. musl uses the types of the relocations without a check of
//! the machine that they are for.

use object::elf;

use super::super::missing::{Missing, text};
use crate::binary::{ElfFacts, Image};
use crate::files::Source;
use crate::hash::HashSet;

/// The relocation types that musl supports on x64 (arch/x86_64/reloc.h).
const KNOWN: [u32; 12] = [0, 1, 2, 5, 6, 7, 8, 10, 16, 17, 18, 36];

/// `R_X86_64_COPY`. musl looks its symbol up everywhere except in the executable.
const COPY: u32 = 5;

/// The symbols that relocating `image` misses. No object defines its imports `unfound`.
/// `is_foreign`: the image is for a processor other than x64.
pub(in crate::linking) fn missing(
    image: &Image,
    source: &Source,
    unfound: &HashSet<&[u8]>,
    is_foreign: bool,
    only_in_executable: &dyn Fn(&[u8]) -> bool,
) -> Missing {
    let mut missing = Missing::default();
    let Some(facts) = image.elf() else { return missing };
    if unfound.is_empty() && !is_foreign && facts.tls_size == 0 {
        return missing;
    }
    let binds_now = ElfFacts::binds_now(facts);
    let wanted = image.symbols.indexes(unfound);
    // If the relocation has no symbol, musl's text names the symbol of the relocation before it.
    let mut last = 0;
    for relocation in
        image.relocations(source).into_iter().filter(|relocation| relocation.number != 0)
    {
        if relocation.symbol != 0 {
            last = relocation.symbol;
        }
        let name = |symbol: u32| image.symbol_name(source, symbol).unwrap_or_default();
        let waits = !binds_now && (relocation.lazy || relocation.through_table);
        if let Some(name) = wanted.get(&relocation.symbol).filter(|_| !waits) {
            missing.eager = Some(text(name));
            return missing;
        }
        if is_foreign && relocation.number == COPY && relocation.symbol != 0 {
            let name = name(relocation.symbol);
            if only_in_executable(&name) {
                missing.eager = Some(text(&name));
                return missing;
            }
        }
        if is_foreign && !KNOWN.contains(&relocation.number) {
            missing.unsupported = Some(relocation.number);
            return missing;
        }
        if Some(relocation.number) == fixed_storage(facts.machine) && !is_foreign {
            missing.fixed_storage = Some(text(&name(last)));
            return missing;
        }
    }
    if !binds_now && !unfound.is_empty() {
        let mut bindings = image.bindings(source, unfound);
        bindings.iter_mut().for_each(|binding| binding.lazy |= binding.through_table);
        missing.wait(image, source, &bindings);
    }
    missing
}

/// The type of the relocation that needs static TLS (`R_*_TPOFF64`).
pub(in crate::linking) fn fixed_storage(machine: u16) -> Option<u32> {
    match elf::Machine(machine) {
        elf::EM_X86_64 => Some(elf::R_X86_64_TPOFF64.0),
        elf::EM_AARCH64 => Some(elf::R_AARCH64_TLS_TPREL.0),
        elf::EM_386 => Some(elf::R_386_TLS_TPOFF.0),
        _ => None,
    }
}
