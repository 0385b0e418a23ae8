//! What the loader does with a file whose headers it accepts, before any of its code runs: a fault
//! there kills the process, and nothing can catch it.

use super::case::{Case, Verdict};
use super::format::problems::malformed;
use crate::binary::Image;
use crate::linking::{Missing, Step, Stop};
use crate::model::Libc;
use crate::model::problem::file::Subject;

/// While it is mapped.
pub(super) fn mapping(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Mapping]);
}

/// The libraries that it needs couldn't be read.
pub(super) fn names(case: &Case<'_>, verdict: &mut Verdict) {
    let has_names = |image: &Image| image.elf().is_some_and(|facts| facts.has_library_names);
    if !case.image.is_some_and(has_names) {
        contents(case, verdict);
    }
}

/// Something else couldn't be read.
pub(super) fn contents(case: &Case<'_>, verdict: &mut Verdict) {
    if let Some(image) = case.image.filter(|image| !image.unread.is_empty()) {
        verdict.unknown(
            Subject::Contents,
            format!("contradicts itself and could not be read: {}", image.unread.join(", ")),
        );
    }
}

/// While its symbol versions are compared with those of its libraries.
pub(super) fn versions(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Versions]);
}

/// While it is relocated. Whether a symbol that isn't there or a fault comes first isn't known.
pub(super) fn relocation(case: &Case<'_>, verdict: &mut Verdict) {
    let symbols = case.linkage.and_then(|linkage| linkage.symbols.as_ref());
    if symbols.is_some_and(Missing::stops) {
        if matches!(stop(case), Some((Step::Relocation, _))) {
            verdict.unknown(
                Subject::Relocations,
                "it lacks a symbol, and its relocations are damaged",
            );
        }
        return;
    }
    stops_at(case, verdict, &[Step::Relocation]);
}

/// While its constructors are called.
pub(super) fn constructors(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Constructors]);
}

/// While Node.js looks for a function in it.
pub(super) fn look_up(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::LookUp]);
}

/// What no linker writes, where all else is sound.
pub(super) fn doubts(case: &Case<'_>, verdict: &mut Verdict) {
    if let Some(doubt) = case.linkage.and_then(|linkage| linkage.course.as_ref()?.doubt) {
        verdict.undetermined(Subject::Damaged, format!("may be damaged: {doubt}"));
    }
}

/// Every symbol that it needs was looked for, and this one is there.
fn is_found(case: &Case<'_>, symbol: &[u8]) -> bool {
    let Some(linkage) = case.linkage.filter(|linkage| linkage.undecided_symbols == 0) else {
        return false;
    };
    linkage
        .symbols
        .as_ref()
        .is_some_and(|missing| !missing.lazy.iter().any(|name| name.as_bytes() == symbol))
}

fn stop<'a>(case: &Case<'a>) -> Option<&'a (Step, Stop)> {
    case.linkage?.course.as_ref()?.stop.as_ref()
}

fn stops_at(case: &Case<'_>, verdict: &mut Verdict, steps: &[Step]) {
    let Some((step, stop)) = stop(case).filter(|(step, _)| steps.contains(step)) else { return };
    match stop {
        Stop::Dies(what) => verdict.crashes(malformed(&format!("{what}, which kills the process"))),
        Stop::Throws { text, what } => {
            let file = case.file;
            let text = match (case.runtime.libc, step) {
                (Some(Libc::Musl), _) if text.starts_with("Error ") => {
                    format!("{text} {file}: Out of memory")
                }
                (Some(Libc::Musl), Step::Mapping) => {
                    format!("Error loading shared library {file}: {text}")
                }
                (Some(Libc::Musl), _) => format!("Error relocating {file}: {text}"),
                _ => format!("{file}: {text}"),
            };
            verdict.throws(Some(text), malformed(what));
        }
        Stop::DiesIfBound { what, symbol } if is_found(case, symbol) => {
            verdict.crashes(malformed(&format!("{what}, which kills the process")));
        }
        Stop::Unsure(what) | Stop::DiesIfBound { what, .. } => {
            verdict.unknown(
                Subject::Damaged,
                format!("damaged: {what}; abi-guard can't determine the consequence"),
            );
        }
    }
}
