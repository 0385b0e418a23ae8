//! The base relocations of a PE image: the slots that contain an address.

use object::pe;
use object::read::pe::RelocationBlockIterator;

use super::super::memory::Memory;
use super::super::pointers::Pointers;
use crate::files::{Limits, Source};

/// The base relocation directory: address and size.
#[derive(Debug, Default)]
pub(in crate::binary) struct Relocations {
    pub(super) address: u64,
    pub(super) size: u64,
    pub(super) image_base: u64,
}

/// Reads every pointer that a base relocation adjusts.
pub(in crate::binary) fn pointers(
    table: &Relocations,
    memory: &Memory,
    source: &Source,
) -> Pointers {
    let mut slots = Vec::new();
    if let Ok(bytes) = memory.bytes(source, table.address, table.size) {
        let kind = if memory.pointer_size == 8 {
            pe::IMAGE_REL_BASED_DIR64
        } else {
            pe::IMAGE_REL_BASED_HIGHLOW
        };
        for block in RelocationBlockIterator::new(&bytes).map_while(Result::ok) {
            for relocation in block
                .filter(|relocation| relocation.typ == kind)
                .take(Limits::RELOCATIONS - slots.len())
            {
                let slot = table.image_base.wrapping_add(relocation.virtual_address.into());
                slots.extend(memory.pointer(source, slot).map(|target| (slot, target)));
            }
        }
    }
    Pointers::sorted(slots)
}
