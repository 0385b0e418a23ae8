//! `os`, `cpu` and `libc` of a platform package, compared with the files that it loads there.

use super::member_systems::{of_fields, of_member};
use super::misfit::Misfit;
use super::opened::Opened;
use super::subject::Audit;
use super::systems::System;
use crate::model::problem::publishing::{MissingLibcField, SystemField, WrongSystemField};
use crate::model::reports::AuditedFile;
use crate::model::{Libc, Platform, Problem};

impl Audit<'_> {
    /// The problems of a platform package's fields. `all` are the platform packages of the audit.
    pub(super) fn system_fields(&self, files: &[AuditedFile], all: &[Opened]) -> Vec<Problem> {
        let mut problems: Vec<Problem> = Vec::new();
        for system in of_fields(&self.installed.manifest) {
            let Some((file, Misfit { field, listed, found })) = self.misfit(&system) else {
                continue;
            };
            let message =
                format!("\"{}\" lists {listed}, but {file} is for {found}", field.as_str());
            let problem = Problem::error(WrongSystemField { field, listed, file, found }, message);
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems.extend(self.libc_field(files, all));
        problems
    }

    /// The missing field `libc` of a package whose addons are for one libc.
    fn libc_field(&self, files: &[AuditedFile], all: &[Opened]) -> Option<Problem> {
        let manifest = &self.installed.manifest;
        let is_for_linux = manifest.field(SystemField::Os.as_str()).is_some()
            && manifest.supports(SystemField::Os.as_str(), Platform::Linux.as_str());
        if !is_for_linux || manifest.field(SystemField::Libc.as_str()).is_some() {
            return None;
        }
        let libc = only_libc(files.iter().map(|file| file.binary.as_ref()?.libc))?;
        let own = of_fields(manifest);
        let is_beside = |system: &System| {
            system.libc.is_some_and(|other| other != libc)
                && own.iter().any(|own| own.platform == system.platform && own.arch == system.arch)
        };
        let other = all.iter().find(|other| {
            other.installed.directory != self.installed.directory
                && of_member(other).iter().any(is_beside)
        });
        // Installed on a system with the other libc, a file for musl doesn't load; one for glibc
        // takes space if the package has another for musl.
        if libc == Libc::Glibc && other.is_none() {
            return None;
        }
        let other = other.map(|other| other.name().to_owned());
        let message = match &other {
            Some(other) => format!(
                "package.json has no field \"libc\": package managers install both this package \
                    and {other} on every Linux; \"libc\": [\"{libc}\"] prevents it"
            ),
            None => format!(
                "package.json has no field \"libc\", but the addon is for {libc} only: package \
                    managers also install it where it can't load; \"libc\": [\"{libc}\"] \
                    prevents it"
            ),
        };
        Some(Problem::warning(MissingLibcField { libc, other }, message))
    }
}

/// The libc of all files; `None` if they differ, or one has no libc.
fn only_libc(mut libcs: impl Iterator<Item = Option<Libc>>) -> Option<Libc> {
    let first = libcs.next()??;
    libcs.all(|libc| libc == Some(first)).then_some(first)
}
