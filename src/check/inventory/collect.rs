//! Reports → inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::finish::finish;
use super::found::Found;
use super::listed::{Inventory, State, Verdict};
use crate::check::places::base;
use crate::control::Control;
use crate::files::{self, PackedPackage, join_inside};
use crate::model::reports::{
    AbiReport, AuditReport, AuditedFile, DormantFile, PackageReport, Report,
};
use crate::model::{Code, Problem};
use crate::runtime::{Runtime, RuntimeSpec};

/// Lists the addons of `reports`; `from` is the current folder, for reports without a folder, and
/// `host` fills in what the runtimes of reports leave open. Other reports than those on files,
/// packages, projects and audits have no addons.
#[must_use]
pub fn inventory(reports: &[Report], from: &Path, host: &Runtime) -> Inventory {
    // Packages from archives stay mounted while their files are read.
    let archives = Archives::of(reports);
    let project = match reports.first() {
        Some(Report::Audit(audit)) => archives.folder(&audit.path),
        Some(report) => base(report, from),
        None => from.to_path_buf(),
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
            Report::Audit(audit) => add_audit(&mut found, audit, &archives),
            Report::Matrix(_) | Report::Explanation(_) | Report::Doctor(_) => {}
        }
    }
    finish(found)
}

/// The archives of audited packages, by their paths.
struct Archives(BTreeMap<String, PackedPackage>);

impl Archives {
    fn of(reports: &[Report]) -> Archives {
        let audits = reports.iter().filter_map(|report| match report {
            Report::Audit(audit) => Some(audit),
            _ => None,
        });
        let paths: BTreeSet<&String> = audits
            .flat_map(|audit| {
                let members = audit.platform_packages.iter().map(|package| &package.path);
                members.chain([&audit.path])
            })
            .filter(|path| PackedPackage::is_named(Path::new(path)) && !files::is_folder(path))
            .collect();
        let count = paths.len();
        let mount = |path: &String| {
            // An archive that can't be read gives files that can't be read.
            let archive = PackedPackage::mount(Path::new(path), count, &Control::default());
            Some((path.clone(), archive.ok()?))
        };
        Archives(paths.into_iter().filter_map(mount).collect())
    }

    /// The folder of the package with this path, which may be in an archive.
    fn folder(&self, path: &str) -> PathBuf {
        self.0.get(path).map_or_else(|| path.into(), |archive| archive.folder().to_path_buf())
    }
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

fn add_audit(found: &mut Found<'_>, audit: &AuditReport, archives: &Archives) {
    found.is_audit = true;
    let folder = archives.folder(&audit.path);
    let package = &mut found.packages[0].1;
    if !audit.name.is_empty() {
        package.name.clone_from(&audit.name);
        package.is_unnamed = false;
    }
    package.version.clone_from(&audit.version);
    package.problems = codes(&audit.problems);
    add_audited(found, &folder, 0, &audit.files);
    for member in &audit.platform_packages {
        let folder = archives.folder(&member.path);
        let position = found.add(&folder, &member.name);
        found.packages[position].1.problems = codes(&member.problems);
        add_audited(found, &folder, position, &member.files);
    }
}

/// Adds the files of an audited package.
fn add_audited(found: &mut Found<'_>, folder: &Path, package: usize, files: &[AuditedFile]) {
    for file in files {
        let Some(path) = join_inside(folder, &file.file) else { continue };
        let spec = file.found_by.clone();
        let runtime = spec.map(|spec| found.runtime(spec.clone(), &RuntimeSpec::Text(spec)));
        let entry = found.file(&path, Some(package));
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
