//! The verdict on a file that glibc's `ld.so` rejects, from the rules in [`acceptance`].
//!
//! [`acceptance`]: crate::linking::acceptance

use super::problems::{
    fatal, malformed, not_a_binary, not_openable, truncated, wrong_arch, wrong_platform,
};
use crate::binary::{Contents, Image, Loss};
use crate::linking::acceptance::{
    Expected, Header, Rejection, glibc_header, glibc_segments, takes_empty_dynamic,
};
use crate::linking::{Linkage, Step, Stop};
use crate::model::problem::file::Subject;
use crate::model::{FileFormat, Platform, Problem, Severity};
use crate::verdict::case::{Case, Verdict};
use crate::versions::within_32_bits;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let expected = Expected::of_arch(&case.runtime.arch);
    let says =
        |rejection: Rejection| Some(format!("{}: {}", case.file, rejection.glibc_text(expected)));
    if case.binary.size < expected.header_size() {
        let problem = match (&case.binary.contents, case.image) {
            (Contents::Impostor(impostor), _) => not_a_binary(*impostor),
            _ => truncated(LARGEST_HEADER - case.binary.size),
        };
        return verdict.throws(says(Rejection::TooShort), problem);
    }
    match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => {
            verdict.throws(says(Rejection::NotElf), not_a_binary(*impostor));
        }
        (_, Some(image)) if image.format != FileFormat::Elf => {
            verdict.throws(says(Rejection::NotElf), wrong_platform(case, image));
        }
        (_, Some(image)) => {
            let Some(facts) = image.elf() else { return };
            let version = case.runtime.libc_version.as_deref().and_then(within_32_bits);
            let is_old = takes_empty_dynamic(version.as_deref());
            let rejection = glibc_header(&Header::of(facts), expected)
                .or_else(|| glibc_segments(facts, is_old));
            match rejection {
                None => truncation(case, facts.loss, verdict),
                // The bytes that the loader reads in place of the table aren't known, so neither is
                // its error text.
                Some(Rejection::TableWraps) => verdict.unknown(Subject::Headers, WRAPPING_TABLE),
                Some(rejection) => {
                    verdict.throws(says(rejection), problem(case, image, rejection));
                }
            }
        }
        _ => {}
    }
}

/// Size of a 64-bit ELF header, in bytes.
const LARGEST_HEADER: u64 = 64;

/// The reason for an unknown outcome when the program header table extends past the end of memory.
pub(super) const WRAPPING_TABLE: &str = "the ELF program header table extends beyond the end of \
    memory, and what the loader reads there is random";

/// The problem for an ELF file that the loader rejects.
pub(super) fn problem(case: &Case<'_>, image: &Image, rejection: Rejection) -> Problem {
    match rejection {
        Rejection::TooShort | Rejection::TableCut => truncated(1),
        Rejection::OtherMachine
            if image.platform.as_ref().is_some_and(|platform| *platform != Platform::Linux) =>
        {
            wrong_platform(case, image)
        }
        Rejection::OtherClass | Rejection::OtherMachine | Rejection::OtherByteOrder => {
            wrong_arch(case, &[image])
        }
        Rejection::NotElf | Rejection::OsAbi => wrong_platform(case, image),
        Rejection::IdentVersion | Rejection::Version => malformed("unknown ELF version"),
        Rejection::AbiVersion => malformed("unknown ABI version in the ELF header"),
        Rejection::Padding => malformed("the ELF header has nonzero padding bytes"),
        Rejection::Unlinked => not_openable("an object file that was never linked"),
        Rejection::EntrySize => malformed("the ELF program header table has the wrong entry size"),
        Rejection::TableNowhere => malformed("the ELF program header table is outside of the file"),
        Rejection::TableWraps => malformed(WRAPPING_TABLE),
        Rejection::OffPage | Rejection::Alignment => malformed("a segment isn't aligned to pages"),
        Rejection::NothingToLoad => malformed("it has no loadable segments"),
        Rejection::Executable | Rejection::PositionIndependentExecutable => {
            not_openable("a program, not a library")
        }
        Rejection::NoDynamic => not_openable("a statically linked file, not a library"),
        Rejection::NotForDlopen => {
            not_openable("marked as not to be loaded at run time (DF_1_NOOPEN)")
        }
    }
}

/// The outcome for a truncated file. Access to a page past the end of the file kills the process
/// (SIGBUS); the missing part of a partial page reads as zeros.
pub(super) fn truncation(case: &Case<'_>, loss: Loss, verdict: &mut Verdict) {
    match loss {
        Loss::Nothing => {}
        // The loader rejects the file before it reads the missing part.
        _ if case.linkage.is_some_and(refuses) => {}
        Loss::WithinPage { bytes } => {
            verdict.warns(truncated(bytes).with_severity(Severity::Warning));
        }
        Loss::Pages { bytes, touched } if touched || case.linkage.is_some_and(dies) => {
            verdict.crashes(fatal(truncated(bytes)));
        }
        Loss::Pages { bytes, .. } => {
            verdict.warns(truncated(bytes));
            verdict.unknown(Subject::Truncated, "the loader may or may not read the missing part");
        }
    }
}

/// True if the loader throws an error while it maps the file.
fn refuses(linkage: &Linkage) -> bool {
    linkage
        .course
        .as_ref()
        .is_some_and(|course| matches!(course.stop, Some((Step::Mapping, Stop::Throws { .. }))))
}

/// True if the simulated load kills the process.
fn dies(linkage: &Linkage) -> bool {
    linkage.course.as_ref().is_some_and(|course| matches!(course.stop, Some((_, Stop::Dies(_)))))
}
