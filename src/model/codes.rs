//! Codes other than those of problems: of errors that no check of a file finds, and of the doctor's
//! findings.

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
        /// The file is on a file system that is mounted with `noexec`.
        Noexec => "noexec",
        /// The hardened runtime of macOS loads only code that the same team signed.
        LibraryValidation => "library-validation",
        /// A policy of the computer blocks the file.
        BlockedByPolicy => "blocked-by-policy",
        /// A bundler tried to include an addon.
        Bundled => "bundled",
        /// A tool that node-gyp needs isn't installed.
        Toolchain => "toolchain",
        /// The package's source is too old to compile with this Node.js.
        SourceTooOld => "source-too-old",
        /// The development files of a library, which are needed to compile a package, are missing.
        LibraryHeadersMissing => "library-headers-missing",
        /// A prebuilt file or a library couldn't be downloaded while a package was installed.
        DownloadFailed => "download-failed",
        /// Windows can't replace a file, because a process has loaded it.
        FileInUse => "file-in-use",
        /// A package didn't compile, for a reason without a code of its own.
        BuildFailed => "build-failed",
        /// The package manager didn't run install scripts.
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
    /// An error that isn't about a file.
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
        /// Two files require different Node.js versions.
        PinsContradict => "pins-contradict",
        /// The Node.js that runs isn't the one that the project requires.
        RunningNodeDiffers => "running-node-differs",
        /// The Node.js version of an image or a workflow changes over time.
        NodeNotPinned => "node-not-pinned",
        /// An image or a workflow has another Node.js than the project requires.
        NodeVersionDiffers => "node-version-differs",
        /// The node_modules of the host are copied into an image.
        HostModulesCopied => "host-modules-copied",
        /// The node_modules of the host are mounted into a container.
        HostModulesMounted => "host-modules-mounted",
        /// node_modules is copied from one stage to another with a different Node.js or libc.
        StagesDiffer => "stages-differ",
        /// An image with musl, and a package without a file for it.
        NoMuslPrebuild => "no-musl-prebuild",
        /// Install scripts that packages need are not run.
        ScriptsIgnored => "scripts-ignored",
        /// Optional dependencies that packages need are not installed.
        OptionalOmitted => "optional-omitted",
        /// node_modules is cached under a key without the properties it was built for.
        ModulesCached => "modules-cached",
        /// One job passes node_modules to a job on another system or with another Node.js.
        ModulesShared => "modules-shared",
        /// The node_modules of the deploying computer are uploaded to another system.
        ModulesUploaded => "modules-uploaded",
        /// The lockfile lacks the packages for a system on which the project is installed.
        LockfileIncomplete => "lockfile-incomplete",
        /// Tools that node-gyp needs aren't installed.
        ToolchainMissing => "toolchain-missing",
        /// The installed Python is a version that node-gyp can't use.
        PythonUnsuited => "python-unsuited",
        /// Packages that don't load now.
        DoesNotLoad => "does-not-load",
        /// Packages that don't load with the next Node.js.
        TiedToNode => "tied-to-node",
        /// A file that can't be read in its format.
        FileNotRead => "file-not-read",
    }
}
