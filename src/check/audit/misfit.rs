//! Compares a system with the contents of the file that is loaded there.

use super::systems::System;
use crate::binary::Image;
use crate::model::problem::publishing::SystemField;
use crate::model::{Arch, Libc, Platform};

/// The first part of a system that a file isn't for.
pub(super) struct Misfit {
    /// The part, by the field of package.json that lists it.
    pub field: SystemField,
    /// The value in the system.
    pub listed: String,
    /// What the file is for.
    pub found: String,
}

impl System {
    /// The part of the system that none of the images is for; `None` if one fits, or if nothing is
    /// known about them.
    pub fn misfit(&self, images: &[Image]) -> Option<Misfit> {
        let misfit = |field, listed: &str, found: Vec<String>| {
            Some(Misfit { field, listed: listed.to_owned(), found: found.join("+") })
        };
        let platforms: Vec<&Platform> =
            images.iter().filter_map(|image| image.platform.as_ref()).collect();
        // Files for OpenHarmony have no mark that tells them from those for Linux.
        let is_platform = |platform: &&&Platform| {
            **platform == &self.platform
                || (self.platform == Platform::OpenHarmony && **platform == &Platform::Linux)
        };
        if !platforms.is_empty() && platforms.iter().find(is_platform).is_none() {
            return misfit(SystemField::Os, self.platform.as_str(), names(&platforms));
        }
        let archs: Vec<&Arch> = images.iter().filter_map(|image| image.arch.as_ref()).collect();
        if !archs.is_empty() && !archs.contains(&&self.arch) {
            return misfit(SystemField::Cpu, self.arch.as_str(), names(&archs));
        }
        let libcs: Vec<Libc> = images.iter().filter_map(|image| image.libc).collect();
        match self.libc {
            Some(libc) if !libcs.is_empty() && !libcs.contains(&libc) => {
                misfit(SystemField::Libc, libc.as_str(), names(&libcs))
            }
            _ => None,
        }
    }
}

fn names<T: ToString>(parts: &[T]) -> Vec<String> {
    parts.iter().map(ToString::to_string).collect()
}
