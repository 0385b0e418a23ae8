//! Platform packages whose file the package that they belong to loads: one fault is said once.

use std::collections::HashMap;
use std::path::Path;

use super::problems::is_worth_saying;
use crate::model::reports::PackageReport;

/// The packages of a scan without those that only bring the file of another one: of sharp and
/// @img/sharp-linux-x64, sharp.
pub(super) fn without_parts(packages: &[PackageReport]) -> Vec<&PackageReport> {
    // File → true if a package that it isn't in can't do without it.
    let mut loaders: HashMap<&str, bool> = HashMap::new();
    for package in packages {
        if let Some(file) = file_of(package).filter(|file| !is_in(file, package)) {
            *loaders.entry(file).or_default() |= !package.ok;
        }
    }
    let is_part = |package: &PackageReport| {
        file_of(package).filter(|file| is_in(file, package)).is_some_and(|file| {
            loaders.get(file).is_some_and(|is_needed| *is_needed || package.ok)
                && !package.problems.iter().any(is_worth_saying)
        })
    };
    packages.iter().filter(|package| !is_part(package)).collect()
}

fn is_in(file: &str, package: &PackageReport) -> bool {
    Path::new(file).starts_with(&package.path)
}

fn file_of(package: &PackageReport) -> Option<&str> {
    package.active.as_ref().map(|active| active.file.as_str())
}
