//! The limits of one job (a scan, a check, an audit), and its cancellation.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// A running job, shared by its threads: its progress, the work it has spent, and whether it should
/// stop. Every walk and every reader of scripts checks it.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    deadline: OnceLock<Instant>,
    /// Folders walked so far.
    pub directories: AtomicUsize,
    /// Packages judged so far.
    pub packages: AtomicUsize,
    /// Folders walked in packages outside of the tree, which links and dependencies lead to.
    outside: AtomicUsize,
    /// Bytes of scripts read.
    scripts: AtomicU64,
    /// Operands evaluated in them (`src/project/script/work.rs`).
    operands: AtomicU64,
    /// Bytes of memory for the values of package.json files.
    manifests: AtomicUsize,
}

/// The maximum number of folders that are walked in packages outside of the tree: a link may lead
/// to a whole disk. The largest packages have some thousand folders, and a pnpm store outside of
/// the project has some ten thousand packages.
const OUTSIDE: usize = 200_000;

/// The maximum number of bytes of scripts that are read in one job. Applications with 1,500
/// packages stay below 40 MiB.
const SCRIPTS: u64 = 256 << 20;

/// The maximum number of operands that are evaluated in the scripts of one job, for all packages
/// and targets: about half a second. A real package needs less than 100,000 for one target, most
/// need some hundred.
const OPERANDS: u64 = 24 << 20;

/// The maximum amount of memory for the package.json files of one job, in bytes, besides a fixed
/// amount for each file. A package needs about 5 KB: measured with 1,500 of an application.
const MANIFESTS: usize = 96 << 20;
/// The amount for each file. It is less than the file and its folder take on the disk.
const MANIFEST: usize = 2 << 10;

impl Control {
    /// Asks the job to stop.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Makes the job stop at `deadline`.
    pub fn stop_at(&self, deadline: Instant) {
        // Only the first call has an effect; a job has one deadline.
        let _ = self.deadline.set(deadline);
    }

    /// True if the job should stop, because its result is no longer needed.
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

    /// Counts a folder outside of the tree; returns false if the limit is exceeded.
    pub fn enter_outside(&self) -> bool {
        self.outside.fetch_add(1, Ordering::Relaxed) < OUTSIDE
    }

    /// False if scripts were skipped because a limit was reached.
    pub fn has_read_all(&self) -> bool {
        self.scripts.load(Ordering::Relaxed) < SCRIPTS
            && self.operands.load(Ordering::Relaxed) < OPERANDS
    }

    /// Counts memory for the values of a package.json. Returns false if the limit is exceeded.
    pub fn keep_manifest(&self, bytes: usize) -> bool {
        let bytes = bytes.saturating_sub(MANIFEST);
        self.manifests.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= MANIFESTS
    }

    /// False if the values of package.json files exceeded their limit.
    pub fn may_keep_manifests(&self) -> bool {
        self.manifests.load(Ordering::Relaxed) <= MANIFESTS
    }

    /// Counts bytes of scripts that are read. Returns false if the limit is reached.
    pub fn spend_on_scripts(&self, bytes: u64) -> bool {
        self.scripts.fetch_add(bytes, Ordering::Relaxed) < SCRIPTS
    }

    /// The number of bytes of scripts that were read.
    pub fn script_bytes(&self) -> u64 {
        self.scripts.load(Ordering::Relaxed)
    }

    /// Counts operands that were evaluated.
    pub fn spend_on_operands(&self, operands: u64) {
        self.operands.fetch_add(operands, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Control;

    #[test]
    fn a_job_stops_when_cancelled_or_late() {
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
