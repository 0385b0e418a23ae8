//! What musl's loader accepts (ldso/dynlink.c, 1.2.5): it checks far less than glibc.

use object::elf;

use super::glibc::{is_64_bit, machine, truncation};
use super::{fatal, malformed, not_a_binary, not_openable, truncated, wrong_arch, wrong_platform};
use crate::binary::{Contents, Format, HeaderTable, Program};
use crate::linking::{Libraries, Missing, Step, Stop};
use crate::model::problem::file::Subject;
use crate::verdict::{Case, Verdict};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let exec_format =
        || Some(format!("Error loading shared library {}: Exec format error", case.file));
    let Some(image) = case.image else {
        if let Contents::Impostor(impostor) = &case.binary.contents {
            verdict.throws(exec_format(), not_a_binary(*impostor));
        }
        return;
    };
    let Some(facts) = image.elf().filter(|_| image.format == Format::Elf) else {
        return verdict.throws(exec_format(), wrong_platform(case, image));
    };
    let (expected, big_endian) = machine(&case.runtime.arch);
    let class_fits = facts.ident[4] == if is_64_bit(&case.runtime.arch) { 2 } else { 1 };
    if !class_fits {
        // The entry size of the other class is the one thing that gives it away.
        return verdict.throws(exec_format(), wrong_arch(case, &[image]));
    }
    // A program is mapped like a library, and then registers nothing.
    if !matches!(elf::FileType(facts.file_type), elf::ET_DYN | elf::ET_EXEC) {
        return verdict.throws(exec_format(), not_openable("an object file that was never linked"));
    }
    match facts.header_table {
        HeaderTable::Whole => {}
        HeaderTable::WrongEntrySize => {
            return verdict.throws(
                exec_format(),
                malformed("the ELF program header table has the wrong entry size"),
            );
        }
        HeaderTable::Wraps => {
            return verdict.unknown(
                Subject::Headers,
                "the ELF program header table reaches past the end of memory, and what the loader \
                    takes for it is chance",
            );
        }
        HeaderTable::PastEndOfFile => return verdict.throws(exec_format(), truncated(1)),
        HeaderTable::NoPosition => {
            let text = format!("Error loading shared library {}: Invalid argument", case.file);
            return verdict
                .throws(Some(text), malformed("the ELF program header table lies nowhere"));
        }
    }
    let dynamic = facts.programs.iter().rfind(|program| program.kind == elf::PT_DYNAMIC.0);
    if !facts.has_dynamic || dynamic.is_some_and(|program| program.address == 0) {
        return verdict.throws(exec_format(), malformed("it has no dynamic section"));
    }
    if (facts.ident[5] == 2) != big_endian {
        // The entry size, read in the wrong order, is another.
        return verdict.throws(exec_format(), wrong_arch(case, &[image]));
    }
    // e_machine isn't looked at: its relocations are, by their numbers, and that is found out by
    // linking.
    let is_linked = case.linkage.is_some_and(|linkage| {
        linkage.symbols.as_ref().is_some_and(Missing::stops)
            || linkage.libraries.as_ref().is_some_and(|libraries| *libraries != Libraries::Found)
    });
    if Some(facts.machine) != expected && !is_linked {
        verdict.warns(wrong_arch(case, &[image]));
        return verdict.unknown(
            Subject::Machine,
            "musl doesn't check the processor; loading fails in one way or another",
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
            "a segment isn't what its header says, and musl maps another part of the file",
        ),
    }
}
