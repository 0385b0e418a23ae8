//! What one job (a scan, a check, an audit) may cost, and whether it should stop.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// A job that runs, shared by its threads: how far it is, what it has spent, and whether it should
/// stop. Every walk and every reading of scripts asks it.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    deadline: OnceLock<Instant>,
    /// Folders walked so far.
    pub directories: AtomicUsize,
    /// Packages judged so far.
    pub packages: AtomicUsize,
    /// Folders walked in packages outside of the tree, to which links and dependencies lead.
    outside: AtomicUsize,
    /// Bytes of scripts read.
    scripts: AtomicU64,
    /// Operands evaluated in them (`src/project/script/work.rs`).
    operands: AtomicU64,
}

/// Most folders of packages outside of the tree that are walked: a link may lead to a whole disk.
/// The largest packages have some thousand folders, and a pnpm store that lies outside some ten
/// thousand packages.
const OUTSIDE: usize = 200_000;

/// Most bytes of scripts that are read in one job. Applications with 1,500 packages stay below 40
/// MiB.
const SCRIPTS: u64 = 256 << 20;

/// Most operands that are evaluated in the scripts of one job, for all packages and targets: about
/// half a second. A real package needs less than 100,000 for one target, most need some hundred.
const OPERANDS: u64 = 24 << 20;

impl Control {
    /// Asks the job to stop.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// The job is to stop by itself at `deadline`.
    pub fn stop_at(&self, deadline: Instant) {
        // Only the first call counts; a job has one deadline.
        let _ = self.deadline.set(deadline);
    }

    /// True when the job should stop: its result is not wanted any more.
    #[must_use]
    pub fn stops(&self) -> bool {
        if self.cancelled.load(Ordering::Relaxed) {
            return true;
        }
        let is_late = self.deadline.get().is_some_and(|deadline| Instant::now() >= *deadline);
        if is_late {
            self.cancel();
        }
        is_late
    }

    /// Counts a folder outside of the tree; false when there were too many.
    pub fn enter_outside(&self) -> bool {
        self.outside.fetch_add(1, Ordering::Relaxed) < OUTSIDE
    }

    /// False when scripts were left out because the job had nothing left to spend on them.
    pub fn has_read_all(&self) -> bool {
        self.scripts.load(Ordering::Relaxed) < SCRIPTS
            && self.operands.load(Ordering::Relaxed) < OPERANDS
    }

    /// Spends bytes of scripts that are read. False when the job has none left.
    pub fn spend_on_scripts(&self, bytes: u64) -> bool {
        self.scripts.fetch_add(bytes, Ordering::Relaxed) < SCRIPTS
    }

    /// Spends operands that were evaluated.
    pub fn spend_on_operands(&self, operands: u64) {
        self.operands.fetch_add(operands, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Control;

    #[test]
    fn a_job_stops_when_asked_or_late() {
        let control = Control::default();
        assert!(!control.stops());
        control.stop_at(Instant::now() + Duration::from_secs(3600));
        assert!(!control.stops());
        control.cancel();
        assert!(control.stops());
        let late = Control::default();
        late.stop_at(Instant::now());
        assert!(late.stops());
    }
}
