//! Packages of which an output has scripts, and no addon. A scan takes them for packages without
//! native code; the project from which the output was built shows what they are.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::found::Output;
use crate::check::file::CheckOptions;
use crate::check::package::{Check, check_package};
use crate::control::Control;
use crate::environment::installation;
use crate::files::{self, join_inside, shown};
use crate::model::reports::{PackageReport, ScanReport};
use crate::project::loader::{Active, Choice, Installed, Lack, choose};
use crate::project::{Folders, Manifest, Native, Origin, Project, own_files};
use crate::runtime::Runtime;

/// The maximum number of such packages that are judged. Real apps have some dozen native packages.
const MOST: usize = 256;

/// A package in an output, and the project's own copy of it.
pub(super) struct Suspect {
    folder: PathBuf,
    /// The file that the copy loads, relative; `None` if it isn't in the copy.
    file: Option<String>,
}

/// Finds such packages. What the project has is looked up once for all outputs.
#[derive(Default)]
pub(super) struct Search {
    has_addons: RefCell<HashMap<PathBuf, bool>>,
}

impl Search {
    /// The packages in the output with an entry that a report doesn't know. The output is mounted;
    /// `project` is what the scan of it read.
    pub fn unknown(output: &Output, report: &ScanReport, project: &Project<'_>) -> Vec<PathBuf> {
        if output.source.is_none() {
            return Vec::new();
        }
        let known: HashSet<&str> = report.packages.iter().map(|one| one.path.as_str()).collect();
        let inside = project.folders().iter().filter(|folder| **folder != output.root);
        let unknown = inside.filter(|folder| !known.contains(shown(folder).as_str()));
        unknown.filter(|folder| has_entry(folder)).cloned().collect()
    }

    /// Those of `packages` whose copy in the project has an addon. The output isn't mounted.
    pub fn suspects(
        &self,
        output: &Output,
        packages: Vec<PathBuf>,
        runtime: &Runtime,
        control: &Control,
    ) -> Vec<Suspect> {
        let suspect = |folder: PathBuf| {
            let copy = output.copy_of(&folder, control)?;
            let mut known = self.has_addons.borrow_mut();
            let has_addons = known
                .entry(copy.clone())
                .or_insert_with(|| !own_files(&copy, control).0.is_empty());
            has_addons.then_some(())?;
            let options = CheckOptions::default();
            let report = check_package(&shown(&copy), &copy, runtime, options, control).ok()?;
            let copy = files::real_path(copy).ok()?;
            let file = report
                .active
                .and_then(|active| Path::new(&active.file).strip_prefix(copy).ok().map(shown));
            Some(Suspect { folder, file })
        };
        packages.into_iter().filter_map(suspect).take(MOST).collect()
    }
}

impl Suspect {
    /// The report on the package in the output, which is mounted; `None` if it lacks nothing.
    pub fn report(
        &self,
        runtime: &Runtime,
        options: CheckOptions,
        control: &Control,
    ) -> Option<PackageReport> {
        let directory = self.folder.clone();
        let manifest = Manifest::read(&directory).ok()?;
        let is_for_one = manifest.is_for_one_platform();
        let (files, _) = own_files(&directory, control);
        let native = Native {
            installed: Installed { directory, manifest, files },
            manifest_error: None,
            builds: false,
            is_partial: false,
            is_own: false,
            origin: Origin::default(),
        };
        let disk = Folders::around(&self.folder, control);
        let choice = choose(&native.installed, runtime, &disk);
        // A platform package has no fallback: the package that requires it may have one.
        let lacks = is_for_one || choice.lack.is_some() && !choice.has_fallback;
        if choice.active != Active::Nothing || !lacks {
            return None;
        }
        let lack = match &self.file {
            Some(file) => Lack::File(file.clone()),
            None => choice.lack.clone()?,
        };
        let installation = installation(&self.folder, runtime.host_path());
        let check = Check { runtime, options, installation: &installation, disk: &disk };
        Some(check.report_choice(&native, &Choice { lack: Some(lack), ..choice }))
    }
}

/// True for a package that can be required. Tracers list the package.json of others, too.
fn has_entry(folder: &Path) -> bool {
    let Ok(manifest) = Manifest::read(folder) else { return false };
    let ends = ["", ".js", ".cjs", ".mjs", "/index.js"];
    manifest.entries().iter().any(|entry| {
        let mut files = ends.iter().filter_map(|end| join_inside(folder, &format!("{entry}{end}")));
        files.any(files::is_file)
    })
}
