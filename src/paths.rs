//! Real paths, as Node.js writes them.

use std::io;
use std::path::{Path, PathBuf};

/// The absolute path without symbolic links (and junctions), in the form that people and Node.js know.
///
/// # Errors
/// When there is nothing, or it can't be reached.
pub fn real_path(path: &Path) -> io::Result<PathBuf> {
    let real = path.canonicalize()?;
    // Windows answers with a form of its own (`\\?\C:\x`), which no user has typed and no other program compares with.
    match cfg!(windows).then(|| plain(&real.to_string_lossy())).flatten() {
        Some(text) => Ok(text.into()),
        None => Ok(real),
    }
}

/// `\\?\C:\x` → `C:\x`, `\\?\UNC\server\share` → `\\server\share`; `None` for what has no other form. The standard library finds its
/// way back where a path is too long for the plain one.
fn plain(text: &str) -> Option<String> {
    let rest = text.strip_prefix(r"\\?\")?;
    if let Some(share) = rest.strip_prefix(r"UNC\") {
        return Some(format!(r"\\{share}"));
    }
    let mut letters = rest.chars();
    let drive =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':') && letters.next() == Some('\\');
    drive.then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn the_long_form_of_windows_becomes_the_one_people_know() {
        for (long, short) in [
            (r"\\?\C:\app\node_modules", Some(r"C:\app\node_modules")),
            (r"\\?\c:\", Some(r"c:\")),
            (r"\\?\UNC\server\share\app", Some(r"\\server\share\app")),
            (r"\\?\Volume{4c1b02c1-d990-11dc-99ae-806e6f6e6963}\x", None),
            (r"\\?\C:", None),
            (r"C:\app", None),
            ("/app", None),
        ] {
            assert_eq!(plain(long).as_deref(), short, "{long}");
        }
    }
}
