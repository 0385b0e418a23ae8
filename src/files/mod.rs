//! The one door to everything that is inspected. A project is a stranger's, so:
//!
//! - only regular files are opened, and opening never waits: a FIFO, a device or a socket is an
//!   error ([`Source::open`]);
//! - every read has a limit, and nothing is mapped into memory;
//! - a name that comes out of a file is joined to a folder by [`join_inside`] or [`join_steps`],
//!   never by `Path::join`: on Windows that would let it choose another drive or a network share;
//! - a path becomes a text by [`shown`] where the text is reported or opened again.
//!
//! A path may lie on the disk, in an archive or (in tests) in memory: [`mounts`] knows which
//! [`FileSystem`] answers for it. `clippy.toml` forbids the ways round this room (`std::fs` and the
//! methods of `Path` that ask the disk).

mod archive;
mod blocks;
mod disk;
mod folder;
mod join;
mod json;
mod limits;
mod memo;
#[cfg(test)]
mod memory;
mod mounts;
mod names;
mod package;
mod paths;
mod rooted;
mod source;
mod system;
mod table;
mod text;

pub use archive::{Archive, PackedError, Place, Unsound, locate, unpacked_folder};
pub use folder::OpenFolder;
pub use join::{is_network_path, join_inside, join_steps, normalized};
pub use json::{json, own_json};
pub use limits::Limits;
pub use memo::Memo;
#[cfg(test)]
pub use memory::Tree;
pub use mounts::{
    exists, is_file, is_folder, link_kind, link_metadata, list, metadata, real_path, stamps,
};
pub use names::shown;
pub use package::PackedPackage;
pub use rooted::SystemView;
pub use source::Source;
pub use system::{Entry, Kind};
pub use text::{head, kernel_text, text};
