//! Builds findings, and lists names of packages in their sentences.

use std::path::Path;

use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

impl Finding {
    /// A finding without a file.
    pub(super) fn new(
        code: FindingCode,
        severity: FindingSeverity,
        message: impl Into<String>,
    ) -> Finding {
        Finding { code, severity, file: None, line: None, message: message.into(), snippet: None }
    }

    pub(super) fn at(mut self, file: &Path, line: u32) -> Finding {
        self.file = Some(file.to_string_lossy().into_owned());
        self.line = Some(line);
        self
    }

    pub(super) fn with(mut self, snippet: Option<String>) -> Finding {
        self.snippet = snippet;
        self
    }
}

/// The names of packages in a sentence: "a", "a and b", "a, b and 3 others".
pub(super) fn names<'n>(all: impl Iterator<Item = &'n str>) -> String {
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
