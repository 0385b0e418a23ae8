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
        for (title, guards) in GROUPS {
            let of_group = report.starts.iter().filter(|start| guards.contains(&start.guard));
            let all: Vec<String> = of_group.map(|start| shown_start(start, root)).collect();
            if !all.is_empty() {
                self.paragraph(&escape(&format!("{title}: {}.", listed(&all))), 0);
            }
        }
        let names: Vec<String> =
            report.files.iter().map(|file| below(file, root).to_owned()).collect();
        if !names.is_empty() && !self.style.verbose {
            self.paragraph(&escape(&format!("Read: {}.", listed(&names))), 0);
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

/// The starts, by how abi-guard starts with them.
const GROUPS: [(&str, &[StartGuard]); 3] = [
    ("Starts with abi-guard", &[StartGuard::Option, StartGuard::NodeOptions, StartGuard::Script]),
    ("Starts without abi-guard", &[StartGuard::None]),
    ("Starts that can't be followed", &[StartGuard::Unknown]),
];
/// The maximum number of names in one list.
const MOST: usize = 8;
/// The longest command in a list, in characters.
const LONGEST: usize = 60;

/// The first names, and the number of the others.
fn listed(names: &[String]) -> String {
    let (first, rest) = names.split_at(names.len().min(MOST));
    let others = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    format!("{}{others}", first.join(", "))
}

/// The place of a start, and what decides.
fn shown_start(start: &Start, root: &str) -> String {
    let detail = start.detail.as_deref().unwrap_or_default();
    let reason = match start.guard {
        StartGuard::Option | StartGuard::None => {
            let short: String = start.command.chars().take(LONGEST).collect();
            if short.len() < start.command.len() { format!("{short}…") } else { short }
        }
        StartGuard::NodeOptions => "NODE_OPTIONS".to_owned(),
        StartGuard::Script => below(detail, root).to_owned(),
        StartGuard::Unknown => detail.to_owned(),
    };
    format!("{}:{} ({reason})", below(&start.file, root), start.line)
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
