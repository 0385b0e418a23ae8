//! Assigns each `.node` file to the package that contains it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::reader::TreeReader;
use crate::project::paths::relative;
use crate::project::prisma::is_engine;
use crate::project::walk::{Walk, is_node_modules};

impl TreeReader<'_, '_> {
    /// Assigns every file to the package that contains it.
    pub(super) fn assign(&mut self, found: &Walk) {
        let own: HashSet<&PathBuf> = found.own_packages.iter().collect();
        self.generated(found, &own);
        let mut owners: HashMap<PathBuf, usize> = HashMap::new();
        for file in &found.files {
            let folder = file.parent().unwrap_or(self.root);
            let owner = match owners.get(folder) {
                _ if is_engine(file) => self.client_in(folder, &own),
                Some(owner) => *owner,
                None => {
                    let owner = self.owner(folder, &own);
                    owners.insert(folder.to_path_buf(), owner);
                    owner
                }
            };
            let member = &mut self.members[owner];
            let file = relative(&member.directory, file);
            member.files.push(file);
        }
        self.members.iter_mut().for_each(|member| member.files.sort());
        for folder in &found.builds {
            if let Some(member) = self.index.get(folder) {
                self.members[*member].builds = true;
            }
        }
    }

    /// The package that a folder belongs to: the nearest one around it with a name of its own. A
    /// nested package.json (`dist/package.json` with just a type) doesn't count.
    pub(super) fn owner(&mut self, folder: &Path, own: &HashSet<&PathBuf>) -> usize {
        let root = self.root;
        for around in
            folder.ancestors().take_while(|around| around.starts_with(root) && *around != root)
        {
            // A file directly in node_modules belongs to the folder itself, not to a package.
            let is_package =
                is_node_modules(around.file_name()) || own.contains(&around.to_path_buf());
            let member = match self.index.get(around) {
                Some(member) => *member,
                None if is_package => {
                    let member = self.add(around.to_path_buf());
                    self.read_manifests(member);
                    member
                }
                None => continue,
            };
            if is_node_modules(around.file_name()) || !self.members[member].name.is_empty() {
                return member;
            }
        }
        self.add(self.root.to_path_buf())
    }
}
