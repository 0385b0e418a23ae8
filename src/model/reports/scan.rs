//! The report on a whole project.

use serde::{Deserialize, Serialize};

use super::kinds::ScanKind;
use super::package::PackageReport;
use super::runtime::RuntimeReport;
use crate::model::fix::Fix;
use crate::model::problem::Problem;
use crate::model::root_cause::RootCause;

/// A whole project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScanReport {
    /// Identifies the type of report.
    pub kind: ScanKind,
    /// True if every package is ok; with `strict`, only if `complete` is also true.
    pub ok: bool,
    /// True if every package is complete, and every folder could be read.
    pub complete: bool,
    /// The scanned folder, absolute, without symbolic links.
    pub directory: String,
    /// The runtime it was judged for.
    pub target: RuntimeReport,
    /// Packages that have `.node` files, or lack one that they need, by path.
    pub packages: Vec<PackageReport>,
    /// Folders and files that couldn't be read, and invalid settings.
    pub problems: Vec<Problem>,
    /// Root causes of the broken packages, if there is evidence; empty for a target other than this
    /// process.
    pub causes: Vec<RootCause>,
    /// The fixes of all broken packages, merged, in the order in which they have to run.
    pub fixes: Vec<Fix>,
    /// Counts and time.
    pub stats: Stats,
}

/// Counts and time of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stats {
    /// Number of folders walked.
    pub directories: usize,
    /// Number of `.node` files found.
    pub files: usize,
    /// Number of active files read.
    pub checked: usize,
    /// Time of the whole scan in milliseconds.
    pub milliseconds: f64,
}
