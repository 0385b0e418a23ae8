//! Reports → inventory.

use std::path::{Path, PathBuf};

use super::finish::finish;
use super::found::Found;
use super::listed::{Inventory, State, Verdict};
use crate::check::places::base;
use crate::control::Control;
use crate::files::{self, PackedPackage, join_inside};
use crate::model::reports::{AbiReport, AuditReport, DormantFile, PackageReport, Report};
use crate::model::{Code, Problem};
use crate::runtime::{Runtime, RuntimeSpec};

/// Lists the addons of `reports`; `from` is the current folder, for reports without a folder, and
/// `host` fills in what the runtimes of reports leave open. Other reports than those on files,
/// packages, projects and audits have no addons.
#[must_use]
pub fn inventory(reports: &[Report], from: &Path, host: &Runtime) -> Inventory {
    // A package from an archive stays mounted while its files are read.
    let archive = reports.first().and_then(mounted);
    let project = match (&archive, reports.first()) {
        (Some(archive), _) => archive.folder().to_path_buf(),
        (None, Some(Report::Audit(audit))) => audit.path.clone().into(),
        (None, Some(report)) => base(report, from),
        (None, None) => from.to_path_buf(),
    };
    let mut found = Found::around(&project, host);
    for report in reports {
        match report {
            Report::Scan(scan) => {
                found.target(&scan.target);
                scan.packages.iter().for_each(|package| add_package(&mut found, package));
            }
            Report::Package(package) => add_package(&mut found, package),
            Report::File(file) => add_judged(&mut found, file, None),
            Report::Audit(audit) => add_audit(&mut found, audit),
            Report::Matrix(_) | Report::Explanation(_) | Report::Doctor(_) => {}
        }
    }
    finish(found)
}

/// The archive of an audited package.
fn mounted(report: &Report) -> Option<PackedPackage> {
    let Report::Audit(audit) = report else { return None };
    let path = Path::new(&audit.path);
    let is_archive = PackedPackage::is_named(path) && !files::is_folder(path);
    // An archive that can't be read gives files that can't be read.
    is_archive.then(|| PackedPackage::mount(path, 1, &Control::default()).ok()).flatten()
}

fn add_package(found: &mut Found<'_>, report: &PackageReport) {
    let folder = PathBuf::from(&report.path);
    let position = found.add(&folder, &report.name);
    let package = &mut found.packages[position].1;
    package.name.clone_from(&report.name);
    package.version.clone_from(&report.version);
    package.loader = Some(report.loader.clone());
    package.optional = report.optional;
    package.dev = report.dev;
    package.required_by.clone_from(&report.required_by);
    package.problems = codes(&report.problems);
    if let Some(active) = &report.active {
        add_judged(found, active, Some(position));
    }
    // Without an active file, the other files are dormant only if that is certain.
    let is_known = report.active.is_some() || report.complete;
    let state = if is_known { State::Dormant } else { State::Unknown };
    for file in &report.dormant {
        add_dormant(found, file, state, position);
    }
}

/// Adds a file with a report; `loader` is the package that loads it.
fn add_judged(found: &mut Found<'_>, report: &AbiReport, loader: Option<usize>) {
    let runtime = found.target(&report.target);
    let verdict = Verdict { outcome: Some(report.outcome), problems: codes(&report.problems) };
    let file = found.file(Path::new(&report.file), loader);
    file.runtime = runtime;
    file.verdict = Some(verdict);
    file.report = Some(report.clone());
    if let Some(loader) = loader {
        // Another package may have listed it as dormant.
        file.state = Some(State::Active);
        file.reason = None;
        file.loaders.push(loader);
    }
}

fn add_dormant(found: &mut Found<'_>, file: &DormantFile, state: State, owner: usize) {
    let entry = found.file(Path::new(&file.file), Some(owner));
    if entry.state.is_none() {
        entry.state = Some(state);
        entry.reason.clone_from(&file.reason);
    }
}

fn add_audit(found: &mut Found<'_>, audit: &AuditReport) {
    found.is_audit = true;
    let folder = found.naming.project.clone();
    let package = &mut found.packages[0].1;
    if !audit.name.is_empty() {
        package.name.clone_from(&audit.name);
        package.is_unnamed = false;
    }
    package.version.clone_from(&audit.version);
    package.problems = codes(&audit.problems);
    for file in &audit.files {
        let Some(path) = join_inside(&folder, &file.file) else { continue };
        let spec = file.found_by.clone();
        let runtime = spec.map(|spec| found.runtime(spec.clone(), &RuntimeSpec::Text(spec)));
        let entry = found.file(&path, Some(0));
        entry.runtime = runtime;
        entry.found_by.clone_from(&file.found_by);
        entry.verdict = Some(Verdict { outcome: None, problems: codes(&file.problems) });
    }
}

/// The distinct codes of problems, in their order.
fn codes(problems: &[Problem]) -> Vec<Code> {
    let mut codes = Vec::new();
    for code in problems.iter().map(Problem::code) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}
