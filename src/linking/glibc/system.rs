//! The facts that all searches in one system share: its folders, its cache, and the subfolders for
//! newer processors.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use object::elf;

use super::open::{Opened, open};
use crate::files::{self, Memo, join_steps, shown};
use crate::hash::HashMap;
use crate::linking::acceptance::{Expected, GlibcText, takes_empty_dynamic};
use crate::linking::root::Root;
use crate::linking::{isa, ld_cache};
use crate::versions::within_32_bits;

/// A system, for one type of processor.
pub(in crate::linking) struct System {
    pub root: Root,
    cache: HashMap<String, String>,
    pub library_path: Vec<PathBuf>,
    /// The folders built into `ld.so`.
    pub folders: Vec<PathBuf>,
    /// Subfolders that are searched before each folder, each with a `/` at its end.
    variants: Vec<String>,
    /// The values that it requires in a library's header.
    pub expected: Expected,
    /// `$LIB`
    lib: String,
    /// `$PLATFORM`
    platform: &'static str,
    /// True if its glibc doesn't make the stack executable (2.41 and newer).
    pub refuses_stacks: bool,
    /// True if its glibc accepts an empty dynamic section (before 2.36).
    pub takes_empty_dynamic: bool,
}

/// The result of a search.
pub(super) enum Located {
    At(String),
    /// A file ends the search with this error text.
    Refused(String, GlibcText),
    Nowhere {
        /// True if a file of the other class (32-bit or 64-bit) was found.
        other_class: bool,
    },
}

impl System {
    /// Searches for a name in folders, each with its subfolders for newer processors.
    pub(super) fn search<'f>(
        &'f self,
        name: &str,
        folders: impl Iterator<Item = &'f PathBuf>,
        with_system: bool,
    ) -> Located {
        let mut other_class = false;
        let own = if with_system { self.folders.as_slice() } else { &[] };
        let mut cached = if with_system { self.cached(name) } else { None };
        let places = folders.map(Some).chain(std::iter::once(None)).chain(own.iter().map(Some));
        for place in places {
            let paths: Vec<PathBuf> = match place {
                Some(folder) => self
                    .variants
                    .iter()
                    .filter_map(|variant| join_steps(folder, &format!("{variant}{name}")))
                    .collect(),
                None => cached.take().into_iter().collect(),
            };
            for path in paths {
                match open(&path, self.expected) {
                    Opened::Fine => return Located::At(shown(&path)),
                    Opened::Refused(text) => {
                        return Located::Refused(shown(&path), text);
                    }
                    Opened::OtherClass => other_class = true,
                    Opened::PassedOver => {}
                }
            }
        }
        Located::Nowhere { other_class }
    }

    fn cached(&self, name: &str) -> Option<PathBuf> {
        self.cache.get(name).map(|path| self.root.place(path))
    }

    /// Replaces `$ORIGIN`, `$LIB` and `$PLATFORM` in a path of an object at `file`.
    pub(super) fn expand(&self, path: &str, file: &Path) -> String {
        if !path.contains('$') {
            return path.to_owned();
        }
        let origin = shown(file.parent().unwrap_or_else(|| Path::new("/")));
        let tokens =
            [("ORIGIN", origin.as_str()), ("LIB", self.lib.as_str()), ("PLATFORM", self.platform)];
        let mut expanded = String::new();
        let mut rest = path;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            rest = &rest[at..];
            let found = tokens.iter().find_map(|(name, value)| {
                let braced = format!("${{{name}}}");
                if rest.starts_with(&braced) {
                    return Some((*value, braced.len()));
                }
                let behind = rest.strip_prefix('$')?.strip_prefix(name)?;
                // If more letters or digits follow, the name is not a token.
                let ends = !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
                ends.then_some((*value, name.len() + 1))
            });
            let (value, length) = found.unwrap_or(("$", 1));
            expanded.push_str(value);
            rest = &rest[length..];
        }
        expanded.push_str(rest);
        expanded
    }

    /// The folders of a search path, in the format of `DT_RUNPATH`, in an object at `file`.
    pub(super) fn folders_in(&self, list: Option<&str>, file: &Path) -> Vec<PathBuf> {
        let place = |entry: &str| {
            // The values of the other tokens depend on the system.
            let is_of_system = self.root.is_unavailable()
                && ["LIB", "PLATFORM"].iter().any(|t| has_token(entry, t));
            if is_of_system {
                return self.root.place(entry);
            }
            let expanded = self.expand(entry, file);
            // Absolute entries are relative to the target root; `$ORIGIN` is already a host path.
            if expanded == entry { self.root.place(entry) } else { PathBuf::from(expanded) }
        };
        list.unwrap_or_default().split(':').filter(|entry| !entry.is_empty()).map(place).collect()
    }
}

/// True if a path may contain a token.
fn has_token(path: &str, token: &str) -> bool {
    path.contains(&format!("${token}")) || path.contains(&format!("${{{token}}}"))
}

/// The system at `root` for images with this identification and machine; `version` is that of its
/// glibc. The result is cached while `ld.so.cache` is the same file, which `ldconfig` rewrites
/// whenever libraries are installed. The environment is that of the process; `ld.so` also reads it
/// only once.
pub(super) fn system(
    root: &Root,
    ident: &[u8; 16],
    machine: u16,
    version: Option<&str>,
) -> Arc<System> {
    type Key = (Root, [u8; 2], u16, Option<String>);
    static SYSTEMS: LazyLock<Memo<Key, Arc<System>>> = LazyLock::new(|| Memo::new(64));
    let key = (root.clone(), [ident[4], ident[5]], machine, version.map(str::to_owned));
    SYSTEMS.get_or_make_alone(key, || {
        let stamps = files::stamps([root.place(CACHE)]);
        (stamps, Arc::new(read(root, [ident[4], ident[5]], machine, version)))
    })
}

/// The file in which `ldconfig` lists the installed libraries.
const CACHE: &str = "/etc/ld.so.cache";

fn read(root: &Root, [class, data]: [u8; 2], machine: u16, version: Option<&str>) -> System {
    let cache = ld_cache::read(&root.place(CACHE), machine);
    let library_path = files::variable("LD_LIBRARY_PATH")
        .and_then(|value| value.into_string().ok())
        .filter(|_| root.is_here())
        .unwrap_or_default();
    let multiarch = match elf::Machine(machine) {
        elf::EM_X86_64 => "/lib/x86_64-linux-gnu",
        elf::EM_AARCH64 => "/lib/aarch64-linux-gnu",
        elf::EM_ARM => "/lib/arm-linux-gnueabihf",
        elf::EM_386 => "/lib/i386-linux-gnu",
        _ => "/lib",
    };
    // No file lists the folders that are built into ld.so. The libc is in the first of them.
    let libc = cache
        .get("libc.so.6")
        .and_then(|path| path.rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned());
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in libc.iter().map(String::as_str).chain([multiarch, "/lib64", "/lib"]) {
        let usr = format!("/usr{}", folder.trim_start_matches("/usr"));
        for place in [folder, &usr].map(|folder| root.place(folder)) {
            if files::is_folder(&place) && !folders.contains(&place) {
                folders.push(place);
            }
        }
    }
    let known = version.and_then(within_32_bits);
    let takes_empty_dynamic = takes_empty_dynamic(known.as_deref());
    let numbers = known.unwrap_or_default();
    let lib = match &libc {
        Some(folder) => folder.trim_start_matches("/usr").trim_start_matches('/').to_owned(),
        None => multiarch.trim_start_matches('/').to_owned(),
    };
    let is_of_levels = elf::Machine(machine) == elf::EM_X86_64 && !root.is_unavailable();
    let levels = isa::levels().filter(|_| is_of_levels).unwrap_or(0);
    let platform = platform(machine, levels, &numbers);
    let mut system = System {
        root: root.clone(),
        cache,
        library_path: Vec::new(),
        folders,
        variants: variants(levels, platform, &numbers),
        expected: Expected { class, data, machine: Some(machine) },
        lib,
        platform,
        refuses_stacks: numbers >= vec![2, 41],
        takes_empty_dynamic,
    };
    // Tokens in LD_LIBRARY_PATH would be expanded for the executable. They are rarely used, and not
    // expanded here.
    let list = library_path.split([':', ';']).filter(|entry| !entry.is_empty());
    system.library_path = list.map(|entry| system.root.place(entry)).collect();
    system
}

/// `AT_PLATFORM`, with the changes that glibc makes to it (sysdeps/x86/cpu-features.c, up to 2.36).
fn platform(machine: u16, levels: u32, version: &[u32]) -> &'static str {
    match elf::Machine(machine) {
        elf::EM_X86_64 if levels & 4 != 0 && version < &[2, 37][..] => "haswell",
        elf::EM_X86_64 => "x86_64",
        elf::EM_AARCH64 => "aarch64",
        elf::EM_386 => "i686",
        elf::EM_ARM => "v7l",
        _ => "",
    }
}

/// The subfolders that are searched before each folder, best first: `glibc-hwcaps` since 2.33, the
/// older ones until 2.36 (elf/dl-hwcaps.c).
fn variants(levels: u32, platform: &str, version: &[u32]) -> Vec<String> {
    let mut variants = Vec::new();
    let knows = version.is_empty() || version >= &[2, 33][..];
    for (bit, level) in [(8, "v4"), (4, "v3"), (2, "v2")] {
        if knows && levels & bit != 0 {
            variants.push(format!("glibc-hwcaps/x86-64-{level}/"));
        }
    }
    if levels != 0 && version < &[2, 37][..] {
        let mut names: Vec<&str> = vec!["tls"];
        names.extend((platform != "x86_64").then_some(platform));
        names.push("x86_64");
        // All combinations of them, in this order.
        for choice in (1..1usize << names.len()).rev() {
            let picked = names
                .iter()
                .enumerate()
                .filter(|(index, _)| choice >> (names.len() - 1 - index) & 1 == 1);
            variants.push(picked.map(|(_, name)| format!("{name}/")).collect());
        }
    }
    variants.push(String::new());
    variants
}
