//! A reason why loading fails, or is worth a warning: a stable code, a severity, a sentence, and
//! its facts.
//!
//! A problem is a struct with an enum of facts, not an enum of whole problems: every problem has a
//! severity and a message, which are defined once.

/// Facts of problems: structs that are part of reports.
macro_rules! facts {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)* }
    )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)* }
    )*};
}

pub mod abi;
pub mod file;
pub mod linking;
pub mod package;
pub mod publishing;
#[cfg(test)]
mod schema;
mod severities;
pub mod system;

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use severities::Severities;

use super::words::Severity;

macro_rules! problems {
    ($($room:ident::$name:ident => $text:literal, $severities:ident;)*) => {
        names! {
            /// Codes of problems. Each has a section in docs/problems.md; renaming one is a
            /// breaking change, and new ones may come with any release.
            #[cfg_attr(test, schemars(rename = "KnownProblemCode"))]
            pub enum Code {
                $(#[doc = concat!("`", $text, "`")] $name => $text,)*
            }
        }

        /// The facts of a problem, by its code.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        pub enum Facts {
            $(#[doc = concat!("`", $text, "`")] $name($room::$name),)*
        }

        $(impl From<$room::$name> for Facts {
            fn from(facts: $room::$name) -> Facts {
                Facts::$name(facts)
            }
        })*

        impl Facts {
            /// The code of the problem.
            #[must_use]
            pub fn code(&self) -> Code {
                match self {
                    $(Facts::$name(_) => Code::$name,)*
                }
            }

            fn read<'de, D: Deserializer<'de>>(code: Code, facts: D) -> Result<Facts, D::Error> {
                Ok(match code {
                    $(Code::$name => Facts::$name($room::$name::deserialize(facts)?),)*
                })
            }
        }

        impl Code {
            /// The severities that its problems can have.
            #[must_use]
            pub fn severities(self) -> Severities {
                match self {
                    $(Code::$name => Severities::$severities,)*
                }
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for Problem {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "Problem".into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let known = [$(schema::problem(
                    generator,
                    $text,
                    Severities::$severities,
                    concat!(stringify!($name), "Problem"),
                    <$room::$name as schemars::JsonSchema>::json_schema,
                ),)*];
                schema::union(&known)
            }
        }
    };
}

problems! {
    abi::AbiMismatch => "abi-mismatch", ERROR;
    abi::SelfRegisterMismatch => "self-register-mismatch", ERROR;
    abi::RegistersTwice => "registers-twice", ERROR;
    abi::SecondNode => "second-node", ERROR;
    abi::NodeApiTooNew => "node-api-too-new", ERROR;
    abi::UnsupportedAddonApi => "unsupported-addon-api", ERROR;
    system::WrongPlatform => "wrong-platform", ERROR;
    system::WrongArch => "wrong-arch", ERROR;
    system::WrongLibc => "wrong-libc", ERROR;
    linking::MissingLibrary => "missing-library", ERROR;
    system::GlibcTooOld => "glibc-too-old", ERROR;
    system::LibstdcxxTooOld => "libstdcxx-too-old", ERROR;
    linking::MissingSymbol => "missing-symbol", ERROR;
    linking::LazyMissingSymbol => "lazy-missing-symbol", WARNING;
    abi::V8Coupled => "v8-coupled", WARNING;
    abi::ObjectWrapHooks => "object-wrap-hooks", ERROR;
    system::StaticTls => "static-tls", ERROR;
    system::ExecutableStack => "executable-stack", ERROR_OR_WARNING;
    system::CpuLevel => "cpu-level", ERROR;
    system::PageSize => "page-size", ERROR_OR_WARNING;
    system::Unsigned => "unsigned", ERROR;
    system::MinimumOs => "minimum-os", WARNING;
    linking::HostImportNotDelayed => "host-import-not-delayed", ERROR_OR_WARNING;
    abi::NoExternalBuffers => "no-external-buffers", WARNING;
    abi::NotContextAware => "not-context-aware", WARNING_OR_ERROR;
    file::NotABinary => "not-a-binary", ERROR;
    file::Truncated => "truncated", ERROR_OR_WARNING;
    file::Malformed => "malformed", ERROR;
    file::NotOpenable => "not-openable", ERROR;
    abi::NotAnAddon => "not-an-addon", ERROR;
    abi::BuiltinFlag => "builtin-flag", ERROR;
    package::NotBuilt => "not-built", ERROR_OR_WARNING;
    package::NoMatchingPrebuild => "no-matching-prebuild", ERROR_OR_WARNING;
    package::MissingPlatformPackage => "missing-platform-package", ERROR_OR_WARNING;
    package::ShadowedPrebuild => "shadowed-prebuild", ERROR_OR_WARNING;
    package::Mislabelled => "mislabelled", ERROR;
    package::MissingTarget => "missing-target", ERROR_OR_WARNING;
    package::UnreachableFile => "unreachable-file", WARNING;
    package::EnginesTooOld => "engines-too-old", WARNING;
    publishing::AbsentPlatformPackage => "absent-platform-package", ERROR;
    publishing::UnlistedPlatformPackage => "unlisted-platform-package", ERROR_OR_WARNING;
    publishing::PlatformPackageVersion => "platform-package-version", ERROR;
    publishing::WrongSystemField => "wrong-system-field", ERROR;
    publishing::MissingLibcField => "missing-libc-field", WARNING;
    publishing::FloorTooHigh => "floor-too-high", ERROR;
    file::DependsOnRelease => "depends-on-release", WARNING;
    file::Undetermined => "undetermined", WARNING;
    file::Changed => "changed", WARNING;
    file::Unreadable => "unreadable", ERROR_OR_WARNING;
    package::InterruptedRepair => "interrupted-repair", WARNING;
    package::InvalidSettings => "invalid-settings", WARNING;
}

/// Facts that problems of several codes have.
impl Facts {
    /// The `NODE_MODULE_VERSION` that a file was built for, if it isn't the runtime's.
    #[must_use]
    pub fn built_for_abi(&self) -> Option<i32> {
        match self {
            Facts::AbiMismatch(facts) => Some(facts.built_for_abi),
            Facts::SelfRegisterMismatch(facts) => Some(facts.built_for_abi),
            _ => None,
        }
    }

    /// The platform, processor or libc that a file was built for, if it isn't the runtime's.
    #[must_use]
    pub fn built_for_system(&self) -> Option<String> {
        match self {
            Facts::WrongPlatform(facts) => Some(facts.built_for.to_string()),
            Facts::WrongArch(facts) => Some(facts.built_for.to_string()),
            Facts::WrongLibc(facts) => Some(facts.built_for.to_string()),
            _ => None,
        }
    }

    /// The file or folder of the project that the problem is about.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Facts::Unreadable(facts) => Some(&facts.path),
            Facts::InterruptedRepair(facts) => Some(&facts.path),
            Facts::InvalidSettings(facts) => Some(&facts.path),
            _ => None,
        }
    }
}

/// One reason why loading fails, or is worth a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// One sentence for people.
    pub message: String,
    /// The code, and the facts that belong to it.
    pub facts: Facts,
}

impl Problem {
    /// A problem of severity `error`.
    #[must_use]
    pub fn error(facts: impl Into<Facts>, message: impl Into<String>) -> Problem {
        Problem::new(Severity::Error, facts.into(), message.into())
    }

    /// A problem of severity `warning`.
    #[must_use]
    pub fn warning(facts: impl Into<Facts>, message: impl Into<String>) -> Problem {
        Problem::new(Severity::Warning, facts.into(), message.into())
    }

    fn new(severity: Severity, facts: Facts, message: String) -> Problem {
        let code = facts.code();
        debug_assert!(code.severities().allow(severity), "{} as {severity:?}", code.as_str());
        Problem { severity, message, facts }
    }

    /// The same problem with another severity, which the code must allow.
    #[must_use]
    pub fn with_severity(self, severity: Severity) -> Problem {
        Problem::new(severity, self.facts, self.message)
    }

    /// Its stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.facts.code()
    }
}

/// The order of the fields in reports.
#[derive(Serialize)]
struct Written<'a> {
    code: Code,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    facts: &'a Facts,
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Problem { severity, message, facts } = self;
        Written { code: self.code(), severity: *severity, message, facts }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Problem {
    /// Reads the code first, because it determines the other fields: from JSON text in its order,
    /// or from any value with `read`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Problem, D::Error> {
        deserializer.deserialize_struct("Problem", &COMMON, ProblemVisitor)
    }
}

/// The fields that every problem has, in their order.
const COMMON: [&str; 3] = ["code", "severity", "message"];

struct ProblemVisitor;

impl<'de> Visitor<'de> for ProblemVisitor {
    type Value = Problem;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a problem")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Problem, A::Error> {
        fn next<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
            fields: &mut A,
            name: &'static str,
        ) -> Result<T, A::Error> {
            match fields.next_key::<Cow<'de, str>>()? {
                Some(key) if key == name => fields.next_value(),
                _ => Err(A::Error::missing_field(name)),
            }
        }
        let [code, severity, message] = COMMON;
        let code: Code = next(&mut fields, code)?;
        Ok(Problem {
            severity: next(&mut fields, severity)?,
            message: next(&mut fields, message)?,
            facts: Facts::read(code, MapAccessDeserializer::new(fields))?,
        })
    }
}
