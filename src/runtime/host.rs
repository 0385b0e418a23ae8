//! This process as a runtime.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use semver::Version;
use serde::Deserialize;

use super::executable;
use super::facts::Runtime;
use crate::files::{self, kernel_text};
use crate::model::{Arch, Libc, Platform, RuntimeName};

/// The process's own facts (`process.versions`, `process.platform`, `process.arch`,
/// `process.execPath`). The ABI is taken from here and never derived from the version, because
/// distributions change it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostFacts {
    /// `node`, `electron`, `bun`, `deno` or `nw`.
    pub runtime: String,
    /// Its version.
    pub version: String,
    /// `process.versions.node`.
    pub node: String,
    /// `process.versions.modules`.
    pub abi: Option<u32>,
    /// `process.versions.napi`.
    pub node_api: Option<u32>,
    /// `process.platform`.
    pub platform: Platform,
    /// `process.arch`.
    pub arch: Arch,
    /// `process.execPath`.
    pub exec_path: Option<String>,
    /// `process.config.variables.v8_enable_pointer_compression`.
    #[serde(default)]
    pub compresses_pointers: bool,
}

/// The libc of this process: its name and version. Determined once.
fn libc() -> &'static Option<(Libc, Option<String>)> {
    static LIBC: OnceLock<Option<(Libc, Option<String>)>> = OnceLock::new();
    LIBC.get_or_init(|| {
        files::for_process(|| {
            // The mapped library is the one in use, also under `ld.so --library-path`.
            let maps = kernel_text(Path::new("/proc/self/maps")).unwrap_or_default();
            let mapped = maps.lines().filter_map(|line| line.find('/').map(|at| &line[at..]));
            executable::libc_among(mapped)
                .or_else(|| executable::libc_of(Path::new("/proc/self/exe"), None))
        })
    })
}

/// Size of a memory page of this system, in bytes.
fn page_size() -> Option<u64> {
    #[cfg(unix)]
    let size = u64::try_from(rustix::param::page_size()).ok();
    #[cfg(not(unix))]
    let size = None;
    size
}

/// The version of the macOS that this process runs on. Determined once.
fn macos_version() -> &'static Option<String> {
    static VERSION: OnceLock<Option<String>> = OnceLock::new();
    VERSION.get_or_init(|| {
        let path = Path::new("/System/Library/CoreServices/SystemVersion.plist");
        let text = files::for_process(|| files::text(path, 1 << 20)).ok()?;
        let (_, behind) = text.split_once("<key>ProductVersion</key>")?;
        let (_, value) = behind.split_once("<string>")?;
        Some(value.split_once("</string>")?.0.to_owned())
    })
}

/// The runtime that this process is.
#[must_use]
pub fn host(facts: &HostFacts) -> Runtime {
    let libc = if facts.platform == Platform::Linux { libc().clone() } else { None };
    let (libc, libc_version) = libc.map_or((None, None), |(name, version)| (Some(name), version));
    Runtime {
        kind: RuntimeName::from_name(&facts.runtime).unwrap_or(RuntimeName::Node),
        version: Version::parse(&facts.version).ok(),
        node: Version::parse(&facts.node).ok(),
        abi: facts.abi,
        node_api: facts.node_api,
        platform: facts.platform.clone(),
        arch: facts.arch.clone(),
        libc,
        libc_version,
        distribution: None,
        os_version: if facts.platform == Platform::Darwin { macos_version().clone() } else { None },
        exec_path: facts.exec_path.clone(),
        is_host: true,
        root: Some(PathBuf::from("/")),
        page_size: page_size(),
        compresses_pointers: facts.compresses_pointers,
        line: None,
        alternatives: Vec::new(),
    }
}
