//! What the guard knows from the last start of an app: its answer, and every question about the
//! disk and the environment that led to it. If all of them have the same answer today, so has the
//! guard, without a scan.
//!
//! The index is a file in the app's `node_modules`, where a stranger's project may contain
//! anything. So only a process that runs the app's own code may believe it (the guard at its start,
//! `assertNodeModules`, runners of tests). Scans, checks and repairs always look.
//!
//! Blind spot: in a package that has nothing to do with native code, only its folder and its
//! package.json are compared. An addon that is copied into a folder of that package is not found by
//! the index. The guard of `process.dlopen` checks it when it is loaded.

mod bytes;
mod entries;
mod file;
mod key;

use std::path::Path;

use entries::Settled;
use key::Key;

use super::known::Known;
use crate::files::{Recording, Store, Unfinished, variable};

/// The index of one app, for one runtime and one way to ask.
pub struct Index {
    key: Key,
    store: Store,
}

impl Index {
    /// The index of the app in `directory` for the guard's `request`. `None` if the app has no
    /// folder for it.
    #[must_use]
    pub fn of(directory: &Path, request: &str) -> Option<Index> {
        Some(Index { key: Key::of(directory, request), store: Store::near(directory)? })
    }

    /// The answer of the last start, if it is valid today.
    #[must_use]
    pub fn answer(&self) -> Option<Known> {
        let bytes = self.store.read(&self.key.name())?;
        let mut file = file::Read::of(bytes, self.key.bytes())?;
        let outcome = file.compare()?;
        if outcome.is_worth_writing() {
            // Without it, the same folders are listed at each start.
            let _ = self.renew(&mut file, &outcome);
        }
        file.known()
    }

    fn renew(&self, file: &mut file::Read, outcome: &entries::Same) -> Option<()> {
        let unfinished = self.store.start(&self.key.name())?;
        let settled = Settled::before(unfinished.time().ok()?);
        unfinished.finish(file.with(outcome, settled)).ok()
    }

    /// Starts to note what the guard asks. `None` if the answer can't be kept.
    #[must_use]
    pub fn record(self) -> Option<Recorded> {
        let unfinished = self.store.start(&self.key.name())?;
        let recording = Recording::start()?;
        // The loader of the system reads them, whether or not an addon needs them.
        for name in ["LD_LIBRARY_PATH", "LD_PRELOAD"] {
            let _ = variable(name);
        }
        let _ = crate::files::exists("/proc/self/exe");
        Some(Recorded { key: self.key, unfinished, recording })
    }
}

/// A guard's scan whose questions are noted.
pub struct Recorded {
    key: Key,
    unfinished: Unfinished,
    recording: Recording,
}

impl Recorded {
    /// Keeps an answer. It isn't kept if something changed so recently that it could have changed
    /// while it was read, or if it can't be written: then the next start scans.
    pub fn keep(self, known: &Known) -> Option<()> {
        let settled = Settled::before(self.unfinished.time().ok()?);
        let entries = entries::encode(self.recording.finish(), settled)?;
        self.unfinished.finish(&file::encode(self.key.bytes(), &entries, known)?).ok()
    }
}

#[cfg(test)]
mod tests;
