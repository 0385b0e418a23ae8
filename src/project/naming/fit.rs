//! The claims of a name, and whether they fit a runtime.

use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::runtime::Runtime;

/// The claims of a name; empty if it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// As `process.platform`.
    pub platforms: Vec<Platform>,
    /// As `process.arch`.
    pub archs: Vec<Arch>,
    /// The libc.
    pub libc: Option<Libc>,
    /// True if the name claims that it was built for Electron.
    pub electron: bool,
    /// True if the name claims Node-API, which is independent of the ABI.
    pub node_api: bool,
    /// A `NODE_MODULE_VERSION`, or the number of a release line (`20`, `0.12`), as it is written.
    pub release: Option<Release>,
}

/// A number that identifies a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Release {
    /// `NODE_MODULE_VERSION`
    Abi(u32),
    /// Major version, and minor version if it is written.
    Line(u64, Option<u64>),
}

impl Claims {
    /// The number of claims that are true for `runtime`; `None` if one is false.
    #[must_use]
    pub fn fit(&self, runtime: &Runtime) -> Option<usize> {
        let mut matching = 0;
        let mut must = |says: bool, holds: bool| {
            matching += usize::from(says);
            (!says || holds).then_some(())
        };
        must(!self.platforms.is_empty(), self.platforms.contains(&runtime.platform))?;
        must(!self.archs.is_empty(), self.archs.contains(&runtime.arch))?;
        match (self.libc, runtime.libc) {
            (Some(libc), Some(own)) => must(true, libc == own)?,
            // "musl_x64" is for Linux only; "gnu" is used on Windows too.
            (Some(Libc::Musl), None) if self.platforms.is_empty() => return None,
            _ => {}
        }
        must(self.electron, runtime.kind == RuntimeName::Electron)?;
        if let Some(release) = self.release.as_ref().filter(|_| !self.node_api) {
            must(true, release.is(runtime, self.electron))?;
        }
        Some(matching)
    }

    /// The system that it is for, in words, if that isn't the system of `runtime`.
    #[must_use]
    pub fn misfit(&self, runtime: &Runtime) -> Option<String> {
        if self.fit(runtime).is_some() {
            return None;
        }
        if is_for_others(&self.platforms, &runtime.platform)
            || is_for_others(&self.archs, &runtime.arch)
        {
            let mut archs: Vec<&str> = self.archs.iter().map(Arch::as_str).collect();
            archs.dedup();
            let platform = self.platforms.first().map_or("", Platform::as_str);
            let system = [platform, &archs.join(" or ")].join("-");
            return Some(system.trim_matches('-').to_owned());
        }
        match (self.libc, &self.release) {
            (Some(libc), _) if runtime.libc != Some(libc) => Some(libc.to_string()),
            _ if self.electron && runtime.kind != RuntimeName::Electron => {
                Some("Electron".to_owned())
            }
            (_, Some(Release::Abi(abi))) => Some(format!("ABI {abi}")),
            (_, Some(Release::Line(major, minor))) => {
                let minor = minor.map(|minor| format!(".{minor}")).unwrap_or_default();
                Some(format!(
                    "{} {major}{minor}",
                    if self.electron { "Electron" } else { "Node.js" }
                ))
            }
            _ => None,
        }
    }

    /// True if it names a platform or a processor.
    #[must_use]
    pub fn name_a_system(&self) -> bool {
        !self.platforms.is_empty() || !self.archs.is_empty()
    }
}

/// True for a list without the runtime's own name; an empty list makes no claim.
fn is_for_others<T: PartialEq>(names: &[T], own: &T) -> bool {
    !names.is_empty() && !names.contains(own)
}

impl Release {
    fn is(&self, runtime: &Runtime, of_electron: bool) -> bool {
        // The version of the contained Node.js, unless the name mentions Electron.
        let version = if of_electron { runtime.version.as_ref() } else { runtime.node.as_ref() };
        match self {
            // A release whose ABI isn't known may match.
            Release::Abi(abi) => {
                i32::try_from(*abi).is_ok_and(|abi| runtime.has_abi(abi) != Some(false))
            }
            Release::Line(major, minor) => version.is_some_and(|version| {
                version.major == *major && minor.is_none_or(|minor| version.minor == minor)
            }),
        }
    }
}
