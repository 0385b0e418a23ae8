//! Adds the clients that Prisma has generated: each is a package of its own, because it finds its
//! engine by rules of its own.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::reader::TreeReader;
use crate::project::package::{Dependency, Manifest};
use crate::project::prisma::{CLIENT, GENERATED};
use crate::project::walk::Walk;

impl TreeReader<'_, '_> {
    /// Adds the generated clients among the project's own folders that have a schema. The others
    /// are found by their engines.
    pub(super) fn generated(&mut self, found: &Walk, own: &HashSet<&PathBuf>) {
        for folder in found.schemas.iter().filter(|folder| own.contains(folder)) {
            if Manifest::read(folder).is_ok_and(|manifest| manifest.is_prisma_client()) {
                self.client_in(folder, own);
            }
        }
    }

    /// The package that an engine in `folder` belongs to: the folder itself, which is a generated
    /// client or a copy of one.
    pub(super) fn client_in(&mut self, folder: &Path, own: &HashSet<&PathBuf>) -> usize {
        let owner = self.owner(folder, own);
        if self.members[owner].directory == folder {
            return owner;
        }
        let client = self.add(folder.to_path_buf());
        if self.members[client].manifest.is_none() {
            self.read_manifests(client);
        }
        let member = &mut self.members[client];
        if !member.manifest.as_ref().is_some_and(Manifest::is_prisma_client) {
            member.manifest = Some(Manifest::named(GENERATED));
        }
        CLIENT.clone_into(&mut member.name);
        let dependency = Dependency::on_workspace(folder.to_path_buf());
        self.members[owner].dependencies.push(dependency);
        client
    }
}
