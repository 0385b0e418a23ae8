//! Fixes of the system around a package: its libraries and its signatures.

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
