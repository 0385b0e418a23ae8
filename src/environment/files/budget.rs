//! What reading the files around a project may cost. They are a stranger's: variables that double,
//! aliases and long lists make a file of some hundred bytes into gigabytes or hours.

use std::cell::Cell;

use super::spot::FileError;

/// Units that one file may cost, and all files of a project together. A unit is a byte that is made
/// or compared.
const OF_FILE: usize = 4 << 20;
const OF_PROJECT: usize = 16 << 20;
/// Units that an item costs besides its text: a stage, a step, a service, a mount, a variable.
const ITEM: usize = 1 << 10;

/// What is left to spend.
#[derive(Debug)]
pub struct Budget {
    left: Cell<usize>,
}

impl Budget {
    /// That of a project.
    #[must_use]
    pub fn of_project() -> Budget {
        Budget { left: Cell::new(OF_PROJECT) }
    }

    /// That of one of its files.
    #[must_use]
    pub fn of_file(&self) -> Budget {
        Budget { left: Cell::new(self.left.get().min(OF_FILE)) }
    }

    /// Spends units; false when they are not there, and from then on.
    pub fn spend(&self, units: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(units));
        !self.is_spent()
    }

    /// Spends what an item costs.
    pub fn spend_item(&self) -> bool {
        self.spend(ITEM)
    }

    /// Spends what `part`, a budget of one of its files, has spent.
    pub fn settle(&self, part: &Budget) {
        self.spend(self.left.get().min(OF_FILE).saturating_sub(part.left.get()));
    }

    /// True when nothing is left: what was read is incomplete.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// `result`, or the error that the file has too much in it.
    ///
    /// # Errors
    /// When nothing is left.
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
