//! The file or the platform package that serves a system.

use super::misfit::Misfit;
use super::opened::Opened;
use super::releases::{shipped_abis, versions_of};
use super::subject::Audit;
use super::systems::System;
use crate::check::file::inspect;
use crate::files::join_inside;
use crate::model::{Libc, Platform, RuntimeName};
use crate::project::loader::{self, Active};

/// What serves a system.
pub(super) enum Provider {
    /// A file of the package, or a platform package by its name.
    By(String),
    /// Nothing: the package's loader finds no file there.
    Nothing,
    /// The package's loader isn't understood.
    Unknown,
}

impl Provider {
    /// The name of what serves the system.
    pub fn name(self) -> Option<String> {
        match self {
            Provider::By(name) => Some(name),
            Provider::Nothing | Provider::Unknown => None,
        }
    }
}

impl Audit<'_> {
    /// The file, or the listed platform package, that serves a system.
    pub(super) fn provider(&self, system: &System) -> Provider {
        let node = format!("node/{}", system.name());
        let Some(newest) = self.runtime(&node) else { return Provider::Unknown };
        let mut is_unknown = false;
        for spec in self.specs(system) {
            match self.chosen(&spec) {
                (_, Active::File(file)) => return Provider::By(file),
                (_, Active::Elsewhere { package, .. }) => {
                    let is_there = |member: &&Opened| member.installed.directory == package;
                    if let Some(member) = self.members().iter().find(is_there) {
                        return Provider::By(member.name().to_owned());
                    }
                }
                (_, Active::Unknown) => is_unknown = true,
                (_, Active::Nothing) => {}
            }
        }
        // Of a family that isn't part of the audit, only the names are known.
        let listed = loader::needed_platform_packages(&self.installed.manifest, &newest)
            .into_iter()
            .find(|name| !self.disk.families().contains(&name.as_str()));
        match listed {
            Some(name) => Provider::By(name),
            None if is_unknown => Provider::Unknown,
            None => Provider::Nothing,
        }
    }

    /// The first file that the package's loader chooses on a system, and its contradiction to the
    /// system, if there is one.
    pub(super) fn misfit(&self, system: &System) -> Option<(String, Misfit)> {
        let (path, file) = self.specs(system).find_map(|spec| match self.chosen(&spec) {
            (_, Active::File(file)) => Some((join_inside(&self.installed.directory, &file)?, file)),
            (_, Active::Elsewhere { package, file }) => Some((join_inside(&package, &file)?, file)),
            _ => None,
        })?;
        Some((file, system.misfit(inspect(&path).ok()?.images())?))
    }

    /// Runtimes of a system, the newest first. A package may ship files for older ABIs only.
    fn specs(&self, system: &System) -> impl Iterator<Item = String> {
        let of_members = self.members().iter().flat_map(|member| &member.installed.files);
        let files: Vec<String> = self.installed.files.iter().chain(of_members).cloned().collect();
        let libcs: Vec<Option<Libc>> = match (&system.platform, system.libc) {
            (Platform::Linux, None) => Libc::ALL.iter().copied().map(Some).collect(),
            (_, libc) => vec![libc],
        };
        let names: Vec<String> =
            libcs.into_iter().map(|libc| System { libc, ..system.clone() }.name()).collect();
        let versions = versions_of(RuntimeName::Node, None).into_iter();
        versions.chain(shipped_abis(&files)).flat_map(move |version| {
            names.clone().into_iter().map(move |name| format!("{version}/{name}"))
        })
    }
}
