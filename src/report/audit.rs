//! The audit report as text: problems first, then the systems that the package lists and what it
//! needs.

use std::collections::BTreeMap;

use super::escape::escape;
use super::page::{Mark, Page, count};
use crate::model::reports::{AuditReport, AuditedFile, Floor};
use crate::model::{Problem, Severity};

impl Page {
    /// Writes the whole report.
    pub fn audit(&mut self, audit: &AuditReport) {
        let name = titled(&audit.name, audit.version.as_deref());
        self.paragraph(&escape(&format!("{name}: {}.", verdict(audit))), 0);
        let verbose = self.style.verbose;
        for file in audit.files.iter().filter(|file| verbose || !file.problems.is_empty()) {
            self.audited("", file);
        }
        for package in &audit.platform_packages {
            let name = titled(&package.name, package.version.as_deref());
            if !package.problems.is_empty() {
                self.text.push('\n');
                self.mark(package.problems.first().map_or(Mark::Good, mark));
                let title = self.bold(&escape(&name));
                self.line(&title);
                self.problems_of_audit(&package.problems);
            }
            for file in package.files.iter().filter(|file| verbose || !file.problems.is_empty()) {
                self.audited(&format!("{name}, "), file);
            }
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

    /// `owner` is the title of the platform package that has the file, if it isn't the audited
    /// package itself.
    fn audited(&mut self, owner: &str, file: &AuditedFile) {
        self.text.push('\n');
        self.mark(file.problems.first().map_or(Mark::Good, mark));
        let title = self.bold(&escape(&format!("{owner}{}", file.file)));
        self.line(&title);
        self.problems_of_audit(&file.problems);
        if self.style.verbose
            && let Some(runtime) = &file.found_by
        {
            self.paragraph(&escape(&format!("loaded by {runtime}")), 2);
        }
    }

    fn problems_of_audit(&mut self, problems: &[Problem]) {
        for problem in problems {
            let warning = if problem.severity == Severity::Warning { "warning: " } else { "" };
            self.paragraph(&escape(&format!("{warning}{}", problem.message)), 2);
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
        let of_packages = audit.platform_packages.iter().flat_map(|package| &package.floors);
        // Two packages for one system need what each of them needs.
        let mut by_system: BTreeMap<&str, Vec<&Floor>> = BTreeMap::new();
        for floor in audit.floors.iter().chain(of_packages) {
            by_system.entry(&floor.system).or_default().push(floor);
        }
        if by_system.is_empty() {
            return;
        }
        self.text.push('\n');
        self.line("Needed:");
        for (system, floors) in by_system {
            let mut lines: Vec<String> = floors.into_iter().map(needs).collect();
            lines.dedup();
            for needs in lines {
                self.line(&format!("  {:<22}{}", escape(system), escape(&needs)));
            }
        }
    }
}

fn titled(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

/// The result in a few words.
fn verdict(audit: &AuditReport) -> String {
    let members = &audit.platform_packages;
    let all_files = || members.iter().flat_map(|package| &package.files).chain(&audit.files);
    let wrong = all_files().filter(|file| !file.problems.is_empty()).count();
    let own = match audit.files.len() {
        0 => "no .node files of its own".to_owned(),
        some => count(some, ".node file"),
    };
    let files = match members.len() {
        0 => own,
        some => {
            let of_members = members.iter().map(|package| package.files.len()).sum();
            format!(
                "{own}, {} in {}",
                count(of_members, ".node file"),
                count(some, "platform package")
            )
        }
    };
    let missing = audit.promises.iter().filter(|promise| promise.by.is_none()).count();
    let is_fine =
        audit.problems.is_empty() && members.iter().all(|package| package.problems.is_empty());
    match (all_files().count(), wrong, missing) {
        (0, _, 0) if audit.promises.is_empty() && members.is_empty() => {
            "no .node files, and none listed".to_owned()
        }
        (_, 0, 0) if is_fine => format!("{files}, no problem found"),
        (_, 0, _) => files,
        (_, wrong, _) => format!("{files}, problems in {wrong}"),
    }
}

/// The requirements of a system in one line.
fn needs(floor: &Floor) -> String {
    let libc_name = floor.system.rsplit('-').next().unwrap_or_default();
    let libc = floor.libc.as_ref().map(|version| format!("{libc_name} {version}"));
    let glibcxx = floor.glibcxx.as_ref().map(|version| format!("GLIBCXX {version}"));
    let cxxabi = floor.cxxabi.as_ref().map(|version| format!("CXXABI {version}"));
    let macos = floor.macos.as_ref().map(|version| format!("macOS {version}"));
    let node = floor.node.first().map(|first| format!(" (Node.js {first})")).unwrap_or_default();
    let node_api = floor.node_api.map(|version| format!("Node-API {version}{node}"));
    let parts: Vec<String> =
        [libc, glibcxx, cxxabi, macos, node_api].into_iter().flatten().collect();
    if parts.is_empty() { "no minimum version found".to_owned() } else { parts.join(", ") }
}

fn mark(problem: &Problem) -> Mark {
    match problem.severity {
        Severity::Error => Mark::Bad,
        Severity::Warning => Mark::Doubtful,
    }
}
