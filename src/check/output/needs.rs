//! The files that an output lacks, and that its project has.

use std::path::{Path, PathBuf};

use super::found::Output;
use super::packages::{package_folder, package_name};
use crate::check::file::CheckOptions;
use crate::check::package::check_package;
use crate::control::Control;
use crate::files::{self, Kind, normalized, shown};
use crate::model::reports::PackageReport;
use crate::model::{Facts, Problem};
use crate::project::{Folders, Manifest, is_library, own_files};
use crate::runtime::Runtime;

/// A package of which an output lacks files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// Its folder: in the project if that is known, otherwise below `node_modules`.
    pub folder: PathBuf,
    /// The files of it that are needed, relative to the folder, if they are known.
    pub files: Vec<String>,
}

impl Need {
    /// Adds it to others; a package is among them once, with all files.
    pub fn add_to(self, needs: &mut Vec<Need>) {
        let Some(known) = needs.iter_mut().find(|known| known.folder == self.folder) else {
            needs.push(self);
            return;
        };
        for file in self.files {
            if !known.files.contains(&file) {
                known.files.push(file);
            }
        }
    }
}

/// What `package` needs that the output lacks. Empty if the project lacks it too, or if something
/// else is wrong.
pub(super) fn needs(
    output: &Output,
    package: &PackageReport,
    runtime: &Runtime,
    control: &Control,
) -> Vec<Need> {
    let of_file = package.active.iter().flat_map(|active| &active.problems);
    let problems = package.problems.iter().chain(of_file);
    let mut needs: Vec<Need> = Vec::new();
    for problem in problems {
        let found = match &output.source {
            Some(_) => Search { output, package, runtime, control }.needs_of(problem),
            None => guessed(output, package, problem),
        };
        found.into_iter().for_each(|need| need.add_to(&mut needs));
    }
    needs
}

struct Search<'a> {
    output: &'a Output,
    package: &'a PackageReport,
    runtime: &'a Runtime,
    control: &'a Control,
}

impl Search<'_> {
    fn needs_of(&self, problem: &Problem) -> Vec<Need> {
        match &problem.facts {
            Facts::MissingLibrary(facts) => {
                let found = facts.searched.iter().find_map(|folder| {
                    self.library(&self.output.mirrored(Path::new(folder))?, &facts.library)
                });
                found.into_iter().collect()
            }
            Facts::MissingPlatformPackage(facts) => {
                facts.packages.iter().filter_map(|name| self.dependency(name)).collect()
            }
            Facts::NotBuilt(_) | Facts::NoMatchingPrebuild(_) => self.own().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The folder of the project's own copy of the package.
    fn copy(&self) -> Option<PathBuf> {
        self.output.copy_of(Path::new(&self.package.path), self.control)
    }

    /// A library in a folder of the project.
    fn library(&self, folder: &Path, library: &str) -> Option<Need> {
        let file = folder.join(library);
        let package = files::is_file(&file).then(|| package_folder(folder))??;
        let inner = shown(file.strip_prefix(&package).ok()?);
        Some(Need { folder: package, files: vec![inner] })
    }

    /// A platform package, and its files.
    fn dependency(&self, name: &str) -> Option<Need> {
        let copy = self.copy()?;
        let folder = Folders::around(&copy, self.control).find_package(&copy, name)?;
        let files = self.files_of(&folder);
        Some(Need { folder, files })
    }

    /// The addons, the libraries and the entries of a package.
    fn files_of(&self, folder: &Path) -> Vec<String> {
        let (addons, _) = own_files(folder, self.control);
        let scripts =
            named_in(folder, |name| [".js", ".cjs", ".mjs"].iter().any(|end| name.ends_with(end)));
        [scripts, addons, libraries_in(folder)].concat()
    }

    /// The package itself, if the project's own copy can be loaded.
    fn own(&self) -> Option<Need> {
        let copy = self.copy()?;
        let options = CheckOptions::default();
        let report =
            check_package(&shown(&copy), &copy, self.runtime, options, self.control).ok()?;
        let active = report.active.as_ref().filter(|_| report.ok)?;
        let file = Path::new(&active.file);
        let folder = if file.starts_with(&report.path) { copy } else { package_folder(file)? };
        let is_for_one = Manifest::read(&folder).is_ok_and(|it| it.is_for_one_platform());
        let files = match file.strip_prefix(files::real_path(&folder).ok()?) {
            Ok(inner) if !is_for_one => vec![shown(inner)],
            // A platform package has little else, and its script is needed too.
            _ => self.files_of(&folder),
        };
        Some(Need { folder, files })
    }
}

/// The needs of a package in an output whose project isn't known.
fn guessed(output: &Output, package: &PackageReport, problem: &Problem) -> Vec<Need> {
    let folder = |name: &str| Path::new("node_modules").join(name);
    let of = |name: &str| Need { folder: folder(name), files: Vec::new() };
    match &problem.facts {
        Facts::MissingLibrary(facts) => {
            // The first package but its own that the search leads to: its folder is there, or the
            // package is a dependency.
            let own = package_folder(Path::new(&package.path));
            let searched = facts.searched.iter().map(|folder| normalized(Path::new(folder)));
            let inside = searched.filter(|folder| folder.starts_with(&output.root));
            let found = inside.filter_map(|folder| Some((package_folder(&folder)?, folder)));
            let mut others = found.filter(|(folder, _)| Some(folder) != own.as_ref());
            let is_meant = |name: &str| facts.package.as_deref() == Some(name);
            let found = others.find_map(|(folder, searched)| {
                let name = package_name(&folder)?;
                let inner = searched.strip_prefix(&folder).ok()?.join(&facts.library);
                (is_meant(&name) || files::is_folder(&folder)).then_some((name, inner))
            });
            let need = |(name, inner): (String, PathBuf)| Need {
                folder: folder(&name),
                files: vec![shown(&inner)],
            };
            found.map(need).into_iter().collect()
        }
        Facts::MissingPlatformPackage(facts) => {
            facts.packages.iter().map(|name| of(name)).collect()
        }
        Facts::NotBuilt(_) | Facts::NoMatchingPrebuild(_) => vec![of(&package.name)],
        _ => Vec::new(),
    }
}

/// The libraries directly in a package, and in its `lib`: where platform packages have them.
fn libraries_in(folder: &Path) -> Vec<String> {
    let inner = named_in(&folder.join("lib"), is_library);
    let inner = inner.into_iter().map(|name| format!("lib/{name}"));
    named_in(folder, is_library).into_iter().chain(inner).collect()
}

/// The files in a folder with certain names, sorted.
fn named_in(folder: &Path, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = files::list(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.kind == Kind::File);
    let mut names: Vec<String> =
        files.map(|entry| shown(&entry.name)).filter(|name| is_meant(name)).collect();
    names.sort();
    names
}
