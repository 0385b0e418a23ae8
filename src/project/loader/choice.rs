//! The convention that a package follows, and the file to which it leads.

use crate::model::Convention;
use std::path::PathBuf;

/// The convention a package follows, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The convention.
    pub loader: Convention,
    /// What it would open.
    pub active: Active,
    /// Why there is nothing to open; only with [`Active::Nothing`].
    pub lack: Option<Lack>,
    /// The package has a fallback: it works without the addon.
    pub has_fallback: bool,
}

/// The file a loader would open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Active {
    /// This one, relative to the package.
    File(String),
    /// A file of another package: of its platform package for the target.
    Elsewhere {
        /// The folder of that package.
        package: PathBuf,
        /// The file, relative to it.
        file: String,
    },
    /// None of them fits the target.
    Nothing,
    /// It can't be told.
    Unknown,
}

/// What a package would load, and isn't there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// What its install script builds or downloads.
    Build,
    /// A prebuilt file for the target.
    Prebuild,
    /// One of its platform packages, by name.
    PlatformPackages(Vec<String>),
}

impl Choice {
    pub(super) fn found(loader: Convention, active: Active) -> Choice {
        Choice { loader, active, lack: None, has_fallback: false }
    }
}
