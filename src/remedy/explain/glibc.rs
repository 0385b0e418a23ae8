//! Errors of glibc's loader (elf/dl-load.c and its neighbors).

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{path_at_end, path_at_start};
use super::text::{Window, pattern};
use crate::model::{Code, ErrorCode, Libc, Platform};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: ": invalid ELF header", read: invalid_header },
    Known { anchor: ": file too short", read: too_short },
    Known { anchor: ": wrong ELF class: ELFCLASS", read: wrong_class },
    Known { anchor: ": cannot open shared object file: ", read: cannot_open },
    Known { anchor: " not found (required by ", read: version_not_found },
    Known { anchor: ": undefined symbol: ", read: undefined_symbol },
    Known { anchor: ": cannot allocate memory in static TLS block", read: static_tls },
    Known { anchor: ": failed to map segment from shared object", read: failed_to_map },
    Known {
        anchor: ": cannot enable executable stack as shared object requires",
        read: executable_stack,
    },
    Known { anchor: ": cannot dynamically load ", read: a_program },
    Known { anchor: ": only ET_DYN and ET_EXEC can be loaded", read: never_linked },
    Known { anchor: ": shared object cannot be dlopen()ed", read: not_openable },
    Known { anchor: ": ELF load command ", read: alignment },
    Known { anchor: ": ELF file data encoding not ", read: foreign_encoding },
    Known { anchor: ": ELF file OS ABI invalid", read: foreign_system },
    Known { anchor: ": ELF file version ", read: damaged },
    Known { anchor: ": DT_RELR without GLIBC_ABI_DT_RELR dependency", read: damaged },
    Known { anchor: ": CPU ISA level is lower than required", read: cpu_level },
    Known { anchor: ": object file has no ", read: no_contents },
    Known { anchor: ": ELF file's phentsize not the expected size", read: damaged },
    Known { anchor: ": cannot read file data", read: damaged },
];

fn invalid_header(window: &Window<'_>) -> Option<Finding> {
    let file = window.path_before()?;
    // Debian's development packages install a linker script under this name.
    if !file.ends_with(".node")
        && file
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("lib") && name.ends_with(".so"))
    {
        let why = format!(
            "it needs a library under musl's name for it, and {file} is a linker script: it was \
                built for musl"
        );
        return Some(Finding::refusal(
            Code::WrongLibc,
            "a file for musl is loaded on a system with glibc",
            why,
        ));
    }
    let why = "it is for another system (macOS or Windows), or it is not a binary: a Git LFS \
        pointer, a web page, a text";
    Some(
        Finding::refusal(Code::NotABinary, "the file is not a binary for Linux", why)
            .file(file)
            .unsure(),
    )
}

fn too_short(window: &Window<'_>) -> Option<Finding> {
    let why = "a download or an installation was cut off, or left an empty file";
    Some(
        Finding::refusal(Code::Truncated, "the file is empty, or ends after a few bytes", why)
            .file(window.path_before()?),
    )
}

fn wrong_class(window: &Window<'_>) -> Option<Finding> {
    let (file, process) = if window.rest().starts_with("32") { (32, 64) } else { (64, 32) };
    let why =
        format!("it was built for a {file}-bit processor, but this is a {process}-bit process");
    Some(
        Finding::refusal(
            Code::WrongArch,
            format!("a {file}-bit file in a {process}-bit process"),
            why,
        )
        .file(window.path_before()?),
    )
}

fn cannot_open(window: &Window<'_>) -> Option<Finding> {
    let reason = window.rest();
    let line = window.before();
    let name = path_at_end(line).or_else(|| {
        let word = line.trim_end_matches(['\'', '"']).rsplit([' ', '\'', '"', '\n']).next()?;
        word.contains(".so").then(|| word.to_owned())
    })?;
    if reason.starts_with("Permission denied") {
        let why = "the user of this process may not read it, or a folder above it";
        return Some(
            Finding::refusal(Code::Unreadable, "the file may not be read", why).file(name),
        );
    }
    if !reason.starts_with("No such file or directory") {
        return None;
    }
    if name.ends_with(".node") {
        let why = "the loader gives the same error for a file for another processor: it skips such \
            a file as if it didn't exist";
        return Some(
            Finding::refusal(
                Code::WrongArch,
                "the file isn't there, or is for another processor",
                why,
            )
            .file(name)
            .unsure(),
        );
    }
    let library = name.rsplit('/').next().unwrap_or(&name);
    if let Some(finding) = super::packages::libvips(library, window) {
        return Some(finding);
    }
    if library.starts_with("libc.musl-") || library.starts_with("ld-musl-") {
        let why = format!("it needs {library}, which only systems with musl have");
        return Some(Finding::refusal(
            Code::WrongLibc,
            "a file for musl (Alpine) is loaded on a system with glibc",
            why,
        ));
    }
    let why = "the file is valid, but a library that it needs isn't installed, or not where the \
        loader looks";
    let finding =
        Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why);
    Some(super::symbols::library(finding, library, &Platform::Linux, Some(Libc::Glibc)))
}

fn version_not_found(window: &Window<'_>) -> Option<Finding> {
    // Markdown and mail programs remove quotes, or replace them.
    let said = pattern!(
        r"version [`'\x22\u{2018}\u{201c}]?(\w{1,40}[\w.]{0,60})['`\x22\u{2019}\u{201d}]?$"
    )
    .captures(window.before())?;
    let version = said[1].to_owned();
    let file = path_at_start(window.after())?;
    let name = window.before().split(": version ").next().and_then(path_at_end).unwrap_or_default();
    let library = name.rsplit('/').next().unwrap_or_default().to_owned();
    let finding = if let Some(glibc) = version.strip_prefix("GLIBC_") {
        let since = crate::verdict::since_glibc(glibc)
            .map(|since| format!(" ({since})"))
            .unwrap_or_default();
        let why =
            format!("it was built on a newer system, and needs glibc {glibc} or newer{since}");
        Finding::refusal(
            Code::GlibcTooOld,
            "the system's glibc is older than the one it was built with",
            why,
        )
    } else if version.starts_with("GLIBCXX_") || version.starts_with("CXXABI_") {
        let why = format!(
            "it was built with a newer compiler, but this system's libstdc++ has no {version}"
        );
        Finding::refusal(
            Code::LibstdcxxTooOld,
            "the system's libstdc++ is older than the one it was built with",
            why,
        )
    } else {
        let why = format!(
            "it was built with another version of {library}, and the installed one has no {version}"
        );
        Finding::refusal(
            Code::MissingLibrary,
            format!("the installed {library} is another version than it needs"),
            why,
        )
    };
    Some(finding.file(file))
}

fn undefined_symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([\w$@.]+)").captures(window.after())?;
    let symbol = said[1].to_owned();
    let file = window.path_before()?;
    // The function with which addons of the old type register. Every Node.js has it.
    if symbol == "node_module_register" {
        return Some(super::node::uses_v8_in_deno().file(file));
    }
    let finding = super::symbols::missing_symbol(&symbol, &file);
    // "node: symbol lookup error: …": printed at the first call; then the process ends.
    let finding = if window.before().contains("symbol lookup error: ") {
        finding.at_a_call()
    } else {
        finding
    };
    Some(finding.file(file))
}

fn static_tls(window: &Window<'_>) -> Option<Finding> {
    let why = "its thread-local storage needs static TLS, which is reserved when a process starts, \
        and other libraries have used it up";
    let finding = Finding::refusal(
        Code::StaticTls,
        "there is no static TLS left for its thread-local storage",
        why,
    );
    let finding = finding.advice(
        "Load it before other addons, or set \
            GLIBC_TUNABLES=glibc.rtld.optional_static_tls=2048 for the process",
    );
    Some(finding.file(window.path_before()?))
}

fn failed_to_map(window: &Window<'_>) -> Option<Finding> {
    let file = window.path_before()?;
    let reason = window.rest().strip_prefix(": ");
    if reason.is_some_and(|reason| !reason.starts_with("Operation not permitted")) {
        let why = "there is not enough memory, or a limit of the process forbids it";
        return Some(
            Finding::refusal(Code::Unreadable, "the file couldn't be mapped into memory", why)
                .file(file)
                .unsure(),
        );
    }
    // Old releases of glibc print no reason.
    Some(Finding { certain: reason.is_some(), ..mounted_noexec() }.file(file))
}

/// A file on a file system that forbids execution.
pub(super) fn mounted_noexec() -> Finding {
    let why = "it is on a file system that is mounted with noexec, often /tmp or a volume of a \
        container";
    let finding = Finding::error(
        ErrorCode::Noexec,
        Weight::Refusal,
        "the file system of the file forbids execution",
        why,
    );
    finding.advice("Move the project to a place without noexec, or mount it with exec")
}

fn executable_stack(window: &Window<'_>) -> Option<Finding> {
    let file = window.path_before()?;
    let why = "it is marked as needing an executable stack, which glibc 2.41 and newer, and \
        SELinux, reject";
    let finding = Finding::refusal(Code::ExecutableStack, "it requires an executable stack", why);
    Some(
        finding
            .command(
                "Remove the mark; nearly always nothing needs it",
                &["patchelf", "--clear-execstack", &file],
            )
            .file(file),
    )
}

fn a_program(window: &Window<'_>) -> Option<Finding> {
    let why = "it was linked as a program; an addon is a shared library";
    Some(
        Finding::refusal(Code::NotOpenable, "the file is a program, not an addon", why)
            .file(window.path_before()?),
    )
}

fn never_linked(window: &Window<'_>) -> Option<Finding> {
    let why = "it is the output of a compiler, which no linker has made into a library";
    Some(
        Finding::refusal(
            Code::NotOpenable,
            "the file is an object file that was never linked",
            why,
        )
        .file(window.path_before()?),
    )
}

fn not_openable(window: &Window<'_>) -> Option<Finding> {
    let why = "it is marked as not to be loaded at run time (DF_1_NOOPEN)";
    Some(
        Finding::refusal(Code::NotOpenable, "the file forbids being loaded at run time", why)
            .file(window.path_before()?),
    )
}

fn alignment(window: &Window<'_>) -> Option<Finding> {
    let rest = window.rest();
    let finding = if rest.contains("page-aligned") {
        let why = "it was linked for smaller memory pages than this system has, as some ARM \
            systems have pages of 16 or 64 KB; or it is damaged";
        let what = "its segments don't fit the memory pages of this system";
        Finding::refusal(Code::PageSize, what, why)
    } else if rest.contains("aligned") {
        let why = "its segments don't have the alignment that its header states";
        Finding::refusal(Code::Malformed, "the file is damaged", why)
    } else {
        return None;
    };
    Some(finding.file(window.path_before()?).unsure())
}

fn foreign_encoding(window: &Window<'_>) -> Option<Finding> {
    let why = "its byte order is that of another processor";
    Some(
        Finding::refusal(Code::WrongArch, "the file is for another processor", why)
            .file(window.path_before()?),
    )
}

fn foreign_system(window: &Window<'_>) -> Option<Finding> {
    let why = "its header names another system, such as FreeBSD";
    Some(
        Finding::refusal(Code::WrongPlatform, "the file is for another system", why)
            .file(window.path_before()?),
    )
}

fn cpu_level(window: &Window<'_>) -> Option<Finding> {
    let why = "it was compiled for newer processors only, and its header states that";
    let finding =
        Finding::refusal(Code::CpuLevel, "it needs a newer processor than this computer has", why);
    let advice = "Use another version of the package, or compile it on this computer";
    Some(finding.advice(advice).file(window.path_before()?))
}

fn no_contents(window: &Window<'_>) -> Option<Finding> {
    let rest = window.rest();
    if !rest.starts_with("dynamic section") && !rest.starts_with("loadable segments") {
        return None;
    }
    let why = "it is statically linked, or its dynamic section was stripped";
    Some(
        Finding::refusal(Code::NotOpenable, "the file is not a shared library", why)
            .file(window.path_before()?),
    )
}

fn damaged(window: &Window<'_>) -> Option<Finding> {
    if window.rest().starts_with(": Is a directory") {
        let why = "a folder has the name of the file, which can be the result of a failed download";
        return Some(
            Finding::refusal(Code::NotABinary, "the file is a folder", why)
                .file(window.path_before()?),
        );
    }
    let why = "its headers describe parts that aren't in the file: a download or a copy was cut \
        off";
    Some(Finding::refusal(Code::Malformed, "the file is damaged", why).file(window.path_before()?))
}
