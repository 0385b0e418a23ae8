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

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    summary: Summary,
    report: Option<ScanReport>,
}

/// What a start without a problem needs.
#[derive(Serialize)]
struct Summary {
    ok: bool,
    /// The runtime for which the packages were checked.
    target: RuntimeReport,
    /// The number of packages in the report.
    packages: usize,
}

impl Summary {
    fn of(report: &ScanReport) -> Summary {
        Summary { ok: report.ok, target: report.target.clone(), packages: report.packages.len() }
    }
}

/// Checks the app in `directory`.
pub(super) fn guard(directory: &Path, request: &str, how: Asking, control: &Control) -> String {
    silence();
    let index = || how.by_index.then(|| Index::of(directory, request)).flatten();
    // A mistake in the index must not cost the app its guard.
    let index = caught(index).flatten();
    if let Some(known) = index.as_ref().and_then(|index| caught(|| index.answer()).flatten()) {
        return answer_of(&known, how.whole);
    }
    let recorded = index.and_then(|index| caught(|| index.record()).flatten());
    answer(|| {
        let report = scan(directory, request, control)?;
        let summary = Summary::of(&report);
        if let Some(recorded) = recorded {
            caught(|| recorded.keep(&known(&summary, &report)?));
        }
        let report = (how.whole || !summary.ok).then_some(report);
        Ok(Answer { summary, report })
    })
}

fn scan(directory: &Path, request: &str, control: &Control) -> Result<ScanReport, Failure> {
    let request: Request<ScanOptions> = parse(request)?;
    let mut settings = check::settings(directory);
    let runtime = request.runtime_or(&mut settings)?;
    Ok(check::scan(directory, &runtime, &request.options, &settings, control)?)
}

/// The key before the time that a scan took, and the end of what is written before it. Quotes in
/// texts are escaped, so that no text can contain them.
const STATS: &str = r#""stats":{"#;
const TIME: &str = r#""milliseconds":"#;

/// What the index keeps of an answer.
fn known(summary: &Summary, report: &ScanReport) -> Option<Known> {
    let mut report = serde_json::to_string(report).ok()?;
    let stats = report.find(STATS)?;
    let time = stats + report[stats..].find(TIME)? + TIME.len();
    let end = time + report[time..].find(['}', ','])?;
    let rest = report.split_off(end);
    report.truncate(time);
    Some(Known { summary: serde_json::to_string(summary).ok()?, report, rest })
}

/// The answer that the index has. It took no time.
fn answer_of(known: &Known, whole: bool) -> String {
    let Known { summary, report, rest } = known;
    let summary = summary.strip_suffix('}').unwrap_or_default();
    if whole || summary.starts_with(r#"{"ok":false"#) {
        format!(r#"{{"value":{summary},"report":{report}0{rest}}}}}"#)
    } else {
        format!(r#"{{"value":{summary},"report":null}}}}"#)
    }
}
