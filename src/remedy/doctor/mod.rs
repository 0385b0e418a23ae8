//! What will break, before anything breaks: facts from around a project → findings, each with its
//! place and the mended lines. Pure.

mod caches;
mod compose;
mod docker;
mod gitlab;
mod natives;
mod pins;
mod scripts;
mod stages;
mod toolchain;
mod versions;
mod workflows;

use std::path::{Path, PathBuf};

use crate::environment::files::ProjectFiles;
use crate::environment::{PackageManager, Pin, Toolchain};
use crate::model::reports::{Basis, Finding};
use crate::model::{FindingCode, FindingSeverity};
use crate::runtime::Runtime;
pub use natives::{Native, Natives};

impl Finding {
    /// A finding about no file.
    fn new(code: FindingCode, severity: FindingSeverity, message: impl Into<String>) -> Finding {
        Finding { code, severity, file: None, line: None, message: message.into(), snippet: None }
    }

    fn at(mut self, file: &Path, line: u32) -> Finding {
        self.file = Some(file.to_string_lossy().into_owned());
        self.line = Some(line);
        self
    }

    fn with(mut self, snippet: Option<String>) -> Finding {
        self.snippet = snippet;
        self
    }
}

/// Everything that findings rest on.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The project.
    pub root: PathBuf,
    /// The runtime it is judged for.
    pub runtime: &'a Runtime,
    /// What it says of Node.js.
    pub pins: Vec<Pin>,
    /// Its native code.
    pub natives: Natives,
    /// Who installs it.
    pub manager: PackageManager,
    /// Name of its lockfile, for the key of a cache.
    pub lockfile: &'static str,
    /// It is installed without node_modules (Yarn's Plug'n'Play).
    pub is_plug_and_play: bool,
    /// What the files around it say.
    pub files: ProjectFiles,
    /// What compiles addons on this machine.
    pub toolchain: Toolchain,
}

/// All findings, errors first, then by place.
#[must_use]
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut all = pins::findings(facts);
    if facts.natives.exist() {
        all.extend(docker::findings(facts));
        all.extend(stages::findings(facts));
        all.extend(scripts::findings(facts));
        all.extend(compose::findings(facts));
        all.extend(workflows::findings(facts));
        all.extend(gitlab::findings(facts));
        all.extend(toolchain::findings(facts));
        all.extend(natives::findings(facts));
    }
    all.extend(facts.files.broken_manifest.iter().map(|(path, error)| {
        let message =
            format!("package.json can't be read, so that nothing of it is known: {error}");
        let finding = Finding::new(FindingCode::FileNotRead, FindingSeverity::Error, message);
        Finding { file: Some(path.to_string_lossy().into_owned()), ..finding }
    }));
    all.extend(facts.files.unread.iter().map(|(path, error)| {
        let finding = Finding::new(
            FindingCode::FileNotRead,
            FindingSeverity::Note,
            format!("it could not be looked at: {}", error.message),
        );
        match error.line {
            Some(line) => finding.at(path, line),
            None => Finding { file: Some(path.to_string_lossy().into_owned()), ..finding },
        }
    }));
    if facts.natives.basis == Basis::Lockfile {
        // What is only guessed breaks nothing for sure.
        for finding in all.iter_mut().filter(|finding| finding.severity == FindingSeverity::Error) {
            finding.severity = FindingSeverity::Warning;
        }
    }
    all.sort_by(|a, b| {
        (a.severity, &a.file, a.line, a.code).cmp(&(b.severity, &b.file, b.line, b.code))
    });
    all.dedup_by(|a, b| (a.code, &a.file, a.line) == (b.code, &b.file, b.line));
    all
}

/// The names of packages in a sentence: "a", "a and b", "a, b and 3 others".
fn names<'n>(all: impl Iterator<Item = &'n str>) -> String {
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, three] => format!("{one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} others", rest.len()),
    }
}
