//! Adds the packages of a project: those in the walked tree, the targets of links, workspaces.

use std::path::{Path, PathBuf};

use super::reader::{TreeReader, is_own};
use crate::crew;
use crate::files::{self, real_path};
use crate::project::layout::{module_name, outermost};
use crate::project::package::{Dependency, Manifest};
use crate::project::paths::relative;
use crate::project::walk::Walk;
use crate::project::workspaces::Workspaces;

impl TreeReader<'_, '_> {
    /// Adds the packages in the walked tree, and the targets of its links.
    pub(super) fn inside(&mut self, found: &Walk) {
        self.add(self.base.to_path_buf());
        let targets: Vec<Option<PathBuf>> = crew::map(&found.links, |link| {
            real_path(link).ok().filter(|path| files::is_folder(path))
        });
        let real = found.packages.iter().map(|path| (path, path.clone()));
        let linked =
            found.links.iter().zip(targets).filter_map(|(link, target)| Some((link, target?)));
        for (path, directory) in real.chain(linked).collect::<Vec<_>>() {
            let member = self.add(directory);
            if let Some((folder, name)) = module_name(path) {
                self.modules.entry(folder).or_default().insert(name, member);
            }
        }
        let (base, control) = (self.base, self.control);
        self.read_manifests_but(0, |folder| {
            // Those outside weren't walked, and those of the project itself may be workspaces.
            folder.starts_with(base) && !is_own(base, folder) && !found.has_native_code_in(folder)
        });
        crew::for_each_mut(&mut self.members[1..], |member| {
            if !base.starts_with(&member.directory) && !member.directory.starts_with(base) {
                member.look_inside(control);
            }
        });
    }

    /// Adds the project's workspaces, and the development dependencies of both.
    pub(super) fn own(&mut self, found: &Walk) {
        let manifest = self.members.first().and_then(|root| root.manifest.clone());
        let mut folders: Vec<PathBuf> = match &manifest {
            Some(manifest) => {
                let workspaces = Workspaces::of(self.base, manifest);
                found
                    .own_packages
                    .iter()
                    .filter(|folder| workspaces.contain(&relative(self.base, folder)))
                    .cloned()
                    .collect()
            }
            // The folder is not a project, but contains projects.
            None => outermost(&found.own_packages),
        };
        folders.extend(found.archives.iter().cloned());
        if let Some(pnp) = &self.pnp {
            folders.extend(
                pnp.workspaces()
                    .filter(|folder| folder.starts_with(self.base))
                    .map(Path::to_path_buf),
            );
        }
        let known = self.members.len();
        let mut indices: Vec<usize> = folders
            .into_iter()
            .map(|folder| self.add(folder))
            .filter(|index| *index != 0)
            .collect();
        indices.sort_unstable();
        indices.dedup();
        self.read_manifests(known);
        for index in &indices {
            let directory = self.members[*index].directory.clone();
            self.members[0].dependencies.push(Dependency::on_workspace(directory));
        }
        for index in std::iter::once(0).chain(indices) {
            let member = &mut self.members[index];
            let dev = member.manifest.as_ref().map(Manifest::dev_dependencies).unwrap_or_default();
            member.dependencies.extend(dev);
        }
    }
}
