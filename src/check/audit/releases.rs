//! The releases of Node.js and Electron that an audit tries, as the first part of a runtime spec.

use std::collections::BTreeSet;

use crate::model::RuntimeName;
use crate::project::{Claims, Release, claims};
use crate::runtime::registry;

/// The `NODE_MODULE_VERSION` that a name claims.
pub(super) fn abi_of(claims: &Claims) -> Option<u32> {
    match claims.release.as_ref()? {
        _ if claims.node_api => None,
        Release::Abi(abi) => Some(*abi),
        Release::Line(major, minor) => {
            let kind = if claims.electron { RuntimeName::Electron } else { RuntimeName::Node };
            registry::release(kind, &registry::newest(kind, Some(*major), *minor)?).abi
        }
    }
}

/// Specs of releases to try, in this order: the newest release with `abi`, the newest release, the
/// newest of line 18, and the newest of line 14.
pub(super) fn versions_of(kind: RuntimeName, abi: Option<u32>) -> Vec<String> {
    let with_abi = abi
        .and_then(|abi| registry::newest_with_abi(kind, abi))
        .map(|version| format!("{}@{version}", kind.as_str()));
    let others = ["", "@18", "@14"].map(|version| format!("{}{version}", kind.as_str()));
    with_abi.into_iter().chain(others).collect()
}

/// Specs of Node.js: the newest release with each ABI that the names of the files claim, the
/// highest ABI first.
pub(super) fn shipped_abis(files: &[String]) -> Vec<String> {
    let abis: BTreeSet<u32> = files.iter().filter_map(|file| abi_of(&claims(file))).collect();
    abis.into_iter()
        .rev()
        .filter_map(|abi| {
            Some(format!("node@{}", registry::newest_with_abi(RuntimeName::Node, abi)?))
        })
        .collect()
}
