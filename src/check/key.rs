//! The key for a cache of node_modules.

use std::io;
use std::path::Path;

use crate::environment::{digest_of_lockfiles, installation};
use crate::runtime::Runtime;

/// A key for a cache of the node_modules of the project in `directory`. It changes with everything
/// that decides whether compiled addons load, and with the lockfile.
/// "linux-x64-glibc2.36-node-abi115-4f2a91c07d3be586".
///
/// # Errors
/// The system's error if the lockfile can't be read.
pub fn cache_key(directory: &Path, runtime: &Runtime) -> io::Result<String> {
    let root = installation(directory, runtime.host_path()).root;
    let digest = digest_of_lockfiles(&root)?;
    let libc = match (&runtime.libc, &runtime.libc_version) {
        (Some(libc), version) => format!("-{libc}{}", version.as_deref().unwrap_or_default()),
        (None, _) => String::new(),
    };
    let distribution =
        runtime.distribution.as_ref().map(|system| format!("-{}", system.id)).unwrap_or_default();
    let abi = match (runtime.abi, &runtime.version) {
        (Some(abi), _) => format!("abi{abi}"),
        (None, Some(version)) => format!("v{version}"),
        (None, None) => "abiunknown".to_owned(),
    };
    Ok(format!(
        "{}-{}{libc}{distribution}-{}-{abi}-{digest}",
        runtime.platform,
        runtime.arch,
        runtime.kind.as_str()
    ))
}
