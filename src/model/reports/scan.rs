//! A whole project.

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
    /// Tells it from other reports.
    pub kind: ScanKind,
    /// Every package is ok; with `strict` also `complete`.
    pub ok: bool,
    /// Every package is complete, and every folder could be read.
    pub complete: bool,
    /// What was scanned; absolute, without symbolic links.
    pub directory: String,
    /// The runtime it was judged for.
    pub target: RuntimeReport,
    /// Packages that have `.node` files, or lack one that they need, by path.
    pub packages: Vec<PackageReport>,
    /// Folders and files that couldn't be read, and settings that aren't understood.
    pub problems: Vec<Problem>,
    /// What made broken packages what they are, as far as something shows it; empty for another
    /// target than this process.
    pub causes: Vec<RootCause>,
    /// The fixes of all broken packages, merged, in the order in which they help.
    pub fixes: Vec<Fix>,
    /// Figures.
    pub stats: Stats,
}

/// Figures of a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stats {
    /// Folders walked.
    pub directories: usize,
    /// `.node` files found.
    pub files: usize,
    /// Active files read.
    pub checked: usize,
    /// Time of the whole scan in milliseconds.
    pub milliseconds: f64,
}
