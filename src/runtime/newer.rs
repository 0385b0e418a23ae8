//! Releases that are newer than the table of releases: what follows from older ones.

use semver::Version;

use super::kind::Kind;
use super::registry::{newest, reserved, rows, runtimes_with_abi};

/// True for a release of a line after all those whose ABI the table has: major versions are lines,
/// and of versions `0.x` the minor ones.
#[must_use]
pub fn is_newer(kind: Kind, version: &Version) -> bool {
    let line = |version: &Version| match version.major {
        0 => (0, version.minor),
        major => (major, 0),
    };
    let newest = rows(kind).iter().rfind(|row| row.abi.is_some()).map(|row| &row.last);
    newest.is_some_and(|newest| line(version) > line(newest))
}

/// The Node.js in the newest release whose one is known: a newer release has this one or a newer.
#[must_use]
pub(super) fn node_in(kind: Kind) -> Option<Version> {
    if kind == Kind::Node {
        return newest(kind, None, None);
    }
    rows(kind).iter().rev().find_map(|row| row.node.clone())
}

/// The Node-API version of the newest release of which it is known; a newer release has it, too.
#[must_use]
pub(super) fn node_api_of(kind: Kind) -> Option<u32> {
    rows(kind).iter().rev().find_map(|row| row.node_api)
}

/// False where a release that [`is_newer`] surely has another ABI than `abi`.
///
/// Node.js and Electron take each number out of one list, and none twice; only releases of Electron
/// that follow each other have shared one (25 and 26). The other runtimes take over numbers of
/// Node.js, and never go back to an older one.
#[must_use]
pub(super) fn may_have_abi(kind: Kind, abi: u32) -> bool {
    let own = rows(kind).iter().filter_map(|row| row.abi);
    let newest = own.chain(reserved(kind)).max();
    match kind {
        Kind::Node => runtimes_with_abi(abi).is_empty(),
        Kind::Electron => runtimes_with_abi(abi).is_empty() || newest == Some(abi),
        Kind::Bun | Kind::Deno | Kind::Nw => newest.is_none_or(|newest| abi >= newest),
    }
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{is_newer, may_have_abi};
    use crate::runtime::kind::Kind;

    #[test]
    fn releases_after_the_table_are_told_from_those_in_it() {
        for (kind, version, expected) in [
            (Kind::Node, "26.10.0", false),
            (Kind::Node, "26.99.0", false),
            (Kind::Node, "27.0.0-alpha.0.0.0", true),
            (Kind::Node, "99.0.0", true),
            (Kind::Node, "0.1.0", false),
            (Kind::Electron, "46.0.0-nightly.20261101", true),
            (Kind::Electron, "45.9.0", false),
            (Kind::Nw, "0.115.0", false),
            // The table has the release, and not its ABI.
            (Kind::Nw, "0.117.0", true),
            (Kind::Nw, "0.118.0", true),
            (Kind::Nw, "1.0.0", true),
        ] {
            let version = Version::parse(version).expect("a version");
            assert_eq!(is_newer(kind, &version), expected, "{kind:?} {version}");
        }
    }

    #[test]
    fn numbers_of_known_lines_are_none_of_newer_releases() {
        for (kind, abi, expected) in [
            (Kind::Node, 147, false),
            (Kind::Node, 153, false),
            (Kind::Node, 150, false),
            (Kind::Node, 999, true),
            (Kind::Electron, 127, false),
            (Kind::Electron, 150, false),
            // Reserved for Electron 46, which 47 may share.
            (Kind::Electron, 154, true),
            (Kind::Bun, 137, false),
            (Kind::Bun, 147, true),
        ] {
            assert_eq!(may_have_abi(kind, abi), expected, "{kind:?} {abi}");
        }
    }
}
