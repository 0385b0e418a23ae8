//! A package with native code.

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
    /// Tells it from other reports.
    pub kind: PackageKind,
    /// `name` of its package.json, else the name of its folder.
    pub name: String,
    /// `version` of its package.json; `null` without one.
    pub version: Option<String>,
    /// Absolute path of its folder.
    pub path: String,
    /// How it finds its file.
    pub loader: Convention,
    /// The file it would load, which may be one of its platform package; `null` when there is none
    /// for the target, or it can't be told (then `complete` is `false`).
    pub active: Option<AbiReport>,
    /// Its other `.node` files; they can't make anything fail.
    pub dormant: Vec<DormantFile>,
    /// Nothing of severity `error` in it or in its active file; with `strict` also `complete`.
    pub ok: bool,
    /// The file it would load is known and could be judged.
    pub complete: bool,
    /// Problems of the package itself; those of its file stand in `active.problems`.
    pub problems: Vec<Problem>,
    /// What repairs it; `null` when nothing is wrong, or nothing that surely helps is known.
    pub fix: Option<Fix>,
    /// Every way to it goes over an optional dependency: what is wrong with it makes warnings only.
    /// Of a platform package that is needed here it is what holds for its parent. `false` outside
    /// of a scan.
    pub optional: bool,
    /// Only `devDependencies` bring it in. `false` outside of a scan.
    pub dev: bool,
    /// What brings it in: names from the root of the project to a package that depends on it, the
    /// shortest chain for each of those, the shortest first, ten at most. Empty for a package that
    /// nothing depends on, and outside of a scan.
    pub required_by: Vec<Vec<String>>,
}

/// A `.node` file that a package doesn't load in the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DormantFile {
    /// Absolute path.
    pub file: String,
    /// Why the package doesn't load it; `null` when that isn't known.
    pub reason: Option<String>,
}
