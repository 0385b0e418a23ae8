//! Reads all files that describe a project's build, once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::budget::Budget;
use super::compose::{self, Argument, Compose};
use super::dockerfile::{self, Dockerfile};
use super::dockerignore;
use super::found::{Kind, found, relative};
use super::plans::{self, Plan, PlannedBuild, Service, Unit};
use super::spot::FileError;
use super::text::Texts;
use super::workflows::{self, Workflow};
use crate::environment::pins::{Pin, pins};
use crate::files::{self, join_inside, normalized};

/// The contents of the files around a project.
#[derive(Clone, Debug, Default)]
pub struct ProjectFiles {
    /// Dockerfiles.
    pub dockerfiles: Vec<Docker>,
    /// Compose files.
    pub composes: Vec<File<Compose>>,
    /// Workflows of GitHub Actions.
    pub workflows: Vec<File<Workflow>>,
    /// Files of other CI services, and of hosts.
    pub plans: Vec<PlanFile>,
    /// True if AWS SAM builds functions in a container, by the settings in samconfig.toml.
    pub sam_uses_container: bool,
    /// The project's package.json and the error, if it exists but can't be read.
    pub broken_manifest: Option<(PathBuf, String)>,
    /// Files that can't be read.
    pub unread: Vec<(PathBuf, FileError)>,
    /// Folders in the project that have a package.json, relative to it, with `/`; the project
    /// itself is "".
    pub packages: Vec<String>,
    /// The folders in `packages` that contain a node_modules, and the project itself.
    pub installed: Vec<String>,
}

impl ProjectFiles {
    /// The units of each file of a CI service or a host, with the path of the file.
    pub fn units(&self) -> impl Iterator<Item = (&Path, &[Unit])> {
        let plans = self.plans.iter().map(|plan| &plan.file);
        let of_plans = plans.map(|file| (file.path.as_path(), file.says.units.as_slice()));
        let workflows = self.workflows.iter();
        of_plans.chain(workflows.map(|file| (file.path.as_path(), file.says.units.as_slice())))
    }

    /// The jobs of all CI services.
    pub fn jobs(&self) -> impl Iterator<Item = &Unit> {
        self.units().flat_map(|(_, units)| units).filter(|unit| !unit.runs_app)
    }
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File<T> {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its parsed contents.
    pub says: T,
}

/// A file of a CI service or a host, and the facts around it.
#[derive(Clone, Debug)]
pub struct PlanFile {
    /// The service that reads it.
    pub service: Service,
    /// The file.
    pub file: File<Plan>,
    /// The Node.js versions that the package in its folder requires, if that isn't the project
    /// itself.
    pub own_pins: Vec<Pin>,
}

/// A Dockerfile and the facts around it.
#[derive(Clone, Debug)]
pub struct Docker {
    /// The file.
    pub file: File<Dockerfile>,
    /// The build contexts that it may have.
    pub contexts: Vec<Context>,
    /// The Node.js versions that the package in its folder requires, if that isn't the project
    /// itself.
    pub own_pins: Vec<Pin>,
}

/// A possible build context.
#[derive(Clone, Debug)]
pub struct Context {
    /// Relative to the project, with `/`; the project itself is "".
    pub folder: String,
    /// The `.dockerignore` that applies.
    pub ignore: Option<Rc<str>>,
    /// Results of earlier queries: thousands of instructions may query one long file.
    known: RefCell<HashMap<String, bool>>,
}

impl Context {
    /// True if `path` (relative to the folder, with `/`) is excluded from the image.
    #[must_use]
    pub fn excludes(&self, path: &str) -> bool {
        let Some(text) = &self.ignore else { return false };
        *self
            .known
            .borrow_mut()
            .entry(path.to_owned())
            .or_insert_with(|| dockerignore::excludes(text, path))
    }
}

/// Reads the files of the project at `root`.
#[must_use]
pub fn project_files(root: &Path) -> ProjectFiles {
    let all = found(root);
    let reader = Reader { texts: Texts::within(root), budget: Budget::of_project() };
    let mut files = ProjectFiles::default();
    let of = |kind: Kind| {
        all.iter().filter(move |file| file.kind == kind).map(|file| file.path.as_path())
    };
    files.packages = of(Kind::Manifest).filter_map(|path| relative(root, path.parent()?)).collect();
    let is_installed = |folder: &&String| {
        folder.is_empty() || files::is_folder(root.join(folder).join("node_modules"))
    };
    files.installed = files.packages.iter().filter(is_installed).cloned().collect();
    for path in of(Kind::Compose) {
        let around = path.parent().unwrap_or(root);
        let variables =
            compose::variables(&reader.texts.of(&around.join(".env")).unwrap_or_default());
        let read = reader
            .read(path, &mut files.unread, |text, budget| compose::parse(text, &variables, budget));
        files.composes.extend(read);
    }
    for found in &all {
        let Kind::Plan(service) = found.kind else { continue };
        let read =
            reader.read(&found.path, &mut files.unread, |text, budget| service.parse(text, budget));
        let Some(file) = read else { continue };
        // Files with a common name may belong to another program.
        if file.says.units.is_empty() && file.says.builds.is_empty() && file.says.unclear.is_empty()
        {
            continue;
        }
        if service == Service::Sam {
            let settings = file.path.with_file_name("samconfig.toml");
            files.sam_uses_container |=
                reader.texts.of(&settings).is_some_and(|text| plans::uses_container(&text));
        }
        let own_pins = own_pins(root, &file.path, &files.packages);
        files.plans.push(PlanFile { service, file, own_pins });
    }
    let builds = builds(root, &files);
    let mut dockerfiles: Vec<&Path> = of(Kind::Dockerfile).collect();
    // Other files name Dockerfiles with any name.
    let named = builds.iter().map(|build| build.dockerfile.as_path());
    dockerfiles.extend(named.filter(|path| path.starts_with(root) && files::is_file(path)));
    dockerfiles.sort_unstable();
    dockerfiles.dedup();
    for path in dockerfiles.into_iter().take(MOST_DOCKERFILES) {
        let own = builds.iter().filter(|build| build.dockerfile == path);
        let arguments: HashMap<String, Argument> =
            own.clone().flat_map(|build| build.arguments.clone()).collect();
        let read = reader.read(path, &mut files.unread, |text, budget| {
            dockerfile::parse(text, &arguments, budget)
        });
        let Some(file) = read else { continue };
        let folder = path.parent().and_then(|folder| relative(root, folder)).unwrap_or_default();
        let mut contexts: Vec<String> = own.filter_map(|build| build.context.clone()).collect();
        if contexts.is_empty() {
            // No file names a context. A folder without a package is unlikely to be one.
            contexts.extend(
                [folder.clone(), String::new()]
                    .into_iter()
                    .filter(|folder| files.packages.contains(folder)),
            );
        }
        contexts.sort();
        contexts.dedup();
        let beside = PathBuf::from(format!("{}.dockerignore", path.display()));
        let beside: Option<Rc<str>> = reader.texts.of(&beside).map(Rc::from);
        let ignore = |context: &str| {
            beside.clone().or_else(|| {
                reader.texts.of(&join_inside(root, context)?.join(".dockerignore")).map(Rc::from)
            })
        };
        let context =
            |folder: String| Context { ignore: ignore(&folder), folder, known: RefCell::default() };
        let contexts = contexts.into_iter().take(MOST_CONTEXTS).map(context).collect();
        let own_pins = own_pins(root, path, &files.packages);
        files.dockerfiles.push(Docker { file, contexts, own_pins });
    }
    let action = |path: &str| action(root, path, &reader.texts);
    let actions = workflows::Actions::new(&action);
    for path in of(Kind::Workflow) {
        let read = reader
            .read(path, &mut files.unread, |text, budget| workflows::parse(text, &actions, budget));
        files.workflows.extend(read);
    }
    files
}

/// The versions that the package beside the file at `path` requires, if that isn't the project.
fn own_pins(root: &Path, path: &Path, packages: &[String]) -> Vec<Pin> {
    let folder = path.parent().and_then(|folder| relative(root, folder)).unwrap_or_default();
    if folder.is_empty() || !packages.contains(&folder) {
        return Vec::new();
    }
    pins(&root.join(&folder))
}

/// The maximum number of Dockerfiles.
const MOST_DOCKERFILES: usize = 200;

/// The maximum number of contexts for one Dockerfile.
const MOST_CONTEXTS: usize = 16;

/// Reads the files of one project.
struct Reader {
    texts: Texts,
    budget: Budget,
}

impl Reader {
    fn read<T>(
        &self,
        path: &Path,
        unread: &mut Vec<(PathBuf, FileError)>,
        parse: impl FnOnce(&str, &Budget) -> Result<T, FileError>,
    ) -> Option<File<T>> {
        let text = match self.texts.read(path) {
            Ok(text) => text?,
            Err(error) => {
                unread.push((path.to_path_buf(), FileError::new(None, &error.to_string())));
                return None;
            }
        };
        let budget = self.budget.of_file();
        budget.spend(text.len());
        let read = parse(&text, &budget);
        self.budget.settle(&budget);
        match read {
            Ok(says) => Some(File { path: path.to_path_buf(), text, says }),
            Err(error) => {
                unread.push((path.to_path_buf(), error));
                None
            }
        }
    }
}

/// The settings in a compose file or a plan for building a Dockerfile.
struct Built {
    dockerfile: PathBuf,
    /// `None` if it is outside of the project.
    context: Option<String>,
    arguments: HashMap<String, Argument>,
}

fn builds(root: &Path, files: &ProjectFiles) -> Vec<Built> {
    let of_compose = |file: &File<Compose>| {
        let around = file.path.parent().unwrap_or(root).to_path_buf();
        let build = |service: &compose::Service| {
            let build = service.build.as_ref()?;
            let context = normalized(&around.join(&build.context));
            let dockerfile = normalized(&context.join(&build.dockerfile));
            Some(Built {
                dockerfile,
                context: relative(root, &context),
                arguments: build.arguments.clone(),
            })
        };
        file.says.services.iter().filter_map(build).collect::<Vec<_>>()
    };
    let of_plan = |plan: &PlanFile| {
        let around = plan.file.path.parent().unwrap_or(root).to_path_buf();
        let build = |build: &PlannedBuild| Built {
            dockerfile: normalized(&around.join(&build.dockerfile)),
            context: relative(root, &normalized(&around.join(&build.context))),
            arguments: build
                .arguments
                .iter()
                .map(|(name, text)| {
                    (name.clone(), Argument { text: text.clone(), is_secret: false })
                })
                .collect(),
        };
        plan.file.says.builds.iter().map(build).collect::<Vec<_>>()
    };
    let composes = files.composes.iter().flat_map(of_compose);
    composes.chain(files.plans.iter().flat_map(of_plan)).collect()
}

/// The text of an action in the same repository; paths above the repository are not read.
fn action(root: &Path, path: &str, texts: &Texts) -> Option<String> {
    let folder = join_inside(root, path)?;
    ["action.yml", "action.yaml"].into_iter().find_map(|name| texts.of(&folder.join(name)))
}
