//! The dependencies: a project needs its packages, a package the files that it loads, and a file
//! its libraries.

use std::collections::{BTreeMap, BTreeSet};

use super::refs;
use super::schema::{Composition, Dependency};
use crate::check::{Inventory, LibraryNeed, ListedFile, State};

/// The edges. Components without an entry may have dependencies that aren't known.
pub(super) fn dependencies(inventory: &Inventory) -> Vec<Dependency> {
    let Inventory { packages, files, .. } = inventory;
    let mut all = Vec::new();
    for (position, package) in packages.iter().enumerate() {
        let mut needs: Vec<String> = Vec::new();
        if position == 0 {
            needs.extend(packages.iter().skip(1).map(refs::of_package));
        }
        for loaded in package.loads.iter().map(|file| &files[*file]) {
            // A platform package brings the file of another package.
            if loaded.owner != position && position != 0 {
                needs.push(refs::of_package(&packages[loaded.owner]));
            }
            needs.push(refs::of_file(loaded));
        }
        // Files that may be loaded: of a package that isn't understood, or without a package.
        let may_be_loaded = |file: &&ListedFile| {
            file.owner == position
                && !file.is_library
                && matches!(file.state, None | Some(State::Unknown))
        };
        needs.extend(files.iter().filter(may_be_loaded).map(refs::of_file));
        all.push((refs::of_package(package), needs));
    }
    for file in files {
        all.push((refs::of_file(file), libraries_of(file, files)));
    }
    let distinct = |needs: Vec<String>| needs.into_iter().collect::<BTreeSet<_>>();
    all.into_iter()
        .map(|(of, needs)| Dependency { of, depends_on: distinct(needs).into_iter().collect() })
        .filter(|dependency| !dependency.depends_on.is_empty())
        .collect()
}

/// The project has more dependencies than those with addons.
pub(super) fn compositions(inventory: &Inventory) -> Vec<Composition> {
    let project = vec![refs::of_package(&inventory.packages[0])];
    vec![Composition {
        aggregate: "incomplete",
        assemblies: project.clone(),
        dependencies: project,
    }]
}

/// A library that no file of a package is known to provide.
pub(super) struct Needed {
    pub name: String,
    /// True if it comes from the system, a compiler or the runtime; false if that isn't known.
    pub is_external: bool,
}

/// The libraries that no file of a package is known to provide, by their `bom-ref`.
pub(super) fn needed(inventory: &Inventory) -> BTreeMap<String, Needed> {
    let mut libraries: BTreeMap<String, Needed> = BTreeMap::new();
    for file in &inventory.files {
        for (name, need) in &file.needs {
            if matches!(need, LibraryNeed::File(_)) {
                continue;
            }
            let needed = || Needed { name: name.clone(), is_external: false };
            let library = libraries.entry(refs::of_library(file, name)).or_insert_with(needed);
            library.is_external |= *need == LibraryNeed::External;
        }
    }
    libraries
}

fn libraries_of(file: &ListedFile, files: &[ListedFile]) -> Vec<String> {
    let reference = |(name, need): (&String, &LibraryNeed)| match need {
        LibraryNeed::File(position) => refs::of_file(&files[*position]),
        LibraryNeed::External | LibraryNeed::Unknown => refs::of_library(file, name),
    };
    file.needs.iter().map(reference).collect()
}
