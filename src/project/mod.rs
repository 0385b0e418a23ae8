//! Directory → packages with native code, and the file that each would load.

pub mod loader;
mod package;
mod walk;

pub use package::Manifest;
pub use walk::{Package, own_files, walk};
