//! Reads structures and linked lists of them from an image's memory.

use crate::binary::memory::Memory;
use crate::files::{Limits, Source};

/// The structures from `start` on, up to the maximum in [`Limits`], each with its address; `next`
/// returns the distance to the next one, 0 at the end.
pub(in crate::binary::elf) fn linked<T: object::pod::Pod>(
    source: &Source,
    memory: &Memory,
    start: u64,
    next: impl Fn(&T) -> u32,
) -> impl Iterator<Item = (u64, T)> {
    let mut at = Some(start);
    (0..Limits::LIBRARIES).map_while(move |_| {
        let here = at?;
        let value = structure::<T>(source, memory, here)?;
        at = match next(&value) {
            0 => None,
            distance => Some(here.saturating_add(distance.into())),
        };
        Some((here, value))
    })
}

/// The structure at an address; `None` if it can't be read.
pub(in crate::binary::elf) fn structure<T: object::pod::Pod>(
    source: &Source,
    memory: &Memory,
    address: u64,
) -> Option<T> {
    let mut bytes = vec![0; size_of::<T>()];
    memory.read(source, address, &mut bytes).ok()?;
    object::pod::from_bytes::<T>(&bytes).ok().map(|(value, _)| *value)
}
