//! Evidence from around a project: which package manager installs it, and whether it runs install scripts.

mod distribution;
mod manager;
mod read;
mod scripts;

pub use distribution::{Distribution, distribution};
pub use manager::{Installation, PackageManager, installation};
pub use scripts::{Block, blocked};
