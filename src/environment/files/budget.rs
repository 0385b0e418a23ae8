//! Limits the cost of reading the files of a project. They are untrusted: with variables that
//! double, aliases and long lists a file of some hundred bytes can need gigabytes of memory or
//! hours.

use std::cell::Cell;

use super::spot::FileError;

/// The maximum cost of one file, and of all files of a project together, in units. A unit is a byte
/// that is created or compared.
const OF_FILE: usize = 4 << 20;
const OF_PROJECT: usize = 16 << 20;
/// The cost of an item in addition to its text, in units: a stage, a step, a service, a mount, a
/// variable.
const ITEM: usize = 1 << 10;

/// The units that are left.
#[derive(Debug)]
pub struct Budget {
    left: Cell<usize>,
}

impl Budget {
    /// A budget for a project.
    #[must_use]
    pub fn of_project() -> Budget {
        Budget { left: Cell::new(OF_PROJECT) }
    }

    /// A budget for one of its files.
    #[must_use]
    pub fn of_file(&self) -> Budget {
        Budget { left: Cell::new(self.left.get().min(OF_FILE)) }
    }

    /// Spends units. Returns false if they exceed the budget, and after that always.
    pub fn spend(&self, units: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(units));
        !self.is_spent()
    }

    /// Spends the cost of an item.
    pub fn spend_item(&self) -> bool {
        self.spend(ITEM)
    }

    /// Spends the units that `part`, the budget of one of its files, has spent.
    pub fn settle(&self, part: &Budget) {
        self.spend(self.left.get().min(OF_FILE).saturating_sub(part.left.get()));
    }

    /// True if the budget was exceeded, so the result is incomplete.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// Returns `result`, or an error if the budget was exceeded.
    ///
    /// # Errors
    /// If nothing is left of the budget.
    pub fn checked<T>(&self, result: T) -> Result<T, FileError> {
        if self.is_spent() {
            return Err(FileError::new(
                None,
                "it has too much content, or its variables expand to too much",
            ));
        }
        Ok(result)
    }
}

#[cfg(test)]
impl Default for Budget {
    fn default() -> Budget {
        Budget::of_project().of_file()
    }
}
