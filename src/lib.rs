//! Reads a compiled Node.js addon without running it, and says whether a given runtime would load
//! it.
//!
//! | term | meaning |
//! |---|---|
//! | binary | an ELF, Mach-O or PE file, seen as an object file |
//! | addon | a binary seen as a Node addon: how it registers, for which ABI or Node-API version |
//! | ABI | `NODE_MODULE_VERSION` |
//! | hybrid | registers through Node-API but imports V8 or Node C++ symbols |
//! | runtime | the program that would load it: Node.js, Electron, Bun, Deno, on one system |
//! | linkage | the libraries and symbols that the system's loader would find for it there |
//! | outcome | the result of loading: loads, throws, crashes, or unknown |
//! | problem | one reason, with a stable code and a severity |
//! | active file | the `.node` file that a package's own loader opens; the others are dormant |
//!
//! ```text
//! bytes ─▶ binary ─▶ addon ──┐
//! process, spec ─▶ runtime ──┼─▶ linking ─▶ verdict ─▶ remedy ─▶ report ─▶ binding
//! directory ─▶ project ──────┘   (check runs this for a file, a package, a tree)
//! ```
//!
//! Below all of them: `files`, the one door to what is inspected; `versions`, the one reader of
//! versions and ranges; `control`, `crew`, `hash` and `panics`.
//!
//! Each room uses the rooms to its left, never one to its right. Nothing that is inspected is ever
//! run, loaded or mapped.

mod addon;
mod binary;
mod check;
mod control;
mod crew;
mod environment;
mod files;
mod hash;
mod linking;
mod model;
mod panics;

mod project;
mod remedy;
mod report;
mod runtime;
mod verdict;
mod versions;

// napi's macros expand to unsafe code at the boundary; our own code has none.
#[cfg(feature = "node-api")]
#[allow(unsafe_code, clippy::needless_pass_by_value)]
#[cfg_attr(test, allow(dead_code))] // test builds omit the registration that uses it
mod binding;

pub use binary::{Binary, read as read_binary};
pub use check::{
    ArtifactError, AuditError, AuditOptions, CheckOptions, Index, Inspected, Inventory, Known,
    PackageError, Places, Recorded, ScanError, ScanOptions, audit, cache_key, check_artifact,
    check_package, clean_reinstall, decoded, doctor, explain, inspect, inventory, matrix, places,
    scan, settings,
};
pub use control::Control;
pub use files::Source;
pub use model::reports::{
    AbiReport, AuditReport, AuditedFile, DoctorReport, Explanation, MatrixReport, PackageReport,
    Report, RuntimeRelease, RuntimeReport, ScanReport, Stats,
};
pub use model::{Arch, Code, Fix, Outcome, Platform, Problem, RootCause, Severity};
pub use project::Settings;
pub use report::{Style, cyclonedx, github, has_timestamp, json, markdown, sarif, text};
pub use runtime::{
    HostFacts, Runtime, RuntimeSpec, SpecError, exports, followers, host, registry, resolve,
};
