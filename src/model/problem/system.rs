//! Requirements of an addon that the system doesn't meet.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::systems::{Arch, Libc, Platform};

/// The processors of a file. In reports, their names separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(inline, transparent))]
pub struct Archs(#[cfg_attr(test, schemars(with = "String"))] pub Vec<Arch>);

impl std::fmt::Display for Archs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(Arch::as_str).collect();
        formatter.write_str(&names.join(","))
    }
}

impl Serialize for Archs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Archs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Archs, D::Error> {
        let names = String::deserialize(deserializer)?;
        Ok(Archs(names.split(',').map(Arch::from_name).collect()))
    }
}

facts! {
    /// Built for another operating system.
    pub struct WrongPlatform {
        /// As `process.platform`.
        pub built_for: Platform,
        /// As `process.platform`.
        pub required: Platform,
    }

    /// Built for another processor.
    pub struct WrongArch {
        /// As `process.arch`; for a universal file all of its processors, separated by commas.
        pub built_for: Archs,
        /// As `process.arch`.
        pub required: Arch,
    }

    /// Built for another libc.
    pub struct WrongLibc {
        /// The libc it was built for.
        pub built_for: Libc,
        /// The libc of the runtime; `null` if it isn't known.
        pub required: Option<Libc>,
        /// The library that shows it; `null` if something else does.
        pub library: Option<String>,
        /// The symbol that shows it; `null` if something else does.
        pub symbol: Option<String>,
    }

    /// It needs a newer glibc.
    pub struct GlibcTooOld {
        /// The library that is too old; `null` if it needs a feature of glibc as a whole.
        pub library: Option<String>,
        /// The required version, for example `GLIBC_2.38`; `null` if the file doesn't state one.
        pub required: Option<String>,
        /// The target's version, if only that was compared; otherwise `null`.
        pub floor: Option<String>,
    }

    /// It needs a newer libstdc++.
    pub struct LibstdcxxTooOld {
        /// The library that is too old.
        pub library: String,
        /// The required version, for example `GLIBCXX_3.4.32`.
        pub required: String,
    }

    /// It requires an executable stack, which newer systems reject.
    pub struct ExecutableStack {}

    /// It requires a newer processor than this one.
    pub struct CpuLevel {
        /// The required level, for example `x86-64-v3`.
        pub level: String,
    }

    /// Its segments are aligned to smaller pages than those of the system.
    pub struct PageSize {
        /// The largest page size with which it can be mapped, in bytes.
        pub built_for: u64,
        /// The page size of the system, in bytes; `null` if it isn't known.
        pub required: Option<u64>,
    }

    /// macOS for arm64 loads signed code only, but the file has no signature, or an invalid one.
    pub struct Unsigned {}

    /// It was built for a newer macOS.
    pub struct MinimumOs {
        /// The oldest macOS it was built for, for example `13.5`.
        pub required: String,
    }

    /// There is no static TLS left for it.
    pub struct StaticTls {
        /// Bytes that it requires; `null` if the libc never has any for it.
        pub bytes: Option<u64>,
        /// The symbol in the loader's text; `null` if it names none.
        pub symbol: Option<String>,
    }
}
