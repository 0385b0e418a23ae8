//! Errors of dyld, the loader of macOS, in old and new releases.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::symbols::missing_symbol;
use super::text::{Window, pattern};
use crate::model::{Code, ErrorCode, Platform};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "incompatible architecture (have ", read: architecture },
    Known { anchor: "missing compatible architecture (have ", read: architecture },
    Known { anchor: "mach-o, but wrong architecture", read: architecture },
    Known { anchor: "but incompatible platform (have ", read: platform },
    Known { anchor: "not a mach-o file", read: not_mach_o },
    Known { anchor: "slice is not valid mach-o file", read: not_mach_o },
    Known { anchor: "unknown file type, first eight bytes: ", read: first_bytes },
    Known { anchor: "not valid for use in process", read: signature },
    Known { anchor: "code signature invalid ", read: signature },
    Known { anchor: "symbol not found in flat namespace ", read: flat_symbol },
    Known { anchor: "Symbol not found: ", read: symbol },
    Known { anchor: "Library not loaded: ", read: library },
    Known { anchor: "missing symbol called", read: lazy_symbol },
    Known { anchor: ": tried: '", read: nowhere },
    Known { anchor: "): image not found", read: image_not_found },
];

/// The file to load: "dlopen(F, 0x0001): …", or "'F' (reason)".
fn file_of(window: &Window<'_>) -> Option<String> {
    let before = window.all_before();
    let called = before.rfind("dlopen(").map(|at| &before[at..]);
    let named = called.and_then(|called| {
        pattern!(r"^dlopen\(([^\n]+?), (?:0x[0-9A-Fa-f]{1,8}|\d{1,4})\)").captures(called)
    });
    let named =
        named.or_else(|| pattern!(r"'([^'\n]+)' \([^\n]{0,400}$").captures(window.before()));
    named.map(|named| named[1].to_owned())
}

fn of_dyld(finding: Finding, window: &Window<'_>) -> Finding {
    finding.found_in(file_of(window))
}

fn architecture(window: &Window<'_>) -> Option<Finding> {
    let line = window.from().split('\n').next().unwrap_or_default();
    let said = pattern!(r"\(have \(?'?([\w, ']{1,80}?)'?\)?, need \(?'?(\w+)").captures(line);
    let (summary, why) = match &said {
        Some(said) => {
            // Names of the same processor with and without the newest instructions (arm64e) count
            // as equal.
            let rosetta = match (said[1].trim_end_matches('e'), said[2].trim_end_matches('h')) {
                ("arm64", "x86_64") => "; Node.js itself is built for Intel and runs under Rosetta",
                _ => "",
            };
            let summary = format!(
                "built for {}, but this process is {}",
                &said[1],
                said[2].trim_end_matches('h')
            );
            (
                summary,
                format!(
                    "it was installed with a Node.js for another processor, or copied from another \
                        computer{rosetta}"
                ),
            )
        }
        None => (
            "built for another processor".to_owned(),
            "it was installed with a Node.js for another processor".to_owned(),
        ),
    };
    Some(of_dyld(Finding::refusal(Code::WrongArch, summary, why), window))
}

fn platform(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^but incompatible platform \(have '([\w ]{1,40})'").captures(window.from())?;
    let why = "macOS loads only files that were built for macOS";
    Some(of_dyld(
        Finding::refusal(Code::WrongPlatform, format!("the file is for {}", &said[1]), why),
        window,
    ))
}

/// Before macOS 12: the first bytes show which system a file is for.
fn first_bytes(window: &Window<'_>) -> Option<Finding> {
    let system = match window.rest() {
        bytes if bytes.starts_with("0x7F 0x45 0x4C 0x46") => "Linux",
        bytes if bytes.starts_with("0x4D 0x5A") => "Windows",
        _ => return not_mach_o(window),
    };
    let why = "node_modules of another system were copied or mounted here";
    Some(of_dyld(
        Finding::refusal(Code::WrongPlatform, format!("the file is for {system}"), why),
        window,
    ))
}

/// None of the tried paths has such a file.
fn nowhere(window: &Window<'_>) -> Option<Finding> {
    let reasons: Vec<&str> = window
        .rest()
        .split("' (")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(reason, _)| reason)
        .collect();
    if reasons.is_empty() || !reasons.iter().all(|reason| reason.starts_with("no such file")) {
        return None;
    }
    let file = file_of(window).filter(|file| file.ends_with(".node"))?;
    Some(
        Finding::refusal(
            Code::Unreadable,
            "the file is missing",
            "it was removed, or never \
            created",
        )
        .file(file),
    )
}

/// Before macOS 12.
fn image_not_found(window: &Window<'_>) -> Option<Finding> {
    let before = format!("{})", window.before());
    let called = &before[before.rfind("dlopen(")?..];
    let file = pattern!(r"^dlopen\(([^\n]+\.node), \d{1,4}\)").captures(called)?[1].to_owned();
    let why = "the file is missing, or a library that it needs is missing";
    Some(Finding::refusal(Code::Unreadable, "the file can't be found", why).file(file).unsure())
}

fn not_mach_o(window: &Window<'_>) -> Option<Finding> {
    let why = "it is for Linux or Windows, or it is not a binary; node_modules of another system \
        were copied or mounted here";
    Some(of_dyld(
        Finding::refusal(Code::NotABinary, "the file is not a binary for macOS", why).unsure(),
        window,
    ))
}

fn signature(window: &Window<'_>) -> Option<Finding> {
    let rest = window.rest();
    if rest.contains("different Team IDs") || rest.contains("mapped file has no Team ID") {
        let why = "the program has a hardened runtime, which loads only code that the same team, \
            or Apple, signed";
        let finding = Finding::error(
            ErrorCode::LibraryValidation,
            Weight::Refusal,
            "macOS rejects a library that another team signed",
            why,
        );
        // Electron copies an addon out of app.asar to a temporary file of this name.
        let is_packed = window.text.contains("/.com.") || window.text.contains("/.org.");
        let unpack = match is_packed {
            true => " (it is in app.asar, where nothing signs it: unpack it with asarUnpack)",
            false => "",
        };
        let advice = format!(
            "Sign the addon with your own identity{unpack}, or give the program the entitlement \
                com.apple.security.cs.disable-library-validation"
        );
        return Some(of_dyld(finding.advice(advice), window));
    }
    if rest.contains("disallowed by system policy") || rest.contains("disallowed by System Policy")
    {
        let why = "it was downloaded from the internet, and macOS blocks it until you allow it; or \
            a policy of the computer forbids it";
        let finding = Finding::error(
            ErrorCode::BlockedByPolicy,
            Weight::Refusal,
            "macOS blocks the file",
            why,
        );
        let advice = "Allow it in System Settings under Privacy & Security, or remove the mark: \
            xattr -d com.apple.quarantine <file>";
        return Some(of_dyld(finding.advice(advice), window));
    }
    let why = "macOS for arm64 loads signed code only, and the file has no signature, or was \
        changed after it was signed (strip, install_name_tool)";
    Some(of_dyld(
        Finding::refusal(Code::Unsigned, "the file has no valid code signature", why),
        window,
    ))
}

fn flat_symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^\(?'?([\w$.]+)").captures(window.after())?;
    let file = file_of(window).unwrap_or_default();
    let symbol = said[1].to_owned();
    let finding = missing_symbol(&symbol, &file);
    Some(if file.is_empty() { finding } else { finding.file(file) })
}

fn symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^\(?([\w$.]+)\)?(?:<nl>)\s*Referenced from: ",
        r"(?:<[0-9A-Fa-f-]{1,40}> )?([^\n]+?)(?: \((?:which was )?built for ",
        r"(?:Mac OS X|macOS) ([\d.]+)[^\n]*\))?(?:<nl>)\s*Expected in: ([^\n]*)"
    )
    .captures(window.after())?;
    let (symbol, file) = (said[1].to_owned(), said[2].to_owned());
    let finding = match said.get(3) {
        Some(version) if said[4].contains("/usr/lib/") || said[4].contains("/System/") => {
            let why = format!(
                "it was built for macOS {} or newer, and uses a function that this version doesn't \
                    have",
                version.as_str()
            );
            Finding::refusal(Code::MinimumOs, "it needs a newer macOS", why).advice(format!(
                "Use macOS {} or newer, or compile the package on this computer",
                version.as_str()
            ))
        }
        _ => missing_symbol(&symbol, &file),
    };
    let finding = if window.before().contains("lazy symbol binding failed") {
        finding.at_a_call()
    } else {
        finding
    };
    Some(finding.file(file))
}

fn library(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^([^\n]+?)(?:<nl>)\s*Referenced from: (?:<[0-9A-Fa-f-]{1,40}> )?([^\n]+)")
            .captures(window.after())?;
    let library = said[1].rsplit('/').next().unwrap_or(&said[1]).to_owned();
    let why = "the file is valid, but a library that it needs isn't installed, or not where the \
        loader looks";
    let finding =
        Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why);
    let file = said[2].trim().to_owned();
    Some(super::symbols::library(finding, &library, &Platform::Darwin, None).file(file))
}

fn lazy_symbol(window: &Window<'_>) -> Option<Finding> {
    if !window.before().contains("dyld") {
        return None;
    }
    let why = "the addon called a function that this runtime doesn't have: the addon uses V8, \
        which Bun and Deno don't have, or was built for another release";
    Some(
        Finding::refusal(
            Code::LazyMissingSymbol,
            "a function that an addon called doesn't exist",
            why,
        )
        .unsure(),
    )
}
