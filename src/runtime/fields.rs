//! The ways to name a runtime, and the errors in them.

use std::path::Path;

use serde::Deserialize;

use super::distributions::{self, NamedSystem};
use crate::files::shown;
use crate::model::{Arch, Libc, Platform};

/// Fields that name a runtime. Missing fields are taken from the host or looked up. The fields of a
/// [`RuntimeReport`](crate::model::reports::RuntimeReport) name the runtime that it reports.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeFields {
    pub(super) runtime: Option<String>,
    pub(super) version: Option<String>,
    pub(super) abi: Option<u32>,
    pub(super) node_api: Option<u32>,
    pub(super) platform: Option<Platform>,
    pub(super) arch: Option<Arch>,
    pub(super) libc: Option<String>,
    pub(super) libc_version: Option<String>,
    pub(super) exec_path: Option<String>,
    pub(super) line: Option<String>,
    pub(super) distribution: Option<String>,
}

impl RuntimeFields {
    /// Sets the fields of a distribution. Alpine without a version means any system with musl.
    pub(super) fn put(&mut self, system: &NamedSystem) {
        self.platform = Some(Platform::Linux);
        self.libc = Some(system.libc.as_str().to_owned());
        if system.libc != Libc::Musl || system.has_version() {
            self.distribution = Some(system.id.clone());
        }
    }
}

/// A runtime, as the caller names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum RuntimeSpec {
    /// `node@22/linux-x64-musl`
    Text(String),
    /// Fields.
    Fields(Box<RuntimeFields>),
}

impl RuntimeSpec {
    /// The runtime in an executable.
    #[must_use]
    pub fn of_executable(path: &Path) -> RuntimeSpec {
        let exec_path = Some(shown(path));
        RuntimeSpec::Fields(Box::new(RuntimeFields { exec_path, ..RuntimeFields::default() }))
    }

    /// A managed runtime of AWS Lambda, such as `nodejs22.x`, on a processor; Vercel uses the same
    /// names. `None` for other names.
    #[must_use]
    pub fn of_lambda(name: &str, arch: &Arch) -> Option<RuntimeSpec> {
        let line = name.strip_prefix("nodejs")?.strip_suffix(".x")?;
        let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        is_line.then(|| RuntimeSpec::Text(format!("{name}-{arch}")))
    }
}

/// The error for a spec that names no runtime.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// It is not a known runtime.
    #[error(
        "unknown runtime {0:?}: use node, electron, bun, deno or nw, with an optional version, as \
            in \"node@22\""
    )]
    Runtime(String),
    /// It is not a version.
    #[error(
        "{0:?} is not a version: use one like \"22\", \"22.11\", \"22.11.0\" or \"latest\"; for \
            Node.js also \"lts\" or \"jod\""
    )]
    Version(String),
    /// It is not a release line.
    #[error("{0:?} is not a release line: use one like \"22\" or \"22.11\"")]
    Line(String),
    /// The release belongs to another line.
    #[error("{version:?} is not a release of the line {line:?}")]
    OtherLine {
        /// As given.
        version: String,
        /// As given.
        line: String,
    },
    /// It is not a system.
    #[error(
        "{0:?} is not a system: use <platform>-<arch>, with an optional libc, as in \
            \"linux-x64-musl\" or \"linux-x64-glibc2.28\", or a distribution, as in \"debian12\""
    )]
    System(String),
    /// It is not a runtime of AWS Lambda.
    #[error("{runtime:?} is not a known runtime of AWS Lambda: use {known}")]
    Lambda {
        /// As given.
        runtime: String,
        /// The known ones.
        known: String,
    },
    /// The libc isn't that of the distribution, or the platform isn't Linux.
    #[error("{distribution:?} is a Linux with {libc}")]
    OtherSystem {
        /// As given.
        distribution: String,
        /// Its libc.
        libc: Libc,
    },
    /// It is not a known libc.
    #[error("unknown libc {0:?}: use glibc or musl")]
    Libc(String),
    /// The executable can't be read.
    #[error("cannot read the executable {path:?}: {error}")]
    Unreadable {
        /// Its path.
        path: String,
        /// The system's error.
        error: std::io::Error,
    },
    /// The executable is not a known runtime.
    #[error(
        "{0:?} isn't recognized as Node.js, Electron, Bun or Deno: give `runtime` and `version` in \
            addition to `execPath`"
    )]
    NotARuntime(String),
    /// A similar text would be valid.
    #[error("{}: did you mean {meant:?}?", without_advice(.error))]
    Mistyped {
        /// The error.
        error: Box<SpecError>,
        /// The valid text.
        meant: String,
    },
}

impl SpecError {
    pub(super) fn lambda(runtime: &str) -> SpecError {
        let known: Vec<String> =
            distributions::lambda_lines().map(|line| format!("nodejs{line}.x")).collect();
        SpecError::Lambda { runtime: runtime.to_owned(), known: known.join(", ") }
    }
}

/// The error's message without general advice.
fn without_advice(error: &SpecError) -> String {
    let text = error.to_string();
    text.split_once(": use ").map_or(text.clone(), |(what, _)| what.to_owned())
}
