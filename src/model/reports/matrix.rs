//! The report on a project in several runtimes.

use serde::{Deserialize, Serialize};

use super::kinds::MatrixKind;
use super::runtime::RuntimeReport;
use crate::model::problem::Code;

/// Every native package of a project in several runtimes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixReport {
    /// Identifies the type of report.
    pub kind: MatrixKind,
    /// True if every package loads in every runtime without a rebuild. Packages that only optional
    /// dependencies need don't count, unless their active file is damaged.
    pub ok: bool,
    /// The scanned folder, absolute.
    pub directory: String,
    /// The runtimes, in the order of the cells.
    pub targets: Vec<RuntimeReport>,
    /// Packages with native code, by path.
    pub rows: Vec<MatrixRow>,
}

/// One package in several runtimes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatrixRow {
    /// As in a report on the package.
    pub name: String,
    /// As in a report on the package.
    pub version: Option<String>,
    /// Absolute path of its folder.
    pub path: String,
    /// True if only `devDependencies` need it.
    pub dev: bool,
    /// True if every dependency path to it has an optional dependency.
    pub optional: bool,
    /// One for each runtime.
    pub cells: Vec<Cell>,
}

/// One package in one runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "MatrixCell"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cell {
    /// The result in that runtime.
    pub state: State,
    /// The problem that decides; `null` if there is none.
    pub code: Option<Code>,
    /// The message of that problem; for `unknown` without a problem, the reason.
    pub message: Option<String>,
}

names! {
    /// `loads`: without a rebuild; `not-needed`: it loads no file there; `rebuild`: it loads once
    /// it is installed with that runtime; `no-prebuild`: it has files for some releases, but none
    /// for this one, and compiles none; `breaks`: rebuilding doesn't help; `unknown`: not judged.
    #[cfg_attr(test, schemars(rename = "MatrixState"))]
    pub enum State {
        /// It loads without a rebuild.
        Loads => "loads",
        /// It needs no file there.
        NotNeeded => "not-needed",
        /// It loads once it is installed or rebuilt with that runtime.
        Rebuild => "rebuild",
        /// It has files for some releases, but none for this one, and compiles none.
        NoPrebuild => "no-prebuild",
        /// It doesn't load, and a rebuild doesn't change that.
        Breaks => "breaks",
        /// It couldn't be judged.
        Unknown => "unknown",
    }
}
