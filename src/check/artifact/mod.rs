//! Checks what ships: the apps in an image of a container, with the runtime that the image starts.

mod app;
mod error;
mod runtime;

use std::path::Path;

use self::app::apps;
use self::runtime::runtime_in;
use super::output::judge::check_output;
use super::scan::{ScanOptions, scan, settings};
use crate::control::Control;
use crate::files::{Image, ImageArchive};
use crate::model::reports::ScanReport;
use crate::runtime::{Runtime, RuntimeSpec, resolve};
pub use error::ArtifactError;

/// Scans every app in every image at `path`: a tar, or a folder with an OCI layout. Nothing is
/// unpacked. The runtime is the one in the image, unless `target` names another.
///
/// # Errors
/// [`ArtifactError`] if there is no image, or one that can't be read or has no app, and if the work
/// was stopped.
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
    let archive = ImageArchive::open(path, control).map_err(fail)?;
    let archive = archive.ok_or_else(|| ArtifactError::Unknown { path: path.to_path_buf() })?;
    let mut reports = Vec::new();
    for image in archive.images() {
        let mounted = archive.mount(image, control).map_err(fail)?;
        let root = mounted.root();
        let runtime = match &named {
            Some(runtime) => runtime.clone(),
            None => runtime_in(root, image, host).ok_or_else(|| ArtifactError::NoRuntime {
                path: path.to_path_buf(),
                image: title(image),
            })?,
        };
        let apps = apps(root, image, control);
        if apps.is_empty() && !control.stops() {
            return Err(ArtifactError::NoApp { path: path.to_path_buf(), image: title(image) });
        }
        for app in apps {
            reports.push(scan(&app, &runtime, options, &settings(&app), control)?);
        }
    }
    if control.stops() { Err(ArtifactError::Cancelled) } else { Ok(reports) }
}

/// The name of an image, and its system.
fn title(image: &Image) -> String {
    match &image.name {
        Some(name) => format!("{name} ({})", image.platform),
        None => image.platform.clone(),
    }
}
