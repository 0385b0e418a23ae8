//! Codes of what is said besides problems: of errors that no file explains, and of projects.

use std::borrow::Cow;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::problem::Code;

names! {
    /// Codes of errors that no check of a file finds, because they are about the process, the
    /// installation or the build. Each has a section in docs/problems.md; new ones may come with
    /// any release.
    #[cfg_attr(test, schemars(rename = "KnownErrorCode"))]
    pub enum ErrorCode {
        /// The process may not load addons.
        AddonsDisabled => "addons-disabled",
        /// `import` was used for a `.node` file.
        EsmImport => "esm-import",
        /// The file lies on a file system that is mounted with `noexec`.
        Noexec => "noexec",
        /// The hardened runtime of macOS loads only code that the same team signed.
        LibraryValidation => "library-validation",
        /// A policy of the computer blocks the file.
        BlockedByPolicy => "blocked-by-policy",
        /// A bundler tried to take an addon in.
        Bundled => "bundled",
        /// Something that node-gyp needs isn't there.
        Toolchain => "toolchain",
        /// The package's source doesn't compile against a Node.js this new.
        SourceTooOld => "source-too-old",
        /// The development files of a library, which a package is compiled with, are missing.
        LibraryHeadersMissing => "library-headers-missing",
        /// A prebuilt file or a library couldn't be fetched while a package was installed.
        DownloadFailed => "download-failed",
        /// Windows keeps a file from being replaced, because a process has it loaded.
        FileInUse => "file-in-use",
        /// A package didn't compile, for a reason that has no code of its own.
        BuildFailed => "build-failed",
        /// The package manager kept install scripts from running.
        ScriptsBlocked => "scripts-blocked",
    }
}

/// Code of an explanation: that of a problem, or of an error that no check of a file finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum ExplanationCode {
    /// A problem that a check of the file would find.
    Problem(Code),
    /// An error that is about no file.
    Error(ErrorCode),
}

impl<'de> Deserialize<'de> for ExplanationCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ExplanationCode, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        let problem = Code::from_name(&name).map(ExplanationCode::Problem);
        problem
            .or_else(|| ErrorCode::from_name(&name).map(ExplanationCode::Error))
            .ok_or_else(|| D::Error::unknown_variant(&name, &[]))
    }
}

impl ExplanationCode {
    /// The code in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ExplanationCode::Problem(code) => code.as_str(),
            ExplanationCode::Error(code) => code.as_str(),
        }
    }
}

names! {
    /// Codes of a doctor's findings. Each has a section in docs/doctor.md; new ones may come
    /// with any release.
    #[cfg_attr(test, schemars(rename = "KnownFindingCode"))]
    pub enum FindingCode {
        /// Two places want different Node.js versions.
        PinsContradict => "pins-contradict",
        /// The Node.js that runs isn't the one that was chosen.
        RunningNodeDiffers => "running-node-differs",
        /// An image or a workflow takes whichever Node.js is the newest.
        NodeNotPinned => "node-not-pinned",
        /// An image or a workflow has another Node.js than the project chose.
        NodeVersionDiffers => "node-version-differs",
        /// An image gets the node_modules of the host.
        HostModulesCopied => "host-modules-copied",
        /// A container sees the node_modules of the host.
        HostModulesMounted => "host-modules-mounted",
        /// node_modules goes from one stage to another with a different Node.js or libc.
        StagesDiffer => "stages-differ",
        /// An image with musl, and a package without a file for it.
        NoMuslPrebuild => "no-musl-prebuild",
        /// Install scripts are left out that packages need.
        ScriptsIgnored => "scripts-ignored",
        /// Optional dependencies are left out that packages need.
        OptionalOmitted => "optional-omitted",
        /// node_modules is cached under a key that doesn't tell what it was built for.
        ModulesCached => "modules-cached",
        /// What node-gyp needs isn't there.
        ToolchainMissing => "toolchain-missing",
        /// Python is there in a version that node-gyp can't use.
        PythonUnsuited => "python-unsuited",
        /// Packages that don't load now.
        DoesNotLoad => "does-not-load",
        /// Packages that the next Node.js breaks.
        TiedToNode => "tied-to-node",
        /// A file that can't be read as what it is.
        FileNotRead => "file-not-read",
    }
}
