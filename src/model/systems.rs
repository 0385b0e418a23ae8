//! Names of systems: operating systems, processors, C libraries.

open_names! {
    /// An operating system, as in `process.platform`. A system that isn't listed keeps its name.
    pub enum Platform {
        /// IBM AIX.
        Aix => "aix",
        /// Android.
        Android => "android",
        /// Cygwin on Windows.
        Cygwin => "cygwin",
        /// macOS.
        Darwin => "darwin",
        /// FreeBSD.
        FreeBsd => "freebsd",
        /// Haiku.
        Haiku => "haiku",
        /// iOS, and the other systems besides macOS that use Mach-O files.
        Ios => "ios",
        /// Linux.
        Linux => "linux",
        /// NetBSD.
        NetBsd => "netbsd",
        /// OpenBSD.
        OpenBsd => "openbsd",
        /// OpenHarmony.
        OpenHarmony => "openharmony",
        /// Solaris, SmartOS.
        SunOs => "sunos",
        /// Windows.
        Win32 => "win32",
    }
}

open_names! {
    /// A processor, as in `process.arch`. A processor that isn't listed keeps its name.
    pub enum Arch {
        /// 32-bit ARM.
        Arm => "arm",
        /// 64-bit ARM.
        Arm64 => "arm64",
        /// 32-bit x86.
        Ia32 => "ia32",
        /// 64-bit LoongArch.
        Loong64 => "loong64",
        /// 32-bit MIPS, big-endian.
        Mips => "mips",
        /// 64-bit MIPS, little-endian.
        Mips64El => "mips64el",
        /// 32-bit MIPS, little-endian.
        MipsEl => "mipsel",
        /// 32-bit PowerPC.
        Ppc => "ppc",
        /// 64-bit PowerPC of either byte order.
        Ppc64 => "ppc64",
        /// 64-bit RISC-V.
        RiscV64 => "riscv64",
        /// 31-bit z/Architecture.
        S390 => "s390",
        /// 64-bit z/Architecture.
        S390x => "s390x",
        /// 64-bit x86.
        X64 => "x64",
    }
}

names! {
    /// A libc of Linux.
    pub enum Libc {
        /// Debian, Ubuntu, Fedora, RHEL.
        Glibc => "glibc",
        /// Alpine Linux.
        Musl => "musl",
    }
}
