//! What scripts say about addons, and who is told.

use super::host::Host;
use super::value::{FOLDER, Pattern};
use super::work::Work;
use crate::model::Convention;

/// Something a script says.
#[derive(Clone, Debug, PartialEq)]
pub enum Mention {
    /// A string that may be the path of a file or a folder of the package, with gaps. Relative to
    /// the package.
    Path {
        /// The path, normalized.
        path: Pattern,
        /// It is the argument of `require` or `import`.
        required: bool,
    },
    /// `require('name')` of another package, with gaps.
    Package(Pattern),
    /// A call of a module that loads addons.
    Loader {
        /// The convention that the module follows.
        loader: &'static Convention,
        /// The folder of the script, relative to the package.
        folder: String,
        /// What it is called with.
        arguments: Vec<Argument>,
    },
}

/// An argument of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Argument {
    /// The strings it can be.
    pub values: Vec<Pattern>,
    /// Fields of an object that are strings.
    pub fields: Vec<(String, Pattern)>,
    /// The file it is required from, relative to the script.
    pub required: Option<String>,
}

/// A [`Mention`], and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What the script says.
    pub mention: Mention,
    /// The script goes on without it when it fails.
    pub guarded: bool,
}

/// What a listener answers: whether the reader goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The reader goes on.
    On,
    /// Enough is known; the reader stops.
    Stop,
}

/// Modules that load addons, and the convention that each follows.
pub static LOADERS: [(&str, Convention); 9] = [
    ("@mapbox/node-pre-gyp", Convention::NodePreGyp),
    ("@neon-rs/load", Convention::Neon),
    ("bindings", Convention::Bindings),
    ("cmake-ts", Convention::CmakeTs),
    ("node-gyp-build", Convention::NodeGypBuild),
    ("node-gyp-build-optional-packages", Convention::NodeGypBuildOptionalPackages),
    ("node-pre-gyp", Convention::NodePreGyp),
    ("pkg-prebuilds", Convention::PkgPrebuilds),
    ("require-addon", Convention::RequireAddon),
];

/// A path as a script in `folder` means it, relative to the package; `None` when it leads out of
/// the package.
#[must_use]
pub fn resolved(folder: &str, path: &str) -> Option<String> {
    let is_relative = path.starts_with('.');
    let path = path.trim_start_matches(FOLDER);
    let from_script = is_relative || path.starts_with('/') || path.is_empty();
    let mut parts: Vec<&str> = if from_script {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    } else {
        Vec::new()
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ if part.contains(FOLDER) => parts.clear(),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The reader of a package, as the reader of one of its scripts uses it.
pub(super) trait Follow {
    /// The system for which scripts are read.
    fn host(&self) -> Option<Host<'_>>;
    /// What has been spent on the package.
    fn work(&self) -> &Work;
    /// Passes on what a script says; `guarded`: the script goes on when it fails.
    fn tell(&mut self, mention: Mention, guarded: bool) -> Flow;
    /// Reads the module at `path` as `require` would find it; `depth` is the length of the chain of
    /// scripts that leads to it.
    fn resolve(&mut self, path: &str, guarded: bool, depth: usize) -> Flow;
}
