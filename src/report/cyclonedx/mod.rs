//! CycloneDX 1.6 in JSON: an SBOM (software bill of materials) of the addons.
//!
//! The same files give the same bytes on every computer. So a document has no time, except the one
//! that the caller gives, and its serial number is a hash of its content.

mod components;
pub(super) mod document;
mod graph;
mod properties;
mod purl;
mod refs;
mod schema;
pub(super) mod serial;
