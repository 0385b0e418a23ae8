//! The place in the repository at which each part of a report is shown.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::environment::{Asked, Place, Repository};
use crate::files::{self, shown};
use crate::model::reports::{AbiReport, AuditReport, PackageReport, Report, ScanReport};
use crate::model::{Code, Problem};

/// The places for everything that a report names.
#[derive(Clone, Debug)]
pub struct Places {
    /// The repository, absolute. Paths are shown relative to it.
    pub root: String,
    /// The place for problems without a place of their own.
    pub project: Place,
    packages: HashMap<String, Place>,
    files: HashMap<(String, u32), Place>,
    codes: HashMap<Code, Place>,
}

impl Places {
    /// The place of the package with this path.
    #[must_use]
    pub fn of_package(&self, path: &str) -> &Place {
        self.packages.get(path).unwrap_or(&self.project)
    }

    /// The place of a line of a file.
    #[must_use]
    pub fn of_file(&self, file: &str, line: u32) -> &Place {
        self.files.get(&(file.to_owned(), line)).unwrap_or(&self.project)
    }

    /// The place of a problem of a whole project or package.
    #[must_use]
    pub fn of_problem(&self, problem: &Problem) -> &Place {
        self.codes.get(&problem.code()).unwrap_or_else(|| match problem.facts.path() {
            Some(file) => self.of_file(file, 1),
            None => &self.project,
        })
    }
}

/// Finds the places of `report`; `from` is the current folder, for reports without a folder.
#[must_use]
pub fn places(report: &Report, from: &Path) -> Places {
    let search = Search::new(&base(report, from));
    match report {
        Report::Scan(scan) => search.scan(scan),
        Report::Package(package) => search.packages(std::slice::from_ref(package.as_ref())),
        Report::File(file) => search.file(file),
        Report::Audit(audit) => search.audit(audit),
        Report::Matrix(_) => search.places,
        Report::Explanation(explanation) => match &explanation.package {
            Some(name) => search.named(name),
            None => search.places,
        },
        Report::Doctor(doctor) => {
            let lines = doctor
                .findings
                .iter()
                .filter_map(|finding| Some((finding.file.as_deref()?, finding.line.unwrap_or(1))));
            search.lines(lines)
        }
    }
}

/// The folder of the project that a report is about.
pub(super) fn base(report: &Report, from: &Path) -> PathBuf {
    match report {
        Report::Scan(scan) => scan.directory.clone().into(),
        Report::Matrix(matrix) => matrix.directory.clone().into(),
        Report::Doctor(doctor) => doctor.directory.clone().into(),
        Report::Package(package) => around_modules(Path::new(&package.path), from),
        Report::File(file) => around_modules(Path::new(&file.file), from),
        Report::Audit(audit) => around_modules(Path::new(&audit.path), from),
        Report::Explanation(explanation) => {
            let of_fix = explanation.fix.as_ref().and_then(|fix| fix.directory.as_ref());
            of_fix.map_or_else(|| with_manifest(from).unwrap_or(from).to_path_buf(), PathBuf::from)
        }
    }
}

/// The folder that contains the first node_modules in `path`; otherwise the nearest folder with a
/// package.json; otherwise, as for a global store, `from`.
fn around_modules(path: &Path, from: &Path) -> PathBuf {
    let outer: PathBuf =
        path.components().take_while(|part| part.as_os_str() != "node_modules").collect();
    if outer != path && files::is_file(outer.join("package.json")) {
        return outer;
    }
    let is_installed = outer != path;
    with_manifest(if is_installed { from } else { path })
        .or_else(|| with_manifest(from))
        .unwrap_or(from)
        .to_path_buf()
}

fn with_manifest(path: &Path) -> Option<&Path> {
    files::ancestors(path).find(|folder| files::is_file(folder.join("package.json")))
}

struct Search {
    repository: Repository,
    places: Places,
}

impl Search {
    fn new(base: &Path) -> Search {
        let repository = Repository::around(base);
        let places = Places {
            root: shown(repository.root()),
            project: repository.manifest(),
            packages: HashMap::new(),
            files: HashMap::new(),
            codes: HashMap::new(),
        };
        Search { repository, places }
    }

    fn scan(mut self, scan: &ScanReport) -> Places {
        for file in scan.problems.iter().filter_map(|problem| problem.facts.path()) {
            if let Some(place) = self.repository.kept(Path::new(file)) {
                self.places.files.insert((file.to_owned(), 1), place);
            }
        }
        self.places.codes.insert(Code::InvalidSettings, self.repository.key(&["abi-guard"]));
        self.packages(&scan.packages)
    }

    fn packages(mut self, packages: &[PackageReport]) -> Places {
        let is_fine = |package: &PackageReport| {
            let of_file = package.active.as_ref().is_none_or(|active| active.problems.is_empty());
            package.ok && package.problems.is_empty() && of_file
        };
        for package in packages.iter().filter(|package| !is_fine(package)) {
            let path = Path::new(&package.path);
            let asked = Asked {
                name: &package.name,
                version: package.version.as_deref(),
                path,
                required_by: &package.required_by,
            };
            self.places.packages.insert(package.path.clone(), self.repository.of_package(&asked));
        }
        self.places
    }

    /// Adds a file at its package's place.
    fn file(mut self, file: &AbiReport) -> Places {
        let path = Path::new(&file.file);
        let mut folders = files::ancestors(path).skip(1);
        let is_module = |folder: &&Path| {
            let parent = folder.parent().and_then(Path::file_name).unwrap_or_default();
            let is_scope =
                folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('@'));
            (parent == "node_modules" && !is_scope) || parent.to_string_lossy().starts_with('@')
        };
        if let Some(folder) = folders.find(is_module) {
            let parts: Vec<String> = folder.iter().map(shown).collect();
            let name = match parts.as_slice() {
                [.., scope, name] if scope.starts_with('@') => format!("{scope}/{name}"),
                [.., name] => name.clone(),
                [] => String::new(),
            };
            let asked = Asked { name: &name, version: None, path: folder, required_by: &[] };
            self.places.packages.insert(file.file.clone(), self.repository.of_package(&asked));
        }
        self.places
    }

    fn audit(mut self, audit: &AuditReport) -> Places {
        let path = Path::new(&audit.path);
        match files::is_folder(path) {
            // The field of package.json that lists the missing systems.
            true => {
                let engines = self.repository.key(&["engines", "node"]);
                let targets = self.repository.key(&["napi", "targets"]);
                let system = [self.repository.key(&["os"]), self.repository.key(&["cpu"])];
                let promise = std::iter::once(targets).chain(system).find(|place| place.line > 1);
                self.places.codes.insert(Code::EnginesTooOld, engines);
                self.places.codes.extend(promise.map(|place| (Code::MissingTarget, place)));
            }
            false => {
                self.places.project = self.repository.place(path, 1).unwrap_or(self.places.project);
            }
        }
        self.places
    }

    fn named(mut self, name: &str) -> Places {
        let folder = self.repository.root().join("node_modules").join(name);
        let asked = Asked { name, version: None, path: &folder, required_by: &[] };
        self.places.project = self.repository.of_package(&asked);
        self.places
    }

    fn lines<'f>(mut self, lines: impl Iterator<Item = (&'f str, u32)>) -> Places {
        for (file, line) in lines {
            if let Some(place) = self.repository.place(Path::new(file), line) {
                self.places.files.insert((file.to_owned(), line), place);
            }
        }
        self.places
    }
}
