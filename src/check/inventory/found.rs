//! The packages and the files that reports name, before the files are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::listed::{ListedPackage, State, Verdict};
use super::naming::{Naming, installed_folder, name_of_folder};
use crate::environment::Repository;
use crate::files::shown;
use crate::hash::HashMap;
use crate::model::reports::{AbiReport, RuntimeReport};
use crate::project::Manifest;
use crate::runtime::{Runtime, RuntimeSpec, resolve};

/// A file that isn't read yet.
#[derive(Default)]
pub(super) struct FoundFile {
    /// The package whose folder contains it.
    pub owner: usize,
    pub state: Option<State>,
    pub reason: Option<String>,
    pub found_by: Option<String>,
    pub verdict: Option<Verdict>,
    /// A report on the file.
    pub report: Option<AbiReport>,
    /// The packages that load it.
    pub loaders: Vec<usize>,
    /// The runtime that loads it: a position in [`Found::runtimes`].
    pub runtime: Option<usize>,
    pub is_library: bool,
}

/// What the reports name.
pub(super) struct Found<'a> {
    /// Fills in what specs of runtimes leave open.
    pub host: &'a Runtime,
    pub naming: Naming,
    /// The packages with their folders; the first one is the project.
    pub packages: Vec<(PathBuf, ListedPackage)>,
    positions: HashMap<PathBuf, usize>,
    pub files: BTreeMap<PathBuf, FoundFile>,
    pub targets: Vec<RuntimeReport>,
    /// The runtimes by the text of their specs.
    pub runtimes: Vec<(String, Option<Runtime>)>,
    pub is_audit: bool,
}

impl<'a> Found<'a> {
    /// Nothing but the project.
    pub fn around(project: &Path, host: &'a Runtime) -> Found<'a> {
        let repository = Repository::around(project).root().to_path_buf();
        let mut found = Found {
            host,
            naming: Naming { project: project.to_path_buf(), repository },
            packages: Vec::new(),
            positions: HashMap::default(),
            files: BTreeMap::new(),
            targets: Vec::new(),
            runtimes: Vec::new(),
            is_audit: false,
        };
        let name = project.file_name().map(shown).unwrap_or_default();
        found.add(project, &name);
        // The folders of other packages, in node_modules, have the names of packages.
        found.packages[0].1.is_unnamed =
            Manifest::read(project).ok().is_none_or(|manifest| manifest.name().is_none());
        found
    }

    /// The position of the package in `folder`. A package that no report is about has the name and
    /// the version of its package.json.
    pub fn add(&mut self, folder: &Path, name: &str) -> usize {
        if let Some(position) = self.positions.get(folder) {
            return *position;
        }
        let manifest = Manifest::read(folder).unwrap_or_default();
        let package = ListedPackage {
            name: manifest.name().unwrap_or(name).to_owned(),
            version: manifest.version().map(str::to_owned),
            ..ListedPackage::default()
        };
        self.packages.push((folder.to_path_buf(), package));
        let position = self.packages.len() - 1;
        self.positions.insert(folder.to_path_buf(), position);
        position
    }

    /// The position of a report's runtime.
    pub fn target(&mut self, target: &RuntimeReport) -> Option<usize> {
        if !self.targets.contains(target) {
            self.targets.push(target.clone());
        }
        let value = serde_json::to_value(target).ok()?;
        let text = value.to_string();
        // The fields of a report's runtime are a spec.
        let spec: RuntimeSpec = serde_json::from_value(value).ok()?;
        Some(self.runtime(text, &spec))
    }

    /// The position of the runtime that a spec names; `text` identifies the spec.
    pub fn runtime(&mut self, text: String, spec: &RuntimeSpec) -> usize {
        if let Some(position) = self.runtimes.iter().position(|(known, _)| *known == text) {
            return position;
        }
        self.runtimes.push((text, resolve(Some(spec), self.host).ok()));
        self.runtimes.len() - 1
    }

    /// The entry of a file; `reported` is the package whose report names it.
    pub fn file(&mut self, path: &Path, reported: Option<usize>) -> &mut FoundFile {
        let known = self.files.get(path).map(|found| found.owner);
        let owner = known.unwrap_or_else(|| self.owner(path, reported));
        let found = || FoundFile { owner, ..FoundFile::default() };
        self.files.entry(path.to_path_buf()).or_insert_with(found)
    }

    /// The package whose folder contains a file: a platform package brings the file of another one.
    fn owner(&mut self, path: &Path, reported: Option<usize>) -> usize {
        let installed = installed_folder(path);
        let of_report = reported.filter(|position| {
            let folder = &self.packages[*position].0;
            path.starts_with(folder) && installed.is_none_or(|it| folder.starts_with(it))
        });
        match (of_report, installed) {
            (Some(position), _) => position,
            (None, Some(folder)) => self.add(folder, &name_of_folder(folder)),
            (None, None) => 0,
        }
    }
}
