//! Following symbolic links, one component of a path after the other.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The maximum number of links that are followed for one path, as on Linux.
pub(super) const MOST_LINKS: usize = 40;

/// The path without links, in a system whose `/` is `root`: absolute targets start there, and
/// `..` doesn't lead out of it. `path` is below `root`. `target_of` gives the target of a link; a
/// link at the end of `path` is followed only if `through` is true.
///
/// # Errors
/// The errors of `target_of`, and an error for a loop of links.
pub(super) fn resolve(
    root: &Path,
    path: &Path,
    through: bool,
    target_of: impl Fn(&Path) -> io::Result<Option<PathBuf>>,
) -> io::Result<PathBuf> {
    let inner = path.strip_prefix(root).map_err(|_| io::ErrorKind::NotFound)?;
    let mut left: VecDeque<OsString> = steps(inner).collect();
    let (mut resolved, mut links) = (root.to_path_buf(), 0);
    while let Some(part) = left.pop_front() {
        if part == ".." {
            if resolved != root {
                resolved.pop();
            }
            continue;
        }
        resolved.push(&part);
        if left.is_empty() && !through {
            break;
        }
        let Some(target) = target_of(&resolved)? else { continue };
        links += 1;
        if links > MOST_LINKS {
            return Err(io::Error::other("too many levels of symbolic links"));
        }
        if target.has_root() {
            resolved = root.to_path_buf();
        } else {
            resolved.pop();
        }
        let target: Vec<OsString> = steps(&target).collect();
        target.into_iter().rev().for_each(|part| left.push_front(part));
    }
    Ok(resolved)
}

/// The names in a path, and its `..`.
fn steps(path: &Path) -> impl Iterator<Item = OsString> {
    let parts = path.components();
    let steps = parts.filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir));
    steps.map(|part| part.as_os_str().to_owned())
}
