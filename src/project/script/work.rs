//! The limit of the cost of reading the scripts of one package. Expressions inside of others are
//! evaluated again if the outer value is unknown, and values can get long. A hostile script could
//! make that happen a million times.

use std::cell::Cell;

/// The maximum number of units for one package. A unit is an evaluated operand, or 16 bytes of a
/// value. Each of 195 real packages (groups `current` and `small` of `__test__/trace`, 2026-11-28)
/// costs less than 100,000, a bundle of 1 MB (rollup 4) 146,000.
const MOST: u64 = 1 << 20;

/// The units that were spent so far.
#[derive(Debug, Default)]
pub struct Work(Cell<u64>);

impl Work {
    /// Spends units. False if the limit is reached.
    pub fn spend(&self, units: usize) -> bool {
        self.0.set(self.0.get().saturating_add(units as u64));
        !self.is_spent()
    }

    /// Spends the cost of a text of so many bytes.
    pub fn spend_bytes(&self, bytes: usize) -> bool {
        self.spend(bytes / 16)
    }

    /// The units that were spent.
    pub fn spent(&self) -> u64 {
        self.0.get()
    }

    /// True if the limit is reached: the scripts are not read to their end.
    pub fn is_spent(&self) -> bool {
        self.0.get() >= MOST
    }
}
