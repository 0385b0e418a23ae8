//! Consecutive pages of an image.

/// The contents of a range of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backing {
    /// The file, from this offset on.
    File(u64),
    Zeros,
}

/// Consecutive pages with the same protection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub start: u64,
    pub end: u64,
    pub protection: u8,
    pub backing: Backing,
}

impl Run {
    /// The part of the range from `start` to `end`.
    pub fn part(&self, start: u64, end: u64) -> Run {
        let backing = match self.backing {
            Backing::File(offset) => {
                Backing::File(offset.saturating_add(start.saturating_sub(self.start)))
            }
            Backing::Zeros => Backing::Zeros,
        };
        Run { start, end, backing, ..*self }
    }
}
