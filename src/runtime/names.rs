//! The names of systems that are valid in runtime specs.

use crate::model::{Arch, Platform};

/// Linux's name for little-endian ppc64.
const PPC64LE: &str = "ppc64le";

/// The platforms that are valid in a spec: those for which a runtime was ever built.
pub(super) fn platforms() -> impl Iterator<Item = &'static Platform> {
    Platform::KNOWN.iter().filter(|platform| **platform != Platform::Ios)
}

/// The processors that are valid in a spec.
pub(super) fn archs() -> impl Iterator<Item = &'static Arch> {
    Arch::KNOWN.iter().filter(|arch| **arch != Arch::Mips64El)
}

/// The names of those processors.
pub(super) fn arch_names() -> impl Iterator<Item = &'static str> {
    archs().map(Arch::as_str).chain([PPC64LE])
}

/// The processor that a name in a spec means; `None` for an invalid name.
pub(super) fn arch_of_spec(named: &Arch) -> Option<Arch> {
    if named.as_str() == PPC64LE {
        return Some(Arch::Ppc64);
    }
    archs().find(|arch| *arch == named).cloned()
}

/// Processors by their names in container images.
const OF_IMAGES: [(&str, Arch); 11] = [
    ("amd64", Arch::X64),
    ("x86_64", Arch::X64),
    ("x64", Arch::X64),
    ("arm64", Arch::Arm64),
    ("arm64v8", Arch::Arm64),
    ("aarch64", Arch::Arm64),
    ("arm32v6", Arch::Arm),
    ("arm32v7", Arch::Arm),
    ("i386", Arch::Ia32),
    ("s390x", Arch::S390x),
    (PPC64LE, Arch::Ppc64),
];

/// The processor with this name in container images.
pub(super) fn arch_of_image(word: &str) -> Option<Arch> {
    OF_IMAGES.iter().find(|(name, _)| *name == word).map(|(_, arch)| arch.clone())
}
