//! ELF: the processor, operating system and libc that an image was built for.

use super::super::image::Library;
use super::super::names::text;
use super::facts::ElfFacts;
use crate::files::{Limits, Source};
use crate::model::{Arch, Libc, Platform};
use crate::versions::within_32_bits;

/// The system that an image was built for.
pub(super) struct System {
    pub platform: Option<Platform>,
    pub libc: Option<Libc>,
    pub libc_version: Option<String>,
}

/// The name in `process.arch` for a machine. `ppc64` is the name for both byte orders; `mips` and
/// `mipsel` are separate.
pub(super) fn arch(machine: u16, is_64: bool, big_endian: bool) -> Option<Arch> {
    use object::elf;
    match elf::Machine(machine) {
        elf::EM_X86_64 => Some(Arch::X64),
        elf::EM_386 => Some(Arch::Ia32),
        elf::EM_AARCH64 => Some(Arch::Arm64),
        elf::EM_ARM => Some(Arch::Arm),
        elf::EM_S390 => Some(if is_64 { Arch::S390x } else { Arch::S390 }),
        elf::EM_PPC64 => Some(Arch::Ppc64),
        elf::EM_PPC => Some(Arch::Ppc),
        elf::EM_RISCV if is_64 => Some(Arch::RiscV64),
        elf::EM_LOONGARCH if is_64 => Some(Arch::Loong64),
        elf::EM_MIPS => Some(if big_endian { Arch::Mips } else { Arch::MipsEl }),
        _ => None,
    }
}

/// The owner names of the notes (`GNU`, `Android`, `FreeBSD`, `OpenBSD`, `NetBSD`).
pub(super) fn note_owners(source: &Source, notes: &[(u64, u64)], big_endian: bool) -> Vec<String> {
    let mut owners = Vec::new();
    for &(offset, size) in notes.iter().take(16) {
        let Some(bytes) = source.bytes(offset, size.min(4096)) else { continue };
        let mut rest = &bytes[..];
        while let Some((header, body)) = rest.split_at_checked(12) {
            let word = |at: usize| {
                let bytes: [u8; 4] = header[at..at + 4].try_into().unwrap_or_default();
                (if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
                    as usize
            };
            let (name_size, data_size) = (word(0), word(4));
            let Some(name) = body.get(..name_size.min(64)) else { break };
            owners.push(text(name));
            // On 32-bit systems a size may be the largest number.
            let rounded = |size: usize| size.checked_next_multiple_of(4).unwrap_or(usize::MAX);
            let next = rounded(name_size).saturating_add(rounded(data_size));
            rest = match body.get(next..) {
                Some(rest) if next > 0 => rest,
                _ => break,
            };
        }
    }
    owners
}

/// glibc's default without a `PT_GNU_STACK` (`DEFAULT_STACK_PERMS` in
/// sysdeps/<machine>/stackinfo.h).
pub(super) fn stack_is_executable_by_default(machine: object::elf::Machine) -> bool {
    use object::elf;
    matches!(machine, elf::EM_X86_64 | elf::EM_386 | elf::EM_ARM | elf::EM_S390)
}

/// The x86-64 levels that the property note requires (`GNU_PROPERTY_X86_ISA_1_NEEDED`); 0 for none.
/// Only for little-endian 64-bit files, because x86-64 has no others.
pub(super) fn isa_needed(source: &Source, notes: &[(u64, u64)]) -> u32 {
    const ISA_1_NEEDED: u32 = 0xc000_8002;
    /// `NT_GNU_PROPERTY_TYPE_0`
    const PROPERTIES: u32 = 5;
    const MOST: usize = 64;
    let word = |bytes: &[u8], at: usize| {
        Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
    };
    for &(offset, size) in notes.iter().take(16) {
        let Some(bytes) = source.bytes(offset, size.min(4096)) else { continue };
        let is_properties = word(&bytes, 0) == Some(4)
            && word(&bytes, 8) == Some(PROPERTIES)
            && bytes.get(12..16) == Some(b"GNU\0");
        let mut at = 16;
        for _ in 0..MOST {
            let (true, Some(kind), Some(size)) =
                (is_properties, word(&bytes, at), word(&bytes, at + 4))
            else {
                break;
            };
            if kind == ISA_1_NEEDED {
                return word(&bytes, at + 8).unwrap_or(0);
            }
            at = at
                .saturating_add(8)
                .saturating_add((size as usize).checked_next_multiple_of(8).unwrap_or(usize::MAX))
                .min(bytes.len());
        }
    }
    0
}

/// Determines the system from the OS ABI byte, the notes, the libraries' names and the required
/// symbol versions.
pub(super) fn identify(facts: &ElfFacts, libraries: &[Library], owners: &[String]) -> System {
    let needs = |test: &dyn Fn(&str) -> bool| libraries.iter().any(|library| test(&library.name));
    let owned = |name: &str| owners.iter().any(|owner| owner == name);
    let versions = |prefix: &'static str| {
        facts
            .version_needs
            .iter()
            // libgcc_s defines a version "GLIBC_2.0" itself, on musl too.
            .filter(|need| !need.library.starts_with("libgcc_s"))
            .flat_map(|need| &need.versions)
            .filter_map(move |version| version.strip_prefix(prefix))
    };
    let platform = match object::elf::OsAbi(facts.ident[7]) {
        object::elf::ELFOSABI_FREEBSD => Platform::FreeBsd,
        object::elf::ELFOSABI_NETBSD => Platform::NetBsd,
        object::elf::ELFOSABI_OPENBSD => Platform::OpenBsd,
        object::elf::ELFOSABI_SOLARIS => Platform::SunOs,
        // Not every linker sets the byte. FreeBSD's libc has symbol versions of its own.
        _ if owned("FreeBSD")
            || versions("FBSD_").next().is_some()
            || needs(&|name| name == "libthr.so.3" || name == "libc.so.7") =>
        {
            Platform::FreeBsd
        }
        _ if owned("NetBSD") => Platform::NetBsd,
        // OpenBSD leaves the header of a library unmarked, but numbers its libraries
        // "libc.so.97.0".
        _ if owned("OpenBSD") || needs(&is_openbsd_name) => Platform::OpenBsd,
        // bionic's one symbol version is "LIBC".
        _ if owned("Android")
            || needs(&|name| name == "liblog.so")
            || versions("LIBC").any(str::is_empty) =>
        {
            Platform::Android
        }
        _ if owned("OHOS") || needs(&|name| name == "libace_napi.z.so") => Platform::OpenHarmony,
        _ => Platform::Linux,
    };
    let is_linux = platform == Platform::Linux;
    let mut system = System { platform: Some(platform), libc: None, libc_version: None };
    if !is_linux {
        return system;
    }
    let glibc_floor = versions("GLIBC_").filter_map(within_32_bits).max();
    let asks_for_glibc = versions("GLIBC_").next().is_some()
        || needs(&|name| name == "libc.so.6" || name.starts_with("ld-linux"));
    if asks_for_glibc {
        system.libc = Some(Libc::Glibc);
        system.libc_version = glibc_floor
            .map(|parts| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("."));
    } else if needs(&|name| {
        name.starts_with("libc.musl-") || name.starts_with("ld-musl-") || name == "libc.so"
    }) {
        system.libc = Some(Libc::Musl);
    }
    system
}

/// `libc.so.97.0`: two numbers after `.so`.
fn is_openbsd_name(name: &str) -> bool {
    name.len() < Limits::NAME
        && name.strip_prefix("libc.so.").is_some_and(|version| {
            version.split_once('.').is_some_and(|(major, minor)| {
                [major, minor]
                    .iter()
                    .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            })
        })
}
