//! Libraries on the disk: what they need, what they offer, where they say it lies. Read once.

use std::io;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use object::elf;

use super::acceptance::{self, Rejection, glibc_segments};
use super::static_tls::fixed_storage;
use crate::binary::{self, Image, Loss, SymbolLookup};
use crate::files::{self, Memo, Source};
use crate::hash::HashSet;

/// Most libraries that are followed from one image.
pub(super) const MOST: usize = 16_384;

/// What is needed of a library once it is found.
#[derive(Default)]
pub(super) struct Object {
    /// Names of the libraries it needs, those it filters among them.
    pub needed: Vec<String>,
    /// Versions that it asks of them.
    pub needs: Vec<binary::VersionNeed>,
    /// Versions that it offers.
    pub versions: HashSet<String>,
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_RPATH` and `DT_RUNPATH`, as written.
    pub search: [Option<String>; 2],
    /// What it needs isn't looked for in the system's folders.
    pub leaves_system_out: bool,
    /// Why musl doesn't map it.
    pub musl_rejection: Option<Rejection>,
    /// Why glibc doesn't map it: 2.36 and newer, and older ones.
    glibc_rejections: [Option<Rejection>; 2],
    /// So much of it is missing that mapping it kills the process.
    pub dies: bool,
    pub executable_stack: bool,
    pub isa_needed: u32,
    /// Bytes of thread-local storage that it wants at a fixed distance.
    pub fixed_storage: u64,
}

impl Object {
    /// Of an image, and its source where its relocations matter; `None` for what is no ELF file.
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
            // What isn't there of the last page reads as zeros, also where the loader expects
            // addresses.
            dies: matches!(facts.loss, Loss::Pages { touched: true, .. })
                || (facts.loss != Loss::Nothing
                    && image.unread.iter().any(|part| part.starts_with("dynamic"))),
            executable_stack: facts.executable_stack,
            isa_needed: facts.isa_needed,
            fixed_storage: source.map_or(0, |source| fixed_storage(image, source)),
        })
    }

    /// Of the executable that maps the others, as far as it matters to them: its tens of thousands
    /// of symbols aren't read for that.
    pub fn of_executable(executable: &SymbolLookup) -> Object {
        Object {
            needed: executable.libraries(),
            soname: executable.soname(),
            search: executable.search_paths(),
            leaves_system_out: leaves_system_out(executable.flags_1),
            ..Object::default()
        }
    }

    /// Why glibc doesn't map it, once its header is accepted; `is_old` is true before 2.36.
    pub fn glibc_rejection(&self, is_old: bool) -> Option<Rejection> {
        self.glibc_rejections[usize::from(is_old)]
    }
}

/// `DF_1_NODEFLIB`
fn leaves_system_out(flags_1: u64) -> bool {
    flags_1 & elf::DF_1_NODEFLIB.0 != 0
}

/// A library that is in the process before any addon.
pub(super) struct Loaded {
    /// The name by which it was asked for.
    pub name: String,
    /// Where it lies.
    pub path: String,
    /// What it was when it was found; `None` where it isn't needed.
    pub object: Option<Arc<Object>>,
}

/// The executable, and its `DT_RPATH` and `DT_RUNPATH`; `None` where they aren't known.
pub(super) type Inherited<'a> = Option<(&'a str, &'a [Option<String>; 2])>;

/// Reads the library at `path`; `None` for what is no ELF file. What was read is kept, as many
/// addons need the same libraries.
pub(super) fn read(path: &str) -> Option<Arc<Object>> {
    /// As many libraries as are followed from one image.
    static READ: LazyLock<Memo<String, Option<Arc<Object>>>> = LazyLock::new(|| Memo::new(MOST));
    let make = || {
        let stamps = files::stamps([path]);
        let source = Source::open(Path::new(path))?;
        let found = binary::read(&source)
            .images()
            .first()
            .and_then(|image| Object::of(image, Some(&source)))
            .map(Arc::new);
        Ok::<_, io::Error>((stamps, found))
    };
    READ.get_or_make(path.to_owned(), make).ok()?
}
