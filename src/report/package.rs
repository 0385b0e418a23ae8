//! The text report of one package, which is also an entry in the report of a scan.

use super::escape::escape;
use super::page::{Mark, Page};
use super::problems::{is_worth_saying, problems_of};
use crate::model::Severity;
use crate::model::reports::PackageReport;

impl Page {
    /// One package. `with_note` also adds why it isn't judged, or why it has no file to load.
    pub fn package(&mut self, package: &PackageReport, root: &str, with_note: bool) {
        let problems = problems_of(package, self.style.verbose);
        let note = note(package).filter(|_| with_note || !package.ok);
        let mark = match (package.ok, problems.is_empty() && note.is_none()) {
            (false, _) => Mark::Bad,
            (true, false) => Mark::Doubtful,
            (true, true) => Mark::Good,
        };
        self.mark(mark);
        let version =
            package.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        let optional = if package.optional { " (optional)" } else { "" };
        let title = self.bold(&escape(&format!("{}{version}{optional}", package.name)));
        self.line(&title);
        for problem in &problems {
            // A problem of an optional package is a warning.
            let severity = if package.ok { Severity::Warning } else { problem.severity };
            self.sentence(&problem.message, severity);
        }
        if let Some(note) = note {
            self.paragraph(&note, 2);
        }
        match &package.active {
            Some(active) => {
                self.loader_message(active);
                self.path(&active.file, root);
            }
            None => self.path(&package.path, root),
        }
        self.brought_in_by(package);
        if self.style.verbose {
            for file in &package.dormant {
                let why = file.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                self.path(&format!("{} (dormant{why})", file.file), root);
            }
        }
    }

    /// The dependents of the package, if it isn't a direct dependency.
    fn brought_in_by(&mut self, package: &PackageReport) {
        let Some(chain) = package.required_by.first().filter(|chain| chain.len() > 1) else {
            return;
        };
        let more = match package.required_by.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        self.paragraph(&escape(&format!("required by {}{more}", chain.join(" > "))), 2);
    }
}

/// Why a package has no file that could be judged.
fn note(package: &PackageReport) -> Option<String> {
    let files = package.dormant.len();
    match (&package.active, package.complete, files) {
        (Some(active), ..) if !package.ok && active.ok => {
            Some("could not be judged completely".to_owned())
        }
        (Some(_), ..) => None,
        _ if package.problems.iter().any(is_worth_saying) => None,
        (None, false, 1) => {
            Some("abi-guard doesn't know whether it loads its .node file".to_owned())
        }
        (None, false, 0) => {
            Some("not judged: abi-guard doesn't know whether it needs a .node file".to_owned())
        }
        (None, false, _) => Some(format!(
            "not judged: abi-guard doesn't know which of its {files} .node files it \
                loads"
        )),
        (None, true, 0) => match package.problems.first() {
            Some(problem) => Some(problem.message.clone()),
            None => Some("has no .node file, and needs none here".to_owned()),
        },
        (None, true, 1) => Some("its only .node file is for another target".to_owned()),
        (None, true, _) => Some(format!("none of its {files} .node files is for this target")),
    }
}

/// True if the file that it would load isn't known.
pub(super) fn is_unjudged(package: &PackageReport) -> bool {
    package.ok && package.active.is_none() && !package.complete
}
