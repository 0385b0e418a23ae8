//! Collects evidence for the root causes of broken packages.

use std::path::Path;

use crate::environment::{Installation, built_by, forged_for, installed_by, pins, surroundings};
use crate::model::reports::PackageReport;
use crate::model::{Problem, RootCause};
use crate::remedy::{Evidence, causes};
use crate::runtime::Runtime;

/// The maximum number of broken packages that are examined.
const MOST: usize = 20;

/// The root causes of the packages that aren't ok. `installation` is the one that they belong to.
pub(super) fn causes_of<'a>(
    packages: impl Iterator<Item = &'a PackageReport>,
    installation: &Installation,
    runtime: &Runtime,
) -> Vec<RootCause> {
    let root = installation.root.as_path();
    let broken: Vec<&PackageReport> = packages.filter(|package| !package.ok).take(MOST).collect();
    if broken.is_empty() || !runtime.is_host {
        return Vec::new();
    }
    let of_files = broken
        .iter()
        .filter_map(|package| package.active.as_ref())
        .flat_map(|active| &active.problems);
    let problems: Vec<&Problem> =
        broken.iter().flat_map(|package| &package.problems).chain(of_files).collect();
    let evidence = Evidence {
        surroundings: surroundings(root),
        pins: pins(root),
        installed: installed_by(root),
        built: broken.iter().filter_map(|package| built_by(Path::new(&package.path))).collect(),
        missing_mark: installation.missing_mark(),
        forged: broken
            .iter()
            .filter_map(|package| forged_for(Path::new(&package.active.as_ref()?.file)))
            .collect(),
    };
    causes(&problems, &evidence, runtime)
}
