//! What a script reports about addons, and the traits between the reader and its listener.

use super::host::Host;
use super::value::{FOLDER, Pattern};
use super::work::Work;
use crate::model::Convention;

/// Something that a script reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Mention {
    /// A string that may be the path of a file or a folder of the package, with gaps.
    Path {
        /// The path, relative to the package and without `.` and `..`.
        path: Pattern,
        /// It is the argument of `require` or `import`.
        required: bool,
    },
    /// The name of another package, with gaps, in `require` or `import`.
    Package(Pattern),
    /// The script throws when the addon that it has loaded is missing, whatever the functions that
    /// it calls swallow.
    Demand,
    /// An entry of the package throws on the system.
    Rejection,
    /// A call of a module that loads addons.
    Loader {
        /// The convention that the module follows.
        loader: &'static Convention,
        /// The folder of the script, relative to the package.
        folder: String,
        /// The arguments of the call.
        arguments: Vec<Argument>,
    },
}

/// An argument of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Argument {
    /// The strings that it can be.
    pub values: Vec<Pattern>,
    /// Fields of an object that are strings.
    pub fields: Vec<(String, Pattern)>,
    /// The script that `require` in the argument names, relative to the package.
    pub required: Option<String>,
}

/// A [`Mention`], and whether it can fail without consequences.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The report.
    pub mention: Mention,
    /// The script has a fallback for its failure.
    pub guarded: bool,
}

/// The answer of a listener: whether the reader continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The reader continues.
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

/// The path in a script in `folder`, relative to the package. None if it leads out of the package.
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

/// What the reader of one script needs from the reader of the package.
pub(super) trait Follow {
    /// The runtime for which scripts are read.
    fn host(&self) -> Option<Host<'_>>;
    /// The work that has been spent on the package.
    fn work(&self) -> &Work;
    /// Passes a report on. `guarded`: the script has a fallback for its failure.
    fn tell(&mut self, mention: Mention, guarded: bool) -> Flow;
    /// Reads the module that `require` would find at `path`. `depth`: the number of scripts that
    /// lead to it.
    fn resolve(&mut self, path: &str, guarded: bool, depth: usize) -> Flow;
    /// As `resolve`, for an `import` declaration: the module is run on every system, even if its
    /// name is that of another one.
    fn resolve_import(&mut self, path: &str, guarded: bool, depth: usize) -> Flow;
    /// The target of a name that begins with `#` (`imports` in package.json): a path that begins
    /// with `./`, or the name of a package.
    fn import(&self, name: &str) -> Option<String>;
}
