//! Problems of packages, for their users and for their authors; problems of projects.

use crate::model::convention::Convention;

facts! {
    /// Its install script builds or downloads an addon, but there is none.
    pub struct NotBuilt {
        /// How the package finds its file.
        pub loader: Convention,
        /// The reason why its install script did not run, in words; `null` if there is no evidence.
        pub blocked: Option<String>,
        /// The package works without the file.
        pub has_fallback: bool,
    }

    /// It has prebuilt files, but none for the target.
    pub struct NoMatchingPrebuild {
        /// The system it has no file for.
        pub wanted: String,
        /// The systems in the names of its files.
        pub available: Vec<String>,
        /// The package has no `.node` file at all, and no install script that could make one: its
        /// files were left out when it was copied or bundled. Or a file is missing that a bundle
        /// or a platform package names.
        pub left_out: bool,
        /// The package works without the file.
        pub has_fallback: bool,
    }

    /// The platform package that it needs for the target isn't installed.
    pub struct MissingPlatformPackage {
        /// The missing packages.
        pub packages: Vec<String>,
        /// The installed packages for other systems.
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

    /// Its name claims another system or ABI than the file is for.
    pub struct Mislabelled {
        /// The wrong part of the name.
        pub what: Mark,
        /// The claim of the name.
        pub claimed: String,
        /// What the file is for.
        pub found: String,
    }

    /// package.json lists a system for which the package has no file.
    pub struct MissingTarget {
        /// The system.
        pub system: String,
    }

    /// In no runtime does the package's loader choose the file.
    pub struct UnreachableFile {}

    /// `engines.node` allows releases that can't load the files.
    pub struct EnginesTooOld {
        /// `engines.node`, as it is in package.json.
        pub engines: String,
        /// The newest release that it allows and that can't load them.
        pub release: String,
        /// The Node-API version that the files need.
        pub node_api: u32,
        /// The systems of these files.
        pub systems: Vec<String>,
    }

    /// A repair was ended by force, and has to be undone.
    pub struct InterruptedRepair {
        /// The journal of the repair.
        pub path: String,
    }

    /// The key "abi-guard" of a package.json isn't valid.
    pub struct InvalidSettings {
        /// The package.json.
        pub path: String,
    }
}

names! {
    /// The part of a name that makes a claim.
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
