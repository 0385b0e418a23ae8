//! Libraries on disk: their needs, their symbol versions and their run-paths. Each file is read
//! once.

use std::io;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use object::elf;

use super::acceptance::{self, Rejection, glibc_segments};
use super::static_tls::fixed_storage;
use crate::binary::{self, Image, Loss, SymbolLookup};
use crate::files::{self, Memo, Source};
use crate::hash::HashSet;

/// The maximum number of libraries that are followed from one image.
pub(super) const MOST: usize = 16_384;

/// The facts of a library that the search uses.
#[derive(Default)]
pub(super) struct Object {
    /// Names of the libraries it needs, including those that it filters (`DT_FILTER`,
    /// `DT_AUXILIARY`).
    pub needed: Vec<String>,
    /// Versions that it requires of them.
    pub needs: Vec<binary::VersionNeed>,
    /// Versions that it defines.
    pub versions: HashSet<String>,
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_RPATH` and `DT_RUNPATH`, as written.
    pub search: [Option<String>; 2],
    /// True if the system's folders are not searched for its needs (`DF_1_NODEFLIB`).
    pub leaves_system_out: bool,
    /// musl's reason to reject it.
    pub musl_rejection: Option<Rejection>,
    /// glibc's reason to reject it: in 2.36 and newer, and in older versions.
    glibc_rejections: [Option<Rejection>; 2],
    /// True if so much of the file is missing that mapping it kills the process.
    pub dies: bool,
    pub executable_stack: bool,
    pub isa_needed: u32,
    /// Bytes of static TLS that it needs.
    pub fixed_storage: u64,
}

impl Object {
    /// From an image, with its source if its relocations are needed; `None` if it is not an ELF
    /// file.
    pub fn of(image: &Image, source: Option<&Source>) -> Option<Object> {
        let facts = image.elf()?;
        Some(Object {
            needed: image.libraries.iter().map(|library| library.name.clone()).collect(),
            needs: facts.version_needs.clone(),
            versions: facts.version_definitions.iter().cloned().collect(),
            soname: facts.soname.clone(),
            search: [facts.rpath.clone(), facts.runpath.clone()],
            leaves_system_out: leaves_system_out(facts.flags_1),
            musl_rejection: acceptance::musl(facts),
            glibc_rejections: [false, true].map(|is_old| glibc_segments(facts, is_old)),
            // The missing rest of the last page reads as zeros, also where the loader expects
            // addresses.
            dies: matches!(facts.loss, Loss::Pages { touched: true, .. })
                || (facts.loss != Loss::Nothing
                    && image.unread.iter().any(|part| part.starts_with("dynamic"))),
            executable_stack: facts.executable_stack,
            isa_needed: facts.isa_needed,
            fixed_storage: source.map_or(0, |source| fixed_storage(image, source)),
        })
    }

    /// From the executable that loads the others. Only the facts for their search are read, not its
    /// tens of thousands of symbols.
    pub fn of_executable(executable: &SymbolLookup) -> Object {
        Object {
            needed: executable.libraries(),
            soname: executable.soname(),
            search: executable.search_paths(),
            leaves_system_out: leaves_system_out(executable.flags_1),
            ..Object::default()
        }
    }

    /// glibc's reason to reject it after its header is accepted; `is_old` is true before 2.36.
    pub fn glibc_rejection(&self, is_old: bool) -> Option<Rejection> {
        self.glibc_rejections[usize::from(is_old)]
    }
}

/// `DF_1_NODEFLIB`
fn leaves_system_out(flags_1: u64) -> bool {
    flags_1 & elf::DF_1_NODEFLIB.0 != 0
}

/// A library that the process has loaded before any addon.
pub(super) struct Loaded {
    /// The name by which it was requested.
    pub name: String,
    /// Its path.
    pub path: String,
    /// Its facts when it was found; `None` if they aren't needed.
    pub object: Option<Arc<Object>>,
}

/// The executable, and its `DT_RPATH` and `DT_RUNPATH`; `None` where they aren't known.
pub(super) type Inherited<'a> = Option<(&'a str, &'a [Option<String>; 2])>;

/// Reads the library at `path`; `None` if it is not an ELF file. The result is cached, because many
/// addons need the same libraries.
pub(super) fn read(path: &str) -> Option<Arc<Object>> {
    /// The cache holds as many libraries as are followed from one image.
    static READ: LazyLock<Memo<String, Option<Arc<Object>>>> = LazyLock::new(|| Memo::new(MOST));
    let make = || {
        let stamps = files::stamps([path]);
        let source = Source::open(Path::new(path))?;
        let found = binary::read_library(&source)
            .and_then(|image| Object::of(&image, Some(&source)))
            .map(Arc::new);
        Ok::<_, io::Error>((stamps, found))
    };
    READ.get_or_make(path.to_owned(), make).ok()?
}
