//! The doctor's report as text: each finding begins with its place, to which editors can jump,
//! followed by the reason and the corrected lines.

use super::escape::escape;
use super::page::{Mark, Page, below, count};
use crate::model::FindingSeverity;
use crate::model::reports::{
    Basis, DoctorReport, Finding, Start, StartGuard, Tool, Toolchain, Unclear,
};

impl Page {
    /// Writes the whole report.
    pub fn doctor(&mut self, report: &DoctorReport) {
        self.paragraph(&escape(&summary(report)), 0);
        if let Some(note) = note(report) {
            self.paragraph(note, 0);
        }
        for finding in &report.findings {
            self.text.push('\n');
            self.finding(finding, &report.directory);
        }
        if self.style.verbose {
            self.surroundings(report);
        }
        if report.native.own || !report.native.packages.is_empty() {
            self.ending(report);
        }
    }

    /// How the app starts, what was read, and what was not understood.
    fn ending(&mut self, report: &DoctorReport) {
        let root = &report.directory;
        if !(report.starts.is_empty() && report.files.is_empty()) {
            self.text.push('\n');
        }
        for start in report.starts.iter().take(MOST_STARTS) {
            self.paragraph(&escape(&sentence(start, root)), 0);
        }
        let names: Vec<&str> = report.files.iter().map(|file| below(file, root)).collect();
        let (first, rest) = names.split_at(names.len().min(MOST_FILES));
        if !first.is_empty() && !self.style.verbose {
            let others = match rest.len() {
                0 => String::new(),
                number => format!(" and {number} more"),
            };
            self.paragraph(&escape(&format!("Read: {}{others}.", first.join(", "))), 0);
        }
        for Unclear { file, line, reason } in &report.unclear {
            let text = format!("Not judged: {}:{line}: {reason}.", below(file, root));
            self.paragraph(&escape(&text), 0);
        }
    }

    fn finding(&mut self, finding: &Finding, root: &str) {
        let place = finding.file.as_ref().map(|file| {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{}{line} ", below(file, root))
        });
        // The place comes first, without a mark before it: "file:line" is what editors look for.
        let place = self.bold(&escape(&place.unwrap_or_default()));
        self.text.push_str(&place);
        self.mark(match finding.severity {
            FindingSeverity::Error => Mark::Bad,
            FindingSeverity::Warning => Mark::Doubtful,
            FindingSeverity::Note => Mark::Note,
        });
        let note = if finding.severity == FindingSeverity::Note { " (note)" } else { "" };
        self.line(&format!("{}{note}", finding.code.as_str()));
        self.paragraph(&escape(&format!("{}.", capital(&finding.message))), 2);
        for line in finding.snippet.iter().flat_map(|snippet| snippet.lines()) {
            self.line(&format!("    {}", escape(line)));
        }
    }

    /// The tools, pins and files that were examined.
    fn surroundings(&mut self, report: &DoctorReport) {
        let Toolchain { compiler, make, python, node_gyp } = &report.toolchain;
        self.text.push('\n');
        self.line("Tools:");
        let mut row = |name: &str, text: &str| self.line(&format!("  {name:<14}{}", escape(text)));
        for (name, tool) in [("C++ compiler", compiler), ("make", make), ("Python", python)] {
            row(name, &shown(tool.as_ref()));
        }
        row("node-gyp", node_gyp.as_deref().unwrap_or("not found"));
        if !report.pins.is_empty() {
            self.text.push('\n');
            self.line("Required Node.js:");
            for pin in &report.pins {
                self.line(&format!("  {:<20}{}", pin.source, escape(&pin.wanted)));
            }
        }
        if !report.files.is_empty() {
            self.text.push('\n');
            self.line("Read:");
            for file in &report.files {
                self.path(file, &report.directory);
            }
        }
    }
}

/// The maximum number of starts and of files that are shown.
const MOST_STARTS: usize = 6;
const MOST_FILES: usize = 8;

fn sentence(start: &Start, root: &str) -> String {
    let place = format!("{}:{}", below(&start.file, root), start.line);
    let detail = start.detail.as_deref().unwrap_or_default();
    let guard = match start.guard {
        StartGuard::Option => "is guarded by its option".to_owned(),
        StartGuard::NodeOptions => "is guarded by NODE_OPTIONS".to_owned(),
        StartGuard::Script => format!("is guarded by {}", below(detail, root)),
        StartGuard::None => "is not guarded: abi-guard doesn't check it at startup".to_owned(),
        StartGuard::Unknown => format!("may be guarded or not: {detail}"),
    };
    format!("Start: {} ({place}) {guard}.", start.command)
}

fn summary(report: &DoctorReport) -> String {
    let number = |weight: FindingSeverity| {
        report.findings.iter().filter(|finding| finding.severity == weight).count()
    };
    let (errors, warnings) = (number(FindingSeverity::Error), number(FindingSeverity::Warning));
    match (errors, warnings) {
        (0, 0) => format!("Nothing to fix in {}.", report.directory),
        (0, warnings) => format!("{} likely to break.", things(warnings)),
        (errors, 0) => format!("{} will break.", count(errors, "thing")),
        (errors, warnings) => format!(
            "{} will break, {warnings} more {} likely to.",
            count(errors, "thing"),
            if warnings == 1 { "is" } else { "are" }
        ),
    }
}

fn things(number: usize) -> String {
    if number == 1 { "1 thing is".to_owned() } else { format!("{number} things are") }
}

/// The basis of the judgment, if it isn't the installed packages.
fn note(report: &DoctorReport) -> Option<&'static str> {
    let native = &report.native;
    let has_some = native.own || !native.packages.is_empty();
    match (native.basis, has_some) {
        (Basis::Installed, false) => Some("It has no native code: Docker and CI were not checked."),
        (Basis::Installed, true) => None,
        (Basis::Lockfile, true) => Some(
            "Its packages aren't installed: abi-guard used its lockfile, and guessed which \
                packages have native code.",
        ),
        (Basis::Lockfile, false) => Some(
            "Its packages aren't installed, and its lockfile shows no native code: Docker and CI \
                were not checked.",
        ),
        (Basis::Nothing, true) => {
            Some("Its packages aren't installed: only its own addon was considered.")
        }
        (Basis::Nothing, false) => Some(
            "Its packages aren't installed and there is no lockfile: Docker and CI were not \
                checked.",
        ),
    }
}

fn shown(tool: Option<&Tool>) -> String {
    match tool {
        Some(Tool { path, version: Some(version) }) => format!("{path} ({version})"),
        Some(Tool { path, version: None }) => path.clone(),
        None => "not found".to_owned(),
    }
}

/// The message with a capital letter, if it begins with an ordinary English word; names are
/// unchanged.
fn capital(message: &str) -> String {
    let first = message.split(' ').next().unwrap_or_default();
    if !matches!(first, "node_modules" | "npm" | "make")
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        && is_word(first)
    {
        let mut chars = message.chars();
        return chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default();
    }
    message.to_owned()
}

fn is_word(word: &str) -> bool {
    matches!(word, "the" | "it" | "none" | "without" | "a" | "setup")
}
