//! Facts of Mach-O files only.

use super::signature::Signature;

/// Facts of Mach-O files only.
#[derive(Debug, Default)]
pub struct MachOFacts {
    /// `filetype`: `MH_DYLIB` (6) and `MH_BUNDLE` (8) can be loaded.
    pub file_type: u32,
    /// CPU type and subtype as dyld prints them ("x86_64", "arm64e").
    pub cpu_name: String,
    /// The oldest system it was built for ("11.0").
    pub minimum_os: Option<String>,
    /// `LC_RPATH`, in order.
    pub rpaths: Vec<String>,
    /// True if it re-exports other libraries (`LC_REEXPORT_DYLIB`).
    pub has_reexports: bool,
    /// Its code signature (ad hoc or not).
    pub signature: Signature,
    /// True if it uses chained fixups; then every bind is eager.
    pub chained_fixups: bool,
    /// Bytes of its segments that are past its end in the file.
    pub missing: u64,
}
