//! The package that should contain a library. The run-path of the file that needs it leads there
//! (`$ORIGIN/../../sharp-libvips-linux-x64/lib`), and it is a dependency of the file's own package.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::files::{self, normalized};
use crate::linking::{Libraries, Linkage, Unfound};
use crate::project::Manifest;
use crate::runtime::Runtime;
use crate::verdict::Sibling;

/// The packages that should contain the libraries that `file` lacks in `runtime`.
pub(super) fn siblings(file: &str, linkage: &Linkage, runtime: &Runtime) -> Vec<Sibling> {
    match &linkage.libraries {
        // In a system that is unpacked in a folder, the paths are those of that system.
        Some(Libraries::Missing { library, needed_by, searched, .. })
            if runtime.root.as_deref() == Some(Path::new("/")) =>
        {
            let found = sibling(needed_by.as_deref().unwrap_or(file), searched);
            found.map(|found| found.of(library)).into_iter().collect()
        }
        None => {
            let mut of_needer: BTreeMap<&str, Option<Found>> = BTreeMap::new();
            let mut siblings = Vec::new();
            for Unfound { library, needer, searched, .. } in &linkage.unfound {
                let found = of_needer.entry(needer).or_insert_with(|| sibling(needer, searched));
                siblings.extend(found.as_ref().map(|found| found.of(library)));
            }
            siblings
        }
        _ => Vec::new(),
    }
}

/// A dependency in a folder that the run-path names.
struct Found {
    package: String,
    installed: bool,
}

impl Found {
    fn of(&self, library: &str) -> Sibling {
        let Found { package, installed } = self;
        Sibling { library: library.to_owned(), package: package.clone(), installed: *installed }
    }
}

/// The dependency that a search in these folders, for the needs of the file `needer`, leads to. If
/// it is installed, and the search leads to the package's own folders too, the library may belong
/// to either: `None`.
fn sibling(needer: &str, searched: &[String]) -> Option<Found> {
    let own = package_of(Path::new(needer))?;
    let (of_own, of_others): (Vec<Package>, Vec<Package>) = searched
        .iter()
        .filter_map(|folder| package_of(&normalized(Path::new(folder))))
        .partition(|package| package.name == own.name);
    if of_others.is_empty() {
        return None;
    }
    let manifest = Manifest::read(&own.folder).ok()?;
    let declared: Vec<Package> =
        of_others.into_iter().filter(|package| manifest.depends_on(&package.name)).collect();
    let installed = declared.iter().any(|package| files::is_folder(&package.folder));
    let package = declared.into_iter().next()?.name;
    (!installed || of_own.is_empty()).then_some(Found { package, installed })
}

/// An installed package.
struct Package {
    name: String,
    folder: PathBuf,
}

/// The package in the last `node_modules` of a path.
fn package_of(path: &Path) -> Option<Package> {
    let parts: Vec<Component<'_>> = path.components().collect();
    let at = parts.iter().rposition(|part| part.as_os_str() == "node_modules")? + 1;
    let name = |index: usize| parts.get(index)?.as_os_str().to_str();
    let first = name(at)?;
    let (name, end) = match first.starts_with('@') {
        true => (format!("{first}/{}", name(at + 1)?), at + 2),
        false => (first.to_owned(), at + 1),
    };
    Some(Package { name, folder: parts.iter().take(end).collect() })
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::package_of;

    #[test]
    fn the_package_of_a_path_is_in_its_last_node_modules() {
        for (path, expected) in [
            ("/a/node_modules/b/lib/x.node", Some(("b", "/a/node_modules/b"))),
            ("/a/node_modules/@s/b/x.node", Some(("@s/b", "/a/node_modules/@s/b"))),
            ("/a/node_modules/b/node_modules/c", Some(("c", "/a/node_modules/b/node_modules/c"))),
            ("/a/node_modules/@s", None),
            ("/a/node_modules", None),
            ("/a/b/x.node", None),
        ] {
            let found = package_of(Path::new(path)).map(|package| (package.name, package.folder));
            let expected = expected.map(|(name, folder)| (name.to_owned(), PathBuf::from(folder)));
            assert_eq!(found, expected, "{path}");
        }
    }
}
