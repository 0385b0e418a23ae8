//! Problems → root causes, and the commands that fix them. Pure functions of facts.

mod causes;
mod commands;
pub mod doctor;
pub mod explain;
mod fixes;
mod merge;
mod package_name;
mod patient;
#[cfg(test)]
mod tests;

use crate::environment::Installation;
use crate::model::{Fix, Stage};
use crate::project::Ownership;
pub use causes::{Evidence, causes};
pub use commands::Builds;
pub use merge::merge;
pub use package_name::is_package_name;
pub use patient::{Patient, Reason};

/// The fix for a package; `None` if no fix is certain to help.
#[must_use]
pub fn remedy(patient: &Patient<'_>) -> Option<Fix> {
    // A package.json can contain any name. A name that package managers reject never becomes part
    // of a command.
    if !is_package_name(patient.package) {
        return None;
    }
    let fix = patient.reasons.iter().find_map(|reason| patient.remedy(reason))?;
    // Commands of this installation don't reach the package, or would change files that other
    // projects use.
    if patient.ownership == Ownership::Foreign
        && !fix.commands.is_empty()
        && fix.stage != Stage::System
    {
        return Some(patient.fix_elsewhere());
    }
    if !patient.has_manifest && patient.needs_manifest(&fix) {
        return Some(patient.fix_where_made());
    }
    // A command for the system works in every folder.
    let directory = Some(patient.installation.root.to_string_lossy().into_owned())
        .filter(|_| !fix.commands.is_empty() && fix.stage != Stage::System);
    Some(Fix { directory, ..fix })
}

/// Removes packages and installs them again, with their dependencies. The caller passes only
/// folders that the installation owns.
#[must_use]
pub fn reinstall(packages: &[&str], folders: &[&str], installation: &Installation) -> Option<Fix> {
    if folders.is_empty() {
        return None;
    }
    Some(Fix {
        summary: format!("Install {} from scratch", packages.join(", ")),
        why: "files of an earlier installation may interfere".to_owned(),
        commands: commands::reinstall(installation, folders),
        directory: Some(installation.root.to_string_lossy().into_owned()),
        stage: Stage::Install,
        ..Fix::default()
    })
}
