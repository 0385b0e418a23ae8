//! A project that was installed for another system than the one it is judged for: this is said
//! once, and not for each package.

use super::escape::escape;
use super::page::{Mark, Page, count};
use crate::model::reports::{PackageReport, ScanReport};
use crate::model::{Code, Libc, Severity};

/// With fewer packages, each is reported with its reason.
const FEWEST: usize = 2;

/// The packages that only lack the files for the system they are judged for, because the package
/// manager installed those for another one. Empty if they are judged for the runtime that runs
/// abi-guard: there it is a fault of the installation.
pub(super) fn installed_elsewhere<'p>(
    scan: &ScanReport,
    packages: &[&'p PackageReport],
) -> Vec<&'p PackageReport> {
    if scan.target.exec_path.is_some() {
        return Vec::new();
    }
    let lacks_only_that = |package: &&PackageReport| {
        let mut errors = package.problems.iter().filter(|it| it.severity == Severity::Error);
        !package.ok
            && package.active.is_none()
            && errors.clone().next().is_some()
            && errors.all(|problem| problem.code() == Code::MissingPlatformPackage)
    };
    let found: Vec<_> = packages.iter().copied().filter(lacks_only_that).collect();
    if found.len() < FEWEST { Vec::new() } else { found }
}

impl Page {
    /// One entry for all packages that were installed for another system.
    pub fn elsewhere(&mut self, scan: &ScanReport, packages: &[&PackageReport]) {
        if packages.is_empty() {
            return;
        }
        self.text.push('\n');
        self.mark(Mark::Bad);
        let musl = if scan.target.libc == Some(Libc::Musl) { " (musl)" } else { "" };
        let title = format!(
            "{} installed for another system than {}-{}{musl}",
            count(packages.len(), "package"),
            scan.target.platform,
            scan.target.arch
        );
        let title = self.bold(&escape(&title));
        self.line(&title);
        let names: Vec<String> = packages
            .iter()
            .map(|package| match &package.version {
                Some(version) => format!("{} {version}", package.name),
                None => package.name.clone(),
            })
            .collect();
        self.paragraph(&escape(&names.join(", ")), 2);
        self.paragraph("(--verbose shows what each lacks)", 2);
    }
}
