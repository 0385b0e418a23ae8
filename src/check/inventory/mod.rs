//! The addons of reports, with the packages that they belong to: the content of an SBOM.
//!
//! A report says what loading does. An SBOM also needs the hash of each file, and the facts of the
//! dormant files, so the files are read again. What can't be read is listed with the facts that the
//! report has.

mod collect;
mod contents;
mod finish;
mod found;
mod libraries;
mod listed;
mod naming;

pub use collect::inventory;
pub use listed::{Inventory, LibraryNeed, ListedFile, ListedImage, ListedPackage, State};
