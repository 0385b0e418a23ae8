//! The packages of an audit: a package, and the platform packages that belong to it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::error::AuditError;
use super::opened::{Opened, is_archive};
use crate::control::Control;
use crate::files;
use crate::model::problem::publishing::SystemField;
use crate::project::loader::families;
use crate::project::{Manifest, claims};

/// The maximum number of platform packages. The largest published families have thirty.
const MOST_PACKAGES: usize = 200;
/// The folders in which repositories keep their platform packages: `napi create-npm-dirs` and most
/// others use the first, `neon` the second.
const FOLDERS: [&str; 2] = ["npm", "platforms"];

/// A package, and its platform packages, sorted by name.
pub(super) struct Set {
    pub root: Opened,
    pub members: Vec<Opened>,
}

impl Set {
    /// Reads the package at `path`, and the platform packages at `given`. Without `given`, these
    /// are the platform packages in the package's own folder `npm` or `platforms`, if there are
    /// any. `path` may also be a folder that has only the package and its platform packages.
    pub fn read(path: &Path, given: &[PathBuf], control: &Control) -> Result<Set, AuditError> {
        if given.is_empty()
            && files::is_folder(path)
            && !files::exists(path.join("package.json"))
            && let Some(set) = Set::in_one_folder(path, control)?
        {
            return Ok(set);
        }
        let mut root = Opened::read(path, 1 + given.len(), control)?;
        let own = own_platform_packages(&root, control);
        let mut paths = Vec::new();
        for path in given {
            packages_at(path, &mut paths)?;
        }
        if given.is_empty() && is_most_of_a_family(&own, &root) {
            paths.clone_from(&own);
        }
        let members = Set::members(&paths, &root, control)?;
        if !members.is_empty() {
            root.leave_out(own.iter().map(|(path, _)| path.as_path()));
            root.leave_out(members.iter().map(|member| member.installed.directory.as_path()));
        }
        Ok(Set { root, members })
    }

    /// The set in a folder without a package.json. None unless exactly one package there is the
    /// root of others.
    fn in_one_folder(path: &Path, control: &Control) -> Result<Option<Set>, AuditError> {
        let mut paths = Vec::new();
        packages_in(path, &mut paths)?;
        let count = paths.len();
        if count > MOST_PACKAGES {
            return Ok(None);
        }
        let mut packages = Vec::new();
        for (path, _) in &paths {
            packages.push(Opened::read(path, count, control)?);
        }
        let is_root = |package: &Opened| {
            let names = packages.iter().map(Opened::name).filter(|name| *name != package.name());
            names.into_iter().any(|name| belongs(name, None, &package.installed.manifest))
        };
        let roots: Vec<usize> =
            (0..packages.len()).filter(|index| is_root(&packages[*index])).collect();
        let [index] = roots[..] else { return Ok(None) };
        let root = packages.remove(index);
        packages.retain(|package| {
            let manifest = &package.installed.manifest;
            belongs(package.name(), Some(manifest), &root.installed.manifest)
        });
        Ok(Some(Set { members: in_order(packages)?, root }))
    }

    fn members(
        paths: &[(PathBuf, Found)],
        root: &Opened,
        control: &Control,
    ) -> Result<Vec<Opened>, AuditError> {
        let mut members = Vec::new();
        for (path, found) in paths {
            let manifest = &root.installed.manifest;
            // Most packages of a node_modules folder belong to others.
            if *found == Found::InFolder
                && !is_archive(path)
                && !Manifest::read(path).is_ok_and(|member| {
                    belongs(member.name().unwrap_or_default(), Some(&member), manifest)
                })
            {
                continue;
            }
            let member = Opened::read(path, paths.len(), control)?;
            let is_root = member.name() == root.name();
            let is_meant = *found == Found::Named
                || belongs(member.name(), Some(&member.installed.manifest), manifest);
            if is_root || !is_meant {
                continue;
            }
            members.push(member);
            if members.len() > MOST_PACKAGES {
                return Err(AuditError::TooMany(MOST_PACKAGES));
            }
        }
        in_order(members)
    }
}

/// The packages by name. An audit can't tell which of two packages with one name is meant.
fn in_order(mut members: Vec<Opened>) -> Result<Vec<Opened>, AuditError> {
    members.sort_by(|a, b| a.name().cmp(b.name()));
    for pair in members.windows(2) {
        if pair[0].name() == pair[1].name() {
            return Err(AuditError::Twice {
                name: pair[0].name().to_owned(),
                paths: [pair[0].path.clone(), pair[1].path.clone()],
            });
        }
    }
    Ok(members)
}

/// How a package was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// The caller has named its path.
    Named,
    /// It is in a folder that the caller has named.
    InFolder,
}

/// The package at a path, or the packages in a folder: archives, folders with a package.json, and
/// those of a scope.
fn packages_at(path: &Path, found: &mut Vec<(PathBuf, Found)>) -> Result<(), AuditError> {
    if is_archive(path) || is_package(path) {
        found.push((path.to_path_buf(), Found::Named));
        return Ok(());
    }
    packages_in(path, found)
}

fn packages_in(folder: &Path, found: &mut Vec<(PathBuf, Found)>) -> Result<(), AuditError> {
    let fail = |error| AuditError::Io { path: folder.to_path_buf(), error };
    let mut names: Vec<_> =
        files::list(folder).map_err(fail)?.filter_map(|entry| Some(entry.ok()?.name)).collect();
    names.sort();
    for name in names {
        let path = folder.join(&name);
        if is_archive(&path) || is_package(&path) {
            found.push((path, Found::InFolder));
        } else if is_scope(&name) && files::is_folder(&path) && !is_scope_folder(folder) {
            packages_in(&path, found)?;
        }
    }
    Ok(())
}

fn is_scope(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"@")
}

fn is_scope_folder(folder: &Path) -> bool {
    folder.file_name().is_some_and(is_scope)
}

/// True for the folder of a package. The package.json of a root of workspaces describes the folders
/// below it: sharp has such an `npm/package.json`.
fn is_package(folder: &Path) -> bool {
    files::is_file(folder.join("package.json"))
        && !Manifest::read(folder).is_ok_and(|manifest| manifest.field("workspaces").is_some())
}

/// True if the name is that of a platform package of `root`: its package.json lists the name, or
/// another name that differs only in the system. `manifest` is the platform package's own, if it is
/// known.
fn belongs(name: &str, manifest: Option<&Manifest>, root: &Manifest) -> bool {
    let names_a_system = claims(name).name_a_system() || name.contains("wasm32");
    let families = families(root);
    let is_relative = families.iter().any(|(prefix, _)| name.starts_with(prefix));
    let is_of_napi = root.napi_rs_name().is_some()
        && root
            .napi_rs_package()
            .and_then(|prefix| name.strip_prefix(prefix))
            .is_some_and(|rest| rest.starts_with('-'));
    if (is_relative || is_of_napi) && names_a_system {
        return true;
    }
    // If the package lists no platform package at all, its list is incomplete, or is written when
    // it is published.
    families.is_empty() && manifest.is_some_and(names_one_system)
}

fn names_one_system(manifest: &Manifest) -> bool {
    [SystemField::Os, SystemField::Cpu]
        .iter()
        .all(|field| manifest.field(field.as_str()).is_some_and(|value| !value.is_null()))
}

/// The platform packages in the package's own folders. None for an archive, which is published as
/// it is, and for an installed package.
fn own_platform_packages(root: &Opened, control: &Control) -> Vec<(PathBuf, Found)> {
    let manifest = &root.installed.manifest;
    let folder = &root.installed.directory;
    let is_installed = folder.iter().any(|part| part == "node_modules");
    // The names must show that they belong to this package.
    let lists_some = !families(manifest).is_empty() || manifest.napi_rs_name().is_some();
    if root.is_packed || is_installed || !lists_some {
        return Vec::new();
    }
    let mut found = Vec::new();
    for name in FOLDERS.iter().take_while(|_| !control.stops()) {
        // Most packages have no such folder.
        drop(packages_in(&folder.join(name), &mut found));
    }
    let is_own = |path: &Path| {
        !is_archive(path) && name_at(path).is_some_and(|name| belongs(&name, None, manifest))
    };
    found.retain(|(path, _)| is_own(path));
    found
}

/// True if `own` are most of the platform packages that the package lists, and one of them has an
/// addon. A published package may have such a folder by mistake, with the packages of one system
/// only, and a repository has no addons before they are built.
fn is_most_of_a_family(own: &[(PathBuf, Found)], root: &Opened) -> bool {
    let listed: Vec<&str> =
        families(&root.installed.manifest).into_iter().flat_map(|(_, names)| names).collect();
    let names: Vec<String> = own.iter().filter_map(|(path, _)| name_at(path)).collect();
    let present = listed.iter().filter(|name| names.iter().any(|known| known == *name)).count();
    let files = || root.installed.files.iter().map(|file| root.installed.directory.join(file));
    let has_addon = own.iter().any(|(folder, _)| files().any(|file| file.starts_with(folder)));
    has_addon && present * 2 >= listed.len()
}

/// The name of the package in a folder.
fn name_at(folder: &Path) -> Option<String> {
    Some(Manifest::read(folder).ok()?.name()?.to_owned())
}
