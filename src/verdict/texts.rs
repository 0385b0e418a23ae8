//! The texts of the systems' loaders for missing libraries.

use super::case::Case;
use crate::model::{Libc, Platform};

/// The loader's text for a missing library that `needer` needs; `None` if it isn't known. glibc
/// gives no reason if it had no folder to search (`nowhere`).
pub(super) fn missing_text(
    case: &Case<'_>,
    name: &str,
    needer: &str,
    nowhere: bool,
) -> Option<String> {
    let reason = if nowhere { "" } else { ": No such file or directory" };
    match (&case.runtime.platform, case.runtime.libc) {
        (Platform::Linux, Some(Libc::Musl)) => {
            Some(format!("Error loading shared library {name}{reason} (needed by {needer})"))
        }
        (Platform::Linux, _) => Some(format!("{name}: cannot open shared object file{reason}")),
        // Error 126. The text names no library.
        (Platform::Win32, _) => Some(module_not_found(case)),
        _ => None,
    }
}

/// The text of Windows' error 126.
pub(super) fn module_not_found(case: &Case<'_>) -> String {
    format!("The specified module could not be found.\r\n\\\\?\\{}", case.file)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
