//! The report for people: broken packages first, the reason in one sentence, then the commands.
//! Packages that load are only counted.

use std::path::Path;

use super::escape::escape;
use super::page::{Mark, Page, Style, below, count};
use crate::model::problem::file::Subject;
use crate::model::reports::{AbiReport, PackageReport, Report, RuntimeReport, ScanReport};
use crate::model::{AddonApi, Arch, Code, Facts, Fix, Libc, Outcome, Platform, Problem, Severity};

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

/// The maximum number of unreadable folders that are listed by name.
const MOST_UNREADABLE: usize = 3;

impl Page {
    fn scan(&mut self, scan: &ScanReport) {
        let broken: Vec<_> = scan.packages.iter().filter(|package| !package.ok).collect();
        let target = target(&scan.target);
        let total = scan.packages.len();
        let judged = total - scan.packages.iter().filter(|package| is_unjudged(package)).count();
        let summary = match (broken.len(), judged) {
            (_, _) if total == 0 => format!("No native packages in {}.", escape(&scan.directory)),
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
            (bad, _) => {
                format!("{bad} of {} can't be loaded by {target}.", count(judged, "native package"))
            }
        };
        self.paragraph(&summary, 0);
        let verbose = self.style.verbose;
        for package in scan.packages.iter().filter(|package| verbose || has_news(package)) {
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
        let all: Vec<&PackageReport> = scan.packages.iter().collect();
        self.footnotes(&all);
        if total > 0 {
            self.newer(&[&scan.target]);
        }
    }

    /// One package. `with_note` also adds why it isn't judged, or why it has no file to load.
    fn package(&mut self, package: &PackageReport, root: &str, with_note: bool) {
        let of_file = package.active.iter().flat_map(|active| &active.problems);
        let said = |problem: &&Problem| {
            is_worth_saying(problem) && (self.style.verbose || !is_quietly_absent(package, problem))
        };
        let problems: Vec<&Problem> = package.problems.iter().chain(of_file).filter(said).collect();
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

    fn file(&mut self, file: &AbiReport) {
        let problems: Vec<&Problem> =
            file.problems.iter().filter(|problem| is_worth_saying(problem)).collect();
        let mark = match (file.ok, problems.is_empty() && file.outcome == Outcome::Loads) {
            (false, _) => Mark::Bad,
            (true, false) => Mark::Doubtful,
            (true, true) => Mark::Good,
        };
        self.mark(mark);
        let title = self.bold(&escape(&file.file));
        self.line(&title);
        let target = target(&file.target);
        let verdict = match file.outcome {
            Outcome::Loads => format!("{target} loads it"),
            Outcome::Throws => format!("{target} rejects it"),
            Outcome::Crashes => format!("{target} crashes when it loads it"),
            Outcome::Unknown => format!("abi-guard can't determine whether {target} loads it"),
        };
        self.paragraph(&verdict, 2);
        self.facts(file);
        for problem in problems {
            self.sentence(&problem.message, problem.severity);
        }
        self.loader_message(file);
        if self.style.verbose || file.outcome == Outcome::Loads {
            self.unexamined(file.problems.iter());
        }
        self.newer(&[&file.target]);
    }

    /// One line with the facts of the file.
    fn facts(&mut self, file: &AbiReport) {
        let Some(binary) = &file.binary else { return };
        let system = [
            binary.platform.as_ref().map(Platform::as_str),
            binary.arch.as_ref().map(Arch::as_str),
        ]
        .iter()
        .flatten()
        .copied()
        .collect::<Vec<_>>();
        let mut facts = vec![system.join("-")];
        if let Some(libc) = &binary.libc {
            facts.push(match &binary.libc_version {
                Some(version) => format!("{} {version} or newer", libc.as_str()),
                None => libc.as_str().to_owned(),
            });
        }
        if let Some(addon) = &file.addon {
            let versions = addon.node_api.as_ref();
            let is_said = |problem: &Problem| problem.facts.built_for_abi().is_some();
            facts.push(match addon.api {
                AddonApi::NodeApi => {
                    match versions.and_then(|versions| {
                        versions.declared.map(|v| v as i64).or(versions.computed.map(i64::from))
                    }) {
                        Some(version) => format!("Node-API {version}"),
                        None => "Node-API".to_owned(),
                    }
                }
                AddonApi::Hybrid => "Node-API, but uses V8 too".to_owned(),
                AddonApi::V8 if file.problems.iter().any(is_said) => "uses V8".to_owned(),
                AddonApi::V8 => match (addon.abi, addon.runtimes.first()) {
                    (Some(abi), Some(runtime)) => format!("built for {runtime} (ABI {abi})"),
                    (Some(abi), None) => format!("built for ABI {abi}"),
                    _ => "uses V8".to_owned(),
                },
                AddonApi::None => String::new(),
            });
            facts.retain(|fact| !fact.is_empty());
        }
        self.paragraph(&escape(&facts.join(", ")), 2);
    }

    fn sentence(&mut self, message: &str, severity: Severity) {
        let text = escape(message);
        match severity {
            Severity::Error => self.paragraph(&text, 2),
            Severity::Warning => self.paragraph(&format!("warning: {text}"), 2),
        }
    }

    fn loader_message(&mut self, file: &AbiReport) {
        if let Some(says) = loader_says(file) {
            self.paragraph(&format!("the loader reports: {}", escape(&says)), 2);
        }
    }

    /// The commands, or the advice if there is no command; `root` is the scanned folder.
    pub fn fixes(&mut self, fixes: &[Fix], root: &str) {
        for fix in fixes {
            let is_elsewhere = |directory: &&String| match &self.style.from {
                // Package managers search the project upwards from the folder in which they are
                // called.
                Some(from) => !Path::new(from).starts_with(directory),
                None => !root.is_empty() && *directory != root,
            };
            let elsewhere = fix.directory.as_ref().filter(is_elsewhere);
            let place = elsewhere
                .map(|directory| format!(" (in {})", escape(directory)))
                .unwrap_or_default();
            let end = if fix.commands.is_empty() { "." } else { ":" };
            self.paragraph(&format!("{}{place}{end}", escape(&fix.summary)), 0);
            for command in &fix.commands {
                self.line(&format!("  {}", escape(&shell(command))));
            }
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

    /// Printed once for all files, because it applies to nearly every file.
    fn unexamined<'a>(&mut self, mut problems: impl Iterator<Item = &'a Problem>) {
        if self.style.verbose && problems.any(|problem| what(problem) == Some(Subject::Linking)) {
            self.text.push('\n');
            self.paragraph(
                "Not examined: whether the libraries and functions they need are available.",
                0,
            );
        }
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
fn is_unjudged(package: &PackageReport) -> bool {
    package.ok && package.active.is_none() && !package.complete
}

fn has_news(package: &PackageReport) -> bool {
    let of_file = package.active.iter().flat_map(|active| &active.problems);
    let is_news =
        |problem: &Problem| is_worth_saying(problem) && !is_quietly_absent(package, problem);
    !package.ok || package.problems.iter().chain(of_file).any(is_news)
}

/// False for problems of linking and of unknown loaders, which apply to whole groups of packages
/// and are printed once at the end, and for missing files of packages with a fallback.
pub(super) fn is_worth_saying(problem: &Problem) -> bool {
    let has_fallback = match &problem.facts {
        Facts::NotBuilt(facts) => facts.has_fallback,
        Facts::NoMatchingPrebuild(facts) => facts.has_fallback,
        Facts::MissingPlatformPackage(facts) => facts.has_fallback,
        _ => false,
    };
    !has_fallback && !matches!(what(problem), Some(Subject::Linking | Subject::ActiveFile))
}

/// The loader's own text in one line, if it adds to our message.
pub(super) fn loader_says(file: &AbiReport) -> Option<String> {
    // Our own message contains both numbers of an ABI mismatch.
    let is_said = file.problems.iter().any(|problem| problem.code() == Code::AbiMismatch);
    let message = file.loader_message.as_ref().filter(|_| !is_said)?;
    // The report already contains the path. Windows' text has it at the start, Node.js' at the end;
    // that of macOS has the path that was requested.
    let path = file.file.as_str();
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let long = format!(r"\\?\{path}");
    let says = message
        .strip_suffix(&long)
        .unwrap_or(message)
        .replace(&long, name)
        .replace(&format!("'{path}'"), &format!("'{name}'"));
    let asked = [format!("{path}: "), format!("dlopen({path}, 0x0001): ")];
    let says = asked.iter().find_map(|asked| says.strip_prefix(asked)).unwrap_or(&says);
    Some(says.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// True for an optional package without a file to load: it is treated like one that isn't
/// installed.
pub(super) fn is_quietly_absent(package: &PackageReport, problem: &Problem) -> bool {
    let is_absence = matches!(
        problem.code(),
        Code::NotBuilt | Code::NoMatchingPrebuild | Code::MissingPlatformPackage
    );
    package.optional && package.active.is_none() && is_absence
}

fn what(problem: &Problem) -> Option<Subject> {
    match &problem.facts {
        Facts::Undetermined(facts) => Some(facts.what),
        _ => None,
    }
}

/// "Node.js 20.20.2 (linux-x64)"
pub(super) fn target(target: &RuntimeReport) -> String {
    let title = target.runtime.title();
    let version = match (&target.version, target.abi) {
        (Some(version), _) => format!(" {version}"),
        (None, Some(abi)) => format!(" with ABI {abi}"),
        (None, None) => String::new(),
    };
    let musl = if target.libc == Some(Libc::Musl) { "-musl" } else { "" };
    escape(&format!("{title}{version} ({}-{}{musl})", target.platform, target.arch))
}

/// A command as it is typed on this system, quoted if the shell requires it.
pub(super) fn shell(command: &[String]) -> String {
    let word = if cfg!(windows) { word_of_windows } else { word_of_posix };
    command.iter().map(|part| word(part)).collect::<Vec<_>>().join(" ")
}

/// True for a word that no shell changes; `more` are characters that this shell doesn't change
/// either.
fn is_plain(part: &str, more: &str) -> bool {
    !part.is_empty()
        && part
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./@:=+,".contains(c) || more.contains(c))
}

fn word_of_posix(part: &str) -> String {
    if is_plain(part, "") { part.to_owned() } else { format!("'{}'", part.replace('\'', "'\\''")) }
}

/// Both cmd.exe and PowerShell accept double quotes. A word in which one of them would expand
/// something gets PowerShell's single quotes.
fn word_of_windows(part: &str) -> String {
    match part {
        part if is_plain(part, "\\") && !part.starts_with('@') => part.to_owned(),
        part if !part.contains(['"', '$', '`', '%']) => format!("\"{part}\""),
        part => format!("'{}'", part.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::{word_of_posix, word_of_windows};

    #[test]
    fn words_are_quoted_as_the_shell_of_the_reader_needs_it() {
        for (word, posix, windows) in [
            ("npm", "npm", "npm"),
            ("--force", "--force", "--force"),
            ("", "''", "\"\""),
            ("@scope/name", "@scope/name", "\"@scope/name\""),
            (r"node_modules\x", r"'node_modules\x'", r"node_modules\x"),
            ("a b", "'a b'", "\"a b\""),
            (
                "set a=true&& npm rebuild x",
                "'set a=true&& npm rebuild x'",
                "\"set a=true&& npm rebuild x\"",
            ),
            ("it's", r"'it'\''s'", "\"it's\""),
            ("$(x)", "'$(x)'", "'$(x)'"),
            ("%x% it's", r"'%x% it'\''s'", "'%x% it''s'"),
        ] {
            assert_eq!(
                (word_of_posix(word).as_str(), word_of_windows(word).as_str()),
                (posix, windows),
                "{word}"
            );
        }
    }
}
