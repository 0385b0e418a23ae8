//! (image, runtime) → [`Linkage`]: what the operating system's loader would find for an image in a runtime.
//!
//! So far libraries and their versions on this very system, when it is a Linux with glibc, and symbols where the runtime's
//! executable is at hand too; of musl, whether glibc's loader is there. Everything else is `None`: not examined, and the verdict
//! says so.

mod glibc;
mod ld_cache;
mod musl;
mod symbols;

use crate::binary::{Image, Source};
use crate::runtime::Runtime;

pub use symbols::Missing;

/// What the operating system's loader would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// What came of looking for the libraries; `None` when nobody looked.
    pub libraries: Option<Libraries>,
    /// What came of looking for the symbols; `None` when nobody looked.
    pub symbols: Option<Missing>,
    /// Number of symbols it needs.
    pub needed_symbols: usize,
    /// Paths of the libraries that come with it alone, where all were found.
    pub own_libraries: Vec<String>,
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

/// Looks for what `image`, read from `source` at `file`, needs in `runtime`.
#[must_use]
pub fn link(file: &str, image: &Image, source: &Source, runtime: &Runtime) -> Linkage {
    let needed_symbols = image.symbols.imports().filter(|import| !import.weak).count();
    let mut linkage = Linkage { libraries: None, symbols: None, needed_symbols, own_libraries: Vec::new() };
    if needed_symbols == 0 {
        linkage.symbols = Some(Missing::default());
    }
    if image.libraries.is_empty() {
        linkage.libraries = Some(Libraries::Found);
    }
    if runtime.is_this_system && runtime.libc.as_deref() == Some("glibc") && image.elf().is_some() {
        let global = runtime.exec_path.as_deref().and_then(symbols::global_scope);
        let loaded = global.as_ref().map_or(&[][..], |global| &global.libraries);
        let (libraries, own) = glibc::search(file, image, loaded);
        if let (Libraries::Found, Some(global), None) = (&libraries, &global, &linkage.symbols) {
            linkage.symbols = symbols::missing(image, source, global, &own);
        }
        if libraries == Libraries::Found {
            linkage.own_libraries = own;
        }
        linkage.libraries = Some(libraries);
    }
    if runtime.is_this_system && runtime.libc.as_deref() == Some("musl") {
        linkage.libraries = musl::foreign_loader(image).or(linkage.libraries);
    }
    linkage
}
