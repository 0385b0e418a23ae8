//! The name of a runtime in sentences.

use super::escape::escape;
use crate::model::Libc;
use crate::model::reports::RuntimeReport;

/// "Node.js 20.20.2 (linux-x64)"
pub(super) fn target(target: &RuntimeReport) -> String {
    let title = target.runtime.title();
    let version = match (&target.version, target.abi) {
        (Some(version), _) => format!(" {version}"),
        (None, Some(abi)) => format!(" with ABI {abi}"),
        (None, None) => String::new(),
    };
    let musl = if target.libc == Some(Libc::Musl) { "-musl" } else { "" };
    escape(&format!("{title}{version} ({}-{}{musl})", target.platform, target.arch))
}
