//! Packages, from the side of their user and of their author; projects.

use crate::model::convention::Convention;

facts! {
    /// It has an addon that its install script builds or downloads, and there is none.
    pub struct NotBuilt {
        /// How the package finds its file.
        pub loader: Convention,
        /// Why its install script did not run, in words; `null` when nothing shows it.
        pub blocked: Option<String>,
        /// The package works without the file.
        pub has_fallback: bool,
    }

    /// It has prebuilt files, none of them for the target.
    pub struct NoMatchingPrebuild {
        /// The system it has no file for.
        pub wanted: String,
        /// The systems its files are named for.
        pub available: Vec<String>,
        /// The package works without the file.
        pub has_fallback: bool,
    }

    /// The platform package that it needs for the target isn't installed.
    pub struct MissingPlatformPackage {
        /// Those that are missing.
        pub packages: Vec<String>,
        /// Those of other systems that are there.
        pub installed: Vec<String>,
        /// The package works without the file.
        pub has_fallback: bool,
    }

    /// A stale build hides a prebuilt file that would load.
    pub struct ShadowedPrebuild {
        /// The file that would load, absolute.
        pub prebuild: String,
        /// The folder of the build, absolute.
        pub remove: String,
    }

    /// Its name claims another system or ABI than it is for.
    pub struct Mislabelled {
        /// Which part of the name.
        pub what: Mark,
        /// What the name says.
        pub claimed: String,
        /// What the file is for.
        pub found: String,
    }

    /// The package promises a system that it has no file for.
    pub struct MissingTarget {
        /// The system.
        pub system: String,
    }

    /// No runtime makes the package's loader choose the file.
    pub struct UnreachableFile {}

    /// `engines.node` lets releases in that can't load the files.
    pub struct EnginesTooOld {
        /// `engines.node`, as it stands in package.json.
        pub engines: String,
        /// The newest release that it lets in and that can't load them.
        pub release: String,
        /// The Node-API version that the files need.
        pub node_api: u32,
        /// The systems of these files.
        pub systems: Vec<String>,
    }

    /// A repair was ended by force, and what it kept waits to be put back.
    pub struct InterruptedRepair {
        /// The journal of the repair.
        pub path: String,
    }

    /// The key "abi-guard" of a package.json isn't understood.
    pub struct InvalidSettings {
        /// The package.json.
        pub path: String,
    }
}

names! {
    /// What a name claims.
    #[cfg_attr(test, schemars(rename = "LabelPart"))]
    pub enum Mark {
        /// The operating system.
        Platform => "platform",
        /// The processor.
        Arch => "arch",
        /// The libc.
        Libc => "libc",
        /// `NODE_MODULE_VERSION`.
        Abi => "abi",
    }
}
