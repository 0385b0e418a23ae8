//! The slots of an image that contain a relocated pointer.

/// The slots of an image that contain a relocated pointer, each with its target.
#[derive(Debug, Default)]
pub struct Pointers {
    slots: Vec<(u64, u64)>,
}

impl Pointers {
    /// Keeps the first pointer of each slot.
    pub(super) fn sorted(mut slots: Vec<(u64, u64)>) -> Pointers {
        // Linkers write them in a few runs, each sorted.
        slots.sort();
        slots.dedup_by_key(|slot| slot.0);
        Pointers { slots }
    }

    /// The target of the slot at `slot`, if a relocation writes to it.
    #[must_use]
    pub fn target(&self, slot: u64) -> Option<u64> {
        let index = self.slots.binary_search_by_key(&slot, |entry| entry.0).ok()?;
        Some(self.slots[index].1)
    }

    /// As [`Pointers::target`], for a slot a few bytes after the one with number `from`, such as a
    /// field of the same struct.
    #[must_use]
    pub fn target_behind(&self, from: usize, slot: u64) -> Option<u64> {
        let behind = self.slots.get(from..).unwrap_or_default();
        behind
            .iter()
            .take_while(|entry| entry.0 <= slot)
            .find(|entry| entry.0 == slot)
            .map(|entry| entry.1)
    }

    /// Number of slots.
    #[must_use]
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// The slot with this number, in the order of addresses.
    #[must_use]
    pub fn slot(&self, number: usize) -> Option<u64> {
        self.slots.get(number).map(|entry| entry.0)
    }
}
