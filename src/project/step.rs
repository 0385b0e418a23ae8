//! What the names in a folder mean for a walk, by where the folder is.

use std::ffi::OsStr;
use std::hash::BuildHasher;
use std::path::Path;

use foldhash::fast::FixedState;

use crate::files::{self, Kind, OpenFolder};

/// The extent of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The whole project, with its dependencies.
    Project,
    /// One package, without its dependencies. It is outside of the tree, so the number of its
    /// folders is limited.
    Package,
}

/// The part of a project that a folder is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    /// The project's own files. Hidden folders are skipped.
    Own,
    /// A `node_modules` folder.
    NodeModules,
    /// A scope in `node_modules`.
    Scope,
    /// A folder in an installed package.
    Dependencies,
}

/// Where a walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub(super) region: Region,
    pub(super) extent: Extent,
    /// True for the folder of a package.
    pub(super) is_package: bool,
}

/// What an entry of a folder is for a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A folder that is walked.
    Folder(Step),
    Addon,
    /// If it leads to a file.
    LinkToAddon,
    LinkToPackage,
    /// A node_modules folder in another place.
    LinkToModules,
    /// A package.json of the project itself.
    OwnPackage,
    /// A schema.prisma of the project itself.
    Schema,
    /// A binding.gyp.
    Build,
    /// An archive of Electron.
    Archive,
}

impl Step {
    /// The meaning of an entry; `None` if it doesn't matter.
    pub(super) fn meaning(self, name: &[u8], kind: Kind) -> Option<Meaning> {
        match kind {
            Kind::Folder => self.folder(name).map(Meaning::Folder),
            Kind::Link => self.link(name),
            // Pipes and devices don't count.
            Kind::File if is_addon(name) => Some(Meaning::Addon),
            _ => self.file(name),
        }
    }

    /// The folder called `name`; `None` if it is skipped.
    fn folder(self, name: &[u8]) -> Option<Step> {
        let Step { region, extent, .. } = self;
        let inner = match (region, name) {
            (_, b".git" | b".bin" | b".cache") => return None,
            // node-gyp's intermediate copies, which no loader opens.
            (_, b"obj.target" | b".deps") => return None,
            (Region::Own, b"node_modules") if extent == Extent::Package => return None,
            (_, b"node_modules") => Region::NodeModules,
            // The outputs of Electron Forge, with webpack and Vite, and of Nitro.
            (Region::Own, b".webpack" | b".vite" | b".output") => Region::Own,
            (Region::Own, name) if name.starts_with(b".") => return None,
            (Region::Own, _) => Region::Own,
            (Region::NodeModules, name) if name.starts_with(b"@") => Region::Scope,
            // "@prisma/client" loads the package ".prisma/client".
            (Region::NodeModules, b".prisma") => Region::Scope,
            _ => Region::Dependencies,
        };
        let is_package = inner == Region::Dependencies && self.has_packages() && name[0] != b'.';
        Some(Step { region: inner, extent, is_package })
    }

    fn link(self, name: &[u8]) -> Option<Meaning> {
        if is_addon(name) {
            Some(Meaning::LinkToAddon)
        } else if self.has_packages() && name[0] != b'.' {
            Some(Meaning::LinkToPackage)
        } else {
            let leads_out = self.region == Region::Own && self.extent == Extent::Project;
            (name == b"node_modules" && leads_out).then_some(Meaning::LinkToModules)
        }
    }

    fn file(self, name: &[u8]) -> Option<Meaning> {
        let is_own = self.region == Region::Own;
        match name {
            b"binding.gyp" => Some(Meaning::Build),
            b"package.json" if is_own => Some(Meaning::OwnPackage),
            b"schema.prisma" if is_own => Some(Meaning::Schema),
            name if is_own && name.ends_with(b".asar") => Some(Meaning::Archive),
            _ => None,
        }
    }

    fn has_packages(self) -> bool {
        matches!(self.region, Region::NodeModules | Region::Scope)
    }

    /// True for a folder in an installed package, below the package's own folder.
    pub fn is_inside_of_package(self) -> bool {
        let is_inside = self.region == Region::Dependencies || self.extent == Extent::Package;
        is_inside && !self.is_package
    }

    /// The number of this step in a recording.
    pub(super) fn number(self) -> u8 {
        let region = match self.region {
            Region::Own => 0,
            Region::NodeModules => 1,
            Region::Scope => 2,
            Region::Dependencies => 3,
        };
        region | u8::from(self.extent == Extent::Package) << 2 | u8::from(self.is_package) << 3
    }

    /// The step of a number.
    #[must_use]
    pub fn of_number(number: u8) -> Step {
        let region = match number & 3 {
            0 => Region::Own,
            1 => Region::NodeModules,
            2 => Region::Scope,
            _ => Region::Dependencies,
        };
        let extent = if number & 4 == 0 { Extent::Project } else { Extent::Package };
        Step { region, extent, is_package: number & 8 != 0 }
    }

    /// The current number of the names that matter in a folder; `None` if it can't be read.
    #[must_use]
    pub fn names(self, folder: &Path) -> Option<u64> {
        let open = OpenFolder::at(folder, None).ok()?;
        let mut names = Names { hash: Some(0) };
        let read = open.each(folder, |entry, kind| {
            if self.meaning(entry.as_encoded_bytes(), kind).is_some() {
                names.add(entry, kind);
            }
        });
        read.ok().and(names.hash)
    }
}

/// A number for the names that matter in a folder, in any order. Only a recorded walk needs it.
pub(super) struct Names {
    hash: Option<u64>,
}

impl Default for Names {
    fn default() -> Names {
        Names { hash: files::is_recording().then_some(0) }
    }
}

impl Names {
    pub fn add(&mut self, name: &OsStr, kind: Kind) {
        if let Some(hash) = &mut self.hash {
            let one = FixedState::default().hash_one((name.as_encoded_bytes(), kind as u8));
            *hash = hash.wrapping_add(one);
        }
    }

    pub fn note(self, folder: &Path, step: Step) {
        if let Some(hash) = self.hash {
            files::note_walk(folder, step.number(), hash);
        }
    }
}

/// True if the name is that of an addon.
pub(super) fn is_addon(name: &[u8]) -> bool {
    name.ends_with(b".node") && name.len() > 5
}
