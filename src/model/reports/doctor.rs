//! What will break in a project, before it does.

use serde::{Deserialize, Serialize};

use super::kinds::DoctorKind;
use super::runtime::RuntimeReport;
use crate::model::codes::FindingCode;
use crate::model::words::FindingSeverity;

/// What will break in a project, before it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoctorReport {
    /// Tells it from other reports.
    pub kind: DoctorKind,
    /// Nothing of severity `error` or `warning`.
    pub ok: bool,
    /// Absolute path of the project.
    pub directory: String,
    /// The runtime it was judged for.
    pub target: RuntimeReport,
    /// What will break, or may; errors first.
    pub findings: Vec<Finding>,
    /// Its native code.
    pub native: Native,
    /// Which Node.js it says it wants, and where.
    pub pins: Vec<Pin>,
    /// What node-gyp would compile with on this machine.
    pub toolchain: Toolchain,
    /// Absolute paths of the Dockerfiles, compose files, workflows and pipelines that were read.
    pub files: Vec<String>,
}

/// One thing that will break, or may. Documented one by one in docs/doctor.md.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// Its stable code.
    pub code: FindingCode,
    /// How much it weighs.
    pub severity: FindingSeverity,
    /// Absolute path; `null` where it is about no file.
    pub file: Option<String>,
    /// From 1; `null` where there is none.
    pub line: Option<u32>,
    /// What, and why.
    pub message: String,
    /// The repaired lines, ready to paste; `null` where there are none.
    pub snippet: Option<String>,
}

/// The native code of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "NativeCode"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Native {
    /// What it is known from: the installed packages, a lockfile (a guess), or nothing.
    pub basis: Basis,
    /// Names of packages with native code.
    pub packages: Vec<String>,
    /// Those that the next major version of Node.js breaks.
    pub tied: Vec<String>,
    /// The project compiles an addon of its own.
    pub own: bool,
}

names! {
    /// What the native code of a project is known from.
    #[derive(Default)]
    #[cfg_attr(test, schemars(rename = "NativeCodeBasis"))]
    pub enum Basis {
        /// The installed packages.
        Installed => "installed",
        /// A lockfile: a guess.
        Lockfile => "lockfile",
        /// Nothing.
        #[default]
        Nothing => "nothing",
    }
}

/// A place that says which Node.js is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "NodePin"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pin {
    /// Absolute path.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// As in `.nvmrc` or `engines.node`.
    pub source: String,
    /// As it stands there.
    pub wanted: String,
}

/// What node-gyp would compile with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toolchain {
    /// The C++ compiler; `null` when there is none.
    pub compiler: Option<Tool>,
    /// make; `null` when there is none, and on Windows.
    pub make: Option<Tool>,
    /// Python; `null` when there is none.
    pub python: Option<Tool>,
    /// Version of the node-gyp that comes with npm; `null` when it isn't found.
    pub node_gyp: Option<String>,
}

/// A tool to compile with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tool {
    /// Its file.
    pub path: String,
    /// Its version, where the name of its file tells.
    pub version: Option<String>,
}
