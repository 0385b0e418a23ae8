//! One project, several runtimes: the cost of an upgrade.

use std::path::Path;

use super::scan::{ScanError, ScanOptions, scan, settings};
use crate::control::Control;
use crate::files::shown;
use crate::model::reports::{Cell, MatrixKind, MatrixReport, MatrixRow, PackageReport, State};
use crate::model::{Code, Problem, Severity, Stage};
use crate::runtime::Runtime;

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
    let mut root = shown(directory);
    let mut ok = true;
    for (index, runtime) in runtimes.iter().enumerate() {
        let report = scan(directory, runtime, options, &settings, control)?;
        root = report.directory;
        ok &= report.packages.iter().all(|package| package.ok);
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
        // A package that a scan omits has nothing to load in that runtime.
        rows.iter_mut()
            .filter(|row| row.cells.len() <= index)
            .for_each(|row| row.cells.push(Cell::not_needed()));
    }
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    rows.retain(|row| row.cells.iter().any(|cell| cell.state != State::NotNeeded));
    let is_fine = |cell: &Cell| matches!(cell.state, State::Loads | State::NotNeeded);
    Ok(MatrixReport {
        kind: MatrixKind::Matrix,
        ok: ok && rows.iter().all(|row| row.optional || row.cells.iter().all(is_fine)),
        directory: root,
        targets: runtimes.iter().map(Runtime::report).collect(),
        rows,
    })
}

/// The row of a package that isn't needed in the runtimes before `index`.
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
            || package.optional && problem.code() != Code::Undetermined
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
        (Some(problem), _) if problem.code() == Code::NoMatchingPrebuild => State::NoPrebuild,
        (Some(problem), _)
            if matches!(problem.code(), Code::NotBuilt | Code::MissingPlatformPackage) =>
        {
            State::Rebuild
        }
        (Some(_), _) => State::Breaks,
    };
    let undetermined = || {
        let is_meant = |problem: &&&Problem| problem.code() == Code::Undetermined;
        problems.iter().find(is_meant).copied().filter(|_| state == State::Unknown)
    };
    let reason = decisive.or_else(undetermined);
    Cell {
        state,
        code: reason.map(Problem::code),
        message: match (reason, state) {
            (None, State::Unknown) => {
                Some("abi-guard doesn't know which .node file it loads".to_owned())
            }
            (reason, _) => reason.map(|problem| problem.message.clone()),
        },
    }
}
