//! Names in object files, as text.

/// Bytes up to the first NUL, as text; invalid UTF-8 is replaced.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

/// The name of a Mach-O symbol in C. There, C names are written as "_name"; names without the
/// underscore come from assembler code and are unchanged.
pub(super) fn c_name(name: &[u8]) -> &[u8] {
    name.strip_prefix(b"_").unwrap_or(name)
}
