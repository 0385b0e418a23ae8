//! One package: which file its loader would open, and what happens then.

use std::io;
use std::path::{Path, PathBuf};

use super::file::{CheckOptions, inspect};
use super::reports::{AbiReport, PackageReport, none_is_error};
use crate::binary::Source;
use crate::environment::{PackageManager, package_manager};
use crate::project::loader::{self, Active, Contents};
use crate::project::{Manifest, Package, own_files};
use crate::remedy::remedy;
use crate::runtime::Runtime;
use crate::verdict::{Code, Problem};

/// A package that can't be checked.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The system says no.
    #[error("{path}: {error}")]
    Io {
        /// What was read.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// No such package where Node would look.
    #[error("package {name:?} is not installed: no node_modules/{name} in {from} or any folder above it")]
    NotInstalled {
        /// As asked for.
        name: String,
        /// Where the search began.
        from: String,
    },
}

/// Longest main script that is looked into.
const LONGEST_SCRIPT: u64 = 1 << 20;

/// Checks the package called `name_or_directory`: a folder when it is a path, else a name that is looked for in `node_modules`
/// of `from` and every folder above, as `require` does.
///
/// # Errors
/// [`PackageError`] when there is no such package, or its folder can't be read.
pub fn check_package(
    name_or_directory: &str,
    from: &Path,
    runtime: &Runtime,
    options: CheckOptions,
) -> Result<PackageReport, PackageError> {
    let directory = locate(name_or_directory, from)?;
    let fail = |error| PackageError::Io { path: directory.clone(), error };
    let directory = directory.canonicalize().map_err(fail)?;
    let walk = own_files(&directory).map_err(fail)?;
    let package = walk
        .packages
        .into_iter()
        .find(|package| package.directory == directory)
        .unwrap_or(Package { directory, files: Vec::new() });
    let manager = package_manager(&package.directory);
    Ok(report(&package, manager, runtime, options))
}

fn locate(name_or_directory: &str, from: &Path) -> Result<PathBuf, PackageError> {
    let path = Path::new(name_or_directory);
    let is_path = path.is_absolute() || name_or_directory.starts_with('.');
    if is_path {
        return Ok(from.join(path));
    }
    let from = std::path::absolute(from).unwrap_or_else(|_| from.to_path_buf());
    from.ancestors().map(|folder| folder.join("node_modules").join(path)).find(|candidate| candidate.is_dir()).ok_or_else(|| {
        PackageError::NotInstalled { name: name_or_directory.to_owned(), from: from.to_string_lossy().into_owned() }
    })
}

/// Reports one package that was found.
pub(super) fn report(package: &Package, manager: PackageManager, runtime: &Runtime, options: CheckOptions) -> PackageReport {
    let directory = &package.directory;
    let mut problems = Vec::new();
    let manifest = Manifest::read(directory).unwrap_or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            problems.push(unreadable(&directory.join("package.json"), &error));
        }
        Manifest::default()
    });
    let main_script = manifest.depends_on("bindings").then(|| main_script(directory, &manifest)).flatten();
    let contents = Contents { manifest: &manifest, files: &package.files, main_script: main_script.as_deref() };
    let choice = loader::choose(contents, runtime);

    let absolute = |file: &String| directory.join(file);
    let mut complete = choice.active != Active::Unknown || package.files.is_empty();
    let mut active: Option<AbiReport> = None;
    if let Active::File(file) = &choice.active {
        let path = absolute(file);
        match inspect(&path) {
            Ok(inspected) => active = Some(inspected.judge(runtime, options)),
            Err(error) => {
                complete = false;
                let mut problem = unreadable(&path, &error);
                problem.severity = crate::verdict::Severity::Error;
                problems.push(problem);
            }
        }
    }
    if choice.active == Active::Unknown && !package.files.is_empty() {
        problems.push(
            Problem::warning(
                Code::Undetermined,
                format!("which of its {} .node files it loads isn't known", package.files.len()),
            )
            .with("what", "active-file"),
        );
    }
    complete &= active.as_ref().is_none_or(|active| active.complete);
    let dormant = package
        .files
        .iter()
        .filter(|file| choice.active != Active::File((*file).clone()))
        .map(|file| absolute(file).to_string_lossy().into_owned())
        .collect();
    let name: String = match manifest.name() {
        Some(name) => name.to_owned(),
        None => directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let decisive = active.as_ref().map_or(&problems[..], |active| &active.problems[..]);
    let fix = remedy(&name, decisive, manager, runtime);
    PackageReport {
        name,
        version: manifest.version().map(str::to_owned),
        path: directory.to_string_lossy().into_owned(),
        loader: choice.loader.to_owned(),
        ok: none_is_error(&problems) && active.as_ref().is_none_or(|active| active.ok) && (complete || !options.strict),
        complete,
        active,
        dormant,
        problems,
        fix,
        optional: false,
        dev: false,
        required_by: Vec::new(),
    }
}

/// A warning that something couldn't be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    Problem::warning(Code::Unreadable, format!("can't read {}: {error}", path.display()))
        .with("path", path.to_string_lossy().as_ref())
}

fn main_script(directory: &Path, manifest: &Manifest) -> Option<String> {
    let main = directory.join(manifest.main().unwrap_or("index.js"));
    [main.clone(), main.with_extension("js"), main.join("index.js")]
        .iter()
        .find_map(|path| String::from_utf8(Source::open(path).ok()?.contents(LONGEST_SCRIPT).ok()?).ok())
}
