//! The files that list the installed packages.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::read;
use crate::files::{Limits, Source};

/// The lockfiles of all package managers, and package.json, which is read only without a lockfile.
const FILES: [&str; 8] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "package.json",
];

/// True if npm's lockfile in `root` exists and doesn't list a package. Before npm 11.6.2 a
/// lockfile that
/// was made on another system may lack optional packages of this one (npm/cli#4828), and then no
/// installation adds them.
#[must_use]
pub fn npm_lockfile_lacks(root: &Path, package: &str) -> bool {
    let lockfile = read::json(&root.join("package-lock.json"));
    let packages = lockfile.as_ref().and_then(|lockfile| lockfile.get("packages")?.as_object());
    let ends_so = |path: &String| {
        path.strip_suffix(package).is_some_and(|folder| folder.ends_with("node_modules/"))
    };
    packages.is_some_and(|packages| !packages.keys().any(ends_so))
}

/// Sixteen hexadecimal digits that change with the lockfiles in `root`; with package.json if there
/// is no lockfile.
///
/// # Errors
/// The system's error if a file can't be read; `NotFound` if the project has neither a lockfile nor
/// a package.json.
pub fn digest_of_lockfiles(root: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut found = false;
    for name in FILES {
        // package.json counts only without a lockfile: it changes with every script, and a lockfile
        // also contains its dependencies.
        if name == "package.json" && found {
            continue;
        }
        let read =
            Source::open(&root.join(name)).and_then(|source| source.contents(Limits::LOCKFILE));
        match read {
            Ok(bytes) => {
                found = true;
                hash.update(name.as_bytes());
                hash.update([0]);
                hash.update(&bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if !found {
        return Err(io::Error::from(io::ErrorKind::NotFound));
    }
    Ok(hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
