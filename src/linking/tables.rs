//! Looks up symbols in the tables of a Node.js release's exports, if its executable isn't
//! available. Symbols that the tables don't cover are looked up in the image's libraries, if those
//! were found.

use std::path::{Path, PathBuf};

use semver::Version;

use super::linkage::Own;
use super::missing::{Missing, text};
use super::{alpine, musl};
use crate::addon::is_cxx_host_symbol;
use crate::binary::{self, ElfFacts, Image, Import, SymbolLookup};
use crate::files::Source;
use crate::hash::{HashMap, HashSet};
use crate::model::{FileFormat, Libc, RuntimeName};
use crate::runtime::Runtime;
use crate::runtime::exports::{Presence, presence, presence_in, releases_with};

/// The result of the look-up in a release's tables.
pub(super) struct ByTable {
    /// Symbols that the release doesn't have.
    pub missing: Missing,
    /// Number of symbols that the tables don't cover.
    pub undecided: usize,
}

/// Looks up the symbols that `image` needs in the release of `runtime`. `libraries` are those that
/// the image loads, if they were found. `None` if no table covers the release.
pub(super) fn look_up(
    image: &Image,
    source: &Source,
    runtime: &Runtime,
    libraries: &[Own],
) -> Option<ByTable> {
    let version = match runtime.kind {
        RuntimeName::Node | RuntimeName::Electron => runtime.node_at_least()?,
        RuntimeName::Bun | RuntimeName::Deno => runtime.version.clone()?,
        RuntimeName::Nw => return None,
    };
    let is_newer = runtime.is_newer_than_table();
    let is_node_api = |name: &[u8]| name.starts_with(b"napi_") || name.starts_with(b"node_api_");
    // Electron has another V8, and the Node-API of its Node.js. Of Bun and Deno only Node-API was
    // read. For a release that is newer than
    // the table two facts are known: Node-API functions are never removed, and libuv keeps its
    // functions within 1.x.
    let is_covered = |name: &[u8]| {
        runtime.kind == RuntimeName::Node && (!is_newer || name.starts_with(b"uv_"))
            || is_node_api(name)
    };
    let libraries: Vec<SymbolLookup> = match image.format {
        FileFormat::Elf => libraries
            .iter()
            .filter_map(|library| SymbolLookup::open(Path::new(&library.path)))
            .collect(),
        _ => Vec::new(),
    };
    let of_alpine = runtime.root.is_none()
        && runtime.libc == Some(Libc::Musl)
        && runtime.kind == RuntimeName::Node;
    let mut absent: HashMap<&[u8], Option<Version>> = HashMap::default();
    let mut undecided = 0;
    for import in image.symbols.imports().filter(|import| !import.weak && is_of_host(image, import))
    {
        let known = if is_covered(import.name) {
            match of_table(runtime, &version, import.name) {
                Presence::There => Presence::There,
                _ if is_newer => Presence::Unknown,
                known => known,
            }
        } else {
            Presence::Unknown
        };
        match known {
            Presence::There => {}
            Presence::Since(since) => drop(absent.insert(import.name, Some(since))),
            Presence::Gone(_) | Presence::Missing => drop(absent.insert(import.name, None)),
            Presence::Unknown
                if libraries
                    .iter()
                    .any(|library| library.defines(import.name, None) == Some(true)) => {}
            Presence::Unknown if of_alpine => {
                match alpine::has(&import, image, runtime.libc_version.as_deref()) {
                    Some(true) => {}
                    Some(false) => drop(absent.insert(import.name, None)),
                    None => undecided += 1,
                }
            }
            Presence::Unknown => undecided += 1,
        }
    }
    // Symbols that the image itself defines are found.
    for export in image.symbols.exports() {
        absent.remove(export.name);
    }
    let names: HashSet<&[u8]> = absent.keys().copied().collect();
    let mut missing = match runtime.libc {
        Some(Libc::Musl) => musl::relocations::missing(image, source, &names, false, &|_| false),
        _ => bound(image, source, &names),
    };
    missing.since = absent
        .iter()
        .filter_map(|(name, since)| Some((text(name), since.as_ref()?.to_string())))
        .collect();
    Some(ByTable { missing, undecided })
}

fn of_table(runtime: &Runtime, version: &Version, name: &[u8]) -> Presence {
    match runtime.kind {
        RuntimeName::Bun | RuntimeName::Deno => presence_in(runtime.kind, version, name),
        _ => presence(&runtime.platform, &runtime.arch, version, name),
    }
}

/// True for an import that the executable may define. On Windows, and with a two-level namespace on
/// macOS, each import names its library.
fn is_of_host(image: &Image, import: &Import<'_>) -> bool {
    let Some(library) = import.library.and_then(|index| image.libraries.get(usize::from(index)))
    else {
        return true;
    };
    let name = library.name.to_ascii_lowercase();
    image.format == FileFormat::Pe && (name.ends_with(".exe") || name.starts_with("libnode."))
}

/// The symbols that `image` imports from libraries with a known path, and that those don't define.
pub(super) fn lacking(image: &Image, source: &Source, libraries: &[(usize, PathBuf)]) -> Missing {
    let mut names: HashSet<&[u8]> = HashSet::default();
    for (index, path) in libraries {
        let Ok(library) = Source::open(path) else { continue };
        let file = binary::read(&library);
        let Some(found) = file.images().iter().find(|found| found.arch == image.arch) else {
            continue;
        };
        // A library with re-exports may provide any symbol.
        if !found.unread.is_empty() || found.has_reexports() {
            continue;
        }
        let has: HashSet<&[u8]> = found.symbols.exports().map(|export| export.name).collect();
        let of_library =
            |import: &Import<'_>| import.library.map(usize::from) == Some(*index) && !import.weak;
        names.extend(
            image
                .symbols
                .imports()
                .filter(of_library)
                .map(|import| import.name)
                .filter(|name| !has.contains(name)),
        );
    }
    bound(image, source, &names)
}

/// The binding of each undefined symbol.
fn bound(image: &Image, source: &Source, names: &HashSet<&[u8]>) -> Missing {
    let mut missing = Missing::default();
    if names.is_empty() {
        return missing;
    }
    let (mut eager, mut lazy): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    match image.format {
        FileFormat::Elf => {
            return Missing::bound(
                image,
                source,
                names,
                image.elf().is_some_and(ElfFacts::binds_now),
            );
        }
        FileFormat::MachO => {
            let waiting = image.lazily_bound(source);
            for name in names {
                let list = if waiting.contains(*name) { &mut lazy } else { &mut eager };
                list.push(text(name));
            }
            eager.sort();
        }
        FileFormat::Pe => {
            let is_delayed = |import: &Import<'_>| {
                import
                    .library
                    .and_then(|index| image.libraries.get(usize::from(index)))
                    .is_some_and(|library| library.delayed)
            };
            for import in image.symbols.imports().filter(|import| names.contains(import.name)) {
                let list = if is_delayed(&import) { &mut lazy } else { &mut eager };
                list.push(text(import.name));
            }
        }
    }
    missing.eager = eager.into_iter().next();
    lazy.sort();
    lazy.dedup();
    missing.lazy = lazy;
    missing
}

/// The releases of Node.js whose V8 fits an image, by the C++ functions of V8 and Node.js that it
/// needs: the first of each line. `None` if it needs none, if the tables don't cover them, or if it
/// doesn't register through Node-API, because Node.js then compares the ABI itself.
pub(super) fn releases_for(image: &Image) -> Option<Vec<Version>> {
    let by_symbol = image.symbols.exports().any(|export| export.name == b"napi_register_module_v1");
    if !by_symbol && !image.symbols.imports().any(|import| import.name == b"napi_module_register") {
        return None;
    }
    let names =
        image.symbols.imports().map(|import| import.name).filter(|name| is_cxx_host_symbol(name));
    releases_with(image.platform.as_ref()?, image.arch.as_ref()?, names)
}
