//! The words that all rooms speak: codes, problems, fixes, reports. Rooms below produce these
//! values; rooms above match on them exhaustively, so that a new code that a room forgets doesn't
//! compile.
//!
//! Everything here is plain data that survives JSON. `schema/report-1.json` is generated from these
//! types and their doc comments, and `types/*.d.ts` from that.

/// A closed set of names: an enum whose variants stand in reports under these names.
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
    };
}

mod codes;
mod fix;
pub mod problem;
mod read;
mod root_cause;
#[cfg(test)]
mod schema;
mod words;

pub mod reports;

pub use codes::{ErrorCode, ExplanationCode, FindingCode};
pub use fix::{Fix, Stage};
pub use problem::{Code, Facts, Problem};
pub use root_cause::{RootCause, RootCauseCode};
pub use words::{AddonApi, FileFormat, FindingSeverity, Libc, Outcome, RuntimeName, Severity};
