//! One reason: a stable code, a severity, a sentence, and the facts behind it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Loading fails, or may fail in a way that ends the process.
    Error,
    /// Worth knowing; loading works.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $text:literal,)*) => {
        /// The stable codes. Each has a section in docs/problems.md; renaming one is a breaking
        /// change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as it stands in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// Its constructor registers for another `NODE_MODULE_VERSION`.
    AbiMismatch => "abi-mismatch",
    /// It exports `node_register_module_vN` for other versions only: Node says "did not
    /// self-register".
    SelfRegisterMismatch => "self-register-mismatch",
    /// It declares a Node-API version that the runtime doesn't have: the process dies.
    NodeApiTooNew => "node-api-too-new",
    /// The runtime doesn't support this kind of addon at all.
    UnsupportedAddonApi => "unsupported-addon-api",
    /// Built for another operating system.
    WrongPlatform => "wrong-platform",
    /// Built for another processor.
    WrongArch => "wrong-arch",
    /// Built for another libc.
    WrongLibc => "wrong-libc",
    /// A library it needs isn't there.
    MissingLibrary => "missing-library",
    /// It needs a newer glibc.
    GlibcTooOld => "glibc-too-old",
    /// It needs a newer libstdc++.
    LibstdcxxTooOld => "libstdcxx-too-old",
    /// A function it needs while loading isn't there.
    MissingSymbol => "missing-symbol",
    /// A function it needs later isn't there: the process ends at the first call.
    LazyMissingSymbol => "lazy-missing-symbol",
    /// It registers through Node-API and uses V8 all the same: it fits some releases only, and Node
    /// doesn't check.
    V8Coupled => "v8-coupled",
    /// Its thread-local storage finds no room.
    StaticTls => "static-tls",
    /// It asks for an executable stack, which newer systems refuse.
    ExecutableStack => "executable-stack",
    /// It asks for a newer processor than this one.
    CpuLevel => "cpu-level",
    /// macOS for arm64 loads signed code only, and it has no signature.
    Unsigned => "unsigned",
    /// It was built for a newer macOS.
    MinimumOs => "minimum-os",
    /// It asks for "node.exe" by that name, which a renamed executable isn't.
    HostImportNotDelayed => "host-import-not-delayed",
    /// It creates buffers over memory of its own, which Electron refuses.
    NoExternalBuffers => "no-external-buffers",
    /// It can be loaded once per process only.
    NotContextAware => "not-context-aware",
    /// No object file at all.
    NotABinary => "not-a-binary",
    /// The end of the file is missing.
    Truncated => "truncated",
    /// An object file whose headers no loader accepts.
    Malformed => "malformed",
    /// A sound object file of a kind that can't be loaded at run time.
    NotOpenable => "not-openable",
    /// A library that registers nothing.
    NotAnAddon => "not-an-addon",
    /// It marks itself as part of Node.
    BuiltinFlag => "builtin-flag",
    /// It expects an addon that its install script builds or downloads, and has none.
    NotBuilt => "not-built",
    /// It has prebuilt files, none of them for the target.
    NoMatchingPrebuild => "no-matching-prebuild",
    /// The platform package that it needs for the target isn't installed.
    MissingPlatformPackage => "missing-platform-package",
    /// A stale build hides a prebuilt file that would load.
    ShadowedPrebuild => "shadowed-prebuild",
    /// Its name claims another system or ABI than it is for.
    Mislabelled => "mislabelled",
    /// The package promises a system that it has no file for.
    MissingTarget => "missing-target",
    /// No runtime makes the package's loader choose the file.
    UnreachableFile => "unreachable-file",
    /// `engines.node` lets releases in that can't load the files.
    EnginesTooOld => "engines-too-old",
    /// Another release of the named line would decide otherwise.
    DependsOnRelease => "depends-on-release",
    /// Something that may matter couldn't be judged.
    Undetermined => "undetermined",
    /// The file changed while it was read.
    Changed => "changed",
    /// The file or folder can't be read.
    Unreadable => "unreadable",
    /// A repair was ended by force, and what it kept waits to be put back.
    InterruptedRepair => "interrupted-repair",
    /// The key "abi-guard" of a package.json isn't understood.
    InvalidSettings => "invalid-settings",
}

/// One reason why loading fails, or is worth a warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence for people.
    pub message: String,
    /// The facts behind the sentence, for machines.
    #[serde(flatten)]
    pub facts: Map<String, Value>,
}

impl Problem {
    /// A problem of severity `error`.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Problem {
        Problem { code, severity: Severity::Error, message: message.into(), facts: Map::new() }
    }

    /// A problem of severity `warning`.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(code, message) }
    }

    /// The same, of severity `warning`.
    #[must_use]
    pub fn as_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Problem {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
}
