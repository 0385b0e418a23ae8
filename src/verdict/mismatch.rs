//! Problems of registrations that certainly or possibly don't fit the runtime. All ways of
//! registering share these messages.

use super::case::{Case, Verdict};
use super::words;
use crate::model::Problem;
use crate::model::problem::abi::{AbiMismatch, NotAnAddon, SelfRegisterMismatch};
use crate::model::problem::file::Subject;

pub(super) fn unknown_abi(case: &Case<'_>, verdict: &mut Verdict) {
    verdict.unknown(
        Subject::Abi,
        format!("abi-guard doesn't know the ABI of {}", case.runtime.title()),
    );
}

pub(super) fn not_an_addon() -> Problem {
    Problem::error(NotAnAddon {}, "a library that doesn't register as a Node.js addon")
}

/// The module struct that the addon registers is not in the file.
pub(super) fn unknown_module(verdict: &mut Verdict) {
    verdict.unknown(
        Subject::Registration,
        "registers a module that is built at run time, so abi-guard can't read its ABI",
    );
}

pub(super) fn abi_mismatch(case: &Case<'_>, version: i32) -> Problem {
    let facts = AbiMismatch { built_for_abi: version, required_abi: case.runtime.abi };
    Problem::error(facts, built_for(case, version))
}

pub(super) fn self_register_mismatch(case: &Case<'_>, version: i32) -> Problem {
    let facts = SelfRegisterMismatch { built_for_abi: version, required_abi: case.runtime.abi };
    Problem::error(facts, built_for(case, version))
}

fn built_for(case: &Case<'_>, version: i32) -> String {
    format!("built for {}, {}", words::built_for(version), words::needs_abi(case.runtime))
}
