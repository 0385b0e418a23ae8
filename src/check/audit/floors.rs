//! The oldest versions of a system that the package's files need: libc, macOS, Node-API.

use std::collections::BTreeMap;

use crate::binary::{Details, Image};
use crate::check::file::Inspected;
use crate::model::reports::{AbiReport, Floor};
use crate::model::{Libc, RuntimeName};
use crate::runtime::{distributions, registry};
use crate::versions::numbers;

/// Raises the floor of each system that a file is for, up to the versions that the file needs.
pub(super) fn add_floors(
    inspected: &Inspected,
    report: &AbiReport,
    floors: &mut BTreeMap<String, Floor>,
) {
    let node_api = report.addon.as_ref().and_then(|addon| addon.node_api.as_ref());
    let declared = node_api
        .and_then(|versions| u32::try_from(versions.declared?).ok())
        .filter(|version| *version < 1000);
    let node_api = declared.max(node_api.and_then(|versions| versions.computed));
    for image in inspected.images() {
        let (Some(platform), Some(arch)) = (&image.platform, &image.arch) else { continue };
        let libc = image.libc.map(|libc| format!("-{libc}")).unwrap_or_default();
        let system = format!("{platform}-{arch}{libc}");
        let floor =
            floors.entry(system.clone()).or_insert_with(|| Floor { system, ..Floor::default() });
        let macos = match &image.details {
            Details::MachO(facts) => facts.minimum_os.clone(),
            _ => None,
        };
        raise(&mut floor.libc, image.libc_version.clone());
        if image.libc == Some(Libc::Glibc) {
            raise(&mut floor.glibcxx, newest_version(image, distributions::GLIBCXX));
            raise(&mut floor.cxxabi, newest_version(image, distributions::CXXABI));
        }
        raise(&mut floor.macos, macos);
        if node_api > floor.node_api {
            floor.node_api = node_api;
            floor.node = node_api
                .map(|version| registry::first_with_node_api(RuntimeName::Node, version))
                .unwrap_or_default();
        }
    }
}

/// The newest version with this prefix that an image needs, without the prefix.
fn newest_version(image: &Image, prefix: &str) -> Option<String> {
    let needs = image.elf()?.version_needs.iter().flat_map(|need| &need.versions);
    let numbered = needs.filter_map(|version| version.strip_prefix(prefix));
    numbered
        .filter_map(|version| Some((numbers(version)?, version)))
        .max()
        .map(|(_, version)| version.to_owned())
}

/// Keeps the greater of two versions.
fn raise(floor: &mut Option<String>, version: Option<String>) {
    let order = |text: &Option<String>| text.as_deref().and_then(numbers);
    if floor.is_none() || order(&version) > order(floor) {
        *floor = version;
    }
}
