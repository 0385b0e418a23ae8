//! The reports of one folder: a package has one, the project's own folder one for each addon.

use super::package::Check;
use crate::model::reports::PackageReport;
use crate::project::Native;
use crate::project::loader::{self, Active, Choice, Further};

impl Check<'_> {
    /// Reports a package of a tree: nothing for one that has no native code and needs none. The
    /// project's own folder may have several addons, each with a report.
    pub fn reports_of_tree(&self, native: &Native) -> Vec<PackageReport> {
        let dormant = loader::dormant_here(&native.installed.manifest, self.runtime);
        let choice = dormant.unwrap_or_else(|| self.choose(native));
        let further = self.further(native, &choice);
        if further.is_empty() {
            return self.report_of_tree(native, &choice).into_iter().collect();
        }
        let is_further = |file: &String| further.iter().any(|one| one.files.contains(file));
        let first = native.with_files(|file| !is_further(file));
        let of_first = match choice.active {
            // The rest has names that say nothing.
            Active::Unknown | Active::Nothing if first.installed.files.is_empty() => None,
            _ => self.report_of_tree(&first, &choice),
        };
        let of_further = further.iter().map(|one| {
            let native = native.with_files(|file| one.files.contains(file));
            self.report_choice(&native, &one.choice)
        });
        of_first.into_iter().chain(of_further).collect()
    }

    fn further(&self, native: &Native, choice: &Choice) -> Vec<Further> {
        if !native.is_own || native.is_partial {
            return Vec::new();
        }
        loader::further(&native.installed, choice, native.builds, self.runtime, self.disk)
    }
}
