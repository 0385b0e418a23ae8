//! Runs the pipeline for one file, one package, or one tree.

mod absence;
mod active;
mod artifact;
mod audit;
mod choices;
mod doctor;
mod evidence;
mod explain;
mod file;
#[cfg(unix)]
mod index;
mod inventory;
mod key;
mod known;
mod matrix;
#[cfg(not(unix))]
mod no_index;
mod output;
mod package;
mod places;
mod scan;
mod several;
mod siblings;
// These tests create links on the disk.
#[cfg(all(test, unix))]
mod tests;

pub use artifact::{ArtifactError, check_artifact};
pub use audit::{AuditError, AuditOptions, audit};
pub use doctor::doctor;
pub use explain::{decoded, explain};
pub use file::{CheckOptions, Inspected, inspect};
#[cfg(unix)]
pub use index::{Index, Recorded};
pub use inventory::{
    Inventory, LibraryNeed, ListedFile, ListedImage, ListedPackage, State, inventory,
};
pub use key::cache_key;
pub use known::Known;
pub use matrix::matrix;
#[cfg(not(unix))]
pub use no_index::{Index, Recorded};
pub use package::{PackageError, check_package};
pub use places::{Places, places};
pub use scan::{ScanError, ScanOptions, clean_reinstall, scan, settings};
