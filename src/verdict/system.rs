//! Reasons for which glibc rejects a valid file that has all its libraries: executable stacks,
//! processor levels, packed relocations, thread-local storage.

use super::case::{Case, Verdict};
use crate::binary::ElfFacts;
use crate::linking::acceptance::GlibcText;
use crate::linking::{Libraries, Linkage};
use crate::model::problem::file::{Malformed, Subject};
use crate::model::problem::system::{CpuLevel, ExecutableStack, GlibcTooOld, StaticTls};
use crate::model::{Libc, Platform, Problem};
use crate::versions::numbers;

/// The first glibc that rejects a library that needs an executable stack (2.41).
const REFUSES_EXECUTABLE_STACKS: [u64; 2] = [2, 41];
/// The first glibc that supports packed relocations (2.36).
const KNOWS_PACKED_RELOCATIONS: [u64; 2] = [2, 36];
/// The first glibc that checks the ISA level of the processor (2.33).
const KNOWS_LEVELS: [u64; 2] = [2, 33];
/// Bytes of static TLS that glibc reserves for libraries that are loaded later (elf/dl-tls.c, with
/// `rtld.nns` of 4), and the number of bytes by which alignment may increase that.
const FREE_STORAGE: u64 = 1664;
const SLACK: u64 = 128;

fn facts<'a>(case: &Case<'a>) -> Option<&'a ElfFacts> {
    let is_glibc =
        case.runtime.platform == Platform::Linux && case.runtime.libc == Some(Libc::Glibc);
    case.image?.elf().filter(|_| is_glibc)
}

/// True if the runtime's glibc is at least `version`; `None` if its version isn't known.
fn has(case: &Case<'_>, version: [u64; 2]) -> Option<bool> {
    Some(numbers(case.runtime.libc_version.as_deref()?)? >= version.to_vec())
}

/// Rejects executable stacks. glibc checks this before it searches the libraries.
pub(super) fn stack(case: &Case<'_>, verdict: &mut Verdict) {
    if !facts(case).is_some_and(|facts| facts.executable_stack) {
        return;
    }
    let message = "requires an executable stack, which glibc 2.41 and newer reject: build it with \
        -z noexecstack";
    if has(case, REFUSES_EXECUTABLE_STACKS) == Some(true) {
        let text = format!("{}: {}", case.file, GlibcText::EXECUTABLE_STACK);
        return verdict.throws(Some(text), Problem::error(ExecutableStack {}, message));
    }
    verdict.warns(Problem::warning(ExecutableStack {}, message));
}

/// The checks that glibc does after it has found all libraries.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(facts), Some(linkage)) = (facts(case), case.linkage) else { return };
    packed_relocations(case, facts, verdict);
    if verdict.decided() {
        return;
    }
    levels(case, facts, linkage, verdict);
    if !verdict.decided() {
        storage(case, linkage, verdict);
    }
}

/// The ISA level that the file needs, then that of each library that comes with it.
fn levels(case: &Case<'_>, facts: &ElfFacts, linkage: &Linkage, verdict: &mut Verdict) {
    let has_levels = linkage.isa_levels.unwrap_or(u32::MAX);
    let own = linkage.own.iter().map(|library| (library.name.as_str(), library.isa_needed));
    let mut needs = std::iter::once((case.file, facts.isa_needed)).chain(own);
    let Some((name, needed)) = needs.find(|(_, needed)| needed & !has_levels != 0) else { return };
    if has(case, KNOWS_LEVELS) == Some(false) {
        return;
    }
    let level = match needed & !has_levels {
        lacking if lacking >= 8 => "x86-64-v4",
        lacking if lacking >= 4 => "x86-64-v3",
        _ => "x86-64-v2",
    };
    let whose =
        if name == case.file { String::new() } else { format!(", with the library {name},") };
    let message = format!(
        "built{whose} for processors of level {level}, which this processor \
        doesn't support"
    );
    let text = format!("{name}: CPU ISA level is lower than required");
    verdict.throws(Some(text), Problem::error(CpuLevel { level: level.to_owned() }, message));
}

/// Static TLS. glibc allocates it for the last library first, and for the file last.
fn storage(case: &Case<'_>, linkage: &Linkage, verdict: &mut Verdict) {
    let own =
        linkage.own.iter().rev().map(|library| (library.name.as_str(), library.fixed_storage));
    let mut wanted = 0;
    for (name, bytes) in
        own.chain([(case.file, linkage.fixed_storage)]).filter(|(_, bytes)| *bytes > 0)
    {
        wanted += bytes;
        if wanted > FREE_STORAGE + SLACK {
            let message = format!(
                "requires {wanted} bytes of static thread-local storage, but glibc keeps \
                    {FREE_STORAGE} for all libraries that are loaded at run time"
            );
            let problem = Problem::error(StaticTls { bytes: Some(wanted), symbol: None }, message);
            return verdict.throws(
                Some(format!("{name}: cannot allocate memory in static TLS block")),
                problem,
            );
        }
    }
    if wanted > FREE_STORAGE {
        verdict.unknown(
            Subject::StaticTls,
            format!(
                "requires {wanted} bytes of static thread-local storage, about what glibc has left"
            ),
        );
    }
}

/// `DT_RELR`. Old versions of glibc ignore it. Newer ones require that the file also needs the
/// symbol version `GLIBC_ABI_DT_RELR`.
fn packed_relocations(case: &Case<'_>, facts: &ElfFacts, verdict: &mut Verdict) {
    if !facts.packed_relocations {
        return;
    }
    let of_libc = facts.version_needs.iter().find(|need| need.library.starts_with("libc.so."));
    let says_so = of_libc
        .is_some_and(|need| need.versions.iter().any(|version| version == "GLIBC_ABI_DT_RELR"));
    let without_version = GlibcTooOld { library: None, required: None, floor: None };
    let required = Some("GLIBC_ABI_DT_RELR".to_owned());
    let with_version = GlibcTooOld { required, ..without_version.clone() };
    match has(case, KNOWS_PACKED_RELOCATIONS) {
        Some(false) if !says_so && facts.packed_constructors => verdict.crashes(Problem::error(
            without_version,
            "has packed relocations (DT_RELR), which glibc supports since 2.36: older versions \
                kill the process",
        )),
        Some(false) if !says_so => {
            let message = "has packed relocations (DT_RELR), which glibc supports since 2.36: with \
                older versions some of its addresses are wrong";
            verdict.warns(Problem::error(without_version, message));
        }
        // If the libraries were found, the versions have already been compared.
        Some(false)
            if case.linkage.is_some_and(|linkage| linkage.libraries != Some(Libraries::Found)) =>
        {
            let message = "has packed relocations (DT_RELR), which glibc supports since 2.36";
            verdict.throws(None, Problem::error(with_version, message));
        }
        Some(true) if of_libc.is_some_and(|need| !need.versions.is_empty()) && !says_so => {
            let text = format!("{}: DT_RELR without GLIBC_ABI_DT_RELR dependency", case.file);
            let message = "has packed relocations (DT_RELR) but doesn't declare them: it was \
                linked by a linker that doesn't know glibc's rule";
            verdict.throws(Some(text), Problem::error(Malformed {}, message));
        }
        _ => {}
    }
}
