//! Errors of musl's loader (ldso/dynlink.c).

use super::finding::Finding;
use super::known::Known;
use super::symbols::missing_symbol;
use super::text::{Window, pattern};
use crate::model::{Code, Libc, Platform};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Error loading shared library ", read: library },
    Known { anchor: "Error relocating ", read: relocation },
];

fn library(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^([^\n]+?): (Exec format error|No such file or directory",
        r"|Permission denied|Operation not permitted)"
    )
    .captures(window.after())?;
    let name = said[1].to_owned();
    let library = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let needed_by =
        pattern!(r"\(needed by ([^\n)]+)\)").captures(window.rest()).map(|by| by[1].to_owned());
    let finding = match &said[2] {
        "Exec format error" => {
            let why = "it is for another system, or not a binary: musl checks little else";
            return Some(
                Finding::refusal(Code::NotABinary, "the file is not a binary for Linux", why)
                    .file(name)
                    .unsure(),
            );
        }
        "Operation not permitted" => super::glibc::mounted_noexec(),
        "Permission denied" => {
            let why = "the user of this process may not read it, or a folder above it";
            Finding::refusal(Code::Unreadable, "the file may not be read", why)
        }
        _ if name.ends_with(".node") => Finding::refusal(
            Code::Unreadable,
            "the file is missing",
            "it was removed, or never created",
        ),
        _ if library.starts_with("ld-linux")
            || matches!(library.as_str(), "libc.so.6" | "libm.so.6" | "libpthread.so.0") =>
        {
            let why = format!(
                "it needs {library}, which belongs to glibc, but this system has musl \
                    (Alpine)"
            );
            Finding::refusal(
                Code::WrongLibc,
                "a file for glibc is loaded on a system with musl",
                why,
            )
        }
        _ => {
            let why = "the file is valid, but a library that it needs isn't installed";
            let finding = Finding::refusal(
                Code::MissingLibrary,
                format!("the library {library} is missing"),
                why,
            );
            let of_sharp = super::packages::libvips(&library, window);
            of_sharp.unwrap_or_else(|| {
                super::symbols::library(finding, &library, &Platform::Linux, Some(Libc::Musl))
            })
        }
    };
    Some(match needed_by {
        Some(file) => finding.file(file),
        None if name.ends_with(".node") => finding.file(name),
        None => finding,
    })
}

fn relocation(window: &Window<'_>) -> Option<Finding> {
    if let Some(said) =
        pattern!(r"^([^\n]+?): unsupported relocation type \d").captures(window.after())
    {
        let why = "musl doesn't check which processor a file is for, and fails later at something \
            that it doesn't support";
        return Some(
            Finding::refusal(Code::WrongArch, "the file is for another processor", why)
                .file(&said[1]),
        );
    }
    let said = pattern!(
        r"^([^\n]+?): ([\w$@.]+): (symbol not found",
        r"|initial-exec TLS resolves to dynamic definition)"
    )
    .captures(window.after())?;
    let (file, symbol) = (said[1].to_owned(), said[2].to_owned());
    if &said[3] != "symbol not found" {
        let why = "its thread-local storage needs static TLS, which musl gives only to libraries \
            that are loaded when the process starts; code for glibc requests it";
        return Some(
            Finding::refusal(Code::StaticTls, "its thread-local storage doesn't fit musl", why)
                .file(file),
        );
    }
    Some(missing_symbol(&symbol, &file).file(file))
}
