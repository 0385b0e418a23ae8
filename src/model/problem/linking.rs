//! Libraries and symbols that an addon needs.

use serde::{Deserialize, Serialize};

use crate::model::systems::{Libc, Platform};

/// The packages that contain a library, by system.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SystemPackages {
    /// Debian and Ubuntu.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub debian: Option<String>,
    /// Alpine Linux.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub alpine: Option<String>,
    /// Fedora and RHEL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub fedora: Option<String>,
    /// Homebrew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub macos: Option<String>,
    /// Windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub windows: Option<String>,
}

/// The source of a system's packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageSource {
    /// Debian, Ubuntu.
    Debian,
    /// Alpine Linux.
    Alpine,
    /// Fedora, RHEL.
    Fedora,
    /// Homebrew, on macOS.
    Homebrew,
    /// Downloads for Windows.
    Windows,
}

impl PackageSource {
    /// All sources, in the order of sentences.
    pub const ALL: [PackageSource; 5] = [
        PackageSource::Debian,
        PackageSource::Alpine,
        PackageSource::Fedora,
        PackageSource::Homebrew,
        PackageSource::Windows,
    ];

    /// The sources for a kind of system; for a Linux without a known libc, those for glibc.
    #[must_use]
    pub fn of(platform: &Platform, libc: Option<Libc>) -> &'static [PackageSource] {
        match (platform, libc) {
            (Platform::Linux, Some(Libc::Musl)) => &[PackageSource::Alpine],
            (Platform::Linux, _) => &[PackageSource::Debian, PackageSource::Fedora],
            (Platform::Darwin, _) => &[PackageSource::Homebrew],
            (Platform::Win32, _) => &[PackageSource::Windows],
            _ => &[],
        }
    }
}

impl SystemPackages {
    /// The packages from these sources, each with its source: "libvips42 (Debian, Ubuntu)".
    #[must_use]
    pub fn named(&self, sources: &[PackageSource]) -> Vec<String> {
        let of = |source: &PackageSource| {
            let (title, package) = match source {
                PackageSource::Debian => ("Debian, Ubuntu", &self.debian),
                PackageSource::Alpine => ("Alpine", &self.alpine),
                PackageSource::Fedora => ("Fedora, RHEL", &self.fedora),
                PackageSource::Homebrew => ("Homebrew", &self.macos),
                PackageSource::Windows => ("Windows", &self.windows),
            };
            Some(format!("{} ({title})", package.as_deref()?))
        };
        sources.iter().filter_map(of).collect()
    }
}

facts! {
    /// A library that it needs is missing, or can't be loaded.
    pub struct MissingLibrary {
        /// Its name.
        pub library: String,
        /// The library that needs it; `null` for the addon itself.
        pub needed_by: Option<String>,
        /// The version that the library lacks; `null` if the library itself is missing.
        pub required: Option<String>,
        /// The folders that the loader searches, in order; empty if a file was found.
        pub searched: Vec<String>,
        /// The packages that contain it; `null` if none is known.
        pub packages: Option<SystemPackages>,
        /// The npm package that contains it and isn't installed; `null` if none is known.
        pub package: Option<String>,
    }

    /// A function that it needs while loading is missing.
    pub struct MissingSymbol {
        /// Its name, as it is in the file.
        pub symbol: String,
        /// The library that needs it; `null` for the addon itself.
        pub needed_by: Option<String>,
    }

    /// A function that it needs later is missing: the process ends at the first call.
    pub struct LazyMissingSymbol {
        /// The names, as they are in the file.
        pub symbols: Vec<String>,
    }

    /// It imports "node.exe" by that name, which a renamed executable doesn't have.
    pub struct HostImportNotDelayed {
        /// The executable's name.
        pub library: String,
    }
}

impl MissingLibrary {
    /// A library of which only the name is known.
    #[must_use]
    pub fn named(library: impl Into<String>) -> MissingLibrary {
        MissingLibrary {
            library: library.into(),
            needed_by: None,
            required: None,
            searched: Vec::new(),
            packages: None,
            package: None,
        }
    }
}
