//! Records what one job asks of the disk and of the environment. The answers can be compared later
//! without doing the work again: if all are the same, the result is the same.
//!
//! All questions are asked in this room, so a recording has all of them. It is global, because the
//! functions that ask don't know the job: if another thread asks at the same time, the recording
//! has more questions than needed, which does no harm.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::question::{Question, hash};
use super::variables;

/// A question, and the path or the name it was about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The path, as it was asked for; the name of a variable.
    pub path: PathBuf,
    /// What was asked.
    pub question: Question,
    /// The part of the answer that is noted (`Identity::answer`); `None` if no part is.
    pub answer: Option<u64>,
}

static ACTIVE: AtomicBool = AtomicBool::new(false);
/// The number of recordings that were started.
static STARTED: AtomicUsize = AtomicUsize::new(0);
/// Held while one is active.
static ALONE: Mutex<()> = Mutex::new(());
static ASKED: Mutex<Vec<Asked>> = Mutex::new(Vec::new());
/// Questions whose answers are kept for the life of the process ([`for_process`]).
static KEPT: Mutex<Vec<Asked>> = Mutex::new(Vec::new());

/// Where a thread notes its questions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the active recording, if there is one.
    Recording,
    /// In `KEPT`.
    Kept,
    /// Nowhere.
    Nowhere,
}

thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Recording) };
}

/// Notes a question, and a number for its answer.
pub(super) fn note(path: &Path, question: Question, answer: impl FnOnce() -> Option<u64>) {
    let list = match PLACE.get() {
        Place::Recording if ACTIVE.load(Ordering::Relaxed) => &ASKED,
        Place::Kept => &KEPT,
        Place::Recording | Place::Nowhere => return,
    };
    let asked = Asked { path: path.to_path_buf(), question, answer: answer() };
    lock(list).push(asked);
}

fn noting<T>(place: Place, make: impl FnOnce() -> T) -> T {
    /// Also put back if `make` panics: the thread may be one of the app's.
    struct Before(Place);
    impl Drop for Before {
        fn drop(&mut self) {
            PLACE.set(self.0);
        }
    }
    let _before = Before(PLACE.replace(place));
    make()
}

/// Notes that a folder was walked; `names` is only asked for while a job is recorded.
pub fn note_walk(path: &Path, how: u8, names: u64) {
    note(path, Question::Walked { how, names }, || None);
}

/// Forgets the walked folders that needn't be compared, by their paths and kinds.
pub fn forget_walks(is_needless: impl Fn(&Path, u8) -> bool) {
    lock(&ASKED).retain(|asked| match asked.question {
        Question::Walked { how, .. } => !is_needless(&asked.path, how),
        _ => true,
    });
}

/// True while a job is recorded.
#[must_use]
pub fn is_recording() -> bool {
    ACTIVE.load(Ordering::Relaxed)
}

/// The value of an environment variable; for `LD_…`, the one that the loader has, which reads it
/// only when the process starts.
#[must_use]
pub fn variable(name: &str) -> Option<OsString> {
    let value = variables::value(OsStr::new(name));
    note(Path::new(name), Question::Variable, || Some(hash(&value)));
    value
}

/// Makes a value that is kept for the life of the process. Its questions belong to every later
/// recording.
pub fn for_process<T>(make: impl FnOnce() -> T) -> T {
    noting(Place::Kept, make)
}

/// Asks what needs no note, because the caller notes something better.
pub fn unnoted<T>(ask: impl FnOnce() -> T) -> T {
    noting(Place::Nowhere, ask)
}

/// The number of the active recording, or that of the last one. A cached value that was made before
/// it doesn't count while it is active: its questions are in no list.
pub(super) fn number() -> usize {
    STARTED.load(Ordering::Relaxed)
}

/// The recording of one job, until this value is dropped.
pub struct Recording {
    _alone: MutexGuard<'static, ()>,
}

impl Recording {
    /// Starts one. `None` while another job is recorded, and on systems where files have no number
    /// of their own: their answers can't be compared.
    #[must_use]
    pub fn start() -> Option<Recording> {
        if !cfg!(unix) {
            return None;
        }
        let alone = match ALONE.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        lock(&ASKED).clear();
        STARTED.fetch_add(1, Ordering::Relaxed);
        ACTIVE.store(true, Ordering::SeqCst);
        Some(Recording { _alone: alone })
    }

    /// Ends it. Returns all questions in any order; some are there several times.
    #[must_use]
    pub fn finish(self) -> Vec<Asked> {
        ACTIVE.store(false, Ordering::SeqCst);
        let mut asked = std::mem::take(&mut *lock(&ASKED));
        asked.extend_from_slice(&lock(&KEPT));
        asked
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        ACTIVE.store(false, Ordering::SeqCst);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
