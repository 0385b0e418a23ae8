//! What is in an archive or a folder that is no image.

use std::path::{Path, PathBuf};

use super::app::{is_project, search};
use super::promised::Contents;
use super::{mcpb, vscode};
use crate::check::output::bundle::judge::has_bundle;
use crate::control::Control;
use crate::files::{Artifact, Kind, list};
use crate::project::electron_in;

/// The folder with the packaged app of an `app.asar`, which is judged with what is beside it.
pub(super) fn around(path: &Path) -> Option<&Path> {
    let is_archive = path.extension().is_some_and(|extension| extension == "asar");
    path.parent().filter(|resources| is_archive && electron_in(resources).is_some())
}

/// What is in an archive, or in the folder of an unpacked one or of a packaged app; `None` for any
/// other folder.
pub(super) fn contents(artifact: &Artifact, control: &Control) -> Option<Contents> {
    let root = artifact.root();
    let of_format = vscode::extension(root).or_else(|| mcpb::bundle(root));
    of_format.or_else(|| {
        let is_packed = artifact.is_archive() || electron_in(root).is_some();
        is_packed.then(|| Contents { apps: plain(root, control), targets: Vec::new() })
    })
}

fn plain(root: &Path, control: &Control) -> Vec<PathBuf> {
    if is_project(root) || electron_in(root).is_some() {
        return vec![root.to_path_buf()];
    }
    match only_folder(root) {
        Some(folder) if is_project(&folder) => vec![folder],
        _ => {
            let found = search(root, control);
            // The archive of a function may have nothing but the bundle.
            let is_bundle = found.is_empty() && has_bundle(root, control);
            if is_bundle { vec![root.to_path_buf()] } else { found }
        }
    }
}

/// The folder that is alone in the root, such as `package` in what `npm pack` writes.
fn only_folder(root: &Path) -> Option<PathBuf> {
    let mut entries = list(root).ok()?;
    let first = entries.next()?.ok()?;
    let is_alone = entries.next().is_none() && first.kind == Kind::Folder;
    is_alone.then(|| root.join(first.name))
}
