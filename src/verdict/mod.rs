//! (binary, addon, linkage, runtime) → [`Verdict`]: the outcome of loading, and every reason.
//!
//! The rules run in the order in which a real load meets them. The first rule that decides sets the
//! outcome and the loader's text. The rules after it don't run, because a real load stops there.
//! After a rule that only warns, the next rule runs.

mod advice;
mod bun_and_deno;
mod case;
mod compression;
mod coupled;
mod format;
mod latin1;
mod libraries;
mod libstdcxx;
mod loading;
mod mismatch;
mod names;
mod object_wrap;
mod otherwise;
mod pages;
mod registration;
mod siblings;
mod symbols;
mod system;
mod texts;
mod threads;
mod words;

pub use advice::{packages_of, since_glibc};
pub use case::{Case, Sibling, Verdict};
pub use latin1::restored;
pub use names::readable;

use crate::model::RuntimeName;

/// Judges one file for one runtime.
#[must_use]
pub fn judge(case: &Case<'_>) -> Verdict {
    let mut verdict = decide(case);
    if let Some(message) = &mut verdict.loader_message
        && case.runtime.rules().errors_are_latin1
    {
        *message = latin1::garbled(message);
    }
    verdict
}

fn decide(case: &Case<'_>) -> Verdict {
    let mut verdict = Verdict::new();
    let system = [
        format::judge,
        pages::judge,
        loading::mapping,
        loading::names,
        system::stack,
        libraries::judge,
        system::judge,
        loading::versions,
        loading::relocation,
        loading::contents,
        symbols::judge,
        libraries::second_node,
        loading::constructors,
    ];
    let runtime = [
        loading::look_up,
        registration::judge,
        symbols::initialize,
        threads::judge,
        symbols::warn,
        coupled::judge,
        object_wrap::judge,
        compression::judge,
        loading::doubts,
    ];
    for family in system {
        family(case, &mut verdict);
        if verdict.decided() {
            // Deno adds a line to the text of the system's loader.
            if case.runtime.kind == RuntimeName::Deno
                && let Some(message) = &mut verdict.loader_message
            {
                message.push_str("\n  path: ");
                message.push_str(case.file);
            }
            return verdict;
        }
    }
    for family in runtime {
        family(case, &mut verdict);
        if verdict.decided() {
            break;
        }
    }
    verdict
}

#[cfg(test)]
mod tests;
