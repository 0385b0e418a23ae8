//! A whole project: its packages, inside of its folder and outside, and the packages that need
//! them.

mod contents;
mod dependencies;
mod files;
mod member;
mod packages;
mod prisma;
mod reader;
mod result;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::layout::{archived, read_pnp, unpack};
use super::step::Extent;
use super::walk::{is_node_modules, walk};
use crate::control::Control;
use crate::runtime::Runtime;
pub use contents::{Native, Project};
use reader::TreeReader;

/// Reads the project at `root`; `runtime` decides which platform packages are needed.
///
/// # Errors
/// If `root` isn't a directory that can be read.
pub fn read<'c>(root: &Path, runtime: &Runtime, control: &'c Control) -> io::Result<Project<'c>> {
    let archived = archived(root);
    let mut found = match &archived {
        Some(inside) => inside.contents(root)?,
        None => {
            let mut found = walk(root, Extent::Project, control)?;
            unpack(&mut found);
            found
        }
    };
    let root = archived.as_ref().map_or(root, |inside| inside.path.as_path());
    // For a node_modules folder the project around it is scanned.
    let base = if is_node_modules(root.file_name()) { root.parent().unwrap_or(root) } else { root };
    let pnp = read_pnp(base, &mut found);
    let mut reader = TreeReader {
        base,
        root,
        runtime,
        pnp,
        members: Vec::new(),
        index: HashMap::new(),
        modules: HashMap::new(),
        control,
    };
    reader.inside(&found);
    reader.own(&found);
    reader.assign(&found);
    let graph = reader.outside();
    Ok(reader.finish(found, &graph))
}
