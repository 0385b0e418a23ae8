//! The author's view of a package: whether each `.node` file holds what its name claims, whether
//! the package's loader finds it, whether each promised system has a file, and what the files
//! need. The platform packages of a package are audited together with it.

mod asked;
mod engines;
mod error;
mod file;
pub(super) mod floors;
mod found_by;
pub(super) mod limit;
mod limits;
mod listed;
mod member_systems;
mod misfit;
mod mislabelled;
mod opened;
mod promises;
mod provider;
mod releases;
mod set;
mod subject;
mod system_fields;
mod systems;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::file::none_is_error;
use crate::control::Control;
use crate::model::reports::{AuditKind, AuditReport, AuditedFile, AuditedPackage, Floor};
use crate::runtime::Runtime;
pub use error::AuditError;
pub use limit::Limit;
use opened::Opened;
use set::Set;
use subject::Audit;

/// What an audit is about, besides the package.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditOptions {
    /// The platform packages: folders, archives of `npm pack`, or folders that contain them.
    pub platform_packages: Vec<PathBuf>,
    /// The newest versions that the files may need.
    pub max: Vec<Limit>,
    /// Systems that must have an addon, as `linux-x64-musl`.
    pub require: Vec<String>,
}

/// Audits the package in a folder, or in an archive of `npm pack`; `host` fills in what specs of
/// runtimes leave open.
///
/// # Errors
/// [`AuditError`] when a folder, its package.json or an archive can't be read, two platform
/// packages have one name, or the work was stopped.
pub fn audit(
    path: &Path,
    options: &AuditOptions,
    host: &Runtime,
    control: &Control,
) -> Result<AuditReport, AuditError> {
    let Set { root, members } = Set::read(path, &options.platform_packages, control)?;
    let how = (host, options.max.as_slice(), control);
    let audited: Vec<AuditedPackage> = members
        .iter()
        .take_while(|_| !control.stops())
        .map(|member| Audit::new(member, &[], how).member(member, &members))
        .collect();
    let report = Audit::new(&root, &members, how).report(&root, audited, &options.require);
    if control.stops() { Err(AuditError::Cancelled) } else { Ok(report) }
}

impl Audit<'_> {
    fn report(
        &self,
        root: &Opened,
        platform_packages: Vec<AuditedPackage>,
        required: &[String],
    ) -> AuditReport {
        let mut floors = BTreeMap::new();
        let files = self.files(&mut floors);
        let (mut promises, mut problems) = self.promises(required);
        problems.extend(self.listing());
        let mut all_floors = floors.clone();
        for floor in platform_packages.iter().flat_map(|package| &package.floors) {
            let known = all_floors.entry(floor.system.clone()).or_insert_with(|| floor.clone());
            if floor.node_api > known.node_api {
                *known = floor.clone();
            }
        }
        problems.extend(self.engines(&all_floors));
        problems.extend(self.unasked(&mut promises));
        let is_sound =
            |files: &[AuditedFile]| files.iter().all(|file| none_is_error(&file.problems));
        AuditReport {
            kind: AuditKind::Audit,
            ok: none_is_error(&problems)
                && is_sound(&files)
                && platform_packages
                    .iter()
                    .all(|package| none_is_error(&package.problems) && is_sound(&package.files)),
            name: root.name().to_owned(),
            version: self.installed.manifest.version().map(str::to_owned),
            path: root.path.clone(),
            files,
            promises,
            floors: floors.into_values().collect(),
            platform_packages,
            problems,
        }
    }

    /// The part of the report on one of the platform packages.
    fn member(&self, member: &Opened, all: &[Opened]) -> AuditedPackage {
        let mut floors = BTreeMap::new();
        let files = self.files(&mut floors);
        AuditedPackage {
            name: member.name().to_owned(),
            version: self.installed.manifest.version().map(str::to_owned),
            path: member.path.clone(),
            problems: self.system_fields(&files, all),
            files,
            floors: floors.into_values().collect(),
        }
    }

    fn files(&self, floors: &mut BTreeMap<String, Floor>) -> Vec<AuditedFile> {
        let files = self.installed.files.iter();
        files.take_while(|_| !self.control.stops()).map(|file| self.file(file, floors)).collect()
    }
}
