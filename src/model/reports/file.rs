//! The report on a `.node` file in one runtime.

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
    /// Identifies the type of report.
    pub kind: FileKind,
    /// Absolute path.
    pub file: String,
    /// True without a problem of severity `error`; with `strict`, only if `complete` is also true.
    pub ok: bool,
    /// True if everything that can change the outcome was judged; otherwise an `undetermined`
    /// warning names what was not.
    pub complete: bool,
    /// The outcome of loading.
    pub outcome: Outcome,
    /// The text that the loader would throw, word for word; `null` if it throws nothing, or the
    /// text isn't known.
    pub loader_message: Option<String>,
    /// Every reason, in the order in which a load meets them.
    pub problems: Vec<Problem>,
    /// The file as an object file; `null` if it isn't one.
    pub binary: Option<BinaryReport>,
    /// The file as an addon; `null` if it isn't an object file.
    pub addon: Option<AddonReport>,
    /// The runtime that would load it.
    pub target: RuntimeReport,
}

/// A file as an object file. For a universal file, the slice that the target would load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BinaryReport {
    /// Format of the file.
    pub format: FileFormat,
    /// As `process.platform`; `null` if it isn't known.
    pub platform: Option<Platform>,
    /// As `process.arch`; `null` for a processor without a name in Node.js.
    pub arch: Option<Arch>,
    /// The libc it was linked to; `null` on systems other than Linux, or if it names none.
    pub libc: Option<Libc>,
    /// The oldest version of that libc that has the symbols it needs; `null` if it needs none.
    pub libc_version: Option<String>,
    /// Names of the libraries it needs, as they are in the file.
    pub libraries: Vec<String>,
    /// Size of the file in bytes.
    pub size: u64,
    /// The slices of a universal Mach-O file; absent for every other file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Vec<SliceReport>"))]
    pub slices: Option<Vec<SliceReport>>,
}

/// One slice of a universal file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SliceReport {
    /// As `process.platform`; `null` if it isn't known.
    pub platform: Option<Platform>,
    /// As `process.arch`; `null` for a processor without a name in Node.js.
    pub arch: Option<Arch>,
}

/// A file as an addon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddonReport {
    /// The interface through which it registers.
    pub api: AddonApi,
    /// The `NODE_MODULE_VERSION` it was built for; `null` for a Node-API addon, or if it can't be
    /// read.
    pub abi: Option<i32>,
    /// The releases with that ABI, in words: `['Node.js 18']`.
    pub runtimes: Vec<String>,
    /// Its Node-API versions; `null` if it doesn't use Node-API.
    pub node_api: Option<NodeApiReport>,
    /// True if it can be loaded more than once per process, which worker threads need; `null` if it
    /// isn't known.
    pub context_aware: Option<bool>,
}

/// Node-API versions of an addon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeApiReport {
    /// The version it declares; `null` if it declares none (Node.js then assumes 8).
    pub declared: Option<i32>,
    /// The version that has all functions it imports; `null` if it imports none by name.
    pub computed: Option<u32>,
}

impl NodeApiReport {
    /// The version that the addon needs: the greater of the two. An addon may declare
    /// `NAPI_EXPERIMENTAL`, which is the largest integer and no version.
    #[must_use]
    pub fn needed(&self) -> Option<u32> {
        let declared = self.declared.and_then(|version| u32::try_from(version).ok());
        declared.filter(|version| *version < 1000).max(self.computed)
    }
}
