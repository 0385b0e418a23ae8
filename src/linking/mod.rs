//! (image, runtime) → [`Linkage`]: what the operating system's loader would find for an image in a runtime.
//!
//! So far libraries and their versions on this very system, when it is a Linux with glibc. Everything else, and all symbols, is
//! `None`: not examined, and the verdict says so.

mod glibc;
mod ld_cache;

use crate::binary::Image;
use crate::runtime::Runtime;

/// What the operating system's loader would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// The first thing in the loader's order that fails, or `Found`; `None` when nobody looked.
    pub libraries: Option<Libraries>,
    /// Number of symbols it needs; nobody looks for them yet.
    pub unexamined_symbols: usize,
}

/// What came of looking for the libraries, with all those that come with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Libraries {
    /// All are there, in the versions asked for.
    Found,
    /// One is nowhere.
    Missing {
        /// Its soname.
        library: String,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
    },
    /// A file of that name was found first that isn't a library (a linker script, as a rule).
    Invalid {
        /// Its path.
        path: String,
    },
    /// One is there, but too old.
    TooOld {
        /// Path of the library.
        path: String,
        /// The version asked for ("GLIBC_2.38").
        version: String,
        /// Who asks for it; `None` for the image itself.
        needed_by: Option<String>,
    },
}

/// Looks for what `image`, which lies at `file`, needs in `runtime`.
#[must_use]
pub fn link(file: &str, image: &Image, runtime: &Runtime) -> Linkage {
    let libraries = if image.libraries.is_empty() {
        Some(Libraries::Found)
    } else if runtime.is_this_system && runtime.libc.as_deref() == Some("glibc") && image.elf().is_some() {
        Some(glibc::search(file, image))
    } else {
        None
    };
    Linkage { libraries, unexamined_symbols: image.symbols.imports().filter(|import| !import.weak).count() }
}
