//! The versions of symbols that an image needs, and those that it defines.

use object::elf;
use object::endian::Endianness;

use super::structures::{linked, structure};
use crate::binary::elf::facts::VersionNeed;
use crate::binary::memory::Memory;
use crate::files::{Limits, Source};
use crate::hash::HashMap;

/// `.gnu.version_r`: the versions that the image needs, by library, and the name of each version's
/// index.
pub(super) fn version_needs(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    string: &impl Fn(u64) -> String,
) -> (Vec<VersionNeed>, HashMap<u16, String>) {
    let (mut needs, mut names) = (Vec::new(), HashMap::default());
    let mut left = Limits::LIBRARIES;
    for (at, need) in
        linked(source, memory, table, |need: &elf::Verneed<Endianness>| need.vn_next.get(endian))
    {
        let mut versions = Vec::new();
        let aux_at = at.saturating_add(need.vn_aux.get(endian).into());
        for (_, aux) in linked(source, memory, aux_at, |aux: &elf::Vernaux<Endianness>| {
            aux.vna_next.get(endian)
        })
        .take(left)
        {
            left = left.saturating_sub(1);
            names.insert(
                aux.vna_other.get(endian).0 & elf::VERSYM_VERSION,
                string(aux.vna_name.get(endian).into()),
            );
            // The loader only warns about a missing weak version.
            if aux.vna_flags.get(endian).0 & elf::VER_FLG_WEAK.0 == 0 {
                versions.push(string(aux.vna_name.get(endian).into()));
            }
        }
        needs.push(VersionNeed { library: string(need.vn_file.get(endian).into()), versions });
    }
    (needs, names)
}

/// `.gnu.version_d`: the versions that a library defines.
pub(super) fn version_definitions(
    source: &Source,
    memory: &Memory,
    endian: Endianness,
    table: u64,
    string: &impl Fn(u64) -> String,
) -> Vec<String> {
    linked(source, memory, table, |definition: &elf::Verdef<Endianness>| {
        definition.vd_next.get(endian)
    })
    .filter_map(|(at, definition)| {
        let aux_at = at.saturating_add(definition.vd_aux.get(endian).into());
        structure::<elf::Verdaux<Endianness>>(source, memory, aux_at)
    })
    .map(|aux| string(aux.vda_name.get(endian).into()))
    .collect()
}
