//! What the loader does with a file whose headers it accepts, before any of the file's code runs. A
//! fault there kills the process; JavaScript can't catch it.

use super::case::{Case, Verdict};
use super::format::problems::malformed;
use crate::binary::Image;
use crate::linking::{Missing, Step, Stop};
use crate::model::Libc;
use crate::model::problem::file::Subject;

/// Faults while the loader maps the file.
pub(super) fn mapping(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Mapping]);
}

/// Reports that the names of the needed libraries couldn't be read.
pub(super) fn names(case: &Case<'_>, verdict: &mut Verdict) {
    let has_names = |image: &Image| image.elf().is_some_and(|facts| facts.has_library_names);
    if !case.image.is_some_and(has_names) {
        contents(case, verdict);
    }
}

/// Reports that another part of the file couldn't be read.
pub(super) fn contents(case: &Case<'_>, verdict: &mut Verdict) {
    if let Some(image) = case.image.filter(|image| !image.unread.is_empty()) {
        verdict.unknown(
            Subject::Contents,
            format!("contradicts itself and could not be read: {}", image.unread.join(", ")),
        );
    }
}

/// Faults while the loader compares its symbol versions with those of its libraries.
pub(super) fn versions(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Versions]);
}

/// Faults while the loader relocates the file. The order of a missing symbol and a fault isn't
/// known.
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

/// Faults while the loader calls the file's constructors.
pub(super) fn constructors(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::Constructors]);
}

/// Faults while Node.js looks up a symbol in the file.
pub(super) fn look_up(case: &Case<'_>, verdict: &mut Verdict) {
    stops_at(case, verdict, &[Step::LookUp]);
}

/// Reports properties that no linker writes, if no other problem was found.
pub(super) fn doubts(case: &Case<'_>, verdict: &mut Verdict) {
    if let Some(doubt) = case.linkage.and_then(|linkage| linkage.course.as_ref()?.doubt) {
        verdict.undetermined(Subject::Damaged, format!("may be damaged: {doubt}"));
    }
}

/// True if all needed symbols were looked up, and `symbol` was found.
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
