//! What dyld accepts on macOS (dyld's common/MachOFile.cpp and dyld/JustInTimeLoader.cpp). The
//! source is dyld's code; nothing here was measured.

use super::problems::{not_a_binary, not_openable, truncated, wrong_arch, wrong_platform};
use crate::binary::{Contents, Details, Image, MachOFacts, Signature};
use crate::model::problem::system::{MinimumOs, Unsigned};
use crate::model::{Arch, FileFormat, Platform, Problem};
use crate::verdict::case::{Case, Verdict};
use crate::versions::numbers;

/// `MH_EXECUTE`, `MH_DYLIB`, `MH_BUNDLE`.
const EXECUTE: u32 = 2;
const LOADABLE: [u32; 2] = [6, 8];

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let says = |reason: String| {
        Some(format!("dlopen({file}, 0x0001): tried: '{file}' ({reason})", file = case.file))
    };
    let image = match (&case.binary.contents, case.image) {
        (Contents::Impostor(impostor), _) => {
            return verdict.throws(
                says("slice is not valid mach-o file".to_owned()),
                not_a_binary(*impostor),
            );
        }
        (_, Some(image)) => image,
        _ => return,
    };
    let Details::MachO(facts) = &image.details else {
        return verdict.throws(
            says("slice is not valid mach-o file".to_owned()),
            wrong_platform(case, image),
        );
    };
    debug_assert_eq!(image.format, FileFormat::MachO);
    let wanted = match &case.runtime.arch {
        Arch::X64 => "x86_64",
        Arch::Ia32 => "i386",
        arch => arch.as_str(),
    };
    if image.arch.as_ref() != Some(&case.runtime.arch) {
        let images: Vec<&Image> = case.binary.images().iter().collect();
        let names: Vec<&str> = images.iter().filter_map(|image| cpu_name(image)).collect();
        let reason = match &case.binary.contents {
            Contents::Universal(_) => {
                format!(
                    "fat file, but missing compatible architecture (have '{}', need '{wanted}')",
                    names.join(",")
                )
            }
            _ => format!(
                "mach-o file, but is an incompatible architecture (have '{}', need '{wanted}')",
                facts.cpu_name
            ),
        };
        return verdict.throws(says(reason), wrong_arch(case, &images));
    }
    if image.platform != Some(Platform::Darwin) {
        let reason = format!(
            "mach-o file ({}), but incompatible platform (have 'iOS', need 'macOS')",
            case.file
        );
        return verdict.throws(says(reason), wrong_platform(case, image));
    }
    if facts.file_type == EXECUTE {
        let reason = format!("cannot dlopen a main executable '{}'", case.file);
        return verdict.throws(says(reason), not_openable("a program, not a library"));
    }
    if !LOADABLE.contains(&facts.file_type) {
        let reason = format!("unloadable mach-o file type {}", facts.file_type);
        return verdict
            .throws(says(reason), not_openable("a Mach-O file of a type that can't be loaded"));
    }
    if facts.missing > 0 {
        return verdict.throws(None, truncated(facts.missing));
    }
    if facts.signature == Signature::Broken && case.runtime.arch == Arch::Arm64 {
        let message = "was changed after it was signed, and macOS for arm64 kills a process that \
            uses such a file: sign it again with codesign --sign - --force";
        return verdict.crashes(Problem::error(Unsigned {}, message));
    }
    if facts.signature == Signature::None && case.runtime.arch == Arch::Arm64 {
        let message = "has no code signature, and macOS for arm64 loads signed code only: sign it \
            with codesign --sign - --force";
        return verdict.throws(None, Problem::error(Unsigned {}, message));
    }
    let Some(needs) = &facts.minimum_os else { return };
    let is_newer = |has: &str| numbers(needs) > numbers(has);
    let of_node = case.runtime.node.as_ref().and_then(|node| minimum_of_node(node.major));
    let message = match (&case.runtime.os_version, of_node) {
        (Some(has), _) if is_newer(has) => format!("but this is macOS {has}"),
        (None, Some(has)) if is_newer(has) => {
            format!("but {} supports macOS {has} and newer", case.runtime.title())
        }
        _ => return,
    };
    let message = format!(
        "built for macOS {needs} or newer, {message}; on older versions something it needs may be \
            missing"
    );
    verdict.warns(Problem::warning(MinimumOs { required: needs.clone() }, message));
}

/// The oldest macOS that a release line of Node.js supports, from Node's BUILDING.md.
fn minimum_of_node(major: u64) -> Option<&'static str> {
    match major {
        16 | 17 => Some("10.13"),
        18..=21 => Some("10.15"),
        22 | 23 => Some("11.0"),
        24.. => Some("13.5"),
        _ => None,
    }
}

fn cpu_name(image: &Image) -> Option<&str> {
    match &image.details {
        Details::MachO(MachOFacts { cpu_name, .. }) => Some(cpu_name),
        _ => None,
    }
}
