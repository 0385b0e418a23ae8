//! The result of reading a project: the packages that matter for native code.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::contents::{Native, Project};
use super::member::Member;
use super::reader::{TreeReader, is_own};
use crate::files;
use crate::project::graph::{Graph, Origin};
use crate::project::installed::Installed;
use crate::project::loader::may_load_an_addon;
use crate::project::package::Manifest;
use crate::project::step::Step;
use crate::project::walk::{Unreadable, Walk};

impl<'c> TreeReader<'_, 'c> {
    /// The folders in a package that has nothing to do with native code aren't looked at again
    /// when the guard uses its index, only the folder of the package and its package.json.
    fn forget_plain_packages(&self, matters: &impl Fn(&Member) -> bool) {
        let may_become_native =
            |manifest: &Manifest| manifest.has_install_script() || manifest.is_for_one_platform();
        let is_plain = |member: &Member| {
            !matters(member) && !member.manifest.as_ref().is_some_and(may_become_native)
        };
        let plain: Vec<bool> = self.members.iter().map(is_plain).collect();
        files::forget_walks(|folder, step| {
            let owner = || folder.ancestors().find_map(|around| self.index.get(around));
            Step::of_number(step).is_inside_of_package()
                && owner().is_some_and(|owner| plain[*owner])
        });
    }

    /// Keeps the packages that have or may need native code.
    pub(super) fn finish(mut self, found: Walk, graph: &Graph) -> Project<'c> {
        let files = self.members.iter().map(|member| member.files.len()).sum();
        let matters = |member: &Member| {
            !member.files.is_empty()
                || member.builds
                || member.manifest.as_ref().is_some_and(may_load_an_addon)
        };
        if files::is_recording() {
            self.forget_plain_packages(&matters);
        }
        let wanted: Vec<usize> =
            (0..self.members.len()).filter(|index| matters(&self.members[*index])).collect();
        let origins = graph.origins(&wanted);
        let mut origins: HashMap<usize, Origin> = wanted.into_iter().zip(origins).collect();
        // Folders that contain something that couldn't be read.
        let unread = found
            .unreadable
            .iter()
            .flat_map(|folder| folder.path.ancestors().map(Path::to_path_buf));
        let mut partial: HashSet<PathBuf> = unread.collect();
        let mut unreadable = found.unreadable;
        for member in self.members.iter_mut().filter(|member| !member.unread.is_empty()) {
            partial.insert(member.directory.clone());
            unreadable.append(&mut member.unread);
        }
        let mut project = Project {
            natives: Vec::new(),
            unreadable,
            files,
            modules: self.modules,
            directories: Vec::new(),
            pnp: self.pnp,
            control: self.control,
        };
        for (index, member) in self.members.into_iter().enumerate() {
            project.directories.push(member.directory.clone());
            match origins.remove(&index) {
                Some(origin) => project.natives.push(Native {
                    is_own: is_own(self.base, &member.directory),
                    is_partial: partial.contains(&member.directory),
                    installed: Installed {
                        directory: member.directory,
                        manifest: member.manifest.unwrap_or_default(),
                        files: member.files,
                    },
                    manifest_error: member.manifest_error,
                    builds: member.builds,
                    origin,
                }),
                None => project.unreadable.extend(member.manifest_error.map(|error| Unreadable {
                    path: member.directory.join("package.json"),
                    error,
                })),
            }
        }
        project.natives.sort_by(|a, b| a.installed.directory.cmp(&b.installed.directory));
        project.unreadable.sort_by(|a, b| a.path.cmp(&b.path));
        project
    }
}
