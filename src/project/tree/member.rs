//! A package while the project is read.

use std::io;
use std::path::PathBuf;

use crate::control::Control;
use crate::files::{self, shown};
use crate::project::disk::own_files;
use crate::project::layout::module_name;
use crate::project::loader::needed_platform_packages;
use crate::project::package::{Dependency, Manifest};
use crate::project::prisma::{CLIENT, GENERATED};
use crate::project::walk::Unreadable;
use crate::runtime::Runtime;

/// A package while the project is read.
#[derive(Debug, Default)]
pub(super) struct Member {
    pub directory: PathBuf,
    pub name: String,
    pub manifest: Option<Manifest>,
    pub manifest_error: Option<io::Error>,
    pub dependencies: Vec<Dependency>,
    pub files: Vec<String>,
    /// Folders in it that couldn't be read, if it is outside of the tree.
    pub unread: Vec<Unreadable>,
    pub builds: bool,
}

impl Member {
    /// Walks a package that is outside of the tree.
    pub fn look_inside(&mut self, control: &Control) {
        // Anything else that a link leads to may be a whole disk.
        if self.manifest.is_none() && self.manifest_error.is_none() {
            return;
        }
        (self.files, self.unread) = own_files(&self.directory, control);
        self.builds = files::is_file(self.directory.join("binding.gyp"));
    }

    /// Reads its package.json; `runtime` decides which optional dependencies are needed.
    pub fn read(&mut self, runtime: &Runtime, control: &Control) {
        let too_many = || {
            let text = "all package.json files of the project together have too many values";
            Err(io::Error::new(io::ErrorKind::InvalidData, text))
        };
        let keep = |manifest: Manifest| {
            if control.keep_manifest(manifest.memory()) { Ok(manifest) } else { too_many() }
        };
        let manifest = if control.may_keep_manifests() {
            Manifest::read(&self.directory).and_then(keep)
        } else {
            too_many()
        };
        match manifest {
            Ok(manifest) => {
                self.name = manifest.known_name().unwrap_or_default().to_owned();
                self.dependencies = manifest.dependencies();
                let needed = needed_platform_packages(&manifest, runtime);
                for dependency in
                    self.dependencies.iter_mut().filter(|dependency| dependency.optional)
                {
                    dependency.optional = !needed.contains(&dependency.name);
                }
                self.manifest = Some(manifest);
            }
            Err(error) => {
                self.manifest_error = (error.kind() != io::ErrorKind::NotFound).then_some(error);
            }
        }
        if self.name.is_empty()
            && let Some((_, name)) = module_name(&self.directory)
        {
            if self.manifest.is_none() && name == GENERATED {
                self.manifest = Some(Manifest::named(GENERATED));
                CLIENT.clone_into(&mut self.name);
            } else {
                self.name = self.directory.file_name().map(shown).unwrap_or_default();
            }
        }
    }
}
