//! The one door to everything that is inspected. A project is a stranger's, so:
//!
//! - only regular files are opened, and opening never waits: a FIFO, a device or a socket is an
//!   error ([`Source::open`]);
//! - every read has a limit, and nothing is mapped into memory;
//! - a name that comes out of a file is joined to a folder by [`join_inside`] or [`join_steps`],
//!   never by `Path::join`: on Windows that would let it choose another drive or a network share.
//!
//! `clippy.toml` forbids the ways round this room (`std::fs::read`, `read_to_string`,
//! `File::open`).

mod blocks;
mod join;
mod limits;
mod memo;
mod paths;
mod source;
mod text;

pub use join::{is_network_path, join_inside, join_steps, normalized};
pub use limits::Limits;
pub use memo::{Memo, Stamps};
pub use paths::real_path;
pub use source::Source;
pub use text::{head, kernel_text, text};
