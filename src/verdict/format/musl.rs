//! The verdict on a file that musl's loader rejects, or maps although it is damaged
//! (ldso/dynlink.c, 1.2.5): musl checks far less than glibc.

use object::elf;

use super::glibc::{WRAPPING_TABLE, problem, truncation};
use super::problems::{fatal, malformed, not_a_binary, wrong_arch, wrong_platform};
use crate::binary::{Contents, Program};
use crate::linking::acceptance::{self, Expected, Rejection};
use crate::linking::{Libraries, Missing, Step, Stop};
use crate::model::FileFormat;
use crate::model::problem::file::Subject;
use crate::verdict::case::{Case, Verdict};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let exec_format =
        || Some(format!("Error loading shared library {}: Exec format error", case.file));
    let Some(image) = case.image else {
        if let Contents::Impostor(impostor) = &case.binary.contents {
            verdict.throws(exec_format(), not_a_binary(*impostor));
        }
        return;
    };
    let Some(facts) = image.elf().filter(|_| image.format == FileFormat::Elf) else {
        return verdict.throws(exec_format(), wrong_platform(case, image));
    };
    let expected = Expected::of_arch(&case.runtime.arch);
    if facts.ident[4] != expected.class {
        // musl checks neither class nor machine. It rejects the file only because the other class
        // has another entry size.
        return verdict.throws(exec_format(), wrong_arch(case, &[image]));
    }
    let is_swapped = (facts.ident[5] == 2) != (expected.data == 2);
    match acceptance::musl(facts) {
        // musl reads the entry size in its own byte order, and gets another value.
        None | Some(Rejection::NothingToLoad) if is_swapped => {
            return verdict.throws(exec_format(), wrong_arch(case, &[image]));
        }
        None => {}
        Some(Rejection::TableWraps) => return verdict.unknown(Subject::Headers, WRAPPING_TABLE),
        Some(rejection) => {
            let text =
                format!("Error loading shared library {}: {}", case.file, rejection.musl_text());
            let problem = match rejection {
                Rejection::NoDynamic => malformed("it has no dynamic section"),
                _ => problem(case, image, rejection),
            };
            return verdict.throws(Some(text), problem);
        }
    }
    // musl doesn't check e_machine. It checks the types of the relocations, which the simulated
    // link has done.
    let is_linked = case.linkage.is_some_and(|linkage| {
        linkage.symbols.as_ref().is_some_and(Missing::stops)
            || linkage.libraries.as_ref().is_some_and(|libraries| *libraries != Libraries::Found)
    });
    if Some(facts.machine) != expected.machine && !is_linked {
        verdict.warns(wrong_arch(case, &[image]));
        return verdict.unknown(
            Subject::Machine,
            "musl doesn't check the processor; loading fails, but the error is not known",
        );
    }
    truncation(case, facts.loss, verdict);
    // musl maps whole pages of the file, even if the program headers give other starts and ends.
    let is_cut = |program: &Program| {
        program.kind == elf::PT_LOAD.0
            && program.flags & elf::PF_W.0 == 0
            && program.file_size != program.memory_size
    };
    if verdict.decided() || !(facts.address_off_page || facts.programs.iter().any(is_cut)) {
        return;
    }
    // The simulation reads the mapped pages, so its faults are certain. Facts that were read
    // through the program headers' own offsets are not.
    match case.linkage.and_then(|linkage| linkage.course.as_ref()?.stop.as_ref()) {
        Some((Step::Mapping | Step::Versions | Step::Relocation, Stop::Dies(what))) => {
            verdict.crashes(fatal(malformed(what)));
        }
        Some((Step::Mapping, Stop::Throws { .. })) => {}
        _ => verdict.unknown(
            Subject::Segments,
            "a segment isn't aligned as its header states, and musl maps another part of the file",
        ),
    }
}
