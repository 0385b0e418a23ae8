//! Facts of PE files only.

/// Facts of PE files only.
#[derive(Debug)]
pub struct PeFacts {
    /// `Machine` of the file header.
    pub machine: u16,
    /// `IMAGE_FILE_DLL`: without it `LoadLibrary` maps the file but runs nothing.
    pub is_dll: bool,
    /// True if it contains code for arm64 and for x64 programs on arm64 (ARM64X), so both load it.
    pub is_hybrid: bool,
    /// Bytes of its sections that are past the end of the file.
    pub missing: u64,
}
