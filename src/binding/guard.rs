//! The guard's scan. It has an answer of its own, because a start without a problem needs no
//! report.

use std::path::Path;

use serde::Serialize;

use super::answer::{Failure, answer};
use super::request::{Request, parse};
use crate::check::{self, Index, Known, ScanOptions};
use crate::control::Control;
use crate::model::reports::{RuntimeReport, ScanReport};
use crate::panics::{caught, silence};

/// How the guard asks.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    /// True if it may believe the index in the app's node_modules.
    pub by_index: bool,
    /// True for a report in any case, not only if there is a problem.
    pub whole: bool,
}

/// The answer. A start without a problem needs no report.
#[derive(Serialize)]
struct Answer<Report> {
    ok: bool,
    /// The runtime for which the packages were checked.
    target: RuntimeReport,
    /// The number of packages in the report.
    packages: usize,
    report: Option<Report>,
}

impl<Report> Answer<Report> {
    fn without_report(report: &ScanReport) -> Answer<Report> {
        let ScanReport { ok, target, packages, .. } = report;
        Answer { ok: *ok, target: target.clone(), packages: packages.len(), report: None }
    }
}

/// Checks the app in `directory`.
pub(super) fn guard(directory: &Path, request: &str, how: Asking, control: &Control) -> String {
    silence();
    let index = || how.by_index.then(|| Index::of(directory, request)).flatten();
    // A mistake in the index must not cost the app its guard.
    let index = caught(index).flatten();
    if let Some(known) = index.as_ref().and_then(|index| caught(|| index.answer()).flatten()) {
        return answer_of(known, how.whole);
    }
    let recorded = index.and_then(|index| caught(|| index.record()).flatten());
    answer(|| {
        let report = scan(directory, request, control)?;
        if let Some(recorded) = recorded {
            caught(|| recorded.keep(&known(&report)?));
        }
        let mut answer = Answer::without_report(&report);
        answer.report = (how.whole || !answer.ok).then_some(report);
        Ok(answer)
    })
}

/// Scans the project in `directory`.
pub(super) fn scan(
    directory: &Path,
    request: &str,
    control: &Control,
) -> Result<ScanReport, Failure> {
    let request: Request<ScanOptions> = parse(request)?;
    let mut settings = check::settings(directory);
    let runtime = request.runtime_or(&mut settings)?;
    Ok(check::scan(directory, &runtime, &request.options, &settings, control)?)
}

/// The key before the time that a scan took, and the key of the object that contains it. Quotes in
/// texts are escaped, so that no text can contain them.
const STATS: &str = r#""stats":{"#;
const TIME: &str = r#""milliseconds":"#;

/// What the index keeps of an answer.
fn known(report: &ScanReport) -> Option<Known> {
    let text = |kept| answer(|| Ok(Answer { report: kept, ..Answer::without_report(report) }));
    let brief = if report.ok { text(None) } else { String::new() };
    let mut whole = text(Some(report));
    let stats = whole.find(STATS)?;
    let time = stats + whole[stats..].find(TIME)? + TIME.len();
    let end = time + whole[time..].find(['}', ','])?;
    let rest = whole.split_off(end);
    whole.truncate(time);
    Some(Known { brief, whole, rest })
}

/// The answer that the index has. It took no time.
fn answer_of(Known { brief, whole, rest }: Known, with_report: bool) -> String {
    if with_report || brief.is_empty() { format!("{whole}0{rest}") } else { brief }
}
