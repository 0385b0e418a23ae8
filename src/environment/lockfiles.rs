//! The files that say which packages are installed.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

/// Lockfiles of every package manager, and what changes packages after they were fetched.
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

/// Sixteen hexadecimal digits that change with the lockfiles in `root`; with package.json where there is no lockfile.
///
/// # Errors
/// What the system says of reading them; `NotFound` where there is none at all.
pub fn digest_of_lockfiles(root: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut found = false;
    for name in FILES {
        // It changes with every script; what it asks for stands in a lockfile too.
        if name == "package.json" && found {
            continue;
        }
        match std::fs::read(root.join(name)) {
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
