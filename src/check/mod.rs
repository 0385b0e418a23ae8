//! Runs the pipeline for one file, one package, or one tree.

mod absence;
mod active;
mod audit;
mod choices;
mod doctor;
mod evidence;
mod explain;
mod file;
mod key;
mod matrix;
mod package;
mod places;
mod scan;
mod several;
mod siblings;
// These tests create links on the disk.
#[cfg(all(test, unix))]
mod tests;

pub use audit::{AuditError, audit};
pub use doctor::doctor;
pub use explain::{decoded, explain};
pub use file::{CheckOptions, Inspected, inspect};
pub use key::cache_key;
pub use matrix::matrix;
pub use package::{PackageError, check_package};
pub use places::{Places, places};
pub use scan::{ScanError, ScanOptions, clean_reinstall, scan, settings};
