//! Contains panics: they neither abort the host process nor print to its log.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The result of `work`; `None` if it panics. For parsers of untrusted input, whose state is
/// dropped in both cases.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// After this call a panic prints nothing. The addon contains its own copy of the standard library,
/// so other Rust code in the process is not affected.
#[cfg(feature = "node-api")]
pub fn silence() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}
