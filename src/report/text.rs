//! The report for people. Each kind of report has a file with its part of the page.

use super::page::{Page, Style};
use crate::model::reports::Report;

/// The report as text, with a newline at its end.
#[must_use]
pub fn text(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    match report {
        Report::Scan(scan) => page.scan(scan),
        Report::Package(package) => {
            page.package(package, "", true);
            if package.fix.is_some() {
                page.text.push('\n');
                page.fixes(package.fix.as_slice(), "");
            }
            page.unexamined(package.active.iter().flat_map(|active| &active.problems));
            let targets: Vec<_> = package.active.iter().map(|active| &active.target).collect();
            page.newer(&targets);
        }
        Report::File(file) => page.file(file),
        Report::Audit(audit) => page.audit(audit),
        Report::Matrix(matrix) => page.matrix(matrix),
        Report::Explanation(explanation) => page.explanation(explanation),
        Report::Doctor(report) => page.doctor(report),
    }
    page.text
}
