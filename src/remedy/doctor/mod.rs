//! Problems that will happen later: facts about a project → findings, each with its place and the
//! corrected lines. Has no side effects and reads no files.

mod caches;
mod compose;
mod docker;
mod facts;
mod finding;
mod loading;
mod lockfile;
mod natives;
mod pins;
mod plans;
mod scripts;
mod stages;
mod toolchain;
mod transfers;
mod unclear;
mod uploads;
mod versions;
mod workflows;

use crate::model::reports::{Basis, Finding};
use crate::model::{FindingCode, FindingSeverity};
pub use facts::Facts;
pub use natives::{Native, Natives, Uploaded};
pub use unclear::unclear;
pub use uploads::target;

/// All findings: errors first, then sorted by place.
#[must_use]
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let mut all = pins::findings(facts);
    if facts.natives.exist() {
        all.extend(docker::findings(facts));
        all.extend(stages::findings(facts));
        all.extend(scripts::findings(facts));
        all.extend(compose::findings(facts));
        all.extend(workflows::findings(facts));
        all.extend(plans::findings(facts));
        all.extend(transfers::findings(facts));
        all.extend(uploads::findings(facts));
        all.extend(lockfile::findings(facts));
        all.extend(toolchain::findings(facts));
        all.extend(loading::findings(facts));
    }
    all.extend(facts.files.broken_manifest.iter().map(|(path, error)| {
        let message = format!("package.json can't be read, so nothing was checked: {error}");
        let finding = Finding::new(FindingCode::FileNotRead, FindingSeverity::Error, message);
        Finding { file: Some(path.to_string_lossy().into_owned()), ..finding }
    }));
    all.extend(facts.files.unread.iter().map(|(path, error)| {
        let finding = Finding::new(
            FindingCode::FileNotRead,
            FindingSeverity::Note,
            format!("it could not be examined: {}", error.message),
        );
        match error.line {
            Some(line) => finding.at(path, line),
            None => Finding { file: Some(path.to_string_lossy().into_owned()), ..finding },
        }
    }));
    if facts.natives.basis == Basis::Lockfile {
        // If the native code is only guessed from the lockfile, no finding is an error.
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
