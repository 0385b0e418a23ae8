//! Runtimes in reports and tables.

use serde::{Deserialize, Serialize};

use crate::model::systems::{Arch, Libc, Platform};
use crate::model::words::RuntimeName;

/// A runtime that would load an addon, on one system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Runtime"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeReport {
    /// The name of the runtime.
    pub runtime: RuntimeName,
    /// Its release, for example `'22.11.0'`; `null` if only its ABI is known.
    pub version: Option<String>,
    /// `NODE_MODULE_VERSION`; `null` if it isn't known.
    pub abi: Option<u32>,
    /// Its highest Node-API version; `null` if it has none, or it isn't known.
    pub node_api: Option<u32>,
    /// As `process.platform`.
    pub platform: Platform,
    /// As `process.arch`.
    pub arch: Arch,
    /// The libc; `null` on systems other than Linux.
    pub libc: Option<Libc>,
    /// Version of that libc; `null` if it isn't known.
    pub libc_version: Option<String>,
    /// The distribution that was named, for example `'debian12'`; `null` if none was.
    pub distribution: Option<String>,
    /// Path of its executable; `null` if the runtime was named by its version.
    pub exec_path: Option<String>,
    /// The line that was named, for example `'22'` or `'22.11'`; `version` is its newest known
    /// release. `null` if an exact release was named.
    pub line: Option<String>,
}

/// One row of the ABI table: consecutive releases with equal numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeRelease {
    /// The name of the runtime.
    pub runtime: RuntimeName,
    /// First release of the row; may be a prerelease.
    pub first: String,
    /// Last known release of the row.
    pub last: String,
    /// `NODE_MODULE_VERSION`; `null` if it isn't known.
    pub abi: Option<u32>,
    /// Highest Node-API version; `null` if it has none, or it isn't known.
    pub node_api: Option<u32>,
    /// The Node.js that it contains; `null` for Node.js itself, or if it isn't known.
    pub node: Option<String>,
}
