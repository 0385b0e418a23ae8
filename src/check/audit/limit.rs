//! The newest version of a part of a system that the author allows.

use serde::Deserialize;

use crate::model::problem::publishing::FloorKind;

/// The prefix of glibc's versions of symbols.
pub(in crate::check) const GLIBC: &str = "GLIBC_";

/// The newest version that files may need.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The part of the system.
    pub what: FloorKind,
    /// The version, numbers with dots.
    pub version: String,
}
