//! The report of an audit.

use serde::{Deserialize, Serialize};

use super::file::{AddonReport, BinaryReport};
use super::kinds::AuditKind;
use crate::model::problem::Problem;

names! {
    /// The fields of a package.json that list systems.
    pub enum PromisedBy {
        /// `napi.targets`
        NapiTargets => "napi.targets",
        /// `os` and `cpu`
        Lists => "os, cpu",
        /// `os`, `cpu` and `libc` of a platform package of the audit.
        PlatformPackages => "platform packages",
        /// Not a field: the option `require` of the audit.
        Require => "require",
    }
}

/// The report of `auditPackage` on a package before it is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditReport {
    /// Identifies the type of report.
    pub kind: AuditKind,
    /// True without a problem of severity `error`.
    pub ok: bool,
    /// `name` of its package.json; empty without one.
    pub name: String,
    /// `version` of its package.json; `null` without one.
    pub version: Option<String>,
    /// Absolute path of its folder, or of the archive.
    pub path: String,
    /// Its `.node` files, by path.
    pub files: Vec<AuditedFile>,
    /// The systems that its package.json lists, that its platform packages are for, or that the
    /// caller requires.
    pub promises: Vec<Promise>,
    /// The requirements of its files, by system.
    pub floors: Vec<Floor>,
    /// The platform packages that were audited with it, by name; absent without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platform_packages: Vec<AuditedPackage>,
    /// Problems of the package as a whole. The problems of a file are in `files`.
    pub problems: Vec<Problem>,
}

/// A platform package that was audited together with the package that loads it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditedPackage {
    /// `name` of its package.json; empty without one.
    pub name: String,
    /// `version` of its package.json; `null` without one.
    pub version: Option<String>,
    /// Absolute path of its folder, or of the archive.
    pub path: String,
    /// Its `.node` files, by path. `foundBy` is a runtime in which the platform package itself
    /// would load the file.
    pub files: Vec<AuditedFile>,
    /// The requirements of its files, by system.
    pub floors: Vec<Floor>,
    /// Problems of the platform package as a whole. The problems of a file are in `files`.
    pub problems: Vec<Problem>,
}

/// One `.node` file of a package before it is published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuditedFile {
    /// Path in the package.
    pub file: String,
    /// The file as an object file; `null` if it isn't one.
    pub binary: Option<BinaryReport>,
    /// The file as an addon; `null` if it isn't an object file.
    pub addon: Option<AddonReport>,
    /// A runtime in which the package would load it; `null` if there is none.
    pub found_by: Option<String>,
    /// Its problems.
    pub problems: Vec<Problem>,
}

/// A system that a package lists as supported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "PromisedSystem"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promise {
    /// For example `linux-x64-musl`.
    pub system: String,
    /// The fields that list it.
    pub source: PromisedBy,
    /// The file for it, or the platform package for it; `null` if there is none.
    pub by: Option<String>,
}

/// The requirements of the files for one system, and of the package's libraries that they load
/// through `$ORIGIN`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "SystemFloor"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Floor {
    /// For example `linux-x64-glibc`.
    pub system: String,
    /// The oldest libc that meets them; `null` if it isn't known.
    pub libc: Option<String>,
    /// The newest version of libstdc++ that they need, for example `3.4.21` for `GLIBCXX_3.4.21`;
    /// `null` if they need none, or if the libc doesn't compare versions.
    pub glibcxx: Option<String>,
    /// The newest version of libstdc++'s C++ ABI that they need, for example `1.3.9` for
    /// `CXXABI_1.3.9`; `null` as for `glibcxx`.
    pub cxxabi: Option<String>,
    /// The oldest macOS that they support; `null` on other systems.
    pub macos: Option<String>,
    /// The Node-API version that they need; `null` if they use none.
    pub node_api: Option<u32>,
    /// The first release of each line of Node.js with that version.
    pub node: Vec<String>,
}
