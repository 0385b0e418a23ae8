//! What glibc's `ld.so` accepts, in its order: `open_verify` and `_dl_map_object_from_fd`
//! (elf/dl-load.c).

use object::elf;

use super::{fatal, malformed, not_a_binary, not_openable, truncated, wrong_arch, wrong_platform};
use crate::binary::{Contents, ElfFacts, Format, HeaderTable, Image, Loss};
use crate::linking::{Linkage, Step, Stop};
use crate::model::problem::file::Subject;
use crate::model::{Problem, Severity};
use crate::verdict::{Case, Verdict, advice};

/// Bytes of an ELF header; a shorter file isn't looked at.
const HEADER_64: u64 = 64;
const HEADER_32: u64 = 52;

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let is_64 = is_64_bit(&case.runtime.arch);
    let says = |text: &str| Some(format!("{}: {text}", case.file));
    if case.binary.size < if is_64 { HEADER_64 } else { HEADER_32 } {
        let problem = match (&case.binary.contents, case.image) {
            (Contents::Impostor(impostor), _) => not_a_binary(*impostor),
            _ => truncated(HEADER_64 - case.binary.size),
        };
        return verdict.throws(says("file too short"), problem);
    }
    match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => {
            verdict.throws(says("invalid ELF header"), not_a_binary(*impostor));
        }
        (_, Some(image)) if image.format != Format::Elf => {
            verdict.throws(says("invalid ELF header"), wrong_platform(case, image));
        }
        (_, Some(image)) => {
            if let Some(facts) = image.elf() {
                header(case, image, facts, verdict);
                if !verdict.decided() {
                    truncation(case, facts.loss, verdict);
                }
            }
        }
        _ => {}
    }
}

fn header(case: &Case<'_>, image: &Image, facts: &ElfFacts, verdict: &mut Verdict) {
    let is_64 = is_64_bit(&case.runtime.arch);
    let (machine, big_endian) = machine(&case.runtime.arch);
    let ident = &facts.ident;
    let swapped = (ident[5] == 2) != big_endian;
    let raw_machine = if swapped { facts.machine.swap_bytes() } else { facts.machine };
    let (text, problem): (&str, Problem) = if ident[4] != if is_64 { 2 } else { 1 } {
        let text =
            if is_64 { "wrong ELF class: ELFCLASS32" } else { "wrong ELF class: ELFCLASS64" };
        (text, wrong_arch(case, &[image]))
    } else if Some(raw_machine) != machine {
        // Compared in this system's byte order, before that of the file is looked at. The error is
        // ENOENT, so the text speaks of a missing file.
        let foreign = image.platform.is_some_and(|platform| platform != "linux");
        let problem =
            if foreign { wrong_platform(case, image) } else { wrong_arch(case, &[image]) };
        ("cannot open shared object file: No such file or directory", problem)
    } else if ident[5] != if big_endian { 2 } else { 1 } {
        let order = if big_endian { "big-endian" } else { "little-endian" };
        return verdict.throws(
            Some(format!("{}: ELF file data encoding not {order}", case.file)),
            wrong_arch(case, &[image]),
        );
    } else if ident[6] != 1 {
        ("ELF file version ident does not match current one", malformed("unknown ELF version"))
    } else if !matches!(ident[7], 0 | 3) {
        ("ELF file OS ABI invalid", wrong_platform(case, image))
    } else if ident[8] != 0 && (ident[7] != 3 || ident[8] >= 4) {
        ("ELF file ABI version invalid", malformed("unknown ABI version in the ELF header"))
    } else if ident[9..].iter().any(|&byte| byte != 0) {
        ("nonzero padding in e_ident", malformed("the ELF header has bytes where none belong"))
    } else if facts.version != 1 {
        ("ELF file version does not match current one", malformed("unknown ELF version"))
    } else if !matches!(elf::FileType(facts.file_type), elf::ET_DYN | elf::ET_EXEC) {
        (
            "only ET_DYN and ET_EXEC can be loaded",
            not_openable("an object file that was never linked"),
        )
    } else if elf::FileType(facts.file_type) == elf::ET_EXEC {
        ("cannot dynamically load executable", not_openable("a program, not a library"))
    } else if facts.header_table == HeaderTable::WrongEntrySize {
        (
            "ELF file's phentsize not the expected size",
            malformed("the ELF program header table has the wrong entry size"),
        )
    } else if facts.header_table == HeaderTable::PastEndOfFile {
        ("cannot read file data", truncated(1))
    } else if facts.header_table == HeaderTable::NoPosition {
        (
            "cannot read file data: Invalid argument",
            malformed("the ELF program header table lies nowhere"),
        )
    } else if facts.header_table == HeaderTable::Wraps {
        return verdict.unknown(
            Subject::Headers,
            "the ELF program header table reaches past the end of memory, and what the loader \
                takes for it is chance",
        );
    } else if facts.address_off_page {
        (
            "ELF load command address/offset not page-aligned",
            malformed("a segment isn't aligned to pages"),
        )
    } else if facts.loadable == 0 {
        ("object file has no loadable segments", malformed("nothing in it can be loaded"))
    } else if !facts.has_dynamic || lacks_dynamic(case, facts) {
        (
            "object file has no dynamic section",
            not_openable("a statically linked file, not a library"),
        )
    } else if facts.flags_1 & elf::DF_1_PIE.0 != 0 {
        (
            "cannot dynamically load position-independent executable",
            not_openable("a program, not a library"),
        )
    } else if facts.flags_1 & elf::DF_1_NOOPEN.0 != 0 {
        (
            "shared object cannot be dlopen()ed",
            not_openable("marked as not to be loaded at run time (DF_1_NOOPEN)"),
        )
    } else {
        return;
    };
    verdict.throws(Some(format!("{}: {text}", case.file)), problem);
}

/// A dynamic section at address 0 is none; nor, since glibc 2.36, is one without bytes in the file,
/// as files of debugging information have it.
fn lacks_dynamic(case: &Case<'_>, facts: &ElfFacts) -> bool {
    let is_old = advice::numbers(case.runtime.libc_version.as_deref().unwrap_or_default())
        .is_some_and(|has| has < vec![2, 36]);
    let mut headers = facts.programs.iter().filter(|program| program.kind == elf::PT_DYNAMIC.0);
    let is_empty = !is_old && headers.clone().any(|program| program.file_size == 0);
    is_empty
        || headers
            .rfind(|program| is_old || program.file_size > 0)
            .is_some_and(|program| program.address == 0)
}

/// A page past the end of the file kills the process when it is touched (SIGBUS); part of a page
/// reads as zeros.
pub(super) fn truncation(case: &Case<'_>, loss: Loss, verdict: &mut Verdict) {
    match loss {
        Loss::Nothing => {}
        // It doesn't come to be mapped at all.
        _ if case.linkage.is_some_and(refuses) => {}
        Loss::WithinPage { bytes } => {
            verdict.warns(truncated(bytes).with_severity(Severity::Warning));
        }
        Loss::Pages { bytes, touched } if touched || case.linkage.is_some_and(dies) => {
            verdict.crashes(fatal(truncated(bytes)));
        }
        Loss::Pages { bytes, .. } => {
            verdict.warns(truncated(bytes));
            verdict.unknown(
                Subject::Truncated,
                "the missing part may or may not be touched while it loads",
            );
        }
    }
}

/// The loader gives up while it maps the file.
fn refuses(linkage: &Linkage) -> bool {
    linkage
        .course
        .as_ref()
        .is_some_and(|course| matches!(course.stop, Some((Step::Mapping, Stop::Throws { .. }))))
}

/// The load is sure to end the process.
fn dies(linkage: &Linkage) -> bool {
    linkage.course.as_ref().is_some_and(|course| matches!(course.stop, Some((_, Stop::Dies(_)))))
}

pub(super) fn is_64_bit(arch: &str) -> bool {
    !matches!(arch, "ia32" | "arm" | "mips" | "mipsel" | "ppc" | "s390")
}

/// The `e_machine` of a `process.arch`, and whether it is big-endian.
pub(super) fn machine(arch: &str) -> (Option<u16>, bool) {
    let machine = match arch {
        "x64" => elf::EM_X86_64,
        "ia32" => elf::EM_386,
        "arm64" => elf::EM_AARCH64,
        "arm" => elf::EM_ARM,
        "s390x" | "s390" => elf::EM_S390,
        "ppc64" => elf::EM_PPC64,
        "ppc" => elf::EM_PPC,
        "riscv64" => elf::EM_RISCV,
        "loong64" => elf::EM_LOONGARCH,
        "mips" | "mipsel" => elf::EM_MIPS,
        _ => return (None, false),
    };
    (Some(machine.0), matches!(arch, "s390x" | "s390" | "ppc" | "mips"))
}
