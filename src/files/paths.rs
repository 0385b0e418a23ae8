//! Real paths, in the form that Node.js gives them.

use std::io;
use std::path::{Path, PathBuf};

use super::links::MOST_LINKS;

/// The absolute path without symbolic links (and junctions), in the form that users and Node.js
/// write.
///
/// # Errors
/// An error if nothing exists there, or it can't be reached.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Ok(real) if cfg!(windows) => Ok(of_windows(path, real)),
        // Windows has no names for files on a disk that its mount manager doesn't know, such as a
        // RAM disk (libuv's caveats of `uv_fs_realpath`).
        Err(error) if cfg!(windows) && error.kind() != io::ErrorKind::NotFound => {
            step_by_step(path).ok_or(error)
        }
        result => result,
    }
}

/// Windows returns real paths in a special form (`\\?\C:\x`), which users don't type and which no
/// other program compares with. For a drive that stands for a share or a folder, it returns the
/// path of that share or folder, where many programs don't start (cmd.exe accepts no share as its
/// working folder).
fn of_windows(path: &Path, real: PathBuf) -> PathBuf {
    let real = plain(&real).unwrap_or(real);
    let asked = std::path::absolute(path).unwrap_or_default();
    let asked = plain(&asked).unwrap_or(asked);
    let is_on_it = asked
        .components()
        .next()
        .zip(real.components().next())
        .is_some_and(|(a, b)| a.as_os_str().eq_ignore_ascii_case(b.as_os_str()));
    // A link may also lead to another drive.
    if is_on_it { real } else { step_by_step(&asked).unwrap_or(real) }
}

/// The real path, found by following one link after the other, as Node.js finds the path of a
/// module. `None` if nothing exists there, or if the links form a loop.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn step_by_step(path: &Path) -> Option<PathBuf> {
    let mut real = std::path::absolute(path).ok()?;
    for _ in 0..MOST_LINKS {
        let parts: Vec<&Path> = real.ancestors().collect();
        let first = parts.into_iter().rev().find_map(|part| Some((part, part.read_link().ok()?)));
        let Some((link, target)) = first else {
            return real.exists().then_some(real);
        };
        let target = plain(&target).unwrap_or(target);
        let mut next = link.parent()?.join(target);
        next.extend(real.strip_prefix(link).ok()?.components());
        real = std::path::absolute(next).ok()?;
    }
    None
}

/// `\\?\C:\x` → `C:\x`, `\\?\UNC\server\share` → `\\server\share`; `None` for a path without a
/// plain form. The standard library converts a plain path back if it is too long for Windows.
///
/// libuv does the same for Node.js (`fs__realpath_handle` in src/win/fs.c), with paths of any
/// length and with shares. The crate `dunce` leaves long paths and shares in the special form,
/// which then differs from every path that Node.js gives.
fn plain(path: &Path) -> Option<PathBuf> {
    let rest = path.to_str()?.strip_prefix(r"\\?\")?;
    if let Some(share) = rest.strip_prefix(r"UNC\") {
        return Some(format!(r"\\{share}").into());
    }
    let mut letters = rest.chars();
    let drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        && letters.next() == Some('\\');
    drive.then(|| rest.into())
}

#[cfg(test)]
mod tests {
    use super::{plain, step_by_step};
    use std::path::Path;

    #[test]
    fn the_special_form_of_windows_becomes_the_plain_form() {
        for (long, short) in [
            (r"\\?\C:\app\node_modules", Some(r"C:\app\node_modules")),
            (r"\\?\c:\", Some(r"c:\")),
            (r"\\?\UNC\server\share\app", Some(r"\\server\share\app")),
            (r"\\?\Volume{4c1b02c1-d990-11dc-99ae-806e6f6e6963}\x", None),
            (r"\\?\C:", None),
            (r"C:\app", None),
            ("/app", None),
        ] {
            assert_eq!(plain(Path::new(long)).as_deref(), short.map(Path::new), "{long}");
        }
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "what the system itself says")]
    fn following_each_link_finds_the_real_path_of_the_system() {
        use std::os::unix::fs::symlink;
        let folder = std::env::temp_dir().join(format!("abi-guard-paths-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a/b")).expect("a folder to work in");
        std::fs::write(folder.join("a/b/file"), "").expect("a folder to work in");
        for (target, name) in [
            ("a", "relative"),
            ("relative/b", "second"),
            ("loop", "loop"),
            ("nowhere", "dangling"),
            ("file", "a/b/near"),
        ] {
            symlink(target, folder.join(name)).expect("a folder to work in");
        }
        symlink(folder.join("second"), folder.join("absolute")).expect("a folder to work in");
        for name in [
            "a/b",
            "relative/b/file",
            "second/file",
            "absolute/near",
            "absolute",
            "loop",
            "dangling",
            "absent",
            "loop/x",
        ] {
            let path = folder.join(name);
            assert_eq!(step_by_step(&path), path.canonicalize().ok(), "{name}");
        }
        std::fs::remove_dir_all(&folder).expect("a folder to work in");
    }
}
