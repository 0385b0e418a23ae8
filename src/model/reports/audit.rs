//! What the audit of a package says.

use serde::{Deserialize, Serialize};

use super::file::{AddonReport, BinaryReport};
use super::kinds::AuditKind;
use crate::model::problem::Problem;

names! {
    /// The fields of a package.json that promise systems.
    pub enum PromisedBy {
        /// `napi.targets`
        NapiTargets => "napi.targets",
        /// `os` and `cpu`
        Lists => "os, cpu",
    }
}

/// What `auditPackage` says of a package that is to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditReport {
    /// Tells it from other reports.
    pub kind: AuditKind,
    /// Nothing of severity `error`.
    pub ok: bool,
    /// `name` of its package.json; empty without one.
    pub name: String,
    /// `version` of its package.json; `null` without one.
    pub version: Option<String>,
    /// Absolute path of its folder, or of the archive.
    pub path: String,
    /// Its `.node` files, by path.
    pub files: Vec<AuditedFile>,
    /// The systems that its package.json promises.
    pub promises: Vec<Promise>,
    /// What its files need, by system.
    pub floors: Vec<Floor>,
    /// Problems of the package as a whole; those of a file stand there.
    pub problems: Vec<Problem>,
}

/// One `.node` file of a package that is to be published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditedFile {
    /// Path in the package.
    pub file: String,
    /// The file as an object file; `null` when it is none.
    pub binary: Option<BinaryReport>,
    /// The file as an addon; `null` when it is no object file.
    pub addon: Option<AddonReport>,
    /// A runtime in which the package would load it; `null` when there is none.
    pub found_by: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// A system that a package promises to run on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PromisedSystem"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promise {
    /// As in `linux-x64-musl`.
    pub system: String,
    /// The fields that say so.
    pub source: PromisedBy,
    /// The file for it, or the platform package listed for it; `null` when there is none.
    pub by: Option<String>,
}

/// What the files for one system need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SystemFloor"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Floor {
    /// As in `linux-x64-glibc`.
    pub system: String,
    /// The oldest libc that has all they ask for; `null` when none shows.
    pub libc: Option<String>,
    /// The oldest macOS they say they run on; `null` elsewhere.
    pub macos: Option<String>,
    /// The Node-API version they need; `null` when they use none.
    pub node_api: Option<u32>,
    /// The first release of each line of Node.js that has it.
    pub node: Vec<String>,
}
