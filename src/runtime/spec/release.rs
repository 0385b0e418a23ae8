//! The release that a version in a spec means.

use semver::Version;

use super::super::fields::SpecError;
use super::super::lines::line_of_word;
use super::super::registry::{self, Release};
use super::super::rules::CHANGES;
use crate::model::RuntimeName;
use crate::versions::numbers;

/// The release that a version means.
pub(super) struct NamedRelease {
    pub release: Release,
    /// The line, if only a line was given: "22" or "22.11".
    pub line: Option<String>,
    /// Other releases of the line, in which loading may have another outcome.
    pub alternatives: Vec<Release>,
}

/// The release that a version means. A partial version, or the name of a line, means the newest
/// known release of the line.
pub(super) fn named_release(kind: RuntimeName, text: &str) -> Result<NamedRelease, SpecError> {
    if let Some(line) = line_of_word(kind, text) {
        return release_of_line(kind, None, &line);
    }
    match Version::parse(text.trim_start_matches('v')) {
        Ok(version) => {
            let release = registry::release(kind, &version);
            Ok(NamedRelease { release, line: None, alternatives: Vec::new() })
        }
        Err(_) => {
            release_of_line(kind, None, text).map_err(|_| SpecError::Version(text.to_owned()))
        }
    }
}

/// The release `version` of a line, with the other releases that may be meant; without `version`
/// the newest known one.
pub(super) fn release_of_line(
    kind: RuntimeName,
    version: Option<&str>,
    line: &str,
) -> Result<NamedRelease, SpecError> {
    let (major, minor) = match numbers(line.trim_start_matches('v')).as_deref() {
        Some([major]) => (*major, None),
        Some([major, minor]) => (*major, Some(*minor)),
        _ => return Err(SpecError::Line(line.to_owned())),
    };
    let is_in_line = |version: &Version| {
        version.major == major && minor.is_none_or(|minor| minor == version.minor)
    };
    let newest = match version {
        Some(text) => {
            Version::parse(text.trim_start_matches('v')).ok().filter(is_in_line).ok_or_else(
                || SpecError::OtherLine { version: text.to_owned(), line: line.to_owned() },
            )?
        }
        None => registry::newest(kind, Some(major), minor)
            .unwrap_or_else(|| Version::new(major, minor.unwrap_or(0), 0)),
    };
    let release = registry::release(kind, &newest);
    let mut points = registry::turning_points(kind, major, minor);
    if kind == RuntimeName::Node {
        points.extend(CHANGES);
    }
    points.retain(|version| is_in_line(version) && *version < newest);
    points.sort();
    points.dedup();
    let alternatives = points.iter().map(|version| registry::release(kind, version)).collect();
    let line = minor.map_or_else(|| major.to_string(), |minor| format!("{major}.{minor}"));
    Ok(NamedRelease { release, line: Some(line), alternatives })
}
