//! The text report of a scan: broken packages first, then the root causes and the commands.
//! Packages that load are only counted.

use super::elsewhere::installed_elsewhere;
use super::escape::escape;
use super::package::is_unjudged;
use super::page::{Mark, Page, below, count};
use super::parts::without_parts;
use super::problems::{has_hooks, problems_of};
use super::target::target;
use crate::model::reports::{PackageReport, ScanReport};

/// The maximum number of unreadable folders that are listed by name.
const MOST_UNREADABLE: usize = 3;

impl Page {
    /// The summary, the packages, the causes and the fixes.
    pub fn scan(&mut self, scan: &ScanReport) {
        let packages = without_parts(&scan.packages);
        let broken: Vec<_> = packages.iter().filter(|package| !package.ok).collect();
        let target = target(&scan.target);
        let total = packages.len();
        let judged = total - packages.iter().filter(|package| is_unjudged(package)).count();
        let summary = match (broken.len(), judged) {
            (_, _) if total == 0 && scan.problems.is_empty() => {
                format!("No native packages in {}.", escape(&scan.directory))
            }
            (_, _) if total == 0 => {
                format!("No native packages were found in {}.", escape(&scan.directory))
            }
            (0, 0) => {
                format!(
                    "{} found, but abi-guard could judge none of them.",
                    count(total, "native package")
                )
            }
            (0, 1) => format!("1 native package checked for {target}: no problem found."),
            (0, _) => {
                format!("{judged} native packages checked for {target}: no problems found.")
            }
            (bad, _)
                if broken.iter().all(|package| package.active.as_ref().is_some_and(has_hooks)) =>
            {
                format!("{bad} of {} will abort in {target}.", count(judged, "native package"))
            }
            (bad, _) => {
                format!("{bad} of {} can't be loaded by {target}.", count(judged, "native package"))
            }
        };
        self.paragraph(&summary, 0);
        let verbose = self.style.verbose;
        let all: Vec<&PackageReport> = scan.packages.iter().collect();
        let listed = if verbose { &all } else { &packages };
        let elsewhere = if verbose { Vec::new() } else { installed_elsewhere(scan, &packages) };
        self.elsewhere(scan, &elsewhere);
        let is_told =
            |package: &PackageReport| elsewhere.iter().any(|other| std::ptr::eq(*other, package));
        let has_entry = |package: &PackageReport| verbose || has_news(package);
        for package in listed.iter().filter(|package| has_entry(package) && !is_told(package)) {
            self.text.push('\n');
            self.package(package, &scan.directory, verbose);
        }
        if !scan.problems.is_empty() {
            self.text.push('\n');
            let shown = if verbose { scan.problems.len() } else { MOST_UNREADABLE };
            for problem in scan.problems.iter().take(shown) {
                self.mark(Mark::Doubtful);
                self.paragraph(&escape(&problem.message), 2);
            }
            if let Some(more @ 1..) = scan.problems.len().checked_sub(shown) {
                self.paragraph(&format!("and {more} more (--verbose lists them)"), 2);
            }
        }
        if !scan.causes.is_empty() {
            self.text.push('\n');
        }
        for cause in &scan.causes {
            let place = match (&cause.file, cause.line) {
                (Some(file), Some(line)) => {
                    format!(" ({}:{line})", below(file, &scan.directory))
                }
                _ => String::new(),
            };
            self.paragraph(&format!("Why: {}{}", escape(&cause.message), escape(&place)), 0);
        }
        if !scan.fixes.is_empty() {
            self.text.push('\n');
            self.fixes(&scan.fixes, &scan.directory);
        }
        self.footnotes(&all);
        if total > 0 {
            self.newer(&[&scan.target]);
        }
    }

    fn footnotes(&mut self, packages: &[&PackageReport]) {
        let unknown = packages.iter().filter(|package| is_unjudged(package)).count();
        if unknown > 0 && !self.style.verbose {
            self.text.push('\n');
            let subject = count(unknown, "package");
            self.paragraph(
                &format!(
                    "{subject} not judged: abi-guard doesn't know how they find their file \
                        (--verbose lists them)."
                ),
                0,
            );
        }
        self.unexamined(
            packages
                .iter()
                .filter_map(|package| package.active.as_ref())
                .flat_map(|active| &active.problems),
        );
    }
}

/// True for a package that the report shows without `--verbose`.
fn has_news(package: &PackageReport) -> bool {
    !package.ok || !problems_of(package, false).is_empty()
}
