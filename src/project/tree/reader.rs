//! The state of reading a project: the packages that are known, by folder and by name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::contents::Modules;
use super::member::Member;
use crate::control::Control;
use crate::crew;
use crate::project::loader::may_load_an_addon;
use crate::project::pnp::Pnp;
use crate::project::walk::is_node_modules;
use crate::runtime::Runtime;

/// Reads a project.
pub(super) struct TreeReader<'r, 'c> {
    /// The folder of the project.
    pub base: &'r Path,
    /// The folder that is walked: `base`, or its node_modules.
    pub root: &'r Path,
    pub runtime: &'r Runtime,
    pub pnp: Option<Pnp>,
    pub control: &'c Control,
    pub members: Vec<Member>,
    /// Folder → index in `members`.
    pub index: HashMap<PathBuf, usize>,
    pub modules: Modules,
}

/// True for the project at `base` and its folders outside of `node_modules`.
pub(super) fn is_own(base: &Path, directory: &Path) -> bool {
    let inside = directory.strip_prefix(base);
    inside.is_ok_and(|inside| !inside.iter().any(|part| is_node_modules(Some(part))))
}

impl TreeReader<'_, '_> {
    /// The index of the package in a folder; the package is added if it isn't known.
    pub fn add(&mut self, directory: PathBuf) -> usize {
        *self.index.entry(directory).or_insert_with_key(|directory| {
            self.members.push(Member { directory: directory.clone(), ..Member::default() });
            self.members.len() - 1
        })
    }

    /// Reads the manifests of the members from index `from` on.
    pub fn read_manifests(&mut self, from: usize) {
        self.read_manifests_but(from, |_| false);
    }

    /// The same. Of packages in which `has_no_addon`, only what matters for others is kept, unless
    /// they may load an addon from elsewhere: most packages of a project have no native code.
    pub fn read_manifests_but(&mut self, from: usize, has_no_addon: impl Fn(&Path) -> bool + Sync) {
        let (runtime, control) = (self.runtime, self.control);
        crew::for_each_mut(&mut self.members[from..], |member| {
            if !control.stops() {
                member.read(runtime, control);
                if has_no_addon(&member.directory)
                    && let Some(manifest) = &mut member.manifest
                    && !may_load_an_addon(manifest)
                {
                    manifest.keep_what_others_need();
                }
            }
        });
    }
}
