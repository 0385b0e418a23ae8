//! The commands that start an app, and whether the guard starts with it.

mod collect;
mod guard;
mod scripts;
mod start;

pub use collect::starts;
pub use start::{Guarded, Start};
