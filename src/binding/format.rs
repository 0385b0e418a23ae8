//! Reports → texts for people and machines.

use std::path::Path;

use napi_derive::napi;
use serde::de::IgnoredAny;

use super::answer::{Failure, answer};
use super::request::{Request, parse, read_report};
use crate::check;
use crate::files;
use crate::model::reports::Report;
use crate::report::{self, Style};
use crate::runtime::{self, Runtime};

/// Formats a report as `text` or `json`.
#[napi]
pub fn format_report(report: String, format: String, style: String) -> String {
    answer(|| {
        let report = read_report(&parse(&report)?)?;
        match format.as_str() {
            "json" => Ok(report::json(&report)),
            _ => Ok(report::text(&report, parse::<Style>(&style)?)),
        }
    })
}

/// Formats reports as one document, `sarif`, `github`, `markdown` or `cyclonedx`. `from` is the
/// current folder, for reports that name no folder; `request` has the facts of this process.
#[napi]
pub fn annotate(reports: String, format: String, from: String, request: String) -> String {
    answer(|| {
        let reports = parse::<Vec<serde_json::Value>>(&reports)?;
        let reports = reports.iter().map(read_report).collect::<Result<Vec<Report>, _>>()?;
        if format == "cyclonedx" {
            let host = runtime::host(&parse::<Request<IgnoredAny>>(&request)?.host);
            return bill(&reports, Path::new(&from), &host);
        }
        let is_placed = format != "markdown";
        if is_placed && reports.iter().any(|report| matches!(report, Report::Matrix(_))) {
            return Err(Failure::argument(
                "format",
                "a matrix report supports the formats text, json and markdown only",
            ));
        }
        let placed = |report: Report| (check::places(&report, Path::new(&from)), report);
        let placed: Vec<_> =
            reports.into_iter().map(placed).map(|(places, report)| (report, places)).collect();
        match format.as_str() {
            "github" => Ok(report::github(&placed)),
            "markdown" => Ok(report::markdown(&placed)),
            _ => Ok(report::sarif(&placed)),
        }
    })
}

/// An SBOM of the addons in the reports.
fn bill(reports: &[Report], from: &Path, host: &Runtime) -> Result<String, Failure> {
    let without = reports.iter().find_map(|report| match report {
        Report::Scan(_) | Report::Package(_) | Report::File(_) | Report::Audit(_) => None,
        Report::Matrix(_) => Some("a matrix report"),
        Report::Explanation(_) => Some("an explanation"),
        Report::Doctor(_) => Some("a report of the doctor"),
    });
    if let Some(report) = without {
        let message = format!("{report} has no addons for the format cyclonedx");
        return Err(Failure::argument("format", &message));
    }
    Ok(report::cyclonedx(&check::inventory(reports, from, host), source_date()?))
}

/// The time in `SOURCE_DATE_EPOCH`, which tools for reproducible builds set
/// (reproducible-builds.org/specs/source-date-epoch).
fn source_date() -> Result<Option<i64>, Failure> {
    let Some(value) = files::variable("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let seconds = value.to_str().and_then(|text| text.parse().ok());
    match seconds.filter(|seconds| report::has_timestamp(*seconds)) {
        Some(seconds) => Ok(Some(seconds)),
        // The specification asks for an error, because another time would go unnoticed.
        None => Err(Failure::value(
            "SOURCE_DATE_EPOCH is not a time: set it to a number of seconds since 1970, or \
                unset it",
        )),
    }
}
