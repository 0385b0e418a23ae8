//! What the loaders of musl, macOS and Windows say, and what a missing function tells on each of them.

use super::paths::{path_at_end, path_at_start, plain};
use super::text::{Window, pattern};
use super::{Finding, Known, Weight};
use crate::addon::is_cxx_host_symbol;
use crate::verdict::{Code, readable};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Error loading shared library ", read: musl_library },
    Known { anchor: "Error relocating ", read: musl_relocation },
    Known { anchor: "incompatible architecture", read: dyld_architecture },
    Known { anchor: "mach-o, but wrong architecture", read: dyld_architecture },
    Known { anchor: "not a mach-o file", read: dyld_not_mach_o },
    Known { anchor: "slice is not valid mach-o file", read: dyld_not_mach_o },
    Known { anchor: "unknown file type, first eight bytes", read: dyld_not_mach_o },
    Known { anchor: "not valid for use in process", read: dyld_signature },
    Known { anchor: "symbol not found in flat namespace ", read: dyld_flat_symbol },
    Known { anchor: "Symbol not found: ", read: dyld_symbol },
    Known { anchor: "Library not loaded: ", read: dyld_library },
    Known { anchor: "missing symbol called", read: dyld_lazy_symbol },
    Known { anchor: "is not a valid Win32 application.", read: windows_not_valid },
    Known { anchor: "The specified module could not be found.", read: windows_module },
    Known { anchor: "The specified procedure could not be found.", read: windows_procedure },
    Known { anchor: "A dynamic link library (DLL) initialization routine failed.", read: windows_initialization },
    Known { anchor: "An Application Control policy has blocked this file.", read: windows_policy },
];

/// What a function tells that isn't there.
pub(super) fn missing_symbol(symbol: &str, file: &str) -> Finding {
    // Of Mach-O names the first underscore is the system's.
    let bare = symbol.strip_prefix('_').filter(|bare| is_of_node_api(bare) || bare.starts_with("_Z")).unwrap_or(symbol);
    let name = readable(bare);
    if is_of_node_api(bare) {
        let why = format!("{name} is a function of Node-API that came with a newer release");
        return Finding::refusal(Code::MissingSymbol, format!("this runtime has no {name}"), why).advice(
            "Use a newer Node.js, or an \
             older version of the package",
        );
    }
    if is_cxx_host_symbol(bare.as_bytes()) || bare.starts_with("uv_") {
        let why = format!("it was built against another release of V8 or Node.js, whose function {name} this one doesn't have");
        return Finding::refusal(Code::MissingSymbol, format!("this runtime has no {name}"), why);
    }
    if is_of_glibc(bare) {
        let why = format!("{name} is a function of glibc, and the system has another libc or an older one");
        return Finding::refusal(Code::WrongLibc, format!("the system's libc has no {name}"), why).unsure();
    }
    let whose = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let why = format!("{whose} was built with another version of the library that has it, or without that library");
    Finding::refusal(Code::MissingSymbol, format!("no library has the function {name}"), why)
}

fn is_of_node_api(symbol: &str) -> bool {
    symbol.starts_with("napi_") || symbol.starts_with("node_api_")
}

/// Functions that only glibc has, and code that was compiled for it calls.
fn is_of_glibc(symbol: &str) -> bool {
    symbol.starts_with("__") && symbol.ends_with("_chk")
        || matches!(symbol, "gnu_get_libc_version" | "__libc_single_threaded" | "__isoc23_strtol")
}

fn musl_library(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([^\n]{1,4096}?): (Exec format error|No such file or directory|Permission denied)")
        .captures(window.after())?;
    let name = said[1].to_owned();
    let library = name.rsplit('/').next().unwrap_or(&name).to_owned();
    let needed_by = pattern!(r"\(needed by ([^\n)]{1,4096})\)").captures(window.rest()).map(|by| by[1].to_owned());
    let finding = match &said[2] {
        "Exec format error" => {
            let why = "it is for another system, or no binary at all: musl looks at little else";
            return Some(Finding::refusal(Code::NotABinary, "the file is no binary for Linux", why).file(name).unsure());
        }
        "Permission denied" => Finding::refusal(Code::Unreadable, "the file may not be read", "the user of this process may not"),
        _ if library.starts_with("ld-linux") || matches!(library.as_str(), "libc.so.6" | "libm.so.6" | "libpthread.so.0") => {
            let why = format!("it needs {library}, which is glibc's, and this system has musl (Alpine)");
            Finding::refusal(Code::WrongLibc, "a file for glibc is loaded on a system with musl", why)
        }
        _ => {
            let why = "the file is fine, and a library that it needs isn't installed";
            Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why)
                .fact("library", library.as_str())
        }
    };
    Some(match needed_by {
        Some(file) => finding.file(file),
        None if name.ends_with(".node") => finding.file(name),
        None => finding,
    })
}

fn musl_relocation(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^([^\n]{1,4096}?): ([\w$@.]{1,4000}): (symbol not found|initial-exec TLS resolves to dynamic definition)")
            .captures(window.after())?;
    let (file, symbol) = (said[1].to_owned(), said[2].to_owned());
    if &said[3] != "symbol not found" {
        let why = "its thread-local storage needs a place that musl gives only to what is there when the process starts; code for glibc \
                   asks for it";
        return Some(Finding::refusal(Code::StaticTls, "its thread-local storage doesn't fit musl", why).file(file));
    }
    Some(missing_symbol(&symbol, &file).fact("symbol", symbol).file(file))
}

fn dyld_file(window: &Window<'_>) -> Option<String> {
    let named = pattern!(r"(?:dlopen\(([^\n]{1,4096}?), (?:0x[0-9A-Fa-f]+|\d+)\)[^\n]{0,40}(?:tried: |Library|[Ss]ymbol|no suitable|code|<nl>))[\s\S]{0,5000}$")
        .captures(window.all_before())
        .map(|named| named[1].to_owned());
    named.or_else(|| Some(pattern!(r"'([^'\n]{1,4096})' \([^\n]{0,400}$").captures(window.before())?[1].to_owned()))
}

fn of_dyld(finding: Finding, window: &Window<'_>) -> Finding {
    match dyld_file(window) {
        Some(file) => finding.file(file),
        None => finding,
    }
}

fn dyld_architecture(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"\(have \(?'?([\w, ']{1,80}?)'?\)?, need \(?'?(\w+)").captures(window.from());
    let (summary, why) = match &said {
        Some(said) => {
            let rosetta = match (&said[1], &said[2]) {
                ("arm64", "x86_64") => "; Node.js itself runs under Rosetta, as the one for Intel",
                _ => "",
            };
            let summary = format!("built for {}, and this process is {}", &said[1], &said[2]);
            (summary, format!("it was installed by a Node.js for another processor, or copied from another computer{rosetta}"))
        }
        None => ("built for another processor".to_owned(), "it was installed by a Node.js for another processor".to_owned()),
    };
    Some(of_dyld(Finding::refusal(Code::WrongArch, summary, why), window))
}

fn dyld_not_mach_o(window: &Window<'_>) -> Option<Finding> {
    let why = "it is for Linux or Windows, or it is no binary at all; node_modules of another system were copied or mounted here";
    Some(of_dyld(Finding::refusal(Code::NotABinary, "the file is no binary for macOS", why).unsure(), window))
}

fn dyld_signature(window: &Window<'_>) -> Option<Finding> {
    if window.rest().contains("different Team IDs") {
        let why = "the program has a hardened runtime, which loads only code that the same team, or Apple, signed";
        let finding =
            Finding::new("library-validation", Weight::Refusal, "macOS refuses a library that somebody else signed", why);
        let advice = "Sign the addon with your own identity, or give the program the entitlement \
                      com.apple.security.cs.disable-library-validation";
        return Some(of_dyld(finding.advice(advice), window));
    }
    let why = "macOS for arm64 loads signed code only, and the file has no signature, or was changed after it was signed (strip, \
               install_name_tool)";
    Some(of_dyld(Finding::refusal(Code::Unsigned, "the file has no valid code signature", why), window))
}

fn dyld_flat_symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^\(?'?([\w$.]{1,4000})").captures(window.after())?;
    let file = dyld_file(window).unwrap_or_default();
    let symbol = said[1].to_owned();
    let finding = missing_symbol(&symbol, &file).fact("symbol", symbol);
    Some(if file.is_empty() { finding } else { finding.file(file) })
}

fn dyld_symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^\(?([\w$.]{1,4000})\)?(?:<nl>)\s*Referenced from: (?:<[0-9A-Fa-f-]{1,40}> )?([^\n]{1,4096}?)(?: \((?:which was )?built for (?:Mac OS X|macOS) ([\d.]+)[^\n]*\))?(?:<nl>)\s*Expected in: ([^\n]*)")
        .captures(window.after())?;
    let (symbol, file) = (said[1].to_owned(), said[2].to_owned());
    let finding = match said.get(3) {
        Some(version) if said[4].contains("/usr/lib/") || said[4].contains("/System/") => {
            let why =
                format!("it was built for macOS {} or newer, and uses a function that this one doesn't have", version.as_str());
            Finding::refusal(Code::MinimumOs, "it needs a newer macOS", why)
                .advice(format!("Use macOS {} or newer, or compile the package on this computer", version.as_str()))
        }
        _ => missing_symbol(&symbol, &file),
    };
    Some(finding.fact("symbol", symbol).file(file))
}

fn dyld_library(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^([^\n]{1,4096}?)(?:<nl>)\s*Referenced from: (?:<[0-9A-Fa-f-]{1,40}> )?([^\n]{1,4096})")
        .captures(window.after())?;
    let library = said[1].rsplit('/').next().unwrap_or(&said[1]).to_owned();
    let why = "the file is fine, and a library that it needs isn't installed, or not where the loader looks";
    let finding = Finding::refusal(Code::MissingLibrary, format!("the library {library} is missing"), why);
    Some(finding.fact("library", library).file(said[2].trim()))
}

fn dyld_lazy_symbol(window: &Window<'_>) -> Option<Finding> {
    if !window.before().contains("dyld") {
        return None;
    }
    let why = "the addon called a function that this runtime doesn't have: one that uses V8, in Bun or Deno, or built for another release";
    Some(Finding::refusal(Code::LazyMissingSymbol, "a function that an addon called isn't there", why).unsure())
}

/// The file that Windows' texts name: behind them in Node.js ("text.\r\n\\?\C:\x.node"), before them in some.
fn windows_file(window: &Window<'_>) -> Option<String> {
    let behind = pattern!(r"^(?:<nl>)\s*([^\n]{1,4096}?\.node)").captures(window.after()).map(|said| plain(&said[1]));
    let file = behind.or_else(|| path_at_end(window.before().trim_end_matches(['%', '1', ' '])));
    file.or_else(|| path_at_start(window.after().trim_start()))
}

fn of_windows(finding: Finding, window: &Window<'_>) -> Option<Finding> {
    // Without a file of an addon the text may be about anything.
    let file =
        windows_file(window).filter(|file| file.to_lowercase().contains(".node") || file.to_lowercase().contains(".dll"))?;
    Some(finding.file(file))
}

fn windows_not_valid(window: &Window<'_>) -> Option<Finding> {
    let why = "it is for another processor (32 or 64 bit, arm64) or another system, or it is damaged";
    of_windows(Finding::refusal(Code::WrongArch, "the file is no binary for this Windows", why).unsure(), window)
}

fn windows_module(window: &Window<'_>) -> Option<Finding> {
    let why = "the file is there, and a DLL that it needs isn't; or it asks for node.exe by that name, and the program is called \
               otherwise, as Electron is";
    of_windows(Finding::refusal(Code::MissingLibrary, "a library that the addon needs is missing", why).unsure(), window)
}

fn windows_procedure(window: &Window<'_>) -> Option<Finding> {
    let why = "it was built for another release of Node.js or Electron, whose functions this one doesn't have";
    of_windows(Finding::refusal(Code::MissingSymbol, "this runtime lacks a function that the addon needs", why).unsure(), window)
}

fn windows_initialization(window: &Window<'_>) -> Option<Finding> {
    let why = "it was built for another release of Node.js or Electron, or it was loaded a second time";
    of_windows(Finding::refusal(Code::AbiMismatch, "the addon failed while it was loaded", why).unsure(), window)
}

fn windows_policy(window: &Window<'_>) -> Option<Finding> {
    let why = "a policy of this computer (AppLocker, Windows Defender Application Control) lets only known files run";
    let finding = Finding::new("blocked-by-policy", Weight::Refusal, "Windows blocks the file", why);
    of_windows(finding.advice("Ask the administrator to allow the file, or sign it"), window)
}
