//! Which Node.js a project says it wants: the files of version managers, and the fields of
//! package.json.

mod pin;
mod readers;

use crate::files;
use std::path::Path;

use super::files::text::Texts;

pub use pin::Pin;

/// Most folders that are gone up.
const HIGHEST: usize = 32;

/// What the project at `root` says, by each kind of file once: the nearest, as version managers
/// look for it, up to the top of the repository. Without a repository, in `root` alone.
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
    let above: Vec<&Path> = root.ancestors().take(HIGHEST).collect();
    let top = above.iter().position(|folder| files::exists(folder.join(".git"))).unwrap_or(0);
    above.into_iter().take(top + 1).collect()
}

#[cfg(test)]
mod tests;
