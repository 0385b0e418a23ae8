//! Loaders in a bundle. A loader computes the place of an addon from the folder of the script that
//! calls it. In a bundle, this is the folder of the bundle, not that of the package.

use std::cell::Cell;

use super::bindings;
use super::choice::Active;
use super::node_gyp_build::{self, Flavour};
use super::search::{MOST_PACKAGES, Search};
use crate::model::Convention;
use crate::project::installed::{Disk, Installed};
use crate::project::script::{Argument, GAP, resolved};
use crate::runtime::Runtime;

/// The file that a call of `loader` finds from a bundle in the folder of `place`; `None` if this
/// can't be known: its argument is computed, or leads out of the folder.
#[must_use]
pub fn inlined(
    loader: &Convention,
    arguments: &[Argument],
    place: &Installed,
    runtime: &Runtime,
    disk: &dyn Disk,
) -> Option<Active> {
    let left = &Cell::new(MOST_PACKAGES);
    let choose = |search: &Search<'_>| search.choose();
    let search = Search { package: place, runtime, disk, depth: 0, left, choose };
    let given = arguments.first()?.values.first().filter(|value| !value.contains(GAP));
    match loader {
        Convention::Bindings => given.map(|_| bindings::find(&search, arguments)),
        Convention::NodeGypBuild | Convention::NodeGypBuildOptionalPackages => {
            // A path that begins with a dot is relative to the working directory of the process.
            let given = given.filter(|value| !value.starts_with('.'))?;
            let folder = resolved("", given)?;
            let folder = if folder.is_empty() { folder } else { format!("{folder}/") };
            let flavour = match loader {
                Convention::NodeGypBuild => Flavour::Plain,
                _ => Flavour::OptionalPackages,
            };
            Some(node_gyp_build::find(&search, &folder, flavour))
        }
        _ => None,
    }
}
