//! Panics end where they began: nothing of them reaches the host process, neither as an abort nor
//! as a line in its log.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` returns; `None` when it panics. For parsers of hostile input, whose state is dropped
/// either way.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// From here on a panic prints nothing. The standard library in the addon is its own, so no other
/// Rust code in the process is affected.
#[cfg(feature = "node-api")]
pub fn silence() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}
