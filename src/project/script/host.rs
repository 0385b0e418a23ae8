//! The runtime as a script sees it.

use crate::model::{Arch, Platform, RuntimeName};
use crate::project::naming::claims;
use crate::runtime::Runtime;

/// The runtime for which a script is read.
#[derive(Clone, Copy, Debug)]
pub struct Host<'r> {
    runtime: &'r Runtime,
}

/// Names of conditions in scripts, in lower case, and the platform that they stand for.
static TESTS: [(&str, Platform); 10] = [
    ("isdarwin", Platform::Darwin),
    ("islinux", Platform::Linux),
    ("ismac", Platform::Darwin),
    ("ismacos", Platform::Darwin),
    ("isosx", Platform::Darwin),
    ("iswin", Platform::Win32),
    ("iswin32", Platform::Win32),
    ("iswindows", Platform::Win32),
    ("is_win", Platform::Win32),
    ("is_windows", Platform::Win32),
];

impl<'r> Host<'r> {
    /// The view of `runtime`.
    #[must_use]
    pub fn new(runtime: &'r Runtime) -> Host<'r> {
        Host { runtime }
    }

    /// `process.platform`
    #[must_use]
    pub fn platform(&self) -> &'r Platform {
        &self.runtime.platform
    }

    /// `process.arch`
    #[must_use]
    pub fn arch(&self) -> &'r Arch {
        &self.runtime.arch
    }

    /// `process.versions.modules`
    #[must_use]
    pub fn abi(&self) -> Option<u32> {
        self.runtime.abi
    }

    /// True in Electron, where `process.versions.electron` is set.
    #[must_use]
    pub fn is_electron(&self) -> bool {
        self.runtime.kind == RuntimeName::Electron
    }

    /// True in the runtime of that name.
    #[must_use]
    pub fn is_named_runtime(&self, name: &str) -> bool {
        self.runtime.kind.as_str() == name
    }

    /// Whether a word like "win32", "darwin-arm64", "Windows_NT" or "musl" names the system. None
    /// if it names no system.
    #[must_use]
    pub fn is_named(&self, word: &str) -> Option<bool> {
        const LONGEST: usize = 40;
        if word.len() > LONGEST || word.contains(['/', ' ']) {
            return None;
        }
        let word = if word == "Windows_NT" { Platform::Win32.as_str() } else { word };
        let claims = claims(word);
        (claims.name_a_system() || claims.libc.is_some())
            .then(|| claims.fit(self.runtime).is_some())
    }

    /// The value of a condition with a name like `isWindows`.
    #[must_use]
    pub fn answers(&self, test: &str) -> Option<bool> {
        let test = test.to_ascii_lowercase();
        TESTS
            .iter()
            .find(|(name, _)| *name == test)
            .map(|(_, platform)| platform == self.platform())
    }

    /// True for a script like `lib/mac/bindings.js`: it, or one of its folders, has the name of
    /// another platform.
    #[must_use]
    pub fn is_for_others(&self, path: &str) -> bool {
        let names_another = |part: &str| {
            let platforms = claims(part.split('.').next().unwrap_or_default()).platforms;
            !platforms.is_empty() && !platforms.contains(self.platform())
        };
        path.split('/').any(names_another)
    }
}
