//! The types that all rooms share: codes, problems, fixes, reports. Rooms below produce these
//! values; rooms above match on them exhaustively, so that a room that doesn't handle a new code
//! doesn't compile.
//!
//! All types here are plain data that can be written to JSON and read back. `schema/report-1.json`
//! is generated from these types and their doc comments, and `types/*.d.ts` from that.

/// A closed set of names: an enum whose variants have these names in reports.
macro_rules! names {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal,)* }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        $(#[$meta])*
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The value with this name.
            #[must_use]
            #[allow(dead_code, reason = "not every set of names is read from text")]
            pub fn from_name(name: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|value| value.as_str() == name)
            }

            /// The name in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }
    };
}

/// An open set of names: an enum of the known ones, and `Other` for any other name, which is kept
/// as it was read.
macro_rules! open_names {
    (
        $(#[doc = $description:literal])*
        pub enum $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal,)* }
    ) => {
        $(#[doc = $description])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)*
            /// A name that isn't known; created by `from_name` only.
            Other(Box<str>),
        }

        impl $name {
            /// Every known value, in the order of the list.
            pub const KNOWN: &'static [$name] = &[$($name::$variant,)*];

            /// The value with this name.
            #[must_use]
            pub fn from_name(name: &str) -> $name {
                match name {
                    $($text => $name::$variant,)*
                    other => $name::Other(other.into()),
                }
            }

            /// The name in reports.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)*
                    $name::Other(name) => name,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        /// Compares by name, so that the order doesn't depend on the list.
        impl Ord for $name {
            fn cmp(&self, other: &$name) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &$name) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<$name, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(from).map(|name| $name::from_name(&name))
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // A JSON Schema `enum` would exclude other names.
                let description = [$($description),*].map(str::trim).join(" ");
                let names = [$($text),*];
                schemars::json_schema!({
                    "description": description,
                    "type": "string",
                    "examples": names,
                })
            }
        }
    };
}

mod codes;
mod convention;
mod fix;
pub mod problem;
mod read;
mod root_cause;
#[cfg(test)]
mod schema;
mod systems;
mod words;

pub mod reports;

pub use codes::{ErrorCode, ExplanationCode, FindingCode};
pub use convention::Convention;
pub use fix::{Fix, Stage};
pub use problem::{Code, Facts, Problem};
pub use root_cause::{RootCause, RootCauseCode};
pub use systems::{Arch, Libc, Platform};
pub use words::{AddonApi, FileFormat, FindingSeverity, Outcome, RuntimeName, Severity};
