//! What to install for a library that is missing, and which systems are new enough
//! (data/libraries.json, src/runtime/data/systems.json).

use std::sync::LazyLock;

use serde::Deserialize;

use crate::files::own_json;
use crate::model::problem::linking::{PackageSource, SystemPackages};
use crate::runtime::Runtime;
use crate::runtime::distributions::{SystemRelease, releases};
use crate::versions::numbers;

#[derive(Debug, Deserialize)]
struct Libraries {
    libraries: Vec<Library>,
}

/// A library, by soname or file name (which may end in `*`), and the packages that contain it.
#[derive(Debug, Deserialize)]
struct Library {
    library: String,
    #[serde(flatten)]
    packages: SystemPackages,
}

static LIBRARIES: LazyLock<Vec<Library>> = LazyLock::new(|| {
    let read: Result<Libraries, _> = own_json(include_str!("data/libraries.json"));
    read.map(|table| table.libraries).unwrap_or_default()
});

fn known(library: &str) -> Option<&'static Library> {
    let is = |known: &&Library| match known.library.split_once('*') {
        Some((start, end)) => library.starts_with(start) && library.ends_with(end),
        None => known.library.eq_ignore_ascii_case(library),
    };
    LIBRARIES.iter().find(is)
}

/// The packages that contain a library, by system; `None` if `data/libraries.json` doesn't list it.
#[must_use]
pub fn packages_of(library: &str) -> Option<&'static SystemPackages> {
    known(library).map(|known| &known.packages)
}

/// The packages that contain a library, by system, and a sentence with the package for the
/// runtime's kind of system; `None` if `data/libraries.json` doesn't list the library.
pub(super) fn install(library: &str, runtime: &Runtime) -> Option<(String, SystemPackages)> {
    let packages = packages_of(library)?;
    let named = packages.named(PackageSource::of(&runtime.platform, runtime.libc));
    (!named.is_empty()).then(|| (format!("install {}", named.join(" or ")), packages.clone()))
}

/// "available since Ubuntu 24.04, RHEL 10, Debian 13" for a glibc version: the first release of
/// each distribution that has it.
#[must_use]
pub fn since_glibc(version: &str) -> Option<String> {
    since(version, |release| release.glibc.as_deref())
}

/// As [`since_glibc`], for a libstdc++, by the version after `GLIBCXX_`.
pub(super) fn since_libstdcxx(version: &str) -> Option<String> {
    since(version, |release| release.libstdcxx.as_deref())
}

/// As [`since_glibc`], for a libstdc++, by the version after `CXXABI_`.
pub(super) fn since_cxxabi(version: &str) -> Option<String> {
    since(version, |release| release.cxxabi.as_deref())
}

fn since(version: &str, of: impl Fn(&SystemRelease) -> Option<&str>) -> Option<String> {
    let wanted = numbers(version)?;
    let mut seen: Vec<&str> = Vec::new();
    let mut names = Vec::new();
    let has =
        |release: &&SystemRelease| of(release).and_then(numbers).is_some_and(|has| has >= wanted);
    for release in releases().iter().filter(has) {
        let distribution = release.distribution();
        // "Amazon Linux 2" and "Amazon Linux 2023" are one distribution.
        if !seen.contains(&distribution) {
            seen.push(distribution);
            names.push(release.name.as_str());
        }
    }
    const MOST: usize = 4;
    names.truncate(MOST);
    (!names.is_empty()).then(|| format!("available since {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::{LIBRARIES, install, since_glibc, since_libstdcxx};
    use crate::model::{Libc, Platform};
    use crate::runtime::test_host;

    #[test]
    fn the_table_is_read() {
        assert!(!LIBRARIES.is_empty());
    }

    #[test]
    fn the_first_release_of_each_distribution_is_named() {
        assert_eq!(
            since_glibc("2.38").as_deref(),
            Some("available since Fedora 39, Ubuntu 24.04, RHEL 10, Debian 13")
        );
        assert_eq!(
            since_libstdcxx("3.4.30").as_deref(),
            Some("available since Ubuntu 22.04, Debian 12, Fedora 39, RHEL 10")
        );
        assert_eq!(since_glibc("9.9"), None);
    }

    #[test]
    fn packages_are_named_for_the_system_at_hand() {
        let mut runtime = test_host();
        let said = |runtime: &_, library: &str| install(library, runtime).map(|(text, _)| text);
        assert_eq!(
            said(&runtime, "libatomic.so.1").as_deref(),
            Some("install libatomic1 (Debian, Ubuntu) or libatomic (Fedora, RHEL)")
        );
        assert_eq!(said(&runtime, "libnobody.so.1"), None);
        runtime.libc = Some(Libc::Musl);
        assert_eq!(
            said(&runtime, "libvips-cpp.so.42").as_deref(),
            Some("install vips-cpp (Alpine)")
        );
        // The name of the library in sharp's own packages, which no system has.
        assert_eq!(said(&runtime, "libvips-cpp.so.8.17.3"), None);
        runtime.platform = Platform::Win32;
        assert!(said(&runtime, "vcruntime140.dll").is_none());
        assert!(said(&runtime, "VCRUNTIME140_1.dll").is_some());
    }
}
