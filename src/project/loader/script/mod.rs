//! The files that the scripts of a package load, in the order of their attempts.

mod asked;
mod calls;
mod findings;
mod packages;
mod paths;

pub use asked::{Asked, Request};

use super::choice::{Active, Choice, Lack};
use super::node_gyp_build::{self, Flavour};
use super::search::Search;
use super::{bindings, names, node_pre_gyp};
use crate::model::Convention;
use crate::project::script::{Argument, GAP, Host};
use findings::Findings;
use paths::only_file_in;

/// The file that the scripts load for the target; if they don't show it, the files' names decide.
pub(super) fn choose(search: &Search<'_>) -> Choice {
    let findings = Findings::read(search, Some(Host::new(search.runtime)));
    if !findings.is_whole {
        // No ordinary script costs this much. The part that was not read could change the answer.
        return Choice::found(Convention::Script, Active::Unknown);
    }
    // The package loads an addon only on other platforms.
    if findings.say_nothing() && !Findings::read(search, None).say_nothing() {
        // An app may require a package for Windows on Windows only. But a package for Linux is
        // required on Linux, whatever the processor.
        let is_for_platform = || {
            let mut claims = search.files().iter().map(|file| search.package.claims_of(file));
            claims.any(|claims| claims.platforms.contains(&search.runtime.platform))
        };
        let lack = (findings.rejects && is_for_platform()).then_some(Lack::Prebuild);
        return Choice { lack, ..Choice::found(Convention::Script, Active::Nothing) };
    }
    let Findings {
        found,
        expected,
        folders,
        missing,
        lost,
        has_wasm,
        spelled,
        opaque,
        of_other_libc,
        knows_musl,
        is_demanded,
        ..
    } = findings;
    if let Some((loader, active)) = found {
        return Choice::found(loader, active);
    }
    if let Some(file) = of_other_libc.filter(|_| !knows_musl) {
        return Choice::found(Convention::Script, Active::File(file));
    }
    let has_fallback =
        has_wasm || !is_demanded && expected.as_ref().is_some_and(|(_, guarded)| *guarded);
    let absent = (!missing.is_empty()).then_some(Lack::PlatformPackages(missing));
    if let Some(lack) = absent.or(lost) {
        let choice = Choice::found(Convention::PlatformPackage, Active::Nothing);
        return Choice { lack: Some(lack), has_fallback, ..choice };
    }
    if let Some(file) = folders.iter().find_map(|folder| only_file_in(search, folder)) {
        return Choice::found(Convention::Script, Active::File(file));
    }
    if let Some(file) = search.best(spelled.iter()) {
        return Choice::found(Convention::Script, Active::File(file.clone()));
    }
    if let Some(guarded) = opaque.filter(|_| expected.is_none() && search.files().is_empty()) {
        return Choice {
            loader: Convention::Script,
            active: Active::Nothing,
            lack: Some(Lack::Build),
            has_fallback: guarded,
        };
    }
    if let Some((loader, _)) = expected {
        let lack = if search.files().is_empty() { Lack::Build } else { Lack::Prebuild };
        return Choice { loader, active: Active::Nothing, lack: Some(lack), has_fallback };
    }
    let (loader, active) = by_dependency(search).unwrap_or_else(|| names::find(search));
    Choice::found(loader, active)
}

/// The file that a loader among the dependencies would open. No script was seen to call it, because
/// a bundle may hide the call.
fn by_dependency(search: &Search<'_>) -> Option<(Convention, Active)> {
    type Find = fn(&Search<'_>) -> Active;
    let loaders: [(&str, Convention, Find); 4] = [
        ("node-gyp-build", Convention::NodeGypBuild, |search| {
            node_gyp_build::find(search, "", Flavour::Plain)
        }),
        ("bindings", Convention::Bindings, |search| {
            bindings::find(
                search,
                &[Argument { values: vec![GAP.to_string()], ..Argument::default() }],
            )
        }),
        ("@mapbox/node-pre-gyp", Convention::NodePreGyp, node_pre_gyp::find),
        ("node-pre-gyp", Convention::NodePreGyp, node_pre_gyp::find),
    ];
    let depends = |module: &str| search.package.manifest.depends_on(module);
    let mut candidates = loaders
        .iter()
        .filter(|(module, ..)| depends(module))
        .map(|(_, loader, find)| (loader.clone(), find(search)));
    candidates.find(|(_, active)| matches!(active, Active::File(_)))
}
