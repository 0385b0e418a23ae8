//! Resolves the dependencies of a project, also those outside of its folder.

use std::path::{Path, PathBuf};

use super::contents::known_module;
use super::reader::TreeReader;
use crate::crew;
use crate::files::{self, real_path};
use crate::project::disk::{find_package, is_package_path};
use crate::project::graph::{Edge, Graph};
use crate::project::package::Dependency;

impl TreeReader<'_, '_> {
    /// Resolves all dependencies, in rounds, because they lead to packages outside of the tree.
    pub(super) fn outside(&mut self) -> Graph {
        let above: Vec<PathBuf> = files::ancestors(self.base)
            .skip(1)
            .map(|folder| folder.join("node_modules"))
            .filter(|folder| files::is_folder(folder))
            .collect();
        let mut graph = Graph::default();
        let mut done = 0;
        while done < self.members.len() && !self.control.stops() {
            let round = done..self.members.len();
            done = round.end;
            for index in round {
                graph.add(&self.members[index].name);
                for dependency in std::mem::take(&mut self.members[index].dependencies) {
                    if let Some(to) = self.resolve(index, &dependency, &above) {
                        graph.edges[index].push(Edge {
                            to,
                            optional: dependency.optional,
                            dev: dependency.dev,
                        });
                    }
                }
            }
            self.read_manifests(done);
            let base = self.base;
            let control = self.control;
            crew::for_each_mut(&mut self.members[done..], |member| {
                if !base.starts_with(&member.directory) {
                    member.look_inside(control);
                }
            });
        }
        graph
    }

    /// The index of the package that a dependency of the package `from` leads to; `above` are the
    /// node_modules folders above the project.
    fn resolve(
        &mut self,
        from: usize,
        dependency: &Dependency,
        above: &[PathBuf],
    ) -> Option<usize> {
        if let Some(directory) = &dependency.workspace {
            return self.index.get(directory).copied();
        }
        let name = dependency.name.as_str();
        let directory = &self.members[from].directory;
        if let Some(pnp) = self.pnp.as_ref().filter(|pnp| pnp.governs(directory)) {
            return pnp
                .resolve(directory, name)
                .map(Path::to_path_buf)
                .map(|found| self.add(found));
        }
        if !directory.starts_with(self.base) {
            return find_package(&directory.clone(), name).map(|found| self.add(found));
        }
        if let Some(known) = known_module(&self.modules, directory, name) {
            return Some(known);
        }
        if above.is_empty() || !is_package_path(name) {
            return None;
        }
        let found = above
            .iter()
            .map(|folder| folder.join(name))
            .find(|candidate| files::is_folder(candidate))?;
        real_path(&found).ok().map(|found| self.add(found))
    }
}
