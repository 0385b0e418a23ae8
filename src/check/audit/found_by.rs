//! The runtime in which the package's loader chooses a file.

use std::collections::BTreeSet;

use super::releases::{abi_of, versions_of};
use super::subject::Audit;
use crate::check::file::Inspected;
use crate::model::reports::AbiReport;
use crate::model::{Convention, Libc, Platform, RuntimeName};
use crate::project::Claims;
use crate::project::loader::Active;

/// The runtime that would load a file.
#[derive(PartialEq, Eq)]
pub(super) enum FoundBy {
    /// The spec of the runtime.
    Runtime(String),
    /// No runtime that was tried.
    Nothing,
    /// The package's loader isn't understood.
    Unknown,
}

impl Audit<'_> {
    /// A runtime of the file's own system in which the package's loader chooses it.
    pub(super) fn found_by(
        &self,
        file: &str,
        named: &Claims,
        inspected: &Inspected,
        report: &AbiReport,
    ) -> FoundBy {
        let abi = abi_of(named)
            .or(report.addon.as_ref().and_then(|addon| u32::try_from(addon.abi?).ok()));
        let kinds: &[RuntimeName] = if named.electron {
            &[RuntimeName::Electron]
        } else {
            &[RuntimeName::Node, RuntimeName::Electron]
        };
        let mut specs = Vec::new();
        for image in inspected.images() {
            // A wrong name is found by what it says.
            let platforms = image.platform.iter().chain(&named.platforms);
            for platform in platforms.collect::<BTreeSet<_>>() {
                for arch in image.arch.iter().chain(&named.archs).collect::<BTreeSet<_>>() {
                    let system = format!("{platform}-{arch}");
                    if *platform == Platform::Linux {
                        specs.extend(Libc::ALL.iter().map(|libc| format!("{system}-{libc}")));
                    } else {
                        specs.push(system);
                    }
                }
            }
        }
        let runtimes = kinds.iter().flat_map(|kind| {
            let versions = versions_of(*kind, abi);
            specs.iter().flat_map(move |system| {
                versions.clone().into_iter().map(move |version| format!("{version}/{system}"))
            })
        });
        // Where the loader isn't understood, nothing can be said of its choice.
        let wanted = Active::File(file.to_owned());
        let mut found = FoundBy::Nothing;
        for spec in runtimes {
            match self.chosen(&spec) {
                (_, active) if active == wanted => return FoundBy::Runtime(spec),
                (_, Active::Unknown) => found = FoundBy::Unknown,
                // It may be a second addon, which another script loads.
                (Convention::Names | Convention::Script | Convention::Table, Active::File(_)) => {
                    found = FoundBy::Unknown;
                }
                _ => {}
            }
        }
        found
    }
}
