//! musl's search for libraries (ldso/dynlink.c `load_library`), so far for glibc's loader alone: the one library that a glibc
//! addon can need and musl doesn't stand in for, unless a compatibility package brings it.

use std::path::Path;

use super::Libraries;
use crate::binary::Image;

/// The folders of musl's default path.
const FOLDERS: [&str; 3] = ["/lib", "/usr/local/lib", "/usr/lib"];

/// What becomes of the need for `ld-linux*`; `None` when the image has no such need.
pub(super) fn foreign_loader(image: &Image) -> Option<Libraries> {
    let library = image.libraries.iter().find(|library| library.name.starts_with("ld-linux"))?;
    let is_there = FOLDERS.iter().any(|folder| Path::new(folder).join(&library.name).exists());
    Some(match is_there {
        true => Libraries::Found,
        false => Libraries::Missing { library: library.name.clone(), needed_by: None },
    })
}
