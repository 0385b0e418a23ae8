//! The `bom-ref` of each component. Each kind has a prefix, so that no name can be made to collide
//! with one of another kind, or to look like a BOM-Link (`urn:cdx:`).

use crate::check::{ListedFile, ListedPackage};

pub(super) fn of_package(package: &ListedPackage) -> String {
    format!("package:{}", package.place)
}

pub(super) fn of_file(file: &ListedFile) -> String {
    format!("file:{}", file.place)
}

/// Libraries of different systems are different ones, even if their names are equal.
pub(super) fn of_library(needer: &ListedFile, name: &str) -> String {
    let binary = needer.contents.images.first().map(|image| &image.binary);
    let platform = binary.and_then(|binary| binary.platform.as_ref());
    let platform = platform.map_or("unknown", |platform| platform.as_str());
    let libc = binary.and_then(|binary| binary.libc);
    let libc = libc.map(|libc| format!("-{libc}")).unwrap_or_default();
    format!("library:{platform}{libc}:{name}")
}
