//! The binary target that Prisma chooses for a system (packages/get-platform/src/getPlatform.ts of
//! Prisma 6.19): by the distribution and the OpenSSL that it finds.

use std::path::Path;

use crate::files::{self, Source, SystemView};
use crate::model::{Arch, Libc, Platform};
use crate::project::prisma::target_of;
use crate::runtime::Runtime;
use crate::runtime::distributions::os_release_field;

/// The versions of OpenSSL in names of binary targets.
const VERSIONS: [&str; 3] = ["1.0.x", "1.1.x", "3.0.x"];

/// The binary targets that a system can have.
pub(super) enum Targets {
    /// The one that Prisma chooses.
    One(String),
    /// The distribution or its OpenSSL isn't known. These targets are possible; an OpenSSL follows
    /// the `-` at the end of a name.
    Some(&'static [&'static str]),
    /// Prisma has no engine for the system, or the engine is built there.
    Unknown,
}

impl Targets {
    /// The targets of a runtime's system; `version` is that of the client.
    pub fn of(runtime: &Runtime, version: Option<(u64, u64)>) -> Targets {
        let one = |name: &str| Targets::One(name.to_owned());
        match (&runtime.platform, &runtime.arch) {
            (Platform::Win32, Arch::X64 | Arch::Arm64) => one("windows"),
            (Platform::Darwin, Arch::Arm64) => one("darwin-arm64"),
            (Platform::Darwin, Arch::X64) => one("darwin"),
            (Platform::FreeBsd, _) => {
                Targets::Some(&["freebsd11", "freebsd12", "freebsd13", "freebsd14", "freebsd15"])
            }
            (Platform::Linux, arch) => {
                // Earlier releases detect fewer systems.
                let is_detected = version.is_none_or(|version| version >= (4, 8));
                let root = runtime.root.as_deref().filter(|_| is_detected);
                match root.and_then(|root| detected(root, arch)) {
                    Some(target) => target,
                    None => Targets::Some(possible(runtime)),
                }
            }
            _ => Targets::Unknown,
        }
    }

    /// The engine for one of the targets among a folder's files: `Some(None)` if several fit.
    pub fn engine_among(&self, files: &[String]) -> Option<Option<String>> {
        let is_here = |file: &&String| Path::new(file).components().count() == 1;
        let mut fitting = files
            .iter()
            .filter(is_here)
            .filter(|file| target_of(file).is_some_and(|name| self.contain(name)));
        let first = fitting.next()?;
        Some(fitting.next().is_none().then(|| first.clone()))
    }

    /// True if an engine with this name may be loaded.
    fn contain(&self, name: &str) -> bool {
        match self {
            Targets::One(target) => name == target,
            Targets::Some(possible) => possible.iter().any(|known| {
                name.strip_prefix(known).is_some_and(|openssl| {
                    if known.ends_with('-') {
                        VERSIONS.contains(&openssl)
                    } else {
                        openssl.is_empty()
                    }
                })
            }),
            Targets::Unknown => false,
        }
    }

    /// True if the absence of an engine means nothing.
    pub fn is_beyond_knowledge(&self) -> bool {
        match self {
            Targets::One(_) => false,
            Targets::Some(possible) => possible.is_empty(),
            Targets::Unknown => true,
        }
    }

    /// The names for `binaryTargets`; for several possible systems those with the newest OpenSSL.
    pub fn names(&self) -> Vec<String> {
        match self {
            Targets::One(target) => vec![target.clone()],
            Targets::Some(possible) => {
                let with_openssl: Vec<String> =
                    possible.iter().filter(|known| known.ends_with('-')).map(newest).collect();
                let last = || possible.last().map(|known| (*known).to_owned());
                if with_openssl.is_empty() { last().into_iter().collect() } else { with_openssl }
            }
            Targets::Unknown => Vec::new(),
        }
    }
}

fn newest(known: &&str) -> String {
    format!("{known}{}", VERSIONS[2])
}

/// The possible targets on Linux.
fn possible(runtime: &Runtime) -> &'static [&'static str] {
    let distribution = runtime.distribution.as_ref().map(|system| system.id.as_str());
    let is = |names: &[&str]| {
        distribution.is_some_and(|id| names.iter().any(|name| id.starts_with(name)))
    };
    match (&runtime.arch, runtime.libc) {
        (Arch::X64, Some(Libc::Musl)) => &["linux-musl", "linux-musl-openssl-"],
        (Arch::X64, _) if is(&["debian", "ubuntu"]) => &["debian-openssl-"],
        (Arch::X64, _) if is(&["rhel", "fedora", "amazonlinux", "centos"]) => &["rhel-openssl-"],
        (Arch::X64, _) => &["debian-openssl-", "rhel-openssl-"],
        (Arch::Arm64, Some(Libc::Musl)) => &["linux-musl-arm64-openssl-"],
        (Arch::Arm64, _) => &["linux-arm64-openssl-"],
        (Arch::Arm, _) => &["linux-arm-openssl-"],
        _ => &[],
    }
}

/// What Prisma knows of a distribution.
struct Distro {
    /// The first word of targets for x64.
    target: Option<&'static str>,
    /// Whose folders are searched for OpenSSL.
    family: Family,
}

/// Distributions with the same folders.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Alpine,
    Debian,
    RedHat,
    Other,
}

/// The word of Alpine in targets.
const ALPINE: &str = "musl";

/// The target for the system at `root`; None if it isn't known.
fn detected(root: &Path, arch: &Arch) -> Option<Targets> {
    let _view = SystemView::of(root);
    let text = Source::open(&root.join("etc/os-release")).ok()?.contents(1 << 16).ok()?;
    let distro = distro(&String::from_utf8_lossy(&text));
    if distro.target == Some("nixos") {
        return Some(Targets::Unknown);
    }
    let version = openssl(root, distro.family, arch);
    named(distro.target, arch, version).map(Targets::One)
}

/// The rules for the name of a target.
fn named(distro: Option<&str>, arch: &Arch, openssl: Option<&str>) -> Option<String> {
    let or_default = openssl.unwrap_or(VERSIONS[1]);
    let is_musl = distro == Some(ALPINE);
    match arch {
        Arch::Arm64 if is_musl => Some(format!("linux-musl-arm64-openssl-{or_default}")),
        Arch::Arm64 => Some(format!("linux-arm64-openssl-{or_default}")),
        Arch::Arm => Some(format!("linux-arm-openssl-{or_default}")),
        Arch::X64 if is_musl => Some(match openssl {
            Some(version) if !version.starts_with("1.") => format!("linux-musl-openssl-{version}"),
            _ => "linux-musl".to_owned(),
        }),
        Arch::X64 => Some(format!("{}-openssl-{or_default}", distro.unwrap_or("debian"))),
        _ => None,
    }
}

fn distro(text: &str) -> Distro {
    let value = |key: &str| os_release_field(text, key).trim_matches('"').to_lowercase();
    let (id, like) = (value("ID"), value("ID_LIKE"));
    let like = |names: &[&str]| names.iter().any(|name| like.contains(name));
    let of = |target, family| Distro { target: Some(target), family };
    match id.as_str() {
        "alpine" => of(ALPINE, Family::Alpine),
        "raspbian" => of("arm", Family::Debian),
        "nixos" => of("nixos", Family::Other),
        "debian" | "ubuntu" => of("debian", Family::Debian),
        "rhel" | "centos" | "fedora" => of("rhel", Family::RedHat),
        _ if like(&["debian", "ubuntu"]) => of("debian", Family::Debian),
        _ if id == "arch" || like(&["arch"]) => of("debian", Family::Other),
        _ if like(&["centos", "fedora", "rhel", "suse"]) => of("rhel", Family::RedHat),
        _ => Distro { target: None, family: Family::Other },
    }
}

/// The version of OpenSSL that Prisma finds, in the form of a target. Where Prisma asks `ldconfig`,
/// the folders that it lists are read.
fn openssl(root: &Path, family: Family, arch: &Arch) -> Option<&'static str> {
    let multiarch = match arch {
        Arch::X64 => "x86_64",
        Arch::Arm64 => "aarch64",
        _ => "armv7l",
    };
    let of_debian =
        [format!("usr/lib/{multiarch}-linux-gnu"), format!("lib/{multiarch}-linux-gnu")];
    let plain = ["lib64", "usr/lib64", "lib", "usr/lib"].map(str::to_owned);
    let first: &[String] = match family {
        Family::Alpine => &plain[2..],
        Family::Debian => &of_debian,
        Family::RedHat => &plain[..2],
        Family::Other => &[],
    };
    let folders = first.iter().chain(&of_debian).chain(&plain);
    folders
        .map(|folder| root.join(folder))
        .find_map(|folder| library_in(&folder))
        .and_then(|library| version(&library))
}

/// The first `libssl.so.N` of a folder in the order of Node.js's `readdir`.
fn library_in(folder: &Path) -> Option<String> {
    let entries = files::list(folder).ok()?.flatten();
    let names = entries.filter_map(|entry| entry.name.into_string().ok());
    names.filter(|name| name.starts_with("libssl.so.") && !name.starts_with("libssl.so.0")).min()
}

/// The version in the name of a library: "3.0.x" of "libssl.so.3".
fn version(library: &str) -> Option<&'static str> {
    let numbers: Vec<u8> = library
        .strip_prefix("libssl.so.")?
        .split('.')
        .map_while(|number| number.bytes().next().filter(u8::is_ascii_digit))
        .collect();
    match *numbers.as_slice() {
        [b'1', b'0', ..] | [b'1'] => Some(VERSIONS[0]),
        [b'1', b'1', ..] => Some(VERSIONS[1]),
        [b'3', ..] => Some(VERSIONS[2]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{distro, named, version};
    use crate::model::Arch;

    #[test]
    fn a_system_has_the_target_that_prisma_gives_it() {
        for (release, library, arch, expected) in [
            ("ID=debian\n", Some("libssl.so.3"), Arch::X64, Some("debian-openssl-3.0.x")),
            ("ID=debian\n", None, Arch::X64, Some("debian-openssl-1.1.x")),
            (
                "ID=ubuntu\nID_LIKE=debian",
                Some("libssl.so.1.1"),
                Arch::X64,
                Some("debian-openssl-1.1.x"),
            ),
            (
                "ID=\"amzn\"\nID_LIKE=\"fedora\"",
                Some("libssl.so.3"),
                Arch::X64,
                Some("rhel-openssl-3.0.x"),
            ),
            (
                "ID=\"centos\"\nID_LIKE=\"rhel\"",
                Some("libssl.so.10"),
                Arch::X64,
                Some("rhel-openssl-1.0.x"),
            ),
            ("ID=alpine\n", Some("libssl.so.3"), Arch::X64, Some("linux-musl-openssl-3.0.x")),
            ("ID=alpine\n", Some("libssl.so.1.1"), Arch::X64, Some("linux-musl")),
            ("ID=alpine\n", None, Arch::X64, Some("linux-musl")),
            (
                "ID=alpine\n",
                Some("libssl.so.3"),
                Arch::Arm64,
                Some("linux-musl-arm64-openssl-3.0.x"),
            ),
            ("ID=debian\n", Some("libssl.so.3"), Arch::Arm64, Some("linux-arm64-openssl-3.0.x")),
            ("ID=void\n", Some("libssl.so.3"), Arch::X64, Some("debian-openssl-3.0.x")),
            ("ID=debian\n", Some("libssl.so.3"), Arch::S390x, None),
        ] {
            let openssl = library.and_then(version);
            let name = named(distro(release).target, &arch, openssl);
            assert_eq!(name.as_deref(), expected, "{release} {library:?}");
        }
    }
}
