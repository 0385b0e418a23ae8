//! Linux distributions and their releases (data/systems.json): their libc and libstdc++ versions,
//! and their names in specs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::files::own_json;
use crate::model::Libc;
use crate::versions::numbers;

/// The value of a field of an os-release file, with its quotes; empty if the field is absent.
#[must_use]
pub fn os_release_field<'t>(text: &'t str, key: &str) -> &'t str {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    line.unwrap_or_default().trim()
}

#[derive(Debug, Deserialize)]
struct File {
    distributions: Vec<Family>,
    releases: Vec<SystemRelease>,
    updated: Vec<Updated>,
    images: BTreeMap<String, String>,
    lambda: BTreeMap<String, String>,
}

/// A distribution, with its derivatives.
#[derive(Debug, Deserialize)]
struct Family {
    name: String,
    ids: Vec<String>,
    libc: Libc,
}

/// A distribution whose updates bring a newer libstdc++ to an old glibc.
#[derive(Debug, Deserialize)]
struct Updated {
    /// The versions of its glibc.
    glibc: Vec<String>,
}

/// A release of a distribution, oldest glibc first.
#[derive(Debug, Deserialize)]
pub struct SystemRelease {
    /// For example "Debian 12".
    pub name: String,
    /// For example "bookworm".
    codename: Option<String>,
    /// The version of its glibc; `None` if its libc is musl.
    pub glibc: Option<String>,
    musl: Option<String>,
    /// The newest version of its libstdc++, for example the number in `GLIBCXX_3.4.30`, without the
    /// prefix.
    pub libstdcxx: Option<String>,
    /// The newest version of that library's C++ ABI, for example the number in `CXXABI_1.3.13`.
    pub cxxabi: Option<String>,
    /// True if its updates may bring a newer libstdc++.
    #[serde(default)]
    rolling: bool,
}

/// The prefix of libstdc++'s versions.
pub const GLIBCXX: &str = "GLIBCXX_";
/// The prefix of the versions of libstdc++'s C++ ABI.
pub const CXXABI: &str = "CXXABI_";

/// An answer to the question if a system's libstdc++ has a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HasVersion {
    /// It has the version.
    Yes,
    /// It doesn't have the version.
    No,
    /// That isn't known.
    Unknown,
}

/// A system that a runtime may run on.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    release: &'static SystemRelease,
    /// True for a system that the table doesn't list: it has the glibc of `release`, and the same
    /// libstdc++ or a newer one.
    is_updated: bool,
}

impl Candidate {
    /// Its name in sentences; `None` for a system that the table doesn't list.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        (!self.is_updated).then_some(&self.release.name)
    }

    /// If its libstdc++ has a version, for example "GLIBCXX_3.4.30". It isn't known for versions
    /// without a number (`CXXABI_FLOAT128`).
    #[must_use]
    pub fn has(&self, version: &str) -> HasVersion {
        let release = self.release;
        let of_library = version.strip_prefix(GLIBCXX).zip(release.libstdcxx.as_deref());
        let of_abi = || version.strip_prefix(CXXABI).zip(release.cxxabi.as_deref());
        let Some((wanted, newest)) = of_library.or_else(of_abi) else { return HasVersion::Unknown };
        match numbers(wanted) {
            Some(wanted) if Some(&wanted) <= numbers(newest).as_ref() => HasVersion::Yes,
            Some(_) if !release.rolling && !self.is_updated => HasVersion::No,
            _ => HasVersion::Unknown,
        }
    }
}

/// The systems that a target with this distribution, or with this version of glibc, may mean; empty
/// if the table has none.
#[must_use]
pub fn candidates(named: Option<&NamedSystem>, glibc: Option<&str>) -> Vec<Candidate> {
    let listed = |release| Candidate { release, is_updated: false };
    if let Some(named) = named {
        let release = named.release.filter(|release| release.glibc.is_some());
        return release.into_iter().map(listed).collect();
    }
    let Some(glibc) = glibc else { return Vec::new() };
    let of_glibc = releases().iter().filter(|release| release.glibc.as_deref() == Some(glibc));
    let mut found: Vec<Candidate> = of_glibc.map(listed).collect();
    if FILE.updated.iter().any(|updated| updated.glibc.iter().any(|version| version == glibc)) {
        found.extend(found.first().copied().map(|first| Candidate { is_updated: true, ..first }));
    }
    found
}

impl SystemRelease {
    /// The name of the distribution: "Amazon Linux" of "Amazon Linux 2023".
    #[must_use]
    pub fn distribution(&self) -> &str {
        self.name.rsplit_once(' ').map_or(self.name.as_str(), |(name, _)| name)
    }

    fn version(&self) -> &str {
        self.name.rsplit(' ').next().unwrap_or_default()
    }
}

static FILE: LazyLock<File> = LazyLock::new(|| {
    own_json(include_str!("data/systems.json")).unwrap_or_else(|error| {
        // A unit test parses the same text, so this can't happen in a release.
        unreachable!("data/systems.json doesn't fit its reader: {error}")
    })
});

/// The known releases, those with glibc first, sorted by its version.
#[must_use]
pub fn releases() -> &'static [SystemRelease] {
    &FILE.releases
}

/// A distribution in a spec, with its release if one is given.
#[derive(Clone, Debug)]
pub struct NamedSystem {
    /// Its name in a spec: "debian12", or "debian" without a version.
    pub id: String,
    /// Its name in sentences: "Debian 12".
    pub title: String,
    /// Its libc.
    pub libc: Libc,
    /// The release; `None` if the table doesn't have it, or no version is given.
    pub release: Option<&'static SystemRelease>,
}

impl NamedSystem {
    /// True if a version is given.
    pub(super) fn has_version(&self) -> bool {
        self.id.ends_with(|c: char| c.is_ascii_digit())
    }

    /// The version of its libc.
    pub(super) fn libc_version(&self) -> Option<&'static str> {
        let release = self.release?;
        release.glibc.as_deref().or(release.musl.as_deref())
    }

    fn of_release(family: &Family, release: &'static SystemRelease) -> NamedSystem {
        NamedSystem {
            id: format!("{}{}", id_of(family), release.version()),
            title: release.name.clone(),
            libc: family.libc,
            release: Some(release),
        }
    }
}

fn id_of(family: &Family) -> &str {
    family.ids.first().map_or(family.name.as_str(), String::as_str)
}

fn family_of(release: &SystemRelease) -> Option<&'static Family> {
    FILE.distributions.iter().find(|family| family.name == release.distribution())
}

fn releases_of(family: &Family) -> impl Iterator<Item = &'static SystemRelease> {
    FILE.releases.iter().filter(|release| release.distribution() == family.name)
}

/// The system with a name like "debian12", "bookworm" or "alpine". For a version that the table
/// doesn't have, only the kind of libc is known. A version that is a part of a known version, or
/// contains one ("ubuntu22", "rhel8.6"), is not accepted.
pub(super) fn named(word: &str) -> Option<NamedSystem> {
    let by_codename = |release: &&SystemRelease| release.codename.as_deref() == Some(word);
    if let Some(release) = FILE.releases.iter().find(by_codename) {
        return Some(NamedSystem::of_release(family_of(release)?, release));
    }
    let (id, version) = split(word);
    let family = FILE.distributions.iter().find(|family| family.ids.iter().any(|own| own == id))?;
    if let Some(release) = releases_of(family).find(|release| release.version() == version) {
        return Some(NamedSystem::of_release(family, release));
    }
    let (id, name) = (id_of(family), family.name.as_str());
    if version.is_empty() {
        let (id, title) = (id.to_owned(), name.to_owned());
        return Some(NamedSystem { id, title, libc: family.libc, release: None });
    }
    let is_part = |release: &SystemRelease| is_part(release.version(), version);
    (numbers(version).is_some() && !releases_of(family).any(is_part)).then(|| NamedSystem {
        id: format!("{id}{version}"),
        title: format!("{name} {version}"),
        libc: family.libc,
        release: None,
    })
}

/// Splits "amazonlinux2" into its name and its version.
pub(super) fn split(word: &str) -> (&str, &str) {
    word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()))
}

/// True if one version is a prefix of the other: 22 of 22.04.
fn is_part(a: &str, b: &str) -> bool {
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
    };
    begins(a, b) || begins(b, a)
}

/// The only known release that a version of the distribution `id` can mean: 22.04 for 22.
pub(super) fn near(id: &str, version: &str) -> Option<String> {
    let family = FILE.distributions.iter().find(|family| family.ids.iter().any(|own| own == id))?;
    let mut near = releases_of(family).filter(|release| is_part(release.version(), version));
    let release = near.next()?;
    near.next().is_none().then(|| NamedSystem::of_release(family, release).id)
}

/// All names of distributions.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    FILE.distributions.iter().flat_map(|family| &family.ids).map(String::as_str)
}

/// All codenames of releases.
pub(super) fn codenames() -> impl Iterator<Item = &'static str> {
    FILE.releases.iter().filter_map(|release| release.codename.as_deref())
}

/// The system of Docker's image for a line of Node.js, if the tag has no system: a Debian.
pub(super) fn of_image(line: u64) -> &'static str {
    FILE.images.get(&line.to_string()).map_or("debian", String::as_str)
}

/// The system of AWS Lambda's runtime for a line of Node.js.
pub(super) fn of_lambda(line: &str) -> Option<&'static str> {
    FILE.lambda.get(line).map(String::as_str)
}

/// The lines of Node.js for which AWS Lambda has runtimes.
pub(super) fn lambda_lines() -> impl Iterator<Item = u64> {
    FILE.lambda.keys().filter_map(|line| line.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::{Candidate, FILE, HasVersion, candidates, family_of, named, near, releases};
    use crate::model::Libc;
    use crate::versions::numbers;

    #[test]
    fn the_table_is_read_and_in_order() {
        let glibc = releases().iter().filter(|release| release.glibc.is_some());
        let order: Vec<_> =
            glibc.map(|release| numbers(release.glibc.as_deref().unwrap_or(""))).collect();
        assert!(order.len() > 20 && order.is_sorted() && order.iter().all(Option::is_some));
        for release in releases() {
            let family = family_of(release).expect(&release.name);
            let version = match family.libc {
                Libc::Glibc => &release.glibc,
                Libc::Musl => &release.musl,
            };
            assert!(version.is_some(), "{}", release.name);
            assert_eq!(release.glibc.is_some(), release.libstdcxx.is_some(), "{}", release.name);
            assert_eq!(release.glibc.is_some(), release.cxxabi.is_some(), "{}", release.name);
        }
        let words = FILE.images.values().chain(FILE.lambda.values());
        for word in words {
            assert!(named(word).is_some_and(|system| system.release.is_some()), "{word}");
        }
    }

    #[test]
    fn a_glibc_version_means_all_systems_with_it() {
        let of_glibc = |glibc: &str, version: &str| -> Vec<HasVersion> {
            candidates(None, Some(glibc)).iter().map(|system| system.has(version)).collect()
        };
        let (yes, no, unknown) = (HasVersion::Yes, HasVersion::No, HasVersion::Unknown);
        for (glibc, version, expected) in [
            ("2.28", "GLIBCXX_3.4.25", &[yes, yes][..]),
            ("2.28", "GLIBCXX_3.4.26", &[no, no]),
            ("2.28", "CXXABI_1.3.12", &[no, no]),
            ("2.31", "GLIBCXX_3.4.28", &[yes, yes, yes]),
            ("2.31", "GLIBCXX_3.4.29", &[no, no, unknown]),
            ("2.41", "GLIBCXX_3.4.34", &[no, yes]),
            ("2.43", "GLIBCXX_3.4.36", &[unknown, unknown]),
            ("2.36", "GLIBCXX_LDBL_3.4", &[unknown]),
            ("2.36", "CXXABI_TM_1", &[unknown]),
            ("2.36", "GLIBCXX_3.4", &[yes]),
            ("2.30", "GLIBCXX_3.4", &[]),
        ] {
            assert_eq!(of_glibc(glibc, version), expected, "{glibc} {version}");
        }
        for (word, expected) in [("rhel8", &["RHEL 8"][..]), ("debian", &[]), ("alpine3.20", &[])] {
            let systems = candidates(named(word).as_ref(), Some("2.36"));
            assert_eq!(systems.iter().filter_map(Candidate::name).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn names_of_systems_are_recognized() {
        for (word, expected) in [
            ("debian12", Some(("debian12", "Debian 12", Some("2.36")))),
            ("bookworm", Some(("debian12", "Debian 12", Some("2.36")))),
            ("rockylinux9", Some(("rhel9", "RHEL 9", Some("2.34")))),
            ("amazonlinux2", Some(("amazonlinux2", "Amazon Linux 2", Some("2.26")))),
            ("amazonlinux2023", Some(("amazonlinux2023", "Amazon Linux 2023", Some("2.34")))),
            ("alpine3.20", Some(("alpine3.20", "Alpine 3.20", Some("1.2.5")))),
            ("alpine3.99", Some(("alpine3.99", "Alpine 3.99", None))),
            ("ubuntu23.10", Some(("ubuntu23.10", "Ubuntu 23.10", None))),
            ("debian", Some(("debian", "Debian", None))),
            ("ubuntu22", None),
            ("rhel8.6", None),
            ("alpine3", None),
            ("debian-12", None),
            ("linux", None),
            ("12", None),
            ("", None),
        ] {
            let found = named(word);
            let shown = found
                .as_ref()
                .map(|system| (system.id.as_str(), system.title.as_str(), system.libc_version()));
            assert_eq!(shown, expected, "{word}");
        }
        assert_eq!(near("ubuntu", "22").as_deref(), Some("ubuntu22.04"));
        assert_eq!(near("rhel", "8.6").as_deref(), Some("rhel8"));
        assert_eq!(near("alpine", "3"), None);
    }
}
