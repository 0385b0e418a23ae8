//! Fixes of the system around a package: its libraries and its signatures.

use crate::files::{self, is_recording, set_too_late};
use crate::model::problem::linking::MissingLibrary;
use crate::model::{Facts, Fix, Stage};
use crate::remedy::commands::argv;
use crate::remedy::patient::Patient;

impl Patient<'_> {
    /// Installs a library of the system.
    pub(super) fn install_library(&self, facts: Option<&Facts>) -> Option<Fix> {
        let Some(Facts::MissingLibrary(MissingLibrary { library, packages, package, .. })) = facts
        else {
            return None;
        };
        if let Some(package) = package {
            return Some(self.install_package(package, &format!("contains the library {library}")));
        }
        if let Some(fix) = self.set_earlier(library) {
            return Some(fix);
        }
        let distribution = self.distribution.filter(|_| self.runtime.is_host)?;
        let package = distribution.package_among(packages.as_ref()?)?;
        Some(Fix {
            summary: format!("Install {package}"),
            why: format!("it provides the library {library}"),
            commands: vec![distribution.install(&[package])],
            stage: Stage::System,
            ..Fix::default()
        })
    }

    /// Sets LD_LIBRARY_PATH in time, if the app has set it to a folder with the library.
    fn set_earlier(&self, library: &str) -> Option<Fix> {
        // The next start, which may find this answer in the index, hasn't set it yet.
        if !self.runtime.is_host || is_recording() {
            return None;
        }
        let folders = set_too_late("LD_LIBRARY_PATH")?;
        let mut folders = std::env::split_paths(&folders);
        let folder = folders.find(|folder| files::is_file(folder.join(library)))?;
        Some(Fix::advice(
            "Set LD_LIBRARY_PATH before Node.js starts, not in the app",
            format!(
                "the loader reads it only then; the app has set it itself, to {} with {library}",
                files::shown(&folder)
            ),
        ))
    }

    /// Signs a file again, without an identity.
    pub(super) fn sign(&self) -> Option<Fix> {
        let file = self.file.filter(|_| self.runtime.is_host)?;
        Some(Fix {
            summary: format!("Sign the file of {}", self.package),
            why: "macOS loads signed code only; a signature without an identity is enough"
                .to_owned(),
            commands: vec![argv(&["codesign", "--force", "--sign", "-", file])],
            ..Fix::default()
        })
    }
}
