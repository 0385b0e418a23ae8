//! Checks whether the system's loader maps the file at all. Each loader has its own file, because
//! each has its own error texts.

mod dyld;
mod glibc;
mod musl;
pub(super) mod problems;
mod windows;

use self::problems::{not_a_binary, wrong_arch, wrong_platform};
use super::case::{Case, Verdict};
use crate::binary::Contents;
use crate::model::{Libc, Platform};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    match (&case.runtime.platform, case.runtime.libc) {
        (Platform::Linux, Some(Libc::Musl)) => musl::judge(case, verdict),
        (Platform::Linux, _) => glibc::judge(case, verdict),
        (Platform::Darwin, _) => dyld::judge(case, verdict),
        (Platform::Win32, _) => windows::judge(case, verdict),
        _ => elsewhere(case, verdict),
    }
}

/// For systems whose loaders' error texts aren't known: decides only the cases that every loader
/// rejects.
fn elsewhere(case: &Case<'_>, verdict: &mut Verdict) {
    match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => verdict.throws(None, not_a_binary(*impostor)),
        (_, Some(image)) if image.platform.as_ref() != Some(&case.runtime.platform) => {
            verdict.throws(None, wrong_platform(case, image));
        }
        (_, Some(image)) if image.arch.as_ref() != Some(&case.runtime.arch) => {
            verdict.throws(None, wrong_arch(case, &[image]));
        }
        _ => {}
    }
}
