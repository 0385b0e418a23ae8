//! Problems that authors find before they publish: a package together with its platform packages,
//! and the versions of a system that an author sets as a maximum.

use crate::model::systems::Libc;

facts! {
    /// package.json lists a platform package that isn't among those of the audit.
    pub struct AbsentPlatformPackage {
        /// Its name.
        pub package: String,
    }

    /// A platform package of the audit isn't listed in package.json.
    pub struct UnlistedPlatformPackage {
        /// Their names.
        pub packages: Vec<String>,
    }

    /// package.json lists another version of the platform package.
    pub struct PlatformPackageVersion {
        /// The name of the platform package.
        pub package: String,
        /// The version or range that package.json lists.
        pub listed: String,
        /// Its version; `null` without one.
        pub found: Option<String>,
    }

    /// `os`, `cpu` or `libc` of a platform package names a system that its addon isn't for.
    pub struct WrongSystemField {
        /// The field.
        pub field: SystemField,
        /// The value in the field.
        pub listed: String,
        /// The addon that the platform package loads there, by its path in the package.
        pub file: String,
        /// What the addon is for.
        pub found: String,
    }

    /// A platform package for Linux has no field `libc`, although its addon is for one libc only.
    pub struct MissingLibcField {
        /// The value that the field should have.
        pub libc: Libc,
        /// The platform package for the other libc; `null` if there is none.
        pub other: Option<String>,
    }

    /// The file needs a newer version than the audit allows (the option `max`).
    pub struct FloorTooHigh {
        /// The part of the system.
        pub what: FloorKind,
        /// The newest allowed version.
        pub max: String,
        /// The version that the file needs.
        pub needs: String,
        /// The symbols of newer versions that it imports, at most 20, those of the newest version
        /// first; empty if the need isn't that of a symbol.
        pub symbols: Vec<String>,
        /// The library that has these symbols, as the file names it; `null` without symbols of a
        /// library.
        pub library: Option<String>,
        /// The package's own library that imports them, by its path in the package; `null` if it
        /// is the file itself.
        pub needed_by: Option<String>,
    }
}

names! {
    /// The fields of package.json that list the systems of a package.
    pub enum SystemField {
        /// Operating systems.
        Os => "os",
        /// Processors.
        Cpu => "cpu",
        /// C libraries of Linux.
        Libc => "libc",
    }
}

names! {
    /// The parts of a system whose versions an audit can limit.
    pub enum FloorKind {
        /// glibc.
        Glibc => "glibc",
        /// `GLIBCXX` of libstdc++.
        Glibcxx => "glibcxx",
        /// `CXXABI` of libstdc++.
        Cxxabi => "cxxabi",
        /// macOS.
        Macos => "macos",
        /// Node-API.
        NodeApi => "node-api",
    }
}

impl FloorKind {
    /// Its name in messages.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            FloorKind::Glibc => "glibc",
            FloorKind::Glibcxx => "GLIBCXX",
            FloorKind::Cxxabi => "CXXABI",
            FloorKind::Macos => "macOS",
            FloorKind::NodeApi => "Node-API",
        }
    }
}
