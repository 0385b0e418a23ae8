//! The Node.js versions that a project requires: the files of version managers, and the fields of
//! package.json.

mod pin;
mod readers;

use crate::files;
use std::path::Path;

use super::files::text::Texts;

pub use pin::Pin;

/// The maximum number of folders above that are searched.
const HIGHEST: usize = 32;

/// The pins of the project at `root`, one for each type of file: the nearest, as version managers
/// search it, up to the root of the repository. Without a repository, in `root` alone.
#[must_use]
pub fn pins(root: &Path) -> Vec<Pin> {
    let mut pins: Vec<Pin> = Vec::new();
    let folders = within_repository(root);
    let texts = Texts::within(folders.last().copied().unwrap_or(root));
    for folder in folders {
        for pin in readers::pins_in(folder, &texts).into_iter().filter(Pin::is_plausible) {
            let is_known =
                pins.iter().any(|known| known.source == pin.source && known.file != pin.file);
            if !is_known {
                pins.push(pin);
            }
        }
    }
    pins
}

/// `root` and the folders above it that belong to the same repository.
pub(super) fn within_repository(root: &Path) -> Vec<&Path> {
    let above: Vec<&Path> = files::ancestors(root).take(HIGHEST).collect();
    let top = above.iter().position(|folder| files::exists(folder.join(".git"))).unwrap_or(0);
    above.into_iter().take(top + 1).collect()
}

#[cfg(test)]
mod tests;
