//! The libraries of an image for Linux that are reached by `$ORIGIN`, for a runtime whose system
//! isn't available.

use super::linkage::{Libraries, Linkage, Search};
use super::object::Loaded;
use super::root::Root;
use super::{glibc, musl};
use crate::binary::Image;
use crate::model::{Libc, Platform, RuntimeName};
use crate::runtime::Runtime;

/// The parts of glibc that each runtime has loaded before an addon (`DT_NEEDED` of Node.js 12 to
/// 26, Bun 1.4.5 and Deno 2.9.6).
const OF_ALL: [&str; 4] = ["libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"];

/// The libraries that the official executables of Node.js load as well, for glibc and in the images
/// of Alpine Linux. A copy that comes with an addon isn't loaded. Bun and Electron contain their
/// C++ library.
const OF_NODE: [&str; 2] = ["libgcc_s.so.1", "libstdc++.so.6"];

/// Searches for the libraries of `image` at `file`. An error of the loader is certain; if there is
/// none, `libraries` stays as it is.
pub(super) fn search(
    file: &str,
    image: &Image,
    runtime: &Runtime,
    libc: Libc,
    linkage: &mut Linkage,
) {
    let is_asked_for =
        runtime.platform == Platform::Linux && image.arch.as_ref() == Some(&runtime.arch);
    if !is_asked_for || image.libraries.is_empty() {
        return;
    }
    let of_node = OF_NODE.iter().filter(|_| runtime.kind == RuntimeName::Node);
    let name = |name: &&str| Loaded { name: (*name).to_owned(), path: String::new(), object: None };
    let loaded: Vec<Loaded> = OF_ALL.iter().chain(of_node).map(name).collect();
    let root = Root::unavailable();
    let found = match libc {
        Libc::Glibc => {
            glibc::search(file, image, &loaded, None, &root, runtime.libc_version.as_deref())
        }
        Libc::Musl => musl::search(file, image, &loaded, None, &root),
    };
    let Search { libraries, own, unfound } = found;
    match libraries {
        Libraries::Found => (linkage.own, linkage.unfound) = (own, unfound),
        Libraries::TooMany => {}
        error => linkage.libraries = Some(error),
    }
}
