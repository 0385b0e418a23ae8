//! Opens, reads and lists everything that is inspected. No other room does. Projects are untrusted,
//! so:
//!
//! - only regular files are opened, and opening never blocks: a FIFO, a device or a socket is an
//!   error ([`Source::open`]);
//! - every read has a limit, and no file is mapped into memory;
//! - a name from a file is joined to a folder by [`join_inside`] or [`join_steps`], never by
//!   `Path::join`: on Windows, that would let the name choose another drive or a network share;
//! - [`shown`] makes a path a text where the text is reported or opened again.
//!
//! A path may be on the disk, in an archive or (in tests) in memory: [`mounts`] chooses the
//! [`FileSystem`] for it. `clippy.toml` forbids everything that would bypass this room (`std::fs`
//! and the methods of `Path` that access the disk).

mod archive;
mod artifact;
mod blocks;
mod disk;
mod folder;
#[cfg(unix)]
mod folder_above;
mod identity;
mod image;
mod join;
mod json;
mod limits;
mod links;
mod memo;
#[cfg(test)]
mod memory;
mod metadata;
mod mounts;
mod names;
mod package;
mod paths;
mod question;
mod recording;
mod rooted;
mod shipped;
mod source;
#[cfg(unix)]
mod store;
mod system;
mod table;
mod text;
mod variables;

pub use archive::{Archive, PackedError, Place, Unsound, locate, unpacked_folder};
pub use artifact::Artifact;
pub use folder::OpenFolder;
#[cfg(unix)]
pub use folder_above::FolderAbove;
pub use identity::{Identity, each_step, paths_ending};
pub use image::{Image, ImageArchive};
pub use join::{is_network_path, join_inside, join_steps, normalized};
pub use json::{json, json_within, memory_of_members, own_json};
pub use limits::Limits;
pub use memo::Memo;
#[cfg(test)]
pub use memory::Tree;
pub use metadata::Kind;
pub use mounts::{
    ancestors, exists, is_file, is_folder, link_kind, link_metadata, list, metadata, real_path,
    stamps,
};
pub use names::shown;
pub use package::PackedPackage;
pub use question::Question;
pub use recording::{
    Asked, Recording, for_process, forget_walks, is_recording, note_walk, unnoted, variable,
};
pub use rooted::SystemView;
pub use shipped::Shipped;
pub use source::Source;
#[cfg(unix)]
pub use store::{Store, Unfinished};
pub use system::Entry;
pub use text::{head, kernel_text, text};
pub use variables::set_too_late;
