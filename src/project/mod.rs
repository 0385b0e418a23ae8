//! Directory → packages with native code, and the file that each would load.

mod disk;
mod dormant;
mod fields;
mod graph;
mod installed;
mod layout;
pub mod loader;
mod mentions;
mod naming;
pub mod ownership;
mod package;
#[cfg(test)]
mod package_tests;
mod packaged;
mod paths;
mod pnp;
mod prisma;
mod script;
mod settings;
mod step;
mod tree;
mod walk;
mod workspaces;

pub use disk::{Folders, LONGEST_SCRIPT, own_files};
pub use dormant::why_dormant;
pub use graph::Origin;
pub use naming::{Claims, Release, bare_name, claims};
pub use ownership::Ownership;
pub use package::{Manifest, is_code};
pub use packaged::{Packaged, electron_in};
pub use paths::is_library;
pub use script::{
    Argument, Flow, GAP, Host, LOADERS, Mention, Part, Said, ScriptReader, Token, matches,
    matches_stars, tokens,
};
pub use settings::Settings;
pub use step::Step;
pub use tree::{Native, Project, read};
