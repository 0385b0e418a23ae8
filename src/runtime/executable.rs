//! Reads a runtime's executable, without running it: its runtime, release and libc.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use memchr::memmem::Finder;
use semver::Version;

use super::registry;
use crate::binary::{self, Image};
use crate::files::{self, Memo, Source, SystemView, join_steps, real_path};
use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::versions::within_32_bits;

/// The facts in an executable.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub kind: Option<RuntimeName>,
    pub version: Option<Version>,
    pub abi: Option<u32>,
    pub node_api: Option<u32>,
    pub platform: Option<Platform>,
    pub arch: Option<Arch>,
    pub libc: Option<(Libc, Option<String>)>,
    /// The root of its system, if it isn't this system.
    pub root: Option<PathBuf>,
    /// True for a build of Node.js whose V8 compresses pointers.
    pub compresses_pointers: bool,
}

/// Reads the executable at `path`. The result is cached, because reading it means searching 100 MB.
///
/// # Errors
/// The system's error if the file can't be opened.
pub(super) fn read(path: &Path) -> std::io::Result<Found> {
    static KNOWN: LazyLock<Memo<PathBuf, Found>> = LazyLock::new(|| Memo::new(64));
    KNOWN.get_or_make(path.to_path_buf(), || {
        let stamps = files::stamps([path]);
        Ok((stamps, read_anew(path)?))
    })
}

fn read_anew(path: &Path) -> std::io::Result<Found> {
    let source = Source::open(path)?;
    let file = binary::read(&source);
    let mut found = Found::default();
    let Some(image) = file.images().first() else { return Ok(found) };
    found.platform = image.platform.clone();
    found.arch = image.arch.clone();
    if image.platform == Some(Platform::Linux) {
        found.root = root_of(path);
        found.libc = libc_of(path, found.root.as_deref());
    }
    if let Some(version) = electron_version(path) {
        found.kind = Some(RuntimeName::Electron);
        found.version = Some(version);
        return Ok(found);
    }
    let is_called_node = path.file_stem().is_some_and(|name| name == "node" || name == "nodejs");
    // Distributions build Node as a library, with a small executable.
    match node_library(path, image) {
        Some(library) => scan(&Source::open(&library)?, is_called_node, &mut found),
        None => scan(&source, is_called_node, &mut found),
    }
    Ok(found)
}

/// The longest file `version` that is read, in bytes.
const LONGEST_VERSION: u64 = 1 << 10;

/// `electron` packages have a file `version` beside the executable; on macOS beside `Electron.app`.
fn electron_version(path: &Path) -> Option<Version> {
    let name = path.file_stem()?.to_string_lossy().to_ascii_lowercase();
    if name != "electron" {
        return None;
    }
    [path.parent()?.join("version"), path.parent()?.join("../../../version")]
        .iter()
        .find_map(|file| files::text(file, LONGEST_VERSION).ok())
        .and_then(|text| Version::parse(text.trim().trim_start_matches('v')).ok())
}

fn node_library(path: &Path, image: &Image) -> Option<PathBuf> {
    let name = image.libraries.iter().map(|library| &library.name).find(|name| {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        base.starts_with("libnode.") || base.starts_with("libnode-")
    })?;
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let real = real_path(path).ok()?;
    let folder = real.parent()?;
    let multiarch = match image.arch {
        Some(Arch::X64) => "x86_64-linux-gnu",
        Some(Arch::Arm64) => "aarch64-linux-gnu",
        Some(Arch::Ia32) => "i386-linux-gnu",
        _ => "",
    };
    [".", "../lib", "../lib64", &format!("../lib/{multiarch}")]
        .iter()
        .map(|beside| folder.join(beside).join(base))
        .find(|candidate| files::is_file(candidate))
}

/// Searches the file for the build configuration that Node contains as text (`process.config`), and
/// for the user agents of the other runtimes.
fn scan(source: &Source, is_called_node: bool, found: &mut Found) {
    const CHUNK: usize = 1 << 20;
    const OVERLAP: usize = 128;
    /// Runtimes have up to 200 MB, and executables that contain them somewhat more.
    const LONGEST: u64 = 256 << 20;
    const MOST_VERSIONS: usize = 1024;
    let abi = Finder::new("\"node_module_version\":");
    let node_api = Finder::new("\"napi_build_version\":");
    let compression = Finder::new("\"v8_enable_pointer_compression\":");
    let headers = Finder::new("/node-v");
    let bun = Finder::new("Bun/");
    let deno = Finder::new("Deno/");
    let plain = Finder::new("\0v");
    // Linkers merge a string into the tail of a longer one: "node v0.10.48".
    let banner = Finder::new("node v");
    let mut release = None;
    let mut plain_versions: Vec<Version> = Vec::new();
    let mut other: Option<(RuntimeName, Version)> = None;
    let mut chunk = vec![0; CHUNK + OVERLAP];
    let mut offset = 0;
    while offset < source.size().min(LONGEST) {
        let count = source.read(offset, &mut chunk);
        source.refill();
        let bytes = &chunk[..count];
        // A match in the overlap is found again, completely, in the next chunk.
        let within = |at: &usize| *at < CHUNK;
        for at in abi.find_iter(bytes).take_while(within) {
            found.abi = found.abi.or_else(|| number(&bytes[at + 22..]));
        }
        for at in node_api.find_iter(bytes).take_while(within) {
            found.node_api = found.node_api.or_else(|| number(&bytes[at + 21..]));
        }
        for at in compression.find_iter(bytes).take_while(within) {
            let value = bytes[at + 32..].trim_ascii_start();
            found.compresses_pointers |= value.starts_with(b"1") || value.starts_with(b"true");
        }
        for at in headers.find_iter(bytes).take_while(within) {
            let rest = &bytes[at + 7..bytes.len().min(at + 60)];
            if let Some(end) = memchr::memmem::find(rest, b"-headers.tar") {
                release = release.or_else(|| version(&rest[..end]));
            }
        }
        let plain = plain.find_iter(bytes).take_while(within).map(|at| at + 2);
        let banners = banner.find_iter(bytes).take_while(within).map(|at| at + 6);
        for at in plain.chain(banners) {
            let rest = &bytes[at..bytes.len().min(at + 32)];
            if let Some(end) = memchr::memchr(0, rest) {
                plain_versions
                    .extend(version(&rest[..end]).filter(|_| plain_versions.len() < MOST_VERSIONS));
            }
        }
        for (finder, kind, length) in [(&bun, RuntimeName::Bun, 4), (&deno, RuntimeName::Deno, 5)] {
            for at in finder.find_iter(bytes).take_while(within) {
                let rest = &bytes[at + length..bytes.len().min(at + length + 32)];
                let end = rest
                    .iter()
                    .position(|byte| !byte.is_ascii_digit() && *byte != b'.')
                    .unwrap_or(rest.len());
                let newer = version(&rest[..end])
                    .filter(|found| other.as_ref().is_none_or(|(_, newest)| newest < found));
                other = newer.map(|version| (kind, version)).or(other);
            }
        }
        offset += CHUNK as u64;
    }
    if let Some((kind, version)) = other {
        // Both also contain the name or the configuration of a Node release, for compatibility, and
        // names of their own older releases.
        *found = Found {
            kind: Some(kind),
            version: Some(version),
            abi: None,
            node_api: None,
            ..std::mem::take(found)
        };
    } else if release.is_some() || found.abi.is_some() {
        found.kind = Some(RuntimeName::Node);
        // Builds without a release URL still contain their version as a separate string; the ABI
        // decides between several.
        let own =
            |version: &Version| registry::release(RuntimeName::Node, version).abi == found.abi;
        found.version = release.or_else(|| plain_versions.into_iter().find(own));
    } else if let Some(version) =
        plain_versions.into_iter().find(|version| version.major == 0 && version.minor >= 10)
        && is_called_node
    {
        // Node 0.10 and 0.12 contain no configuration.
        found.kind = Some(RuntimeName::Node);
        found.version = Some(version);
    }
}

/// The number after `"name":`, with or without quotes.
fn number(bytes: &[u8]) -> Option<u32> {
    let start = bytes.iter().position(|byte| *byte != b' ' && *byte != b'"')?;
    let digits = &bytes[start..];
    let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(&digits[..end]).ok()?.parse().ok()
}

fn version(bytes: &[u8]) -> Option<Version> {
    Version::parse(std::str::from_utf8(bytes).ok()?).ok()
}

/// The root folder of the system that an executable belongs to, if the system is unpacked around
/// it: the nearest folder above that contains its loader. `None` for an executable of this system.
fn root_of(path: &Path) -> Option<PathBuf> {
    let interpreter = binary::interpreter(&Source::open(path).ok()?)?;
    let inside = interpreter.trim_start_matches('/');
    let real = real_path(path).ok()?;
    let nearest = real.ancestors().skip(1).find(|folder| has_loader(folder, inside))?;
    // Most distributions have `lib64` in `usr`, and `/lib64` is a link to it.
    let above =
        nearest.parent().filter(|above| nearest.ends_with("usr") && has_loader(above, inside));
    let root = above.unwrap_or(nearest);
    (root != Path::new("/")).then(|| root.to_path_buf())
}

/// True if the loader at `inside` is in the system at `root`. It may be a link whose target doesn't
/// exist here.
fn has_loader(root: &Path, inside: &str) -> bool {
    let _view = SystemView::of(root);
    join_steps(root, inside).is_some_and(|path| files::link_kind(path).is_some())
}

/// The libc that an executable uses: `PT_INTERP` names its loader, and the libc is near it.
pub(super) fn libc_of(path: &Path, root: Option<&Path>) -> Option<(Libc, Option<String>)> {
    let interpreter = binary::interpreter(&Source::open(path).ok()?)?;
    if interpreter.contains("ld-musl") {
        return Some((Libc::Musl, None));
    }
    if !interpreter.contains("ld-linux")
        && !interpreter.contains("ld64.so")
        && !interpreter.contains("ld.so")
    {
        return None;
    }
    let root = root.unwrap_or_else(|| Path::new("/"));
    let _view = SystemView::of(root);
    let real = join_steps(root, interpreter.trim_start_matches('/'))
        .and_then(|path| real_path(&path).ok());
    let beside =
        real.iter().filter_map(|path| path.parent()).map(|folder| folder.join("libc.so.6"));
    let version = beside.filter_map(|path| glibc_version(&path)).next();
    Some((Libc::Glibc, version))
}

/// The libc among mapped files.
pub(super) fn libc_among<'a>(
    paths: impl Iterator<Item = &'a str>,
) -> Option<(Libc, Option<String>)> {
    for path in paths {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with("ld-musl-") || name.starts_with("libc.musl-") {
            return Some((Libc::Musl, None));
        }
        if name == "libc.so.6" || (name.starts_with("libc-2.") && name.ends_with(".so")) {
            return Some((Libc::Glibc, glibc_version(Path::new(path))));
        }
    }
    None
}

/// The release of a glibc. Up to 2.33 the file name contains it. Later files only show their newest
/// `GLIBC_*` version, which is an older one if a release added none (2.37 and 2.40).
fn glibc_version(path: &Path) -> Option<String> {
    let real = real_path(path).ok();
    let name = real.as_deref().unwrap_or(path).file_name()?.to_str()?;
    if let Some(version) = name.strip_prefix("libc-").and_then(|rest| rest.strip_suffix(".so"))
        && within_32_bits(version).is_some()
    {
        return Some(version.to_owned());
    }
    let source = Source::open(path).ok()?;
    let library = binary::read_library(&source)?;
    library
        .elf()?
        .version_definitions
        .iter()
        .filter_map(|version| {
            let numbers = within_32_bits(version.strip_prefix("GLIBC_")?)?;
            <[u32; 2]>::try_from(numbers).ok()
        })
        .max()
        .map(|[major, minor]| format!("{major}.{minor}"))
}
