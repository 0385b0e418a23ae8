//! Reports → one entry for each problem, with its place: the part that SARIF and GitHub's
//! annotations share.

use super::escape::escape;
use super::parts::without_parts;
use super::problems::{is_worth_saying, loader_says, problems_of};
use super::shell::shell;
use crate::check::Places;
use crate::environment::Place;
use crate::model::reports::{
    AbiReport, AuditReport, AuditedFile, Explanation, Finding, PackageReport, Report, ScanReport,
};
use crate::model::{FindingSeverity, Fix, Problem, RootCause, Severity};

/// The maximum length of a line, in characters: a name or a path may have millions.
const LONGEST: usize = 4000;

/// One problem.
pub(super) struct Entry {
    pub code: String,
    pub level: FindingSeverity,
    /// The subject: a package with its version, or a file.
    pub subject: String,
    /// The subject without parts that change with a version. It distinguishes entries with the same
    /// code.
    pub key: String,
    /// The whole diagnosis, in lines; all text in it is escaped.
    pub lines: Vec<String>,
    pub place: Place,
}

/// The entries of all reports, errors first.
pub(super) fn entries(reports: &[(Report, Places)]) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for (report, places) in reports {
        let writer = Writer { places };
        match report {
            Report::Scan(scan) => writer.scan(scan, &mut all),
            Report::Package(package) => writer.package(package, &[], &mut all),
            Report::File(file) => writer.file(file, &mut all),
            Report::Audit(audit) => writer.audit(audit, &mut all),
            Report::Explanation(explanation) => all.push(writer.explanation(explanation)),
            Report::Doctor(doctor) => {
                all.extend(doctor.findings.iter().map(|finding| writer.finding(finding)));
            }
            // A package that only an upgrade would break has no problem now.
            Report::Matrix(_) => {}
        }
    }
    all.sort_by_key(|entry| entry.level);
    all
}

struct Writer<'a> {
    places: &'a Places,
}

impl Writer<'_> {
    fn scan(&self, scan: &ScanReport, all: &mut Vec<Entry>) {
        for package in without_parts(&scan.packages) {
            self.package(package, &scan.causes, all);
        }
        for problem in &scan.problems {
            let lines = vec![self.sentence(&problem.message)];
            let place = self.places.of_problem(problem).clone();
            let named = problem.facts.path().unwrap_or_default();
            all.push(Entry {
                lines,
                place,
                key: self.inner(named),
                ..self.entry(problem, String::new())
            });
        }
    }

    /// `causes` are those of the whole project.
    fn package(&self, package: &PackageReport, causes: &[RootCause], all: &mut Vec<Entry>) {
        let mut problems = problems_of(package, false);
        // If an incomplete judgment counts as an error, that is the reason.
        if !package.ok && !problems.iter().any(|problem| problem.severity == Severity::Error) {
            let of_file = package.active.iter().flat_map(|active| &active.problems);
            problems = package.problems.iter().chain(of_file).collect();
        }
        let subject = titled(&package.name, package.version.as_deref());
        let chain = package.required_by.first().filter(|chain| chain.len() > 1);
        let brought =
            chain.map(|chain| self.sentence(&format!("required by {}", chain.join(" > "))));
        let is_excused = package.optional && package.ok;
        let optional =
            is_excused.then(|| "No required package depends on it: it is optional.".to_owned());
        for problem in problems {
            let mut lines = vec![self.headline(&subject, problem)];
            lines.extend(package.active.as_ref().and_then(|active| self.loader(active, problem)));
            lines.extend(brought.clone());
            lines.extend(optional.clone());
            lines.extend(
                causes
                    .iter()
                    .filter(|_| !package.ok)
                    .map(|cause| self.safe(&format!("In this project: {}.", cause.message))),
            );
            lines.extend(package.fix.iter().flat_map(|fix| self.fix(fix)));
            let entry = self.entry(problem, subject.clone());
            // A problem of an optional package is a warning.
            let level = if package.ok { FindingSeverity::Warning } else { entry.level };
            let key = package.name.clone();
            all.push(Entry {
                lines,
                level,
                key,
                place: self.places.of_package(&package.path).clone(),
                ..entry
            });
        }
    }

    fn file(&self, file: &AbiReport, all: &mut Vec<Entry>) {
        let mut problems: Vec<&Problem> =
            file.problems.iter().filter(|problem| is_worth_saying(problem)).collect();
        if !file.ok && !problems.iter().any(|problem| problem.severity == Severity::Error) {
            problems = file.problems.iter().collect();
        }
        let subject = self.shown(&file.file);
        for problem in problems {
            let mut lines = vec![self.headline(&subject, problem)];
            lines.extend(self.loader(file, problem));
            all.push(Entry {
                lines,
                place: self.places.of_package(&file.file).clone(),
                ..self.entry(problem, subject.clone())
            });
        }
    }

    fn audit(&self, audit: &AuditReport, all: &mut Vec<Entry>) {
        let package = titled(&audit.name, audit.version.as_deref());
        self.audited(&package, "", &audit.files, all);
        for member in &audit.platform_packages {
            let title = titled(&member.name, member.version.as_deref());
            self.audited(&title, &format!("{}/", member.name), &member.files, all);
            self.of_package(&title, &member.name, &member.problems, all);
        }
        self.of_package(&package, &audit.name, &audit.problems, all);
    }

    /// The problems of files; `folder` is the text before the file's name in the key.
    fn audited(&self, package: &str, folder: &str, files: &[AuditedFile], all: &mut Vec<Entry>) {
        for file in files {
            let subject = format!("{package}, {}", file.file);
            for problem in &file.problems {
                let lines = vec![self.headline(&subject, problem)];
                let key = format!("{folder}{}", file.file);
                all.push(Entry { lines, key, ..self.entry(problem, subject.clone()) });
            }
        }
    }

    /// The problems of an audited package as a whole.
    fn of_package(&self, title: &str, name: &str, problems: &[Problem], all: &mut Vec<Entry>) {
        for problem in problems {
            let lines = vec![self.headline(title, problem)];
            let key = name.to_owned();
            all.push(Entry { lines, key, ..self.entry(problem, title.to_owned()) });
        }
    }

    fn explanation(&self, explanation: &Explanation) -> Entry {
        let subject = explanation.package.clone().unwrap_or_default();
        let head = if subject.is_empty() {
            explanation.summary.clone()
        } else {
            format!("{subject}: {}", explanation.summary)
        };
        let mut lines = vec![self.sentence(&head), self.sentence(&explanation.why)];
        lines.extend(explanation.fix.iter().flat_map(|fix| self.fix(fix)));
        let level =
            if explanation.certain { FindingSeverity::Error } else { FindingSeverity::Warning };
        Entry {
            code: explanation.code.as_str().to_owned(),
            level,
            key: subject.clone(),
            subject,
            lines,
            place: self.places.project.clone(),
        }
    }

    fn finding(&self, finding: &Finding) -> Entry {
        let mut lines = vec![self.sentence(&finding.message)];
        lines.extend(
            finding
                .snippet
                .iter()
                .flat_map(|snippet| snippet.lines())
                .map(|line| format!("  {}", self.safe(line))),
        );
        let place = match &finding.file {
            Some(file) => self.places.of_file(file, finding.line.unwrap_or(1)),
            None => &self.places.project,
        };
        let code = finding.code.as_str().to_owned();
        // Digits in it are line numbers and versions.
        let key = self.inner(&finding.message).replace(|c: char| c.is_ascii_digit(), "");
        Entry {
            code,
            key,
            level: finding.severity,
            subject: String::new(),
            lines,
            place: place.clone(),
        }
    }

    fn entry(&self, problem: &Problem, subject: String) -> Entry {
        let place = self.places.of_problem(problem).clone();
        Entry {
            code: problem.code().as_str().to_owned(),
            level: problem.severity.into(),
            key: subject.clone(),
            subject,
            lines: Vec::new(),
            place,
        }
    }

    fn headline(&self, subject: &str, problem: &Problem) -> String {
        ended(self.safe(&format!("{subject}: {}", problem.message)))
    }

    /// The loader's own text, if it is about the problem.
    fn loader(&self, file: &AbiReport, problem: &Problem) -> Option<String> {
        let decides = file.problems.iter().find(|other| other.severity == Severity::Error)?;
        let says = loader_says(file).filter(|_| decides == problem)?;
        Some(self.safe(&format!("The loader reports: {says}")))
    }

    /// What to do, with the commands.
    fn fix(&self, fix: &Fix) -> Vec<String> {
        let place = fix.directory.as_deref().map(|directory| self.inner(directory));
        let root = self.places.root.as_str();
        let elsewhere =
            place.filter(|place| fix.directory.as_deref() != Some(root) && !is_absolute(place));
        let elsewhere = elsewhere.map(|place| format!(" (in {place})")).unwrap_or_default();
        let is_whole = fix.commands.is_empty() && fix.snippet.is_none();
        let end = if is_whole { "." } else { ":" };
        let summary = self.safe(&format!("{}{elsewhere}{end}", fix.summary));
        let commands =
            fix.commands.iter().map(|command| format!("  {}", self.safe(&shell(command))));
        let snippet = fix.snippet.iter().flat_map(|snippet| snippet.lines());
        let snippet = snippet.map(|line| format!("  {}", self.safe(line)));
        std::iter::once(summary).chain(snippet).chain(commands).collect()
    }

    /// Turns a message, which may be a phrase, into a sentence.
    fn sentence(&self, text: &str) -> String {
        let mut chars = text.chars();
        let is_word = text
            .split(' ')
            .next()
            .is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
        let is_name = ["npm", "pnpm", "yarn", "bun", "make"]
            .iter()
            .any(|name| text.starts_with(&format!("{name} ")));
        let text = match chars.next() {
            Some(first) if is_word && !is_name => first.to_uppercase().chain(chars).collect(),
            _ => text.to_owned(),
        };
        ended(self.safe(&text))
    }

    /// Escaped text, without the path of the repository on this computer.
    fn safe(&self, text: &str) -> String {
        let inner = self.inner(text);
        match inner.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", escape(&inner[..end])),
            None => escape(&inner),
        }
    }

    /// A file, without the path of the repository on this computer.
    fn shown(&self, file: &str) -> String {
        let inner = self.inner(file);
        if !is_absolute(&inner) {
            return inner;
        }
        let module =
            inner.rsplit_once("node_modules").map(|(_, rest)| rest.trim_start_matches(['/', '\\']));
        module.or_else(|| inner.rsplit(['/', '\\']).next()).unwrap_or_default().to_owned()
    }

    fn inner(&self, text: &str) -> String {
        let root = self.places.root.trim_end_matches(['/', '\\']);
        if root.len() < 2 {
            return text.to_owned();
        }
        if text == root {
            return ".".to_owned();
        }
        text.replace(&format!("{root}/"), "").replace(&format!("{root}\\"), "")
    }
}

/// Adds a full stop, if the text doesn't end in punctuation.
fn ended(text: String) -> String {
    if text.ends_with(['.', '!', '?', ':']) { text } else { format!("{text}.") }
}

/// A package's name with its version, both limited in length.
fn titled(name: &str, version: Option<&str>) -> String {
    let short = |text: &str| text.chars().take(LONGEST / 10).collect::<String>();
    version.map_or_else(|| short(name), |version| format!("{} {}", short(name), short(version)))
}

fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.get(1..3) == Some(":\\")
}
