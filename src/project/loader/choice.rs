//! The convention that a package follows, and the file to which it leads.

use crate::model::Convention;
use std::path::PathBuf;

/// The convention that a package follows, and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The convention.
    pub loader: Convention,
    /// The file that the package would open.
    pub active: Active,
    /// The reason if there is nothing to open. Only with [`Active::Nothing`].
    pub lack: Option<Lack>,
    /// The package has a fallback: it works without the addon.
    pub has_fallback: bool,
}

/// The file that a loader would open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Active {
    /// A file of the package, with its path in the package.
    File(String),
    /// A file of another package: the platform package for the target.
    Elsewhere {
        /// The folder of that package.
        package: PathBuf,
        /// The path of the file in that package.
        file: String,
    },
    /// No file fits the target.
    Nothing,
    /// The file is unknown.
    Unknown,
}

impl Active {
    /// The same, seen from a package that requires the one in `directory`.
    pub(super) fn seen_outside(self, directory: PathBuf) -> Active {
        match self {
            Active::File(file) => Active::Elsewhere { package: directory, file },
            other => other,
        }
    }
}

/// What a package would load and lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The file that its install script builds or downloads.
    Build,
    /// A prebuilt file for the target.
    Prebuild,
    /// One of its platform packages, by their names.
    PlatformPackages(Vec<String>),
    /// A file that a script or an archive names, with its path.
    File(String),
    /// A prebuilt file for the target in an installed platform package, by its name.
    PrebuildElsewhere(String),
    /// The file of an installed platform package.
    FileElsewhere {
        /// The name of the platform package.
        name: String,
        /// Its folder.
        directory: PathBuf,
        /// The file that its manifest or a script names; `None` if none does.
        file: Option<String>,
    },
    /// Its addon for the target: a bundler put only the scripts of the package into a script.
    Bundled {
        /// The script, with its path in the output.
        script: String,
        /// The platform package that it needs, if the scripts show its name.
        package: Option<String>,
    },
    /// An engine of Prisma.
    Engine {
        /// The possible binary targets of the system.
        wanted: Vec<String>,
        /// The binary targets of the engines that are there.
        available: Vec<String>,
    },
}

impl Choice {
    pub(super) fn found(loader: Convention, active: Active) -> Choice {
        Choice { loader, active, lack: None, has_fallback: false }
    }
}
