//! Runs the pipeline: for one file, one package, one tree.

mod absence;
mod file;
mod package;
mod reports;
mod scan;

pub use file::{CheckOptions, Inspected, inspect};
pub use package::{PackageError, check_package};
pub use reports::{AbiReport, PackageReport, Report, ScanReport, Stats};
pub use scan::{Control, ScanError, ScanOptions, scan, settings};
