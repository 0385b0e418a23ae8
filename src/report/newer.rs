//! The note on a runtime that is newer than the table of releases.

use semver::Version;

use super::escape::escape;
use super::page::Page;
use crate::model::reports::RuntimeReport;
use crate::runtime::{self, registry};

impl Page {
    /// Adds a note for each runtime that is newer than the table of releases.
    pub fn newer(&mut self, targets: &[&RuntimeReport]) {
        for note in targets.iter().filter_map(|target| note(target)) {
            self.text.push('\n');
            self.paragraph(&escape(&note), 0);
        }
    }
}

/// The note; `None` if the release is in the table, or its numbers were given.
fn note(target: &RuntimeReport) -> Option<String> {
    let version = Version::parse(target.version.as_deref()?).ok()?;
    let has_numbers = target.abi.is_some() && target.node_api.is_some();
    if has_numbers || !runtime::is_newer(target.runtime, &version) {
        return None;
    }
    let title = target.runtime.title();
    Some(format!(
        "{title} {version} is newer than the table of releases in this abi-guard ({}): the verdict \
            is based on older releases.",
        registry::generated_at()
    ))
}
