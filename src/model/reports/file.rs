//! A `.node` file in one runtime.

use serde::{Deserialize, Serialize};

use super::kinds::FileKind;
use super::runtime::RuntimeReport;
use crate::model::problem::Problem;
use crate::model::systems::{Arch, Libc, Platform};
use crate::model::words::{AddonApi, FileFormat, Outcome};

/// One `.node` file in one runtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AbiReport {
    /// Tells it from other reports.
    pub kind: FileKind,
    /// Absolute path.
    pub file: String,
    /// No problem of severity `error`; with `strict` also `complete`.
    pub ok: bool,
    /// Everything that decides could be judged; else an `undetermined` warning says what could not.
    pub complete: bool,
    /// What loading would do.
    pub outcome: Outcome,
    /// The text the loader would throw, word for word; `null` when it throws nothing, or the text
    /// isn't known.
    pub loader_message: Option<String>,
    /// Every reason, in the order in which a load meets them.
    pub problems: Vec<Problem>,
    /// The file as an object file; `null` when it is none.
    pub binary: Option<BinaryReport>,
    /// The file as an addon; `null` when it is no object file.
    pub addon: Option<AddonReport>,
    /// The runtime that would load it.
    pub target: RuntimeReport,
}

/// A file as an object file. Of a universal file, the slice that the target would take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BinaryReport {
    /// Format of the file.
    pub format: FileFormat,
    /// As `process.platform`; `null` when it can't be told.
    pub platform: Option<Platform>,
    /// As `process.arch`; `null` for a processor that Node.js has no name for.
    pub arch: Option<Arch>,
    /// The libc it was linked to; `null` elsewhere than on Linux, or when it names none.
    pub libc: Option<Libc>,
    /// The oldest version of that libc that has what it asks for; `null` when it asks for none.
    pub libc_version: Option<String>,
    /// Names of the libraries it needs, as they stand in the file.
    pub libraries: Vec<String>,
    /// Size of the file in bytes.
    pub size: u64,
    /// What a universal Mach-O file holds; absent for every other file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Vec<SliceReport>"))]
    pub slices: Option<Vec<SliceReport>>,
}

/// One slice of a universal file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SliceReport {
    /// As `process.platform`; `null` when it can't be told.
    pub platform: Option<Platform>,
    /// As `process.arch`; `null` for a processor that Node.js has no name for.
    pub arch: Option<Arch>,
}

/// A file as an addon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddonReport {
    /// The interface it registers through.
    pub api: AddonApi,
    /// The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or when it can't be
    /// read.
    pub abi: Option<i32>,
    /// The releases with that ABI, in words: `['Node.js 18']`.
    pub runtimes: Vec<String>,
    /// Its Node-API versions; `null` when it doesn't use Node-API.
    pub node_api: Option<NodeApiReport>,
    /// It can be loaded more than once per process, as worker threads need it; `null` when it can't
    /// be told.
    pub context_aware: Option<bool>,
}

/// Node-API versions of an addon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeApiReport {
    /// The version it says it needs; `null` when it says nothing (Node.js then assumes 8).
    pub declared: Option<i32>,
    /// The version that has all functions it imports; `null` when it imports none by name.
    pub computed: Option<u32>,
}
