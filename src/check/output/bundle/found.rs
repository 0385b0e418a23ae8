//! What bundles load, and the fixes for it.

use super::addons::name_of;
use super::lines::external;
use super::module::Bundler;
use crate::model::reports::{PackageReport, ScanReport};
use crate::model::{Code, Fix};
use crate::project::Native;
use crate::remedy::merge;

/// The report on what a bundle loads.
pub(super) struct Found {
    pub package: PackageReport,
    pub native: Native,
    /// The tool that has to leave the package out of the bundle.
    pub external: Option<Bundler>,
}

impl Found {
    pub fn is_of(&self, package: &PackageReport) -> bool {
        self.package.name == package.name
    }
}

/// The file that a package loads.
pub(super) fn file_of(package: &PackageReport) -> Option<&str> {
    package.active.as_ref().map(|active| active.file.as_str())
}

/// The fixes of all packages. The lines for several packages are one fix.
pub(super) fn fixes(report: &ScanReport, found: &[Found]) -> Vec<Fix> {
    let broken = || found.iter().filter(|one| !one.package.ok);
    let bundlers = [Bundler::Esbuild, Bundler::Webpack, Bundler::Ncc, Bundler::Unknown];
    let externals = bundlers.into_iter().filter_map(|bundler| {
        let of_bundler = broken().filter(|one| one.external == Some(bundler));
        let mut names: Vec<&str> = of_bundler.map(|one| one.package.name.as_str()).collect();
        names.sort_unstable();
        (!names.is_empty()).then(|| external(bundler, &names))
    });
    let others = broken().filter(|one| one.external.is_none());
    let others = others.filter_map(|one| one.package.fix.clone());
    let installed = report.packages.iter().filter(|package| !package.ok);
    let installed = installed.filter_map(|package| package.fix.clone());
    merge(installed.chain(others).chain(externals))
}

/// The fix for an addon that a bundler copied.
pub(super) fn fix_of(file: &str, package: &PackageReport) -> Option<Fix> {
    let fix = package.fix.clone()?;
    let mut of_file = package.active.iter().flat_map(|active| &active.problems);
    if !of_file.any(|problem| problem.code() == Code::MissingLibrary) {
        let summary = format!("{} in the project, and build again", fix.summary);
        return Some(Fix::advice(summary, fix.why));
    }
    let name = name_of(file);
    let summary = format!(
        "Make the package of {name} external in the settings of the bundler, build again, and ship \
            the package and its dependencies beside the bundle"
    );
    Some(Fix::advice(summary, "bundlers copy an addon without the libraries that it needs"))
}
