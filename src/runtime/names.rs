//! The names of systems that specs of runtimes may have.

/// Values of `process.platform`.
pub(super) const PLATFORMS: [&str; 12] = [
    "aix",
    "android",
    "cygwin",
    "darwin",
    "freebsd",
    "haiku",
    "linux",
    "netbsd",
    "openbsd",
    "openharmony",
    "sunos",
    "win32",
];

/// Values of `process.arch`, and the name that Linux has for little-endian ppc64.
pub(super) const ARCHS: [&str; 13] = [
    "arm", "arm64", "ia32", "loong64", "mips", "mipsel", "ppc", "ppc64", "ppc64le", "riscv64",
    "s390", "s390x", "x64",
];
