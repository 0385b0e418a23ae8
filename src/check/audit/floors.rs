//! The oldest versions of a system that the package's files need: libc, macOS, Node-API.

use std::collections::BTreeMap;
use std::path::Path;

use super::limit::GLIBC;
use super::subject::Audit;
use crate::binary::{Details, Image, VersionNeed};
use crate::check::file::Inspected;
use crate::files::normalized;
use crate::linking::Own;
use crate::model::reports::{AbiReport, Floor};
use crate::model::{Libc, Platform, RuntimeName};
use crate::runtime::{distributions, registry};
use crate::versions::numbers;

impl Audit<'_> {
    /// Raises the floor of each system that a file is for, up to the versions that the file and the
    /// package's libraries that it loads need.
    pub(super) fn add_floors(
        &self,
        inspected: &Inspected,
        report: &AbiReport,
        floors: &mut BTreeMap<String, Floor>,
    ) {
        let node_api = report.addon.as_ref().and_then(|addon| addon.node_api.as_ref()?.needed());
        for image in inspected.images() {
            let (Some(platform), Some(arch)) = (&image.platform, &image.arch) else { continue };
            let libc = image.libc.map(|libc| format!("-{libc}")).unwrap_or_default();
            let system = format!("{platform}-{arch}{libc}");
            let floor = floors
                .entry(system.clone())
                .or_insert_with(|| Floor { system: system.clone(), ..Floor::default() });
            let macos = match &image.details {
                Details::MachO(facts) => facts.minimum_os.clone(),
                _ => None,
            };
            raise(&mut floor.libc, image.libc_version.clone());
            if image.libc == Some(Libc::Glibc) && *platform == Platform::Linux {
                let own = image.elf().map(|facts| facts.version_needs.clone()).unwrap_or_default();
                let libraries = self.own_libraries(inspected, image, &system).into_iter();
                let of_libraries = libraries.flat_map(|library| library.needs);
                let needs: Vec<VersionNeed> = own.into_iter().chain(of_libraries).collect();
                raise(&mut floor.libc, newest_version(&needs, GLIBC));
                raise(&mut floor.glibcxx, newest_version(&needs, distributions::GLIBCXX));
                raise(&mut floor.cxxabi, newest_version(&needs, distributions::CXXABI));
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

    /// The package's own libraries that an image loads. A library of another package has floors of
    /// its own.
    pub(super) fn own_libraries(
        &self,
        inspected: &Inspected,
        image: &Image,
        system: &str,
    ) -> Vec<Own> {
        let Some(runtime) = self.runtime(&format!("node/{system}")) else { return Vec::new() };
        let folder = &self.installed.directory;
        let is_own = |path: &str| {
            let path = normalized(Path::new(path));
            let inner = path.strip_prefix(folder).ok();
            inner.is_some_and(|path| path.iter().all(|part| part != "node_modules"))
        };
        let libraries = inspected.libraries(image, &runtime);
        libraries.into_iter().filter(|library| is_own(&library.path)).collect()
    }
}

/// The newest version with this prefix, without the prefix.
pub(in crate::check) fn newest_version(needs: &[VersionNeed], prefix: &str) -> Option<String> {
    let versions = needs.iter().flat_map(|need| &need.versions);
    let numbered = versions.filter_map(|version| version.strip_prefix(prefix));
    numbered
        .filter_map(|version| Some((numbers(version)?, version)))
        .max()
        .map(|(_, version)| version.to_owned())
}

/// Keeps the greater of two versions.
pub(in crate::check) fn raise(floor: &mut Option<String>, version: Option<String>) {
    let order = |text: &Option<String>| text.as_deref().and_then(numbers);
    if floor.is_none() || order(&version) > order(floor) {
        *floor = version;
    }
}
