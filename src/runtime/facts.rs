//! The facts of a runtime, and their form in reports.

use std::path::{Path, PathBuf};

use semver::Version;

use super::distributions::NamedSystem;
use super::{newer, registry};
use crate::model::reports::RuntimeReport;
use crate::model::{Arch, Libc, Platform, RuntimeName};

/// A runtime that would load an addon, on one system.
#[derive(Clone, Debug)]
pub struct Runtime {
    /// What it is.
    pub kind: RuntimeName,
    /// Its release; `None` if only its ABI is known.
    pub version: Option<Version>,
    /// The Node.js that it contains, whose loader decides.
    pub node: Option<Version>,
    /// `NODE_MODULE_VERSION`.
    pub abi: Option<u32>,
    /// Node-API version.
    pub node_api: Option<u32>,
    /// `process.platform`
    pub platform: Platform,
    /// `process.arch`
    pub arch: Arch,
    /// The libc; Linux only.
    pub libc: Option<Libc>,
    /// Version of that libc.
    pub libc_version: Option<String>,
    /// The distribution, if one was named.
    pub distribution: Option<NamedSystem>,
    /// Version of macOS, if it runs on this Mac.
    pub os_version: Option<String>,
    /// Its executable.
    pub exec_path: Option<String>,
    /// True if it is the process that runs abi-guard.
    pub is_host: bool,
    /// The root of its system, in which its libraries are searched: `/` for this system, the folder
    /// of one that is unpacked around its executable, `None` if its files aren't available.
    pub root: Option<PathBuf>,
    /// Size of a memory page of its system, in bytes; `None` if its system isn't this one.
    pub page_size: Option<u64>,
    /// True for a build of Node.js whose V8 compresses pointers. No official build does.
    pub compresses_pointers: bool,
    /// The line, if a partial version was given: "22", "22.11".
    pub line: Option<String>,
    /// Other releases of that line, in which loading may have another outcome.
    pub alternatives: Vec<registry::Release>,
}

impl Runtime {
    /// Its form in a report.
    #[must_use]
    pub fn report(&self) -> RuntimeReport {
        RuntimeReport {
            runtime: self.kind,
            version: self.version.as_ref().map(ToString::to_string),
            abi: self.abi,
            node_api: self.node_api,
            platform: self.platform.clone(),
            arch: self.arch.clone(),
            libc: self.libc,
            libc_version: self.libc_version.clone(),
            distribution: self.distribution.as_ref().map(|system| system.id.clone()),
            exec_path: self.exec_path.clone(),
            line: self.line.clone(),
        }
    }

    /// Its name and version in a sentence: "Node.js 22.11.0", or "Node.js (ABI 127)" if only the
    /// ABI is known.
    #[must_use]
    pub fn title(&self) -> String {
        match (&self.version, self.abi) {
            (Some(version), _) => format!("{} {version}", self.kind.title()),
            (None, Some(abi)) => format!("{} with ABI {abi}", self.kind.title()),
            (None, None) => self.kind.title().to_owned(),
        }
    }

    /// The system in the format of prebuilt files' names: "linux-x64", "linux-x64-musl".
    #[must_use]
    pub fn tuple(&self) -> String {
        let musl = if self.libc == Some(Libc::Musl) { "-musl" } else { "" };
        format!("{}-{}{musl}", self.platform, self.arch)
    }

    /// The system in a sentence: "linux-x64 (glibc 2.36)", "linux-x64 (Debian 12, glibc 2.36)".
    #[must_use]
    pub fn system(&self) -> String {
        let libc = match (self.libc, &self.libc_version) {
            (Some(libc), Some(version)) => Some(format!("{libc} {version}")),
            (Some(libc), None) => Some(libc.to_string()),
            _ => None,
        };
        let distribution = self.distribution.as_ref().map(|system| system.title.clone());
        let about: Vec<String> = distribution.into_iter().chain(libc).collect();
        let system = format!("{}-{}", self.platform, self.arch);
        if about.is_empty() { system } else { format!("{system} ({})", about.join(", ")) }
    }

    /// True for a release that is newer than the table of releases.
    #[must_use]
    pub fn is_newer_than_table(&self) -> bool {
        self.version.as_ref().is_some_and(|version| newer::is_newer(self.kind, version))
    }

    /// True for a release that is newer than the table, if its numbers weren't given. Its ABI may
    /// be known nevertheless: some are reserved before the release.
    #[must_use]
    pub fn is_unlisted(&self) -> bool {
        (self.abi.is_none() || self.node_api.is_none()) && self.is_newer_than_table()
    }

    /// True if it has this ABI; `None` if that isn't known.
    #[must_use]
    pub fn has_abi(&self, abi: i32) -> Option<bool> {
        let own = self.abi.and_then(|own| i32::try_from(own).ok());
        let number = u32::try_from(abi).ok();
        match own {
            Some(own) if own != abi => Some(false),
            // A reserved number may change until the release.
            Some(_) => (!self.is_unlisted()).then_some(true),
            None if !self.is_newer_than_table() => None,
            None => match number {
                Some(number) if newer::may_have_abi(self.kind, number) => None,
                _ => Some(false),
            },
        }
    }

    /// The lowest Node-API version that it is certain to have: its own, or that of older releases.
    #[must_use]
    pub fn node_api_at_least(&self) -> Option<u32> {
        let of_older = || newer::node_api_of(self.kind);
        self.node_api.or_else(|| self.is_newer_than_table().then(of_older).flatten())
    }

    /// The Node.js that it contains; for a release that is newer than the table, the oldest
    /// possible one.
    #[must_use]
    pub fn node_at_least(&self) -> Option<Version> {
        match self.is_newer_than_table() {
            true => newer::node_in(self.kind),
            false => self.node.clone(),
        }
    }

    /// The same runtime in another release.
    #[must_use]
    pub fn at(&self, release: &registry::Release) -> Runtime {
        Runtime {
            version: Some(release.version.clone()),
            node: release.node.clone(),
            abi: release.abi,
            node_api: release.node_api,
            line: None,
            alternatives: Vec::new(),
            ..self.clone()
        }
    }

    /// Its executable, if it is the process that runs abi-guard.
    #[must_use]
    pub fn host_path(&self) -> Option<&Path> {
        self.exec_path.as_deref().filter(|_| self.is_host).map(Path::new)
    }
}

/// A host for tests: Node.js 22.11.0 on linux-x64 with glibc 2.36.
#[cfg(test)]
pub fn test_host() -> Runtime {
    let release = registry::release(RuntimeName::Node, &Version::new(22, 11, 0));
    Runtime {
        kind: RuntimeName::Node,
        version: Some(release.version.clone()),
        node: release.node,
        abi: release.abi,
        node_api: release.node_api,
        platform: Platform::Linux,
        arch: Arch::X64,
        libc: Some(Libc::Glibc),
        libc_version: Some("2.36".to_owned()),
        distribution: None,
        os_version: None,
        exec_path: Some("/usr/bin/node".to_owned()),
        is_host: true,
        root: Some(PathBuf::from("/")),
        page_size: Some(4096),
        compresses_pointers: false,
        line: None,
        alternatives: Vec::new(),
    }
}
