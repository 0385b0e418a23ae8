//! The words for platforms, processors and libcs in names.

use crate::model::{Arch, Libc, Platform};

pub(super) static PLATFORMS: [(&str, Platform); 17] = [
    ("aix", Platform::Aix),
    ("android", Platform::Android),
    ("darwin", Platform::Darwin),
    ("freebsd", Platform::FreeBsd),
    ("linux", Platform::Linux),
    ("linuxglibc", Platform::Linux),
    ("linuxmusl", Platform::Linux),
    ("mac", Platform::Darwin),
    ("macos", Platform::Darwin),
    ("macosx", Platform::Darwin),
    ("ohos", Platform::OpenHarmony),
    ("openbsd", Platform::OpenBsd),
    ("openharmony", Platform::OpenHarmony),
    ("osx", Platform::Darwin),
    ("win", Platform::Win32),
    ("win32", Platform::Win32),
    ("windows", Platform::Win32),
];

pub(super) static ARCHS: [(&str, Arch); 19] = [
    ("aarch64", Arch::Arm64),
    ("amd64", Arch::X64),
    ("arm", Arch::Arm),
    ("arm64", Arch::Arm64),
    ("armhf", Arch::Arm),
    ("armv6", Arch::Arm),
    ("armv7", Arch::Arm),
    ("armv7l", Arch::Arm),
    ("i686", Arch::Ia32),
    ("ia32", Arch::Ia32),
    ("loong64", Arch::Loong64),
    ("mips64el", Arch::Mips64El),
    ("ppc64", Arch::Ppc64),
    ("ppc64le", Arch::Ppc64),
    ("riscv64", Arch::RiscV64),
    ("s390x", Arch::S390x),
    ("x64", Arch::X64),
    ("x86", Arch::Ia32),
    ("x86_64", Arch::X64),
];

pub(super) static LIBCS: [(&str, Libc); 10] = [
    ("alpine", Libc::Musl),
    ("glibc", Libc::Glibc),
    ("gnu", Libc::Glibc),
    ("gnueabihf", Libc::Glibc),
    ("gnueabi", Libc::Glibc),
    ("linuxglibc", Libc::Glibc),
    ("linuxmusl", Libc::Musl),
    ("musl", Libc::Musl),
    ("musleabi", Libc::Musl),
    ("musleabihf", Libc::Musl),
];

/// The value of a word in a table, in any case.
pub(super) fn look_up<T: Clone>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
}

/// "linux64", "darwinarm64", "ntamd64"
pub(super) fn in_one_word(word: &str) -> Option<(Platform, Arch)> {
    static ONLY_HERE: [(&str, Arch); 3] =
        [("32", Arch::Ia32), ("64", Arch::X64), ("intel64", Arch::X64)];
    static NT: (&str, Platform) = ("nt", Platform::Win32);
    let platforms = PLATFORMS.iter().chain([&NT]);
    let mut pairs = platforms.filter_map(|(name, platform)| {
        let arch = word.strip_prefix(name)?;
        Some((platform.clone(), look_up(&ARCHS, arch).or_else(|| look_up(&ONLY_HERE, arch))?))
    });
    pairs.next()
}
