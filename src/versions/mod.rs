//! Versions as text: npm's ranges, and plain dotted numbers. Every room may use this one; no other
//! code in the crate parses a version or a range.
//!
//! A whole version ("20.11.0", also with a prerelease) is parsed by [`semver::Version`]. A version
//! of a release line ("20", "20.11") is a [`Range`]; a version of a libc or an operating system,
//! which has any number of parts, is parsed by [`numbers`].

mod dotted;
mod range;
#[cfg(test)]
mod range_tests;

pub use dotted::{is_triple, major, major_minor, numbers, within_32_bits};
pub use range::Range;
