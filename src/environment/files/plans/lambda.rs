//! Functions of AWS Lambda: their Node.js and their system (AWS Lambda documentation, "Lambda
//! runtimes" and "instruction set architecture").

use super::plan::{NodeChoice, System, Unit};
use crate::environment::files::spot::Spot;
use crate::model::{Arch, Libc, Platform};

/// A function as a file describes it.
pub(super) struct Function<'a> {
    pub name: &'a str,
    /// `nodejs22.x`
    pub runtime: Spot,
    /// The line to write, with `{}` for the major version.
    pub form: &'static str,
    /// `arm64` or `x86_64`; `None` for the default.
    pub arch: Option<String>,
    /// The line that shows that the node_modules of the deploying computer are uploaded.
    pub uploads: Option<u32>,
}

/// The unit of a function; `None` if it runs something else than Node.js.
pub(super) fn unit(function: Function<'_>) -> Option<Unit> {
    let Function { name, runtime, form, arch, uploads } = function;
    let version = runtime.text.strip_prefix("nodejs").map(|rest| rest.trim_end_matches(".x"));
    let is_unknown = runtime.text.contains('$');
    if version.is_none() && !is_unknown {
        return None;
    }
    let node = version.map(|version| {
        let mut choice = NodeChoice::version(Spot::new(version, runtime.line), form, 1);
        choice.values = choice.values.filter(|_| !is_unknown);
        choice
    });
    let arch = match arch.as_deref() {
        None | Some("x86_64") => Some(Arch::X64),
        Some("arm64") => Some(Arch::Arm64),
        Some(_) => None,
    };
    Some(Unit {
        title: format!("function {name}"),
        runs_app: true,
        node,
        systems: vec![System { platform: Platform::Linux, arch, libc: Some(Libc::Glibc) }],
        uploads,
        ..Unit::default()
    })
}
