//! (image, runtime) → [`Linkage`]: the libraries and symbols that the operating system's loader
//! would find for an image in a runtime.
//!
//! The libraries and their versions are searched if the runtime's system is available: this system,
//! or one that is unpacked in a folder around the executable. Otherwise only the libraries that lie
//! beside the image are. The symbols are searched if the executable is available too. Everything
//! else is `None`: not examined, and the verdict states that.

pub mod acceptance;
mod alpine;
mod dyld;
mod glibc;
mod isa;
mod ld_cache;
mod linkage;
mod loader;
mod missing;
mod musl;
mod object;
mod root;
mod simulation;
mod static_tls;
mod symbols;
mod tables;
mod tree;
mod windows;

use std::path::{Path, PathBuf};

use self::linkage::Search;
use self::loader::Loader;
use self::root::Root;
use self::static_tls::fixed_storage;
use crate::binary::{Image, PAGE};
use crate::files::{self, Source, SystemView, join_steps};
use crate::model::{Arch, FileFormat, Libc, Platform};
use crate::runtime::Runtime;

pub use dyld::is_of_macos;
pub use linkage::{Libraries, Linkage, Own, Unfound};
pub use missing::Missing;
pub use simulation::{Course, Step, Stop};
pub use windows::{is_general, is_host};

/// Finds the libraries and symbols that `image`, read from `source` at `file`, needs in `runtime`.
#[must_use]
pub fn link(file: &str, image: &Image, source: &Source, runtime: &Runtime) -> Linkage {
    let mut beside = Vec::new();
    let mut linkage = search(file, image, source, runtime, &mut beside);
    let is_alpine = linkage.libraries.is_none()
        && linkage.own.is_empty()
        && runtime.libc == Some(Libc::Musl)
        && image.elf().is_some();
    if is_alpine && alpine::has_libraries(image) {
        linkage.libraries = Some(Libraries::Found);
    }
    let is_asked_for = image.arch.as_ref() == Some(&runtime.arch)
        && image.platform.as_ref() == Some(&runtime.platform);
    if linkage.symbols.is_none()
        && is_asked_for
        && let Some(tables::ByTable { mut missing, undecided }) =
            tables::look_up(image, source, runtime, &linkage.own)
    {
        missing.add(tables::lacking(image, source, &beside));
        linkage.symbols = Some(missing);
        linkage.undecided_symbols = undecided;
    }
    linkage.releases = tables::releases_for(image);
    linkage
}

/// Searches for the libraries, and for the symbols if the executable is available. `beside`
/// receives the paths of libraries in the image's own folder, by their index.
fn search(
    file: &str,
    image: &Image,
    source: &Source,
    runtime: &Runtime,
    beside: &mut Vec<(usize, PathBuf)>,
) -> Linkage {
    let needed_symbols = image.symbols.imports().filter(|import| !import.weak).count();
    let mut linkage = Linkage {
        libraries: None,
        symbols: None,
        needed_symbols,
        undecided_symbols: 0,
        releases: None,
        isa_levels: None,
        fixed_storage: fixed_storage(image, source),
        course: course(image, source, runtime),
        own: Vec::new(),
        unfound: Vec::new(),
    };
    if needed_symbols == 0 {
        linkage.symbols = Some(Missing::default());
    }
    if image.libraries.is_empty() {
        linkage.libraries = Some(Libraries::Found);
    }
    match image.format {
        FileFormat::MachO if runtime.platform == Platform::Darwin => {
            linkage.libraries = dyld::search(file, image, runtime, beside).or(linkage.libraries);
        }
        FileFormat::Pe if runtime.platform == Platform::Win32 => {
            linkage.libraries = windows::search(file, image, runtime, beside).or(linkage.libraries);
        }
        _ => {}
    }
    let (Some(libc), Some(_)) = (runtime.libc, image.elf()) else { return linkage };
    let Some(root) = &runtime.root else {
        tree::search(file, image, runtime, libc, &mut linkage);
        return linkage;
    };
    let _view = SystemView::of(root);
    let root = Root::new(root);
    linkage.isa_levels = isa::levels().filter(|_| runtime.arch == Arch::X64);
    let loader = if libc == Libc::Musl { Loader::Musl } else { Loader::Glibc };
    let global = runtime
        .exec_path
        .as_deref()
        .and_then(|executable| symbols::global_scope(executable, &root, loader));
    let loaded = global.as_ref().map_or(&[][..], |global| &global.libraries);
    // The executable's run-paths can apply to libraries that are loaded later.
    let inherited = global
        .as_ref()
        .map(|global| (runtime.exec_path.as_deref().unwrap_or_default(), &global.search));
    let Search { mut libraries, own, .. } = match loader {
        Loader::Glibc => {
            glibc::search(file, image, loaded, inherited, &root, runtime.libc_version.as_deref())
        }
        Loader::Musl => musl::search(file, image, loaded, inherited, &root),
    };
    if let Libraries::Missing { library, beside, .. } = &mut libraries {
        *beside = Path::new(file)
            .parent()
            .and_then(|folder| join_steps(folder, library))
            .is_some_and(|path| files::exists(&path));
    }
    // An image that needs no symbols itself may load libraries that do.
    let needs_something =
        linkage.symbols.is_none() || own.iter().any(|library| !library.is_systems);
    if let (Libraries::Found, Some(global), true) = (&libraries, &global, needs_something) {
        linkage.symbols = symbols::missing(
            image,
            source,
            global,
            &own,
            loader,
            image.arch.as_ref() != Some(&runtime.arch),
        );
    }
    if libraries == Libraries::Found {
        linkage.own = own;
    }
    linkage.libraries = Some(libraries).filter(|libraries| *libraries != Libraries::TooMany);
    linkage
}

/// Simulates the load of an image for Linux, as far as its libc's loader is known.
fn course(image: &Image, source: &Source, runtime: &Runtime) -> Option<Course> {
    let facts = image.elf().filter(|_| {
        // The simulation maps pages of the usual size.
        runtime.platform == Platform::Linux
            && image.arch.as_ref() == Some(&runtime.arch)
            && runtime.page_size.is_none_or(|size| size == PAGE)
    })?;
    let loader = match runtime.libc {
        Some(Libc::Musl) => Loader::Musl,
        _ => Loader::Glibc,
    };
    let settings = simulation::Settings {
        loader,
        version: runtime.libc_version.as_deref(),
        machine: facts.machine,
    };
    simulation::follow(image, source, settings)
}
