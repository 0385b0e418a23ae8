//! Segments that are aligned to smaller pages than those of the system. Linkers align to 64 KiB for
//! arm64 and ppc64, but builds for Android align to 4 KiB, and flags can do so. Systems with larger
//! pages: Asahi Linux and Android devices since 15 (16 KiB), some distributions (64 KiB).

use super::case::{Case, Verdict};
use crate::binary::{ElfFacts, PAGE};
use crate::linking::acceptance::{Expected, Rejection};
use crate::model::problem::file::Subject;
use crate::model::problem::system::PageSize;
use crate::model::{Arch, Libc, Platform, Problem};
use crate::versions::numbers;

/// The largest pages of a Linux system, in bytes.
const LARGEST: u64 = 64 << 10;
/// glibc compares the alignment of segments with the page size before this version.
const ALLOWS_SMALL_ALIGNMENT: [u64; 2] = [2, 35];

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let runtime = case.runtime;
    let is_linux = matches!(runtime.platform, Platform::Linux | Platform::Android);
    let image = case.image.filter(|image| is_linux && image.arch.as_ref() == Some(&runtime.arch));
    let Some(facts) = image.and_then(|image| image.elf()) else { return };
    match runtime.page_size {
        Some(size) if size > PAGE => with_pages(case, facts, size, verdict),
        None if has_systems_with_larger_pages(&runtime.arch) && facts.is_off_page(LARGEST) => {
            let built_for = largest_for(facts);
            let message = format!(
                "aligned to pages of {} KiB: systems with larger pages can't load it",
                built_for >> 10
            );
            verdict.warns(Problem::warning(PageSize { built_for, required: None }, message));
        }
        _ => {}
    }
}

fn has_systems_with_larger_pages(arch: &Arch) -> bool {
    matches!(arch, Arch::Arm64 | Arch::Ppc64 | Arch::Loong64)
}

/// The page size of this system is known, and larger than usual.
fn with_pages(case: &Case<'_>, facts: &ElfFacts, size: u64, verdict: &mut Verdict) {
    let glibc = (case.runtime.libc != Some(Libc::Musl))
        .then(|| case.runtime.libc_version.as_deref().and_then(numbers))
        .flatten();
    let is_old = glibc.is_some_and(|version| version < ALLOWS_SMALL_ALIGNMENT.to_vec());
    let rejection = if is_old && facts.is_below_page(size) {
        Rejection::Alignment
    } else if facts.is_off_page(size) {
        Rejection::OffPage
    } else {
        return;
    };
    let built_for = largest_for(facts);
    let message = format!(
        "aligned to pages of {} KiB, this system has pages of {} KiB",
        built_for >> 10,
        size >> 10
    );
    let problem = Problem::error(PageSize { built_for, required: Some(size) }, message);
    if case.runtime.libc == Some(Libc::Musl) {
        verdict.warns(problem);
        return verdict.unknown(
            Subject::Segments,
            "musl doesn't check the alignment of segments, and maps other parts of the file",
        );
    }
    let text = rejection.glibc_text(Expected::of_arch(&case.runtime.arch));
    verdict.throws(Some(format!("{}: {text}", case.file)), problem);
}

/// The largest page size with which every segment can be mapped, in bytes.
fn largest_for(facts: &ElfFacts) -> u64 {
    let sizes = std::iter::successors(Some(LARGEST), |size| Some(size / 2));
    sizes
        .take_while(|size| *size >= PAGE)
        .find(|size| !facts.is_off_page(*size) && !facts.is_below_page(*size))
        .unwrap_or(PAGE)
}

#[cfg(test)]
mod tests {
    use super::{Case, Verdict, judge};
    use crate::binary::{Binary, read};
    use crate::files::Source;
    use crate::linking::acceptance::Rejection;
    use crate::model::{Arch, Code, Libc, Outcome, Problem};
    use crate::runtime::{Runtime, test_host};

    /// A library for arm64 with one segment at an address that is `gap` after its offset.
    fn library(gap: u64, alignment: u64) -> Binary {
        let mut file = vec![0; 120];
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, b"\x7fELF\x02\x01\x01");
        put(16, &[3, 0, 183, 0, 1]);
        put(32, &64u64.to_le_bytes());
        put(52, &[64, 0, 56, 0, 1]);
        put(64, &[1, 0, 0, 0, 5]);
        for (index, value) in [0, gap, gap, 120, 120, alignment].into_iter().enumerate() {
            put(72 + 8 * index, &u64::to_le_bytes(value));
        }
        read(&Source::from_bytes(file))
    }

    fn judged(binary: &Binary, runtime: &Runtime) -> Verdict {
        let mut verdict = Verdict::new();
        let case = Case {
            file: "/app/m.node",
            binary,
            image: binary.images().first(),
            addon: None,
            linkage: None,
            siblings: &[],
            runtime,
            named_abi: None,
            compiled_for_compression: None,
            threads: false,
            renderer: false,
        };
        judge(&case, &mut verdict);
        verdict
    }

    /// Measured with glibc 2.31, 2.36 and 2.41 of Debian in qemu-aarch64 with -p 4096, 16384 and
    /// 65536: the texts, and that files for larger pages load.
    #[test]
    fn larger_pages_than_those_of_a_file_make_glibc_reject_it() {
        let (small, small_asked, large) =
            (library(0x1000, 0x1000), library(0x10000, 0x1000), library(0x10000, 0x10000));
        let off = "address/offset not page-aligned";
        let below = "alignment not page-aligned";
        for (binary, version, size, text) in [
            (&small, "2.36", 4096, None),
            (&small, "2.36", 16384, Some(off)),
            (&small, "2.41", 65536, Some(off)),
            (&small, "2.31", 16384, Some(below)),
            (&small_asked, "2.36", 65536, None),
            (&small_asked, "2.31", 65536, Some(below)),
            (&large, "2.31", 65536, None),
            (&large, "2.41", 16384, None),
        ] {
            let runtime = Runtime {
                arch: Arch::Arm64,
                libc_version: Some(version.to_owned()),
                page_size: Some(size),
                ..test_host()
            };
            let verdict = judged(binary, &runtime);
            let said = verdict.loader_message.as_deref();
            assert_eq!(said.is_some(), text.is_some(), "{version} {size}");
            assert!(said.is_none_or(|said| said.ends_with(text.unwrap_or_default())), "{said:?}");
            let codes: Vec<Code> = verdict.problems.iter().map(Problem::code).collect();
            assert_eq!(codes.contains(&Code::PageSize), text.is_some(), "{version} {size}");
        }
        assert!(!Rejection::Alignment.names_path());
    }

    #[test]
    fn the_pages_of_a_named_system_may_be_larger() {
        let named = |arch| Runtime { arch, page_size: None, root: None, ..test_host() };
        let codes = |binary: &Binary, runtime: &Runtime| -> Vec<Code> {
            judged(binary, runtime).problems.iter().map(Problem::code).collect()
        };
        assert_eq!(codes(&library(0x1000, 0x1000), &named(Arch::Arm64)), [Code::PageSize]);
        assert!(codes(&library(0x10000, 0x10000), &named(Arch::Arm64)).is_empty());
        assert!(codes(&library(0x1000, 0x1000), &named(Arch::X64)).is_empty());
        let musl = Runtime {
            arch: Arch::Arm64,
            libc: Some(Libc::Musl),
            page_size: Some(16384),
            ..test_host()
        };
        assert_eq!(judged(&library(0x1000, 0x1000), &musl).outcome, Outcome::Unknown);
    }
}
