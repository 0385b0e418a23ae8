//! Joins a folder and a name that comes from an untrusted file.

use std::path::{Component, Path, PathBuf};

use super::names::meant;

/// The path of `relative` (parts separated by `/`, on Windows by `\\` as well) below `folder`.
/// `None` if it would leave the folder, or if a part of it is not a plain name but a drive, a
/// share, a device or a stream (`C:`, `\\\\server`, `x:y`).
#[must_use]
pub fn join_inside(folder: &Path, relative: &str) -> Option<PathBuf> {
    let mut depth = 0_usize;
    for part in parts(relative) {
        match part {
            "" | "." => {}
            ".." => depth = depth.checked_sub(1)?,
            _ => depth += 1,
        }
    }
    join_steps(folder, relative).map(|path| normalized(&path))
}

/// Like [`join_inside`], for a path that may leave the folder. It keeps each `..`, as a loader
/// passes them to the system, for which the `..` after a link means the parent of the link's
/// target.
#[must_use]
pub fn join_steps(folder: &Path, relative: &str) -> Option<PathBuf> {
    if relative.starts_with('/') || (cfg!(windows) && relative.starts_with('\\')) {
        return None;
    }
    let mut path = folder.to_path_buf();
    for part in parts(relative).filter(|part| !matches!(*part, "" | ".")) {
        if part != ".." && !is_plain_name(part, cfg!(windows)) {
            return None;
        }
        match meant(Path::new(part)) {
            Some(bytes) => path.push(bytes),
            None => path.push(part),
        }
    }
    Some(path)
}

/// A path without `.` and `..`. This changes only the text; links are not resolved.
#[must_use]
pub fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            part => result.push(part),
        }
    }
    result
}

/// True for a path that Windows resolves on another computer: `\\\\server\\share`, with slashes of
/// either kind. Untrusted text must not cause network access.
#[must_use]
pub fn is_network_path(path: &str) -> bool {
    path.starts_with(['/', '\\']) && path[1..].starts_with(['/', '\\'])
}

fn parts(relative: &str) -> impl Iterator<Item = &str> {
    relative.split(|c| c == '/' || (cfg!(windows) && c == '\\'))
}

/// True for a name that can only mean an entry of a folder on that system.
fn is_plain_name(name: &str, is_windows: bool) -> bool {
    let is_sound = !name.is_empty() && !matches!(name, "." | "..") && !name.contains(['/', '\0']);
    is_sound && (!is_windows || (!name.contains(['\\', ':']) && !is_device(name)))
}

/// True for names that mean a device in every folder of Windows, with any extension ("Naming Files,
/// Paths, and Namespaces").
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let is_port = |kind: &str| {
        stem.strip_prefix(kind).is_some_and(|rest| {
            let mut letters = rest.chars();
            letters.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c))
                && letters.next().is_none()
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || is_port("COM")
        || is_port("LPT")
}

#[cfg(test)]
mod tests {
    use super::{is_network_path, is_plain_name, join_inside, join_steps, normalized};
    use std::path::Path;

    #[test]
    fn a_name_from_a_file_never_leaves_its_folder() {
        let folder = Path::new("/app/x");
        for (name, expected) in [
            ("build/x.node", Some("/app/x/build/x.node")),
            ("./a/../b", Some("/app/x/b")),
            ("", Some("/app/x")),
            ("../x/a", None),
            ("a/../../b", None),
            ("/etc/passwd", None),
            ("a\0b", None),
        ] {
            assert_eq!(join_inside(folder, name).as_deref(), expected.map(Path::new), "{name:?}");
        }
        assert_eq!(
            join_steps(folder, "../../.yarn/x").as_deref(),
            Some(Path::new("/app/x/../../.yarn/x"))
        );
        assert_eq!(normalized(Path::new("/app/x/../../.yarn/./x")), Path::new("/.yarn/x"));
        assert_eq!(join_steps(folder, "/evil"), None);
    }

    #[test]
    fn on_windows_no_name_is_a_drive_a_share_a_stream_or_a_device() {
        for name in [
            "C:",
            "C:x",
            "a\\b",
            "\\\\evil",
            "x.node:stream",
            "NUL",
            "nul.node",
            "com1.node",
            "CON ",
            "LPT¹",
        ] {
            assert!(!is_plain_name(name, true), "{name}");
        }
        for name in ["x.node", "console", "com10", "nullable.node", "COM", "lpt.node", "ünï"] {
            assert!(is_plain_name(name, true), "{name}");
        }
        assert!(is_plain_name("a\\b:c", false));
        for path in [
            r"\\evil\share",
            "//evil/share",
            r"/\evil\share",
            r"\/evil/share",
            r"\\?\UNC\evil\share",
        ] {
            assert!(is_network_path(path), "{path}");
        }
        assert!(!is_network_path(r"C:\x") && !is_network_path("/x") && !is_network_path(""));
    }
}
