//! The ways in which packages find their addon.

open_names! {
    /// How a package finds its file. Modules that it calls: `node-gyp-build`,
    /// `node-gyp-build-optional-packages`, `bindings`, `node-pre-gyp`, `pkg-prebuilds`, `cmake-ts`,
    /// `neon`, `require-addon`. Conventions: `napi-rs`, `platform-package`,
    /// `prisma`. Its own `script`; a
    /// `table` of packages with rules of their own; `names` or `single-file` if only its files show
    /// it; `unknown`. Later releases may add others.
    pub enum Convention {
        /// The module bindings.
        Bindings => "bindings",
        /// The module cmake-ts.
        CmakeTs => "cmake-ts",
        /// The names of its files, if nothing else shows it.
        Names => "names",
        /// A script that @napi-rs/cli generates.
        NapiRs => "napi-rs",
        /// The module @neon-rs/load.
        Neon => "neon",
        /// The module node-gyp-build.
        NodeGypBuild => "node-gyp-build",
        /// The module node-gyp-build-optional-packages.
        NodeGypBuildOptionalPackages => "node-gyp-build-optional-packages",
        /// The module @mapbox/node-pre-gyp, node-pre-gyp before it, or a fork.
        NodePreGyp => "node-pre-gyp",
        /// The module pkg-prebuilds.
        PkgPrebuilds => "pkg-prebuilds",
        /// A package of its own for each system.
        PlatformPackage => "platform-package",
        /// The engine of a Prisma Client, by its binary target.
        Prisma => "prisma",
        /// The module require-addon.
        RequireAddon => "require-addon",
        /// A script of its own.
        Script => "script",
        /// It has one file, and nothing else shows it.
        SingleFile => "single-file",
        /// It is in the table of packages with rules of their own.
        Table => "table",
        /// abi-guard doesn't know how.
        Unknown => "unknown",
    }
}
