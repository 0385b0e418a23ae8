//! The components of a document: packages with their files, and the libraries that they need.

use super::graph::needed;
use super::properties::{of_file, of_package, property};
use super::purl::purl;
use super::refs;
use super::schema::{Component, ComponentType, Hash, Reference};
use crate::check::{Inventory, ListedFile, ListedPackage};

/// The maximum length of a version in CycloneDX's schema, in characters.
const LONGEST_VERSION: usize = 1024;

/// abi-guard itself.
pub(super) fn tool() -> Component {
    let version = env!("CARGO_PKG_VERSION");
    Component {
        version: Some(version.to_owned()),
        purl: purl("abi-guard", Some(version)),
        external_references: vec![Reference { kind: "vcs", url: env!("CARGO_PKG_REPOSITORY") }],
        ..Component::new(ComponentType::Application, None, "abi-guard".to_owned())
    }
}

/// The project, or the audited package, without its files.
pub(super) fn project(inventory: &Inventory) -> Component {
    let kind = if inventory.is_audit { ComponentType::Library } else { ComponentType::Application };
    of(&inventory.packages[0], kind)
}

/// A package with its files.
pub(super) fn package(inventory: &Inventory, position: usize) -> Component {
    let listed = &inventory.packages[position];
    Component {
        scope: listed.optional.then_some("optional"),
        components: files_of(inventory, position),
        ..of(listed, ComponentType::Library)
    }
}

/// The files of a package.
pub(super) fn files_of(inventory: &Inventory, owner: usize) -> Vec<Component> {
    inventory.files.iter().filter(|file| file.owner == owner).map(file).collect()
}

/// The libraries that no file of a package is known to provide, each once.
pub(super) fn libraries(inventory: &Inventory) -> Vec<Component> {
    let all = needed(inventory).into_iter();
    all.map(|(bom_ref, library)| Component {
        properties: library.is_external.then(|| property("external", "true")).into_iter().collect(),
        ..Component::new(ComponentType::Library, Some(bom_ref), library.name)
    })
    .collect()
}

fn of(package: &ListedPackage, kind: ComponentType) -> Component {
    let version = package.version.as_ref();
    let version = version.filter(|version| version.chars().count() <= LONGEST_VERSION);
    let purl = purl(&package.name, version.map(String::as_str)).filter(|_| !package.is_unnamed);
    // As cyclonedx-npm does it. A name that is no name on npm has no scope.
    let scoped = package.name.split_once('/').filter(|_| purl.is_some());
    let (group, name) = scoped.map_or((None, package.name.as_str()), |(a, b)| (Some(a), b));
    Component {
        group: group.map(str::to_owned),
        version: version.cloned(),
        purl,
        properties: of_package(package),
        ..Component::new(kind, Some(refs::of_package(package)), name.to_owned())
    }
}

fn file(file: &ListedFile) -> Component {
    let hash = |content: &String| Hash { alg: "SHA-256", content: content.clone() };
    Component {
        hashes: file.contents.sha256.iter().map(hash).collect(),
        properties: of_file(file),
        ..Component::new(ComponentType::File, Some(refs::of_file(file)), file.place.clone())
    }
}
