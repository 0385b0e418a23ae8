//! A script calls the module of a convention.

use super::findings::Findings;
use super::paths::folder_of;
use crate::model::Convention;
use crate::project::loader::choice::Active;
use crate::project::loader::node_gyp_build::{self, Flavour};
use crate::project::loader::search::Search;
use crate::project::loader::{bindings, cmake_ts, node_pre_gyp, pkg_prebuilds};
use crate::project::script::{Argument, Flow, GAP, resolved};

impl Findings<'_, '_> {
    /// A call of `loader` in a script of `folder`; `guarded`: the script has a fallback for it.
    pub(super) fn loader(
        &mut self,
        loader: &Convention,
        folder: &str,
        arguments: &[Argument],
        guarded: bool,
    ) -> Flow {
        let search = self.search;
        let active = match loader {
            Convention::Bindings => bindings::find(search, arguments),
            Convention::NodeGypBuild => {
                node_gyp_build::find(search, &root(folder, arguments), Flavour::Plain)
            }
            Convention::NodeGypBuildOptionalPackages => {
                node_gyp_build::find(search, &root(folder, arguments), Flavour::OptionalPackages)
            }
            Convention::NodePreGyp => node_pre_gyp::find(search),
            Convention::PkgPrebuilds => pkg_prebuilds::find(search, arguments),
            Convention::CmakeTs => cmake_ts::find(search, &root(folder, arguments)),
            Convention::RequireAddon => of_bare(search),
            Convention::Neon => {
                self.neon = true;
                return Flow::On;
            }
            _ => return Flow::On,
        };
        match active {
            Active::Nothing => {
                self.expect(loader.clone(), guarded);
                Flow::On
            }
            active => self.find(loader.clone(), active),
        }
    }
}

/// The file that require-addon 1.1 opens in Node.js: `prebuilds/<platform>-<arch>[-musl]/`. It also
/// searches every folder above and the linked files of Bare; that is not followed.
fn of_bare(search: &Search<'_>) -> Active {
    let folder = format!("prebuilds/{}", search.runtime.tuple());
    let mut inside = search.files().iter().filter(|file| folder_of(file) == Some(&folder));
    match (inside.next(), inside.next()) {
        (None, _) => Active::Nothing,
        (Some(file), None) => Active::File(file.clone()),
        _ => Active::Unknown,
    }
}

/// The folder argument of a loader, relative to the package: empty, or with a `/` at its end.
fn root(folder: &str, arguments: &[Argument]) -> String {
    let given = arguments
        .first()
        .and_then(|argument| argument.values.iter().find(|value| !value.contains(GAP)));
    let path = given.and_then(|value| resolved(folder, value)).unwrap_or_default();
    if path.is_empty() { path } else { format!("{path}/") }
}
