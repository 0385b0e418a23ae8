//! One file of the package: its problems, and the runtime that would load it.

use std::collections::BTreeMap;
use std::io;

use super::found_by::FoundBy;
use super::releases::abi_of;
use super::subject::Audit;
use crate::check::file::{CheckOptions, inspect};
use crate::files::{join_inside, shown};
use crate::model::problem::file::Unreadable;
use crate::model::problem::package::UnreachableFile;
use crate::model::reports::{AuditedFile, Floor};
use crate::model::{Code, Problem};

impl Audit<'_> {
    /// Audits the file, and raises the floors of its systems.
    pub(super) fn file(&self, file: &str, floors: &mut BTreeMap<String, Floor>) -> AuditedFile {
        let path = join_inside(&self.installed.directory, file)
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename));
        let inspected = match path.and_then(|path| inspect(&path)) {
            Ok(inspected) => inspected,
            Err(error) => {
                let path = shown(self.installed.directory.join(file));
                let facts = Unreadable { path };
                let problems = vec![Problem::error(facts, format!("can't be read: {error}"))];
                return AuditedFile {
                    file: file.to_owned(),
                    binary: None,
                    addon: None,
                    found_by: None,
                    problems,
                };
            }
        };
        let report = inspected.judge(self.host, CheckOptions::default());
        let mut problems: Vec<Problem> =
            report.problems.iter().filter(|problem| is_of_file(problem.code())).cloned().collect();
        let named = self.installed.claims_of(file);
        problems.extend(self.mislabelled(&named, &inspected, &report));
        let found_by = self.found_by(file, &named, &inspected, &report);
        // A release that isn't known, 0.11 perhaps, may be the one that loads it.
        let is_of_known_release = named.release.is_none() || abi_of(&named).is_some();
        // Which processors of the arm family there are isn't part of a target.
        let is_known_target = is_of_known_release && !file.contains("armv");
        let is_exported = self
            .installed
            .manifest
            .field("exports")
            .is_some_and(|exports| exports.to_string().contains(file));
        if found_by == FoundBy::Nothing
            && report.binary.is_some()
            && is_known_target
            && !is_exported
        {
            problems.push(Problem::warning(
                UnreachableFile {},
                "no runtime loads it: the package's loader never chooses it",
            ));
        }
        problems.extend(self.excess(&inspected, &report));
        self.add_floors(&inspected, &report, floors);
        let found_by = match found_by {
            FoundBy::Runtime(spec) => Some(spec),
            FoundBy::Nothing | FoundBy::Unknown => None,
        };
        AuditedFile {
            file: file.to_owned(),
            binary: report.binary,
            addon: report.addon,
            found_by,
            problems,
        }
    }
}

/// Problems of a file that hold in every runtime.
fn is_of_file(code: Code) -> bool {
    matches!(
        code,
        Code::NotABinary
            | Code::Truncated
            | Code::Malformed
            | Code::NotOpenable
            | Code::NotAnAddon
            | Code::Changed
    )
}
