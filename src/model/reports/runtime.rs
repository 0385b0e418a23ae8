//! Runtimes, as they stand in reports and tables.

use serde::{Deserialize, Serialize};

use crate::model::systems::{Arch, Libc, Platform};
use crate::model::words::RuntimeName;

/// A runtime that would load an addon, on one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Runtime"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeReport {
    /// Which runtime.
    pub runtime: RuntimeName,
    /// Its release, as in `'22.11.0'`; `null` when only its ABI is known.
    pub version: Option<String>,
    /// `NODE_MODULE_VERSION`; `null` when it isn't known.
    pub abi: Option<u32>,
    /// Highest Node-API version it has; `null` when it has none, or it isn't known.
    pub node_api: Option<u32>,
    /// As `process.platform`.
    pub platform: Platform,
    /// As `process.arch`.
    pub arch: Arch,
    /// Which libc; `null` elsewhere than on Linux.
    pub libc: Option<Libc>,
    /// Version of that libc; `null` when it isn't known.
    pub libc_version: Option<String>,
    /// The distribution that was named, as in `'debian12'`; `null` when none was.
    pub distribution: Option<String>,
    /// Path of its executable; `null` when the runtime was named by its version.
    pub exec_path: Option<String>,
    /// The line that was named, as in `'22'` or `'22.11'`, of which `version` is the newest release
    /// that is known; `null` when an exact release was named.
    pub line: Option<String>,
}

/// One row of the ABI table: consecutive releases with equal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeRelease {
    /// Which runtime.
    pub runtime: RuntimeName,
    /// First release of the row; may be a prerelease.
    pub first: String,
    /// Last release of the row that is known.
    pub last: String,
    /// `NODE_MODULE_VERSION`; `null` when it isn't known.
    pub abi: Option<u32>,
    /// Highest Node-API version; `null` when it has none, or it isn't known.
    pub node_api: Option<u32>,
    /// The Node.js inside; `null` for Node.js itself, or when it isn't known.
    pub node: Option<String>,
}
