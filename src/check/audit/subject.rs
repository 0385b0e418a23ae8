//! The package under audit, and the file that its loader chooses in a runtime.

use std::path::Path;

use super::limit::Limit;
use super::opened::Opened;
use crate::check::choices::Choices;
use crate::control::Control;
use crate::model::Convention;
use crate::project::Folders;
use crate::project::loader::{Active, Disk, Installed, families};
use crate::runtime::{Runtime, RuntimeSpec, resolve};

/// A package under audit.
pub(super) struct Audit<'a> {
    pub(super) installed: &'a Installed,
    /// Fills in what specs of runtimes leave open.
    pub(super) host: &'a Runtime,
    pub(super) disk: SetDisk<'a>,
    pub(super) choices: Choices,
    /// The newest versions that its files may need.
    pub(super) limits: &'a [Limit],
    pub(super) control: &'a Control,
}

impl<'a> Audit<'a> {
    /// The audit of `package`, with `members` as its platform packages.
    pub(super) fn new(
        package: &'a Opened,
        members: &'a [Opened],
        (host, limits, control): (&'a Runtime, &'a [Limit], &'a Control),
    ) -> Audit<'a> {
        let installed = &package.installed;
        let choices = match members {
            [] => Choices::new(installed),
            _ => Choices::of_all_runtimes(),
        };
        let disk = SetDisk::new(package, members, control);
        Audit { installed, host, disk, choices, limits, control }
    }

    /// Its platform packages; none if it is audited alone.
    pub(super) fn members(&self) -> &'a [Opened] {
        self.disk.members
    }

    /// The runtime that a spec names; `None` if the spec can't be resolved.
    pub(super) fn runtime(&self, spec: &str) -> Option<Runtime> {
        resolve(Some(&RuntimeSpec::Text(spec.to_owned())), self.host).ok()
    }

    /// What the package's loader chooses in the runtime that `spec` names, and the name of that
    /// loader.
    pub(super) fn chosen(&self, spec: &str) -> (Convention, Active) {
        // Hundreds of runtimes may be tried; once the job is to stop, its report isn't used.
        match self.runtime(spec).filter(|_| !self.control.stops()) {
            Some(runtime) => self.choices.of(self.installed, &runtime, &self.disk),
            None => (Convention::Unknown, Active::Nothing),
        }
    }
}

/// The disk, on which the platform packages of the audit are installed beside the package that
/// loads them.
pub(super) struct SetDisk<'a> {
    folders: Folders<'a>,
    members: &'a [Opened],
    /// The listed names of families of which the audit has members. Another version of them may be
    /// installed in `node_modules`, which isn't what is published.
    families: Vec<&'a str>,
}

impl<'a> SetDisk<'a> {
    fn new(package: &'a Opened, members: &'a [Opened], control: &'a Control) -> SetDisk<'a> {
        let is_member = |name: &&str| members.iter().any(|member| member.name() == *name);
        let families = families(&package.installed.manifest)
            .into_iter()
            .map(|(_, names)| names)
            .filter(|names| names.iter().any(is_member))
            .flatten()
            .collect();
        SetDisk { folders: package.surroundings(control), members, families }
    }

    /// The listed names of families of which the audit has members.
    pub(super) fn families(&self) -> &[&'a str] {
        &self.families
    }
}

impl Disk for SetDisk<'_> {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        self.folders.read(directory, file)
    }

    fn package(&self, directory: &Path, name: &str) -> Option<Installed> {
        if let Some(member) = self.members.iter().find(|member| member.name() == name) {
            return Some(member.installed.clone());
        }
        if self.families.contains(&name) {
            return None;
        }
        self.folders.package(directory, name)
    }

    fn names(&self, directory: &Path, folder: &str) -> Vec<String> {
        self.folders.names(directory, folder)
    }

    fn control(&self) -> &Control {
        self.folders.control()
    }
}
