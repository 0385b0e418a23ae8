//! Releases that are newer than the table of releases: the facts that follow from older ones.

use semver::Version;

use super::registry::{newest, reserved, rows, runtimes_with_abi};
use crate::model::RuntimeName;

/// True for a release of a line after all lines whose ABI is in the table. A line is a major
/// version; of versions `0.x`, a minor version.
#[must_use]
pub fn is_newer(kind: RuntimeName, version: &Version) -> bool {
    let line = |version: &Version| match version.major {
        0 => (0, version.minor),
        major => (major, 0),
    };
    let newest = rows(kind).iter().rfind(|row| row.abi.is_some()).map(|row| &row.last);
    newest.is_some_and(|newest| line(version) > line(newest))
}

/// The Node.js of the newest release for which it is known; a newer release contains this one or a
/// newer one.
#[must_use]
pub(super) fn node_in(kind: RuntimeName) -> Option<Version> {
    if kind == RuntimeName::Node {
        return newest(kind, None, None);
    }
    rows(kind).iter().rev().find_map(|row| row.node.clone())
}

/// The Node-API version of the newest release for which it is known; a newer release has it too.
#[must_use]
pub(super) fn node_api_of(kind: RuntimeName) -> Option<u32> {
    rows(kind).iter().rev().find_map(|row| row.node_api)
}

/// False if a release that [`is_newer`] is certain to have another ABI than `abi`.
///
/// Node.js and Electron take their numbers from one list, and use none twice; only consecutive
/// releases of Electron have shared one (25 and 26). The other runtimes use numbers of Node.js, and
/// never go back to an older one.
#[must_use]
pub(super) fn may_have_abi(kind: RuntimeName, abi: u32) -> bool {
    let own = rows(kind).iter().filter_map(|row| row.abi);
    let newest = own.chain(reserved(kind)).max();
    match kind {
        RuntimeName::Node => runtimes_with_abi(abi).is_empty(),
        RuntimeName::Electron => runtimes_with_abi(abi).is_empty() || newest == Some(abi),
        RuntimeName::Bun | RuntimeName::Deno | RuntimeName::Nw => {
            newest.is_none_or(|newest| abi >= newest)
        }
    }
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{is_newer, may_have_abi};
    use crate::model::RuntimeName;

    #[test]
    fn releases_newer_than_the_table_are_recognized() {
        for (kind, version, expected) in [
            (RuntimeName::Node, "26.10.0", false),
            (RuntimeName::Node, "26.99.0", false),
            (RuntimeName::Node, "27.0.0-alpha.0.0.0", true),
            (RuntimeName::Node, "99.0.0", true),
            (RuntimeName::Node, "0.1.0", false),
            (RuntimeName::Electron, "46.0.0-nightly.20261101", true),
            (RuntimeName::Electron, "45.9.0", false),
            (RuntimeName::Nw, "0.115.0", false),
            // The table has the release, but not its ABI.
            (RuntimeName::Nw, "0.117.0", true),
            (RuntimeName::Nw, "0.118.0", true),
            (RuntimeName::Nw, "1.0.0", true),
        ] {
            let version = Version::parse(version).expect("a version");
            assert_eq!(is_newer(kind, &version), expected, "{kind:?} {version}");
        }
    }

    #[test]
    fn abis_that_a_newer_release_may_have_are_recognized() {
        for (kind, abi, expected) in [
            (RuntimeName::Node, 147, false),
            (RuntimeName::Node, 153, false),
            (RuntimeName::Node, 150, false),
            (RuntimeName::Node, 999, true),
            (RuntimeName::Electron, 127, false),
            (RuntimeName::Electron, 150, false),
            // Reserved for Electron 46; 47 may share it.
            (RuntimeName::Electron, 154, true),
            (RuntimeName::Bun, 137, false),
            (RuntimeName::Bun, 147, true),
        ] {
            assert_eq!(may_have_abi(kind, abi), expected, "{kind:?} {abi}");
        }
    }
}
