//! What reading the scripts of one package may cost. Expressions are read from every token that may
//! begin one, and each reading may look at hundreds of tokens and build long values; a script can
//! be made to do that a million times.

use std::cell::Cell;

/// Most units for one package. A unit is an operand that is read, or 16 bytes of a value that is
/// built. Each of 195 real packages (groups `current` and `small` of `__test__/trace`, 2026-11-28)
/// costs less than 100,000, a bundle of 1 MB (rollup 4) 146,000.
const MOST: u64 = 1 << 20;

/// Units spent so far.
#[derive(Debug, Default)]
pub struct Work(Cell<u64>);

impl Work {
    /// Spends units; false when none are left, and from then on.
    pub fn spend(&self, units: usize) -> bool {
        self.0.set(self.0.get().saturating_add(units as u64));
        !self.is_spent()
    }

    /// Spends what building texts of that many bytes costs.
    pub fn spend_bytes(&self, bytes: usize) -> bool {
        self.spend(bytes / 16)
    }

    /// Units spent.
    pub fn spent(&self) -> u64 {
        self.0.get()
    }

    /// True when the scripts have not been read to their end.
    pub fn is_spent(&self) -> bool {
        self.0.get() >= MOST
    }
}
