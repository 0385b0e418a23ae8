//! The addresses to which relocations write. A large addon has hundreds of thousands of them, one
//! after the other: one bit for each costs little memory.

use crate::hash::{HashMap, HashSet};

/// The unit of addresses that have a bit, in bytes: the smaller size of a pointer.
const UNIT: u64 = 4;

/// A set of addresses.
#[derive(Default)]
pub(in crate::linking::simulation) struct Slots {
    /// A word of 64 bits for each range of 64 units, except the current one.
    words: HashMap<u64, u64>,
    /// The current range and its word: relocations are mostly sorted.
    range: u64,
    word: u64,
    /// Addresses that aren't aligned.
    others: HashSet<u64>,
    has_doubles: bool,
    /// The addresses since [`Slots::list`].
    listed: Option<Vec<u64>>,
}

impl Slots {
    /// Adds an address.
    pub fn add(&mut self, slot: u64) {
        if let Some(listed) = &mut self.listed {
            listed.push(slot);
        }
        let Some((range, bit)) = position(slot) else {
            self.has_doubles |= !self.others.insert(slot);
            return;
        };
        if range != self.range {
            self.words.insert(self.range, self.word);
            self.word = self.words.get(&range).copied().unwrap_or_default();
            self.range = range;
        }
        self.has_doubles |= self.word & bit != 0;
        self.word |= bit;
    }

    /// True if the address was added.
    pub fn contains(&self, slot: u64) -> bool {
        match position(slot) {
            None => self.others.contains(&slot),
            Some((range, bit)) if range == self.range => self.word & bit != 0,
            Some((range, bit)) => self.words.get(&range).is_some_and(|word| word & bit != 0),
        }
    }

    /// True if an address was added twice.
    pub fn has_doubles(&self) -> bool {
        self.has_doubles
    }

    /// Begins a list of the addresses that are added from now on.
    pub fn list(&mut self) {
        self.listed = Some(Vec::new());
    }

    /// The listed addresses, in the order in which they were added.
    pub fn take_list(&mut self) -> Vec<u64> {
        self.listed.take().unwrap_or_default()
    }
}

/// The range of an aligned address, and its bit.
fn position(slot: u64) -> Option<(u64, u64)> {
    let unit = slot / UNIT;
    slot.is_multiple_of(UNIT).then_some((unit / 64, 1 << (unit % 64)))
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn an_address_is_in_it_after_it_was_added() {
        let mut slots = Slots::default();
        let added = [0, 8, 4, 252, 256, 12, 1024, u64::MAX - 3, 13, 260];
        for slot in added {
            assert!(!slots.contains(slot), "{slot}");
            slots.add(slot);
        }
        for slot in added {
            assert!(slots.contains(slot), "{slot}");
        }
        for slot in [1, 16, 14, 264, 1028, u64::MAX, u64::MAX - 7] {
            assert!(!slots.contains(slot), "{slot}");
        }
        assert!(!slots.has_doubles());
    }

    #[test]
    fn an_address_that_is_added_twice_is_seen() {
        for (slot, others) in [(8, vec![]), (8, vec![4096, 16]), (9, vec![10, 8]), (0, vec![512])] {
            let mut slots = Slots::default();
            slots.add(slot);
            others.into_iter().for_each(|other| slots.add(other));
            assert!(!slots.has_doubles(), "{slot}");
            slots.add(slot);
            assert!(slots.has_doubles(), "{slot}");
        }
    }

    #[test]
    fn a_list_has_what_is_added_after_it_began() {
        let mut slots = Slots::default();
        assert!(slots.take_list().is_empty());
        slots.add(8);
        slots.list();
        [24, 16, 3].into_iter().for_each(|slot| slots.add(slot));
        assert_eq!(slots.take_list(), [24_u64, 16, 3]);
        slots.add(32);
        assert!(slots.take_list().is_empty());
    }
}
