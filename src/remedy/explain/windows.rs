//! Windows' messages (FormatMessage, in English) when LoadLibrary fails.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{path_at_end, path_at_start};
use super::text::{Window, pattern};
use crate::model::{Code, ErrorCode};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "is not a valid Win32 application.", read: not_valid },
    Known { anchor: "The specified module could not be found.", read: module },
    Known { anchor: "The specified procedure could not be found.", read: procedure },
    Known {
        anchor: "A dynamic link library (DLL) initialization routine failed.",
        read: initialization,
    },
    Known { anchor: "An Application Control policy has blocked this file.", read: policy },
    Known { anchor: "This program is blocked by group policy.", read: policy },
    Known { anchor: "Access is denied.", read: access },
    Known { anchor: "?\\", read: other_language },
    Known { anchor: ".node\n", read: other_language_old },
    Known { anchor: "LoadLibrary failed: ", read: without_file },
];

/// The package that most often contains a missing DLL.
pub(super) const REDISTRIBUTABLE: &str = "Install the Microsoft Visual C++ Redistributable \
    (aka.ms/vs/17/release/vc_redist.x64.exe), which most addons need; if that isn't it, a tool \
    such as Dependencies shows which DLL is missing";

/// The same errors in any language: Windows translates the message, and Node.js appends the file in
/// the next line. libuv inserts the file into the message of one error only (ERROR_BAD_EXE_FORMAT,
/// whose text has a placeholder for it), so a file that occurs twice identifies this error.
fn other_language(window: &Window<'_>) -> Option<Finding> {
    let file = pattern!(r"^\\?\?\\((?:UNC\\|[A-Za-z]:\\)[^\n]+?\.node)(?:['\x22`\]]|\s*(?:\n|$))")
        .captures(&format!("\\{}", window.from()))?[1]
        .to_owned();
    // The prefix of a log line is short, and has no path.
    let front = window.before().trim_end_matches('\\');
    if front.contains(".node") {
        return None;
    }
    translated(window, front, file)
}

/// Node.js 6 and older, and Electron of that time, print the path without `\\?\`.
fn other_language_old(window: &Window<'_>) -> Option<Finding> {
    let path = pattern!(r"[A-Za-z]:\\[^\n]+$").captures(window.before())?;
    let path = path[0].to_owned();
    let front = window.before().strip_suffix(path.as_str())?;
    let is_error = above_line(window)?.contains("Error: ")
        && window.after().lines().next().is_some_and(|line| line.contains(" at "));
    if !is_error || front.ends_with('\\') || front.contains(".node") || path.contains(".node") {
        return None;
    }
    translated(window, front, format!("{path}.node"))
}

/// The line above that of the anchor.
fn above_line<'t>(window: &Window<'t>) -> Option<&'t str> {
    let above = &window.all_before()[..window.all_before().len() - window.before().len()];
    above.lines().next_back()
}

/// The finding for a file below Windows' message. `front` is what precedes it in its line.
fn translated(window: &Window<'_>, front: &str, file: String) -> Option<Finding> {
    let above_line = above_line(window)?;
    let message = above_line.strip_prefix(front).unwrap_or(above_line).trim();
    let message = message.split_once("Error: ").map_or(message, |(_, message)| message);
    // English messages are recognized by other patterns, and there are many other English messages.
    if message.is_empty() || is_english(message) {
        return None;
    }
    // The line is part of a stack, a list of files or a script.
    if ["    at ", "://", ".js", "Require stack", "→", "├", "└", "throw "]
        .iter()
        .any(|mark| message.contains(mark))
        || !message.contains(' ') && message.is_ascii()
    {
        return None;
    }
    let names_it = message.starts_with("%1") || message.contains(&file);
    // Node.js prints a stack after it, and the name of the error before it.
    let is_error = above_line.contains("Error: ")
        || window.after().lines().skip(1).take(3).any(|line| line.contains(" at "));
    if !names_it && !is_error {
        return None;
    }
    let finding = if names_it {
        Finding::refusal(Code::WrongArch, "the file is not a binary for this Windows", NOT_VALID)
    } else {
        in_other_language()
    };
    Some(finding.file(file).unsure())
}

const NOT_VALID: &str =
    "it is for another processor (32 or 64 bit, arm64) or another system, or it is damaged";

/// The file that the texts name: in Node.js in the next line ("text.\r\n\\?\C:\x.node"), in some
/// programs before the text.
fn file_of(window: &Window<'_>) -> Option<String> {
    let rest = window.rest();
    let next = window.after().get(rest.len() + 1..).and_then(|after| after.split('\n').next());
    let behind = [Some(rest), next].into_iter().flatten().find_map(|line| {
        let end = line.to_ascii_lowercase().rfind(".node")? + ".node".len();
        path_at_end(&line[..end])
    });
    let front = window.before().trim_end_matches(['%', '1', ' ']);
    let file = behind.or_else(|| path_at_end(front));
    file.or_else(|| path_at_start(window.after().trim_start())).or_else(|| {
        // "x.node is not a valid Win32 application."
        let word = front.rsplit([' ', '\'', '"', '`']).next()?;
        (word.ends_with(".node") && word.len() > ".node".len()).then(|| word.to_owned())
    })
}

/// True if the text shows that an addon was loaded, though nothing names its file: loaders of
/// packages print only the message.
fn is_of_addon(window: &Window<'_>) -> bool {
    const MARKS: [&str; 4] =
        ["ERR_DLOPEN_FAILED", "native binding", "native module", "LoadLibrary failed: "];
    MARKS.iter().any(|mark| window.text.contains(mark)) && window.text.contains("node_modules")
}

/// Bun: "LoadLibrary failed: Não foi possível encontrar o procedimento especificado."
fn without_file(window: &Window<'_>) -> Option<Finding> {
    let message = window.rest().trim();
    // English messages are recognized by other patterns.
    if message.is_empty() || is_english(message) || !is_of_addon(window) {
        return None;
    }
    Some(in_other_language())
}

fn is_english(message: &str) -> bool {
    let lower = message.to_lowercase();
    ["the ", " not ", " was ", " of ", "cannot ", " has "].iter().any(|word| lower.contains(word))
}

fn in_other_language() -> Finding {
    let why = "this is Windows' error for a file that it couldn't load, in another language: \
        most often a DLL that it needs is missing; or it was built for another release of \
        Node.js or Electron";
    Finding::refusal(Code::MissingLibrary, "a library that the addon needs is missing", why)
        .advice(REDISTRIBUTABLE)
        .unsure()
}

fn of_windows(finding: Finding, window: &Window<'_>) -> Option<Finding> {
    let is_library = |file: &String| {
        file.to_lowercase().contains(".node") || file.to_lowercase().contains(".dll")
    };
    match file_of(window).filter(is_library) {
        Some(file) => Some(finding.file(file)),
        // Without an addon's file the text may be about anything.
        None => is_of_addon(window).then_some(finding),
    }
}

fn not_valid(window: &Window<'_>) -> Option<Finding> {
    of_windows(
        Finding::refusal(Code::WrongArch, "the file is not a binary for this Windows", NOT_VALID)
            .unsure(),
        window,
    )
}

fn module(window: &Window<'_>) -> Option<Finding> {
    let why = "the file exists, but a DLL that it needs is missing; or it needs node.exe by that \
        name, and the program has another name, as Electron does";
    of_windows(
        Finding::refusal(Code::MissingLibrary, "a library that the addon needs is missing", why)
            .advice(REDISTRIBUTABLE)
            .unsure(),
        window,
    )
}

fn procedure(window: &Window<'_>) -> Option<Finding> {
    let why = "it was built for another release of Node.js or Electron, whose functions this \
        runtime doesn't have";
    of_windows(
        Finding::refusal(
            Code::MissingSymbol,
            "this runtime lacks a function that the addon needs",
            why,
        )
        .unsure(),
        window,
    )
}

fn initialization(window: &Window<'_>) -> Option<Finding> {
    let why =
        "it was built for another release of Node.js or Electron, or it was loaded a second time";
    of_windows(
        Finding::refusal(Code::AbiMismatch, "the addon failed while it was loaded", why).unsure(),
        window,
    )
}

fn policy(window: &Window<'_>) -> Option<Finding> {
    let why = "a policy of this computer (AppLocker, Windows Defender Application Control) allows \
        only known files to run";
    let finding =
        Finding::error(ErrorCode::BlockedByPolicy, Weight::Refusal, "Windows blocks the file", why);
    of_windows(finding.advice("Ask the administrator to allow the file, or sign it"), window)
}

fn access(window: &Window<'_>) -> Option<Finding> {
    let why = "the user of this process may not read it, or another program, such as a virus \
        scanner, has it open";
    of_windows(Finding::refusal(Code::Unreadable, "the file may not be read", why), window)
}
