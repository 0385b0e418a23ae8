//! The audit report as text: problems first, then the systems that the package lists and what it
//! needs.

use super::escape::escape;
use super::page::{Mark, Page, count};
use crate::model::reports::{AuditReport, AuditedFile};
use crate::model::{Problem, Severity};

impl Page {
    /// Writes the whole report.
    pub fn audit(&mut self, audit: &AuditReport) {
        let version =
            audit.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        let name = format!("{}{version}", audit.name);
        let wrong = audit.files.iter().filter(|file| !file.problems.is_empty()).count();
        let files = match audit.files.len() {
            0 => "no .node files of its own".to_owned(),
            some => count(some, ".node file"),
        };
        let missing = audit.promises.iter().filter(|promise| promise.by.is_none()).count();
        let verdict = match (audit.files.len(), wrong, missing) {
            (0, _, 0) if audit.promises.is_empty() => "no .node files, and none listed".to_owned(),
            (_, 0, 0) if audit.problems.is_empty() => format!("{files}, no problem found"),
            (_, 0, _) => files,
            (_, wrong, _) => format!("{files}, problems in {wrong}"),
        };
        self.paragraph(&escape(&format!("{name}: {verdict}.")), 0);
        let verbose = self.style.verbose;
        for file in audit.files.iter().filter(|file| verbose || !file.problems.is_empty()) {
            self.audited(file);
        }
        if !audit.problems.is_empty() {
            self.text.push('\n');
        }
        for problem in &audit.problems {
            self.mark(mark(problem));
            self.paragraph(&escape(&problem.message), 2);
        }
        self.promises(audit);
        self.floors(audit);
    }

    fn audited(&mut self, file: &AuditedFile) {
        self.text.push('\n');
        self.mark(file.problems.first().map_or(Mark::Good, mark));
        let title = self.bold(&escape(&file.file));
        self.line(&title);
        for problem in &file.problems {
            let warning = if problem.severity == Severity::Warning { "warning: " } else { "" };
            self.paragraph(&escape(&format!("{warning}{}", problem.message)), 2);
        }
        if self.style.verbose
            && let Some(runtime) = &file.found_by
        {
            self.paragraph(&escape(&format!("loaded by {runtime}")), 2);
        }
    }

    fn promises(&mut self, audit: &AuditReport) {
        if audit.promises.is_empty() {
            return;
        }
        self.text.push('\n');
        self.line("Promised:");
        for promise in &audit.promises {
            let by = promise.by.as_deref().unwrap_or("nothing");
            self.line(&format!("  {:<22}{}", escape(&promise.system), escape(by)));
        }
    }

    fn floors(&mut self, audit: &AuditReport) {
        if audit.floors.is_empty() {
            return;
        }
        self.text.push('\n');
        self.line("Needed:");
        for floor in &audit.floors {
            let libc_name = floor.system.rsplit('-').next().unwrap_or_default();
            let libc = floor.libc.as_ref().map(|version| format!("{libc_name} {version}"));
            let glibcxx = floor.glibcxx.as_ref().map(|version| format!("GLIBCXX {version}"));
            let cxxabi = floor.cxxabi.as_ref().map(|version| format!("CXXABI {version}"));
            let macos = floor.macos.as_ref().map(|version| format!("macOS {version}"));
            let node =
                floor.node.first().map(|first| format!(" (Node.js {first})")).unwrap_or_default();
            let node_api = floor.node_api.map(|version| format!("Node-API {version}{node}"));
            let parts: Vec<String> =
                [libc, glibcxx, cxxabi, macos, node_api].into_iter().flatten().collect();
            let needs = if parts.is_empty() {
                "no minimum version found".to_owned()
            } else {
                parts.join(", ")
            };
            self.line(&format!("  {:<22}{}", escape(&floor.system), escape(&needs)));
        }
    }
}

fn mark(problem: &Problem) -> Mark {
    match problem.severity {
        Severity::Error => Mark::Bad,
        Severity::Warning => Mark::Doubtful,
    }
}
