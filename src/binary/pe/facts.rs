//! What only PE has.

/// What only PE has.
#[derive(Debug)]
pub struct PeFacts {
    /// `Machine` of the file header.
    pub machine: u16,
    /// `IMAGE_FILE_DLL`: without it `LoadLibrary` maps the file but runs nothing.
    pub is_dll: bool,
    /// It holds code for arm64 and for x64 programs that run there (ARM64X), so that both load it.
    pub is_hybrid: bool,
    /// Bytes of its sections that lie past the end of the file.
    pub missing: u64,
}
