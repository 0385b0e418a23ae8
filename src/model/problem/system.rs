//! What an addon needs of the system that loads it.

facts! {
    /// Built for another operating system.
    pub struct WrongPlatform {
        /// As `process.platform`.
        pub built_for: String,
        /// As `process.platform`.
        pub required: String,
    }

    /// Built for another processor.
    pub struct WrongArch {
        /// As `process.arch`; of a universal file all of its processors, joined by commas.
        pub built_for: String,
        /// As `process.arch`.
        pub required: String,
    }

    /// Built for another libc.
    pub struct WrongLibc {
        /// The libc it was built for.
        pub built_for: String,
        /// The libc of the runtime; `null` when it isn't known.
        pub required: Option<String>,
        /// The library that shows it; `null` when something else does.
        pub library: Option<String>,
        /// The symbol that shows it; `null` when something else does.
        pub symbol: Option<String>,
    }

    /// It needs a newer glibc.
    pub struct GlibcTooOld {
        /// The library that is too old; `null` when it needs a feature of glibc as a whole.
        pub library: Option<String>,
        /// What it asks for, as in `GLIBC_2.38`; `null` when it doesn't say so itself.
        pub required: Option<String>,
        /// The target's version, when only that was compared; else `null`.
        pub floor: Option<String>,
    }

    /// It needs a newer libstdc++.
    pub struct LibstdcxxTooOld {
        /// The library that is too old.
        pub library: String,
        /// What it asks for, as in `GLIBCXX_3.4.32`.
        pub required: String,
    }

    /// It asks for an executable stack, which newer systems refuse.
    pub struct ExecutableStack {}

    /// It asks for a newer processor than this one.
    pub struct CpuLevel {
        /// The level it asks for, as in `x86-64-v3`.
        pub level: String,
    }

    /// macOS for arm64 loads signed code only, and the file has no signature, or a broken one.
    pub struct Unsigned {}

    /// It was built for a newer macOS.
    pub struct MinimumOs {
        /// The oldest macOS it was built for, as in `13.5`.
        pub required: String,
    }

    /// Its static TLS finds no room.
    pub struct StaticTls {
        /// Bytes that it wants; `null` when the libc has none for anybody.
        pub bytes: Option<u64>,
        /// The symbol in the loader's text; `null` when it names none.
        pub symbol: Option<String>,
    }
}
