//! The report on a package with native code.

use serde::{Deserialize, Serialize};

use super::file::AbiReport;
use super::kinds::PackageKind;
use crate::model::convention::Convention;
use crate::model::fix::Fix;
use crate::model::problem::Problem;

/// One package with native code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackageReport {
    /// Identifies the type of report.
    pub kind: PackageKind,
    /// `name` of its package.json, otherwise the name of its folder.
    pub name: String,
    /// `version` of its package.json; `null` without one.
    pub version: Option<String>,
    /// Absolute path of its folder.
    pub path: String,
    /// How it finds its file.
    pub loader: Convention,
    /// The file that it would load, which may be in its platform package; `null` if there is none
    /// for the target, or it isn't known (then `complete` is `false`).
    pub active: Option<AbiReport>,
    /// Its other `.node` files; they can't make a check fail.
    pub dormant: Vec<DormantFile>,
    /// True without a problem of severity `error` in the package or in its active file; with
    /// `strict`, only if `complete` is also true.
    pub ok: bool,
    /// True if the file that it would load is known and could be judged.
    pub complete: bool,
    /// Problems of the package itself. Those of its file are in `active.problems`.
    pub problems: Vec<Problem>,
    /// The fix; `null` if there is no problem, or no fix is certain to help.
    pub fix: Option<Fix>,
    /// True if every dependency path to it has an optional dependency: its problems are warnings
    /// only, unless its active file is damaged or ends the process. A platform package that is
    /// needed here has the value of its parent. `false` outside of a scan.
    pub optional: bool,
    /// True if only `devDependencies` need it. `false` outside of a scan.
    pub dev: bool,
    /// The dependents: names from the root of the project to a package that depends on it, the
    /// shortest chain for each such package, sorted by length, ten at most. Empty for a package
    /// that nothing depends on, and outside of a scan.
    pub required_by: Vec<Vec<String>>,
}

/// A `.node` file that a package doesn't load in the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DormantFile {
    /// Absolute path.
    pub file: String,
    /// Why the package doesn't load it; `null` if that isn't known.
    pub reason: Option<String>,
}
