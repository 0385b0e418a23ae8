//! One project, several runtimes: what an upgrade will cost.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::reports::PackageReport;
use super::scan::{ScanError, ScanOptions, scan, settings};
use crate::control::Control;
use crate::remedy::Stage;
use crate::runtime::{Runtime, RuntimeReport};
use crate::verdict::{Code, Problem, Severity};

/// Every native package of a project in every runtime.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatrixReport {
    /// Every package loads in every runtime, as it is.
    pub ok: bool,
    /// What was scanned, absolute.
    pub directory: String,
    /// The runtimes, in the order of the cells.
    pub targets: Vec<RuntimeReport>,
    /// Packages with native code, by path.
    pub rows: Vec<MatrixRow>,
}

/// One package.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRow {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its folder, absolute.
    pub path: String,
    /// Only for development.
    pub dev: bool,
    /// Only optional dependents.
    pub optional: bool,
    /// One for each target.
    pub cells: Vec<Cell>,
}

/// One package in one runtime.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// What would happen.
    pub state: State,
    /// The code of the problem that decides.
    pub code: Option<Code>,
    /// Its message.
    pub message: Option<String>,
}

/// What becomes of a package in a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It loads as it is.
    Loads,
    /// It needs no file there.
    NotNeeded,
    /// It loads once it is installed or rebuilt with that runtime.
    Rebuild,
    /// It has files for some releases, none for this one, and compiles none.
    NoPrebuild,
    /// It doesn't load, and rebuilding it won't change that.
    Breaks,
    /// It couldn't be judged.
    Unknown,
}

/// Scans the project at `directory` for each of `runtimes`.
///
/// # Errors
/// As [`scan`].
pub fn matrix(
    directory: &Path,
    runtimes: &[Runtime],
    options: &ScanOptions,
    control: &Control,
) -> Result<MatrixReport, ScanError> {
    let settings = settings(directory);
    let mut rows: Vec<MatrixRow> = Vec::new();
    let mut root = directory.to_string_lossy().into_owned();
    for (index, runtime) in runtimes.iter().enumerate() {
        let report = scan(directory, runtime, options, &settings, control)?;
        root = report.directory;
        for package in &report.packages {
            let at = match rows.iter().position(|row| row.path == package.path) {
                Some(at) => at,
                None => {
                    rows.push(row(package, index));
                    rows.len() - 1
                }
            };
            rows[at].cells.push(cell(package));
        }
        // What a scan leaves out has nothing to load in its runtime.
        rows.iter_mut()
            .filter(|row| row.cells.len() <= index)
            .for_each(|row| row.cells.push(Cell::not_needed()));
    }
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    rows.retain(|row| row.cells.iter().any(|cell| cell.state != State::NotNeeded));
    let is_fine = |cell: &Cell| matches!(cell.state, State::Loads | State::NotNeeded);
    Ok(MatrixReport {
        ok: rows.iter().filter(|row| !row.optional).flat_map(|row| &row.cells).all(is_fine),
        directory: root,
        targets: runtimes.iter().map(Runtime::report).collect(),
        rows,
    })
}

/// The row of a package that the runtimes before `index` had no use for.
fn row(package: &PackageReport, index: usize) -> MatrixRow {
    MatrixRow {
        name: package.name.clone(),
        version: package.version.clone(),
        path: package.path.clone(),
        dev: package.dev,
        optional: package.optional,
        cells: vec![Cell::not_needed(); index],
    }
}

impl Cell {
    fn not_needed() -> Cell {
        Cell { state: State::NotNeeded, code: None, message: None }
    }
}

fn cell(package: &PackageReport) -> Cell {
    let of_file = package.active.iter().flat_map(|active| &active.problems);
    let problems: Vec<&Problem> = package.problems.iter().chain(of_file).collect();
    let is_bad = |problem: &&&Problem| {
        problem.severity == Severity::Error
            || package.optional && problem.code != Code::Undetermined
    };
    let decisive = problems
        .iter()
        .find(is_bad)
        .copied()
        .filter(|_| !package.ok || package.active.as_ref().is_none_or(|active| !active.ok));
    let rebuilds = package
        .fix
        .as_ref()
        .is_some_and(|fix| matches!(fix.stage, Stage::Build | Stage::Install | Stage::Remove));
    let state = match (decisive, &package.active) {
        (None, Some(_)) if package.complete => State::Loads,
        (None, None) if package.complete => State::NotNeeded,
        (None, _) => State::Unknown,
        (Some(_), _) if rebuilds => State::Rebuild,
        (Some(problem), _) if problem.code == Code::NoMatchingPrebuild => State::NoPrebuild,
        (Some(problem), _)
            if matches!(problem.code, Code::NotBuilt | Code::MissingPlatformPackage) =>
        {
            State::Rebuild
        }
        (Some(_), _) => State::Breaks,
    };
    Cell {
        state,
        code: decisive.map(|problem| problem.code),
        message: decisive.map(|problem| problem.message.clone()),
    }
}
