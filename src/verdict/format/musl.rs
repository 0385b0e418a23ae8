//! The verdict on a file that musl's loader rejects, or maps though it is damaged
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
        // Nothing but the entry size, which the other class has, makes musl reject the file.
        return verdict.throws(exec_format(), wrong_arch(case, &[image]));
    }
    let is_swapped = (facts.ident[5] == 2) != (expected.data == 2);
    match acceptance::musl(facts) {
        // Read in the wrong byte order, the entry size is another.
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
    // e_machine isn't looked at: its relocations are, by their numbers, and that is found out by
    // linking.
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
    // It maps whole pages of the file, whatever the headers say of their beginnings and ends.
    let is_cut = |program: &Program| {
        program.kind == elf::PT_LOAD.0
            && program.flags & elf::PF_W.0 == 0
            && program.file_size != program.memory_size
    };
    if verdict.decided() || !(facts.address_off_page || facts.programs.iter().any(is_cut)) {
        return;
    }
    // What was followed page by page holds all the same; what was read by the headers' word
    // doesn't.
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
