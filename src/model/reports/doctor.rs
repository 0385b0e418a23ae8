//! The report of the doctor.

use serde::{Deserialize, Serialize};

use super::kinds::DoctorKind;
use super::runtime::RuntimeReport;
use crate::model::codes::FindingCode;
use crate::model::words::FindingSeverity;

/// Problems that a project will have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DoctorReport {
    /// Identifies the type of report.
    pub kind: DoctorKind,
    /// True without a finding of severity `error` or `warning`.
    pub ok: bool,
    /// Absolute path of the project.
    pub directory: String,
    /// The runtime it was judged for.
    pub target: RuntimeReport,
    /// What will break, or may; errors first.
    pub findings: Vec<Finding>,
    /// The project's native code.
    pub native: Native,
    /// The Node.js versions that its files require.
    pub pins: Vec<Pin>,
    /// The tools with which node-gyp would compile on this computer.
    pub toolchain: Toolchain,
    /// The commands that start the app, and whether abi-guard starts with them.
    pub starts: Vec<Start>,
    /// Absolute paths of the files about Docker, CI and hosts that were read.
    pub files: Vec<String>,
    /// Parts of these files that were not judged.
    pub unclear: Vec<Unclear>,
}

/// A command that starts the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Start {
    /// Absolute path of the file that has the command.
    pub file: String,
    /// Line number, from 1.
    pub line: u32,
    /// The command, without the variables that are set before it.
    pub command: String,
    /// How abi-guard starts with it.
    pub guard: StartGuard,
    /// Absolute path of the script that loads abi-guard, for `script`; the reason, for `unknown`;
    /// otherwise `null`.
    pub detail: Option<String>,
}

names! {
    /// How abi-guard starts with an app.
    pub enum StartGuard {
        /// By an option of Node.js, such as `-r abi-guard/register`.
        Option => "option",
        /// By the environment variable `NODE_OPTIONS`.
        NodeOptions => "node-options",
        /// By a script of the app that loads it.
        Script => "script",
        /// It doesn't start with the app.
        None => "none",
        /// That isn't known.
        Unknown => "unknown",
    }
}

/// A part of a file that was not judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unclear {
    /// Absolute path.
    pub file: String,
    /// Line number, from 1.
    pub line: u32,
    /// The reason.
    pub reason: String,
}

/// One thing that will break, or may break. Each code is documented in docs/doctor.md.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// Its stable code.
    pub code: FindingCode,
    /// Error, warning or note.
    pub severity: FindingSeverity,
    /// Absolute path; `null` if it isn't about a file.
    pub file: Option<String>,
    /// Line number, from 1; `null` if there is none.
    pub line: Option<u32>,
    /// The problem, with its reason.
    pub message: String,
    /// The corrected lines, ready to paste; `null` if there are none.
    pub snippet: Option<String>,
}

/// The native code of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "NativeCode"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Native {
    /// The source of these facts: the installed packages, a lockfile (a guess), or nothing.
    pub basis: Basis,
    /// Names of packages with native code.
    pub packages: Vec<String>,
    /// Packages that don't load with the next major version of Node.js.
    pub tied: Vec<String>,
    /// True if the project has an addon of its own that is compiled.
    pub own: bool,
}

names! {
    /// The source of the facts about native code.
    #[derive(Default)]
    #[cfg_attr(test, schemars(rename = "NativeCodeBasis"))]
    pub enum Basis {
        /// The installed packages.
        Installed => "installed",
        /// A lockfile: a guess.
        Lockfile => "lockfile",
        /// Neither.
        #[default]
        Nothing => "nothing",
    }
}

/// A file or field that requires a Node.js version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "NodePin"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pin {
    /// Absolute path.
    pub file: String,
    /// Line number, from 1.
    pub line: u32,
    /// For example `.nvmrc` or `engines.node`.
    pub source: String,
    /// The version, as it is written.
    pub wanted: String,
}

/// The tools with which node-gyp would compile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Toolchain {
    /// The C++ compiler; `null` if there is none.
    pub compiler: Option<Tool>,
    /// make; `null` if there is none, and on Windows.
    pub make: Option<Tool>,
    /// Python; `null` if there is none.
    pub python: Option<Tool>,
    /// Version of npm's node-gyp; `null` if it isn't found.
    pub node_gyp: Option<String>,
}

/// A tool to compile with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tool {
    /// The path of its file.
    pub path: String,
    /// Its version, if its file name contains it.
    pub version: Option<String>,
}
