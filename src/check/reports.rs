//! What checks return: the shapes of the public API (types/reports.d.ts), field by field.

use serde::{Deserialize, Serialize};

use super::audit::AuditReport;
use super::doctor::DoctorReport;
use super::explain::Explanation;
use super::matrix::MatrixReport;
use crate::remedy::{Cause, Fix};
use crate::runtime::RuntimeReport;
use crate::verdict::{Problem, Severity};

/// One `.node` file in one runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AbiReport {
    /// Absolute path.
    pub file: String,
    /// No problem of severity `error`; with `strict` also `complete`.
    pub ok: bool,
    /// Everything that decides could be judged.
    pub complete: bool,
    /// `loads`, `throws`, `crashes` or `unknown`.
    pub outcome: String,
    /// The text the loader would throw.
    pub loader_message: Option<String>,
    /// Reasons.
    pub problems: Vec<Problem>,
    /// The file as an object file.
    pub binary: Option<BinaryReport>,
    /// The file as an addon.
    pub addon: Option<AddonReport>,
    /// Who would load it.
    pub target: RuntimeReport,
}

/// A file as an object file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BinaryReport {
    /// `elf`, `mach-o` or `pe`.
    pub format: String,
    /// As `process.platform`.
    pub platform: Option<String>,
    /// As `process.arch`.
    pub arch: Option<String>,
    /// `glibc` or `musl`.
    pub libc: Option<String>,
    /// The oldest version of that libc that has what it asks for.
    pub libc_version: Option<String>,
    /// Names of the libraries it needs.
    pub libraries: Vec<String>,
    /// Bytes.
    pub size: u64,
    /// Processors of a universal file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slices: Option<Vec<SliceReport>>,
}

/// One slice of a universal file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SliceReport {
    /// As `process.platform`.
    pub platform: Option<String>,
    /// As `process.arch`.
    pub arch: Option<String>,
}

/// A file as an addon.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddonReport {
    /// `node-api`, `v8`, `hybrid` or `none`.
    pub api: String,
    /// `NODE_MODULE_VERSION` it was built for.
    pub abi: Option<i32>,
    /// Releases with that ABI, in words.
    pub runtimes: Vec<String>,
    /// Node-API versions.
    pub node_api: Option<NodeApiReport>,
    /// It can be loaded more than once per process.
    pub context_aware: Option<bool>,
}

/// Node-API versions of an addon.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeApiReport {
    /// What it says it needs.
    pub declared: Option<i32>,
    /// What the functions it imports need.
    pub computed: Option<u32>,
}

/// One package with native code.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageReport {
    /// `name` of its package.json, else its folder's name.
    pub name: String,
    /// `version` of its package.json.
    pub version: Option<String>,
    /// Absolute path of its folder.
    pub path: String,
    /// The convention by which it finds its file.
    pub loader: String,
    /// The file it would load.
    pub active: Option<AbiReport>,
    /// Its other `.node` files, absolute.
    pub dormant: Vec<String>,
    /// Nothing of severity `error` in it or its active file.
    pub ok: bool,
    /// The active file is known and could be judged.
    pub complete: bool,
    /// Problems of the package itself; those of its file stand in `active`.
    pub problems: Vec<Problem>,
    /// What mends it.
    pub fix: Option<Fix>,
    /// Only optional dependents.
    pub optional: bool,
    /// Only for development.
    pub dev: bool,
    /// Who brings it in.
    pub required_by: Vec<Vec<String>>,
}

/// A whole tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanReport {
    /// Every package is.
    pub ok: bool,
    /// Every package is.
    pub complete: bool,
    /// What was scanned, absolute.
    pub directory: String,
    /// For whom.
    pub target: RuntimeReport,
    /// Packages with native code, by path.
    pub packages: Vec<PackageReport>,
    /// Folders and files that couldn't be read.
    pub problems: Vec<Problem>,
    /// Why the broken packages are broken, as far as something around shows it.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// Fixes of all packages, merged.
    pub fixes: Vec<Fix>,
    /// Figures.
    pub stats: Stats,
}

/// Figures of a scan.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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

/// True when none of the problems is an error.
#[must_use]
pub(super) fn none_is_error(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| problem.severity != Severity::Error)
}

/// Any of the reports, told apart by their fields.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Report {
    /// A tree.
    Scan(Box<ScanReport>),
    /// A package.
    Package(Box<PackageReport>),
    /// A file.
    File(Box<AbiReport>),
    /// The author's view of a package.
    Audit(Box<AuditReport>),
    /// A tree in several runtimes.
    Matrix(Box<MatrixReport>),
    /// An error.
    Explanation(Box<Explanation>),
    /// What will break in a project.
    Doctor(Box<DoctorReport>),
}
