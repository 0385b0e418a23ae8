//! A whole project: its packages, inside of its folder and outside, and the packages that need
//! them.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{find_package, installed_at, is_package_path, is_stub, own_files, read_script};
use super::graph::{Edge, Graph, Origin};
use super::installed::{Disk, Installed};
use super::layout::{module_name, outermost, read_pnp, unpack};
use super::loader::{may_load_an_addon, needed_platform_packages};
use super::package::{Dependency, Manifest};
use super::paths::relative;
use super::pnp::Pnp;
use super::walk::{Extent, Unreadable, Walk, is_node_modules, walk};
use super::workspaces::Workspaces;
use crate::control::Control;
use crate::crew;
use crate::files::{self, real_path, shown};
use crate::runtime::Runtime;

/// A package that has or needs native code.
#[derive(Debug)]
pub struct Native {
    /// The package.
    pub installed: Installed,
    /// The error if its package.json can't be read.
    pub manifest_error: Option<io::Error>,
    /// True if its install script compiles something.
    pub builds: bool,
    /// True if a folder in it couldn't be read, so that it may have more files.
    pub is_partial: bool,
    /// The reason for which it is installed.
    pub origin: Origin,
}

impl Native {
    /// True if npm would compile it during installation, but there is no result.
    #[must_use]
    pub fn awaits_a_build(&self) -> bool {
        self.builds
            && !self.is_partial
            && self.installed.files.is_empty()
            && self.installed.manifest.compiles_by_default()
    }
}

/// The contents of a project.
#[derive(Debug)]
pub struct Project<'c> {
    /// Packages that have `.node` files or may need one, by path.
    pub natives: Vec<Native>,
    /// Files and folders that couldn't be read, by path.
    pub unreadable: Vec<Unreadable>,
    /// Number of `.node` files.
    pub files: usize,
    modules: Modules,
    directories: Vec<PathBuf>,
    pnp: Option<Pnp>,
    control: &'c Control,
}

/// `node_modules` folder → name → package. Packages are identified by their real path.
type Modules = HashMap<PathBuf, HashMap<String, usize>>;

/// The package in the tree that `require(name)` finds from `directory`.
fn known_module(modules: &Modules, directory: &Path, name: &str) -> Option<usize> {
    let around = directory.ancestors().filter(|folder| !is_node_modules(folder.file_name()));
    around
        .filter_map(|folder| modules.get(&folder.join("node_modules")))
        .find_map(|names| names.get(name))
        .copied()
}

/// A package while the project is read.
#[derive(Debug, Default)]
struct Member {
    directory: PathBuf,
    name: String,
    manifest: Option<Manifest>,
    manifest_error: Option<io::Error>,
    dependencies: Vec<Dependency>,
    files: Vec<String>,
    /// Folders in it that couldn't be read, if it is outside of the tree.
    unread: Vec<Unreadable>,
    builds: bool,
}

/// Reads the project at `root`; `runtime` decides which platform packages are needed.
///
/// # Errors
/// If `root` isn't a directory that can be read.
pub fn read<'c>(root: &Path, runtime: &Runtime, control: &'c Control) -> io::Result<Project<'c>> {
    let mut found = walk(root, Extent::Project, control)?;
    unpack(&mut found);
    // For a node_modules folder the project around it is scanned.
    let base = if is_node_modules(root.file_name()) { root.parent().unwrap_or(root) } else { root };
    let pnp = read_pnp(base, &mut found);
    let mut reader = Reader {
        base,
        root,
        runtime,
        pnp,
        members: Vec::new(),
        index: HashMap::new(),
        modules: HashMap::new(),
        control,
    };
    reader.inside(&found);
    reader.own(&found);
    reader.assign(&found);
    let graph = reader.outside();
    Ok(reader.finish(found, &graph))
}

struct Reader<'r, 'c> {
    base: &'r Path,
    root: &'r Path,
    runtime: &'r Runtime,
    pnp: Option<Pnp>,
    control: &'c Control,
    members: Vec<Member>,
    index: HashMap<PathBuf, usize>,
    modules: Modules,
}

impl<'c> Reader<'_, 'c> {
    fn add(&mut self, directory: PathBuf) -> usize {
        *self.index.entry(directory).or_insert_with_key(|directory| {
            self.members.push(Member { directory: directory.clone(), ..Member::default() });
            self.members.len() - 1
        })
    }

    /// Adds the packages in the walked tree, and the targets of its links.
    fn inside(&mut self, found: &Walk) {
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
        self.read_manifests(0);
        let base = self.base;
        let control = self.control;
        crew::for_each_mut(&mut self.members[1..], |member| {
            if !base.starts_with(&member.directory) && !member.directory.starts_with(base) {
                member.look_inside(control);
            }
        });
    }

    /// Reads the manifests of the members from index `from` on.
    fn read_manifests(&mut self, from: usize) {
        let runtime = self.runtime;
        let control = self.control;
        crew::for_each_mut(&mut self.members[from..], |member| {
            if !control.stops() {
                member.read(runtime);
            }
        });
    }

    /// Adds the project's workspaces, and the development dependencies of both.
    fn own(&mut self, found: &Walk) {
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

    /// Assigns every file to the package that contains it.
    fn assign(&mut self, found: &Walk) {
        let own: HashSet<&PathBuf> = found.own_packages.iter().collect();
        let mut owners: HashMap<PathBuf, usize> = HashMap::new();
        for file in &found.files {
            let folder = file.parent().unwrap_or(self.root);
            let owner = match owners.get(folder) {
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
    fn owner(&mut self, folder: &Path, own: &HashSet<&PathBuf>) -> usize {
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

    /// Resolves all dependencies, in rounds, because they lead to packages outside of the tree.
    fn outside(&mut self) -> Graph {
        let above: Vec<PathBuf> = self
            .base
            .ancestors()
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

    fn finish(mut self, found: Walk, graph: &Graph) -> Project<'c> {
        let files = self.members.iter().map(|member| member.files.len()).sum();
        let matters = |member: &Member| {
            !member.files.is_empty()
                || member.builds
                || member.manifest.as_ref().is_some_and(may_load_an_addon)
        };
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

impl Member {
    /// Walks a package that is outside of the tree.
    fn look_inside(&mut self, control: &Control) {
        // Anything else that a link leads to may be a whole disk.
        if self.manifest.is_none() && self.manifest_error.is_none() {
            return;
        }
        (self.files, self.unread) = own_files(&self.directory, control);
        self.builds = files::is_file(self.directory.join("binding.gyp"));
    }

    fn read(&mut self, runtime: &Runtime) {
        match Manifest::read(&self.directory) {
            Ok(manifest) => {
                self.name = manifest.name().unwrap_or_default().to_owned();
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
        if self.name.is_empty() && module_name(&self.directory).is_some() {
            self.name = self.directory.file_name().map(shown).unwrap_or_default();
        }
    }
}

impl Project<'_> {
    /// The folder of the package that `require(name)` finds from `directory`.
    fn find_package(&self, directory: &Path, name: &str) -> Option<PathBuf> {
        if let Some(pnp) = self.pnp.as_ref().filter(|pnp| pnp.governs(directory)) {
            return pnp.resolve(directory, name).map(Path::to_path_buf);
        }
        let known = known_module(&self.modules, directory, name);
        known
            .and_then(|index| self.directories.get(index))
            .cloned()
            .or_else(|| find_package(directory, name))
    }
}

impl Disk for Project<'_> {
    fn read(&self, directory: &Path, file: &str) -> Option<String> {
        read_script(directory, file)
    }

    fn package(&self, directory: &Path, name: &str) -> Option<Installed> {
        let found = self.find_package(directory, name)?;
        match self.natives.binary_search_by(|native| native.installed.directory.cmp(&found)) {
            Ok(index) => Some(self.natives[index].installed.clone()),
            Err(_) => Some(installed_at(found, self.control)),
        }
    }

    fn is_stub(&self, directory: &Path) -> bool {
        is_stub(directory)
    }

    fn control(&self) -> &Control {
        self.control
    }
}
