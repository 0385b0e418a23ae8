//! Checks what ships: the apps in an image of a container, with the runtime that the image starts;
//! the app in an archive, with the runtimes for which the archive is made.

mod app;
mod contents;
mod error;
mod mcpb;
mod promised;
mod runtime;
mod vscode;

use std::path::Path;

use self::app::apps;
use self::contents::{around, contents};
use self::promised::Contents;
use self::runtime::{runtime_in, runtime_of_app};
use super::output::bundle::judge::{add, bundled};
use super::output::judge::check_output;
use super::scan::{ScanOptions, scan, settings};
use crate::control::Control;
use crate::files::{Artifact, Image, ImageArchive};
use crate::model::reports::ScanReport;
use crate::runtime::{Runtime, RuntimeSpec, resolve};
pub use error::ArtifactError;

/// An artifact, and how it is checked.
struct Check<'a> {
    path: &'a Path,
    /// The process that checks.
    host: &'a Runtime,
    /// The runtime that the caller named.
    named: Option<Runtime>,
    options: &'a ScanOptions,
    control: &'a Control,
}

/// Scans every app in what ships: a file, or a folder. Nothing is unpacked. The runtimes are those
/// in the artifact, or those for which it is made, unless `target` names another.
///
/// # Errors
/// [`ArtifactError`] if it can't be read, has no app, or doesn't say which runtime loads it, and if
/// the work was stopped.
pub fn check_artifact(
    path: &Path,
    host: &Runtime,
    target: Option<&RuntimeSpec>,
    options: &ScanOptions,
    control: &Control,
) -> Result<Vec<ScanReport>, ArtifactError> {
    let fail = |error| ArtifactError::of_archive(path, error);
    let named = target.map(|_| resolve(target, host)).transpose().map_err(ArtifactError::Target)?;
    if let Some(reports) = check_output(path, host, target, options, control)? {
        return Ok(reports);
    }
    let check = Check { path, host, named, options, control };
    let artifact = Artifact::open(around(path).unwrap_or(path), control).map_err(fail)?;
    let reports = match ImageArchive::of(&artifact).map_err(fail)? {
        Some(archive) => check.images(&archive)?,
        None => check.contents(&artifact)?,
    };
    if control.stops() { Err(ArtifactError::Cancelled) } else { Ok(reports) }
}

impl Check<'_> {
    fn images(&self, archive: &ImageArchive) -> Result<Vec<ScanReport>, ArtifactError> {
        let fail = |error| ArtifactError::of_archive(self.path, error);
        let mut reports = Vec::new();
        for image in archive.images() {
            let mounted = archive.mount(image, self.control).map_err(fail)?;
            let root = mounted.root();
            let found = || runtime_in(root, image, self.host);
            let runtime = self.named.clone().or_else(found);
            let runtime = runtime.ok_or_else(|| ArtifactError::NoRuntime {
                path: self.path.to_path_buf(),
                image: title(image),
            })?;
            let apps = apps(root, image, self.control);
            if apps.is_empty() {
                return Err(self.no_app(format!(" in the image {}", title(image))));
            }
            for app in apps {
                reports.push(self.scan(&app, &runtime)?);
            }
        }
        Ok(reports)
    }

    /// Scans what is in an archive, or in a folder.
    fn contents(&self, artifact: &Artifact) -> Result<Vec<ScanReport>, ArtifactError> {
        let root = artifact.root();
        let Some(Contents { apps, targets }) = contents(artifact, self.control) else {
            return Err(ArtifactError::Unknown { path: self.path.to_path_buf() });
        };
        if apps.is_empty() {
            return Err(self.no_app(String::new()));
        }
        let mut reports: Vec<ScanReport> = Vec::new();
        for app in apps {
            let output = bundled(&app, true, self.control);
            for runtime in self.runtimes(root, &app, &targets)? {
                let mut report = self.scan(&app, &runtime)?;
                if let Some(output) = &output {
                    let settings = settings(&app);
                    add(output, &mut report, &runtime, self.options, &settings, self.control);
                }
                let is_for_all = report.packages.is_empty();
                reports.push(report);
                // Without native packages, the other runtimes have the same report.
                if is_for_all {
                    break;
                }
            }
        }
        Ok(reports)
    }

    /// The runtimes of an app: the one that the caller named, those for which the archive is made,
    /// or the one that is with the app.
    fn runtimes(
        &self,
        root: &Path,
        app: &Path,
        targets: &[RuntimeSpec],
    ) -> Result<Vec<Runtime>, ArtifactError> {
        if let Some(named) = &self.named {
            return Ok(vec![named.clone()]);
        }
        let made_for: Vec<Runtime> =
            targets.iter().filter_map(|spec| resolve(Some(spec), self.host).ok()).collect();
        if !made_for.is_empty() {
            return Ok(made_for);
        }
        let found = runtime_of_app(root, app, self.host).map(|runtime| vec![runtime]);
        found.ok_or_else(|| ArtifactError::NoTarget { path: self.path.to_path_buf() })
    }

    fn scan(&self, app: &Path, runtime: &Runtime) -> Result<ScanReport, ArtifactError> {
        let mut settings = settings(app);
        settings.packaged_for_unknown_electron &= self.named.is_none();
        Ok(scan(app, runtime, self.options, &settings, self.control)?)
    }

    /// The error for an artifact in which nothing was found, unless the search was stopped.
    fn no_app(&self, place: String) -> ArtifactError {
        match self.control.stops() {
            true => ArtifactError::Cancelled,
            false => ArtifactError::NoApp { path: self.path.to_path_buf(), place },
        }
    }
}

/// The name of an image, and its system.
fn title(image: &Image) -> String {
    match &image.name {
        Some(name) => format!("{name} ({})", image.platform),
        None => image.platform.clone(),
    }
}
