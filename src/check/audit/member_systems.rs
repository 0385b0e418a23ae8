//! The systems that a platform package is for.

use std::collections::BTreeSet;

use super::opened::Opened;
use super::systems::{System, products};
use crate::check::file::inspect;
use crate::files::join_inside;
use crate::model::problem::publishing::SystemField;
use crate::model::{Libc, Platform};
use crate::project::{Manifest, claims};

/// The systems in `os`, `cpu` and `libc`. A Linux without a field `libc` has no libc here. Empty if
/// `os` or `cpu` isn't a list of names.
pub(super) fn of_fields(manifest: &Manifest) -> BTreeSet<System> {
    let libcs = manifest.names_in(SystemField::Libc.as_str());
    let libcs: BTreeSet<Libc> = libcs.into_iter().filter_map(Libc::from_name).collect();
    products(manifest, &libcs.into_iter().map(Some).collect())
}

/// The systems of a platform package: those of its fields, else those of its name, else those that
/// its addons are for. A libc that the fields don't list is found in the same order.
pub(super) fn of_member(member: &Opened) -> &BTreeSet<System> {
    member.systems.get_or_init(|| find(member))
}

fn find(member: &Opened) -> BTreeSet<System> {
    let claims = claims(member.name());
    let mut systems = of_fields(&member.installed.manifest);
    if systems.is_empty() {
        let archs = &claims.archs;
        systems = claims
            .platforms
            .iter()
            .flat_map(|platform| {
                archs.iter().map(|arch| System::new(platform.clone(), arch.clone(), None))
            })
            .collect();
    }
    let is_open = |system: &System| system.platform == Platform::Linux && system.libc.is_none();
    if !systems.is_empty() && !systems.iter().any(is_open) {
        return systems;
    }
    let of_bytes = of_bytes(member);
    if systems.is_empty() {
        return of_bytes;
    }
    let libcs: BTreeSet<Libc> = match claims.libc {
        Some(libc) => BTreeSet::from([libc]),
        None => of_bytes.iter().filter_map(|system| system.libc).collect(),
    };
    let (open, mut closed): (BTreeSet<System>, BTreeSet<System>) =
        systems.into_iter().partition(is_open);
    for system in open {
        // Most packages that don't state the libc mean glibc.
        let libcs = if libcs.is_empty() { &BTreeSet::from([Libc::Glibc]) } else { &libcs };
        closed.extend(libcs.iter().map(|libc| System { libc: Some(*libc), ..system.clone() }));
    }
    closed
}

fn of_bytes(member: &Opened) -> BTreeSet<System> {
    let installed = &member.installed;
    let inspected = installed
        .files
        .iter()
        .filter_map(|file| inspect(&join_inside(&installed.directory, file)?).ok());
    let mut systems = BTreeSet::new();
    for file in inspected {
        for image in file.images() {
            let (Some(platform), Some(arch)) = (&image.platform, &image.arch) else { continue };
            systems.insert(System::new(platform.clone(), arch.clone(), image.libc));
        }
    }
    systems
}
