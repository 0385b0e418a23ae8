//! Names of systems: operating systems, processors, C libraries.

open_names! {
    /// An operating system, as `process.platform` names it. Of a system that isn't listed, the
    /// name stands as it is.
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
        /// iOS, and the other systems that Mach-O files are built for besides macOS.
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
    /// A processor, as `process.arch` names it. Of a processor that isn't listed, the name stands
    /// as it is.
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
