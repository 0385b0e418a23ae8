//! Reports → texts for people and machines.

use std::path::Path;

use napi_derive::napi;

use super::answer::{Failure, answer};
use super::request::{parse, read_report};
use crate::check;
use crate::model::reports::Report;
use crate::report::{self, Style};

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

/// Formats reports as one document, `sarif`, `github` or `markdown`. `from` is the current folder,
/// for reports that name no folder.
#[napi]
pub fn annotate(reports: String, format: String, from: String) -> String {
    answer(|| {
        let reports = parse::<Vec<serde_json::Value>>(&reports)?;
        let reports = reports.iter().map(read_report).collect::<Result<Vec<Report>, _>>()?;
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
