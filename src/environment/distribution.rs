//! The kind of this system, which decides how system packages are installed.

use std::path::Path;
use std::sync::LazyLock;

use super::read;
use crate::files;
use crate::model::problem::linking::SystemPackages;
use crate::runtime::distributions::os_release_field;

/// Kinds of systems, by the tool that installs their packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Debian, Ubuntu and their derivatives.
    Debian,
    /// Alpine Linux.
    Alpine,
    /// Fedora, RHEL and their derivatives.
    Fedora,
    /// Arch Linux and its derivatives.
    Arch,
    /// macOS, with Homebrew.
    MacOs,
}

impl Distribution {
    /// This system's entry among the packages that contain a library.
    #[must_use]
    pub fn package_among(self, packages: &SystemPackages) -> Option<&str> {
        let package = match self {
            Distribution::Debian => &packages.debian,
            Distribution::Alpine => &packages.alpine,
            Distribution::Fedora => &packages.fedora,
            Distribution::Arch => &None,
            Distribution::MacOs => &packages.macos,
        };
        package.as_deref()
    }

    /// The command that installs packages there, with sudo unless the user is root.
    #[must_use]
    pub fn install(self, packages: &[&str]) -> Vec<String> {
        let words: &[&str] = match self {
            Distribution::Debian => &["apt-get", "install", "-y"],
            Distribution::Alpine => &["apk", "add"],
            Distribution::Fedora => &["dnf", "install", "-y"],
            Distribution::Arch => &["pacman", "-S", "--noconfirm"],
            Distribution::MacOs => &["brew", "install"],
        };
        let sudo: &[&str] = if self == Distribution::MacOs || is_root() { &[] } else { &["sudo"] };
        [sudo, words, packages].concat().iter().map(|word| (*word).to_owned()).collect()
    }
}

impl Distribution {
    /// The command that installs a C++ compiler, make and Python.
    #[must_use]
    pub fn install_toolchain(self) -> Vec<String> {
        match self {
            Distribution::Debian => self.install(&["build-essential", "python3"]),
            Distribution::Alpine => self.install(&["build-base", "python3"]),
            Distribution::Fedora => self.install(&["gcc-c++", "make", "python3"]),
            Distribution::Arch => self.install(&["base-devel", "python"]),
            Distribution::MacOs => vec!["xcode-select".to_owned(), "--install".to_owned()],
        }
    }
}

static HERE: LazyLock<Option<Distribution>> = LazyLock::new(|| {
    if cfg!(target_os = "macos") {
        return Some(Distribution::MacOs);
    }
    of_release_file(&files::for_process(|| read::text(Path::new("/etc/os-release")))?)
});

/// The kind of this system; `None` for any other system.
#[must_use]
pub fn distribution() -> Option<Distribution> {
    *HERE
}

/// The kind, by `ID` and `ID_LIKE` of an os-release file.
fn of_release_file(text: &str) -> Option<Distribution> {
    let value = |key: &str| os_release_field(text, key).trim_matches(['"', '\'']);
    let names = format!("{} {}", value("ID"), value("ID_LIKE"));
    names.split_whitespace().find_map(|name| match name {
        "debian" | "ubuntu" => Some(Distribution::Debian),
        "alpine" => Some(Distribution::Alpine),
        "fedora" | "rhel" | "centos" => Some(Distribution::Fedora),
        "arch" => Some(Distribution::Arch),
        _ => None,
    })
}

/// On Linux the owner of the process's folder in `/proc` is its user. Returns false on other
/// systems.
fn is_root() -> bool {
    let about = files::metadata("/proc/self");
    about.is_ok_and(|about| about.access.is_some_and(|(_, owner)| owner == 0))
}

#[cfg(test)]
mod tests {
    use super::{Distribution, of_release_file};

    #[test]
    fn derived_distributions_are_recognized_by_id_like() {
        for (text, expected) in [
            ("ID=debian\n", Some(Distribution::Debian)),
            (
                "NAME=\"Linux Mint\"\nID=linuxmint\nID_LIKE=\"ubuntu debian\"\n",
                Some(Distribution::Debian),
            ),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", Some(Distribution::Fedora)),
            ("ID=alpine", Some(Distribution::Alpine)),
            ("ID=void", None),
        ] {
            assert_eq!(of_release_file(text), expected, "{text}");
        }
    }
}
