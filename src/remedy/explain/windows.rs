//! What Windows says (FormatMessage, in English) when LoadLibrary fails.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{path_at_end, path_at_start};
use super::text::Window;
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
];

/// The file that the texts name: in the next line in Node.js ("text.\r\n\\?\C:\x.node"), before
/// them in some.
fn file_of(window: &Window<'_>) -> Option<String> {
    let rest = window.rest();
    let next = window.after().get(rest.len() + 1..).and_then(|after| after.split('\n').next());
    let behind = [Some(rest), next].into_iter().flatten().find_map(|line| {
        let end = line.to_ascii_lowercase().rfind(".node")? + ".node".len();
        path_at_end(&line[..end])
    });
    let file = behind.or_else(|| path_at_end(window.before().trim_end_matches(['%', '1', ' '])));
    file.or_else(|| path_at_start(window.after().trim_start()))
}

fn of_windows(finding: Finding, window: &Window<'_>) -> Option<Finding> {
    // Without a file of an addon the text may be about anything.
    let file = file_of(window).filter(|file| {
        file.to_lowercase().contains(".node") || file.to_lowercase().contains(".dll")
    })?;
    Some(finding.file(file))
}

fn not_valid(window: &Window<'_>) -> Option<Finding> {
    let why =
        "it is for another processor (32 or 64 bit, arm64) or another system, or it is damaged";
    of_windows(
        Finding::refusal(Code::WrongArch, "the file is no binary for this Windows", why).unsure(),
        window,
    )
}

fn module(window: &Window<'_>) -> Option<Finding> {
    let why = "the file is there, and a DLL that it needs isn't; or it asks for node.exe by that \
        name, and the program is called \
               otherwise, as Electron is";
    of_windows(
        Finding::refusal(Code::MissingLibrary, "a library that the addon needs is missing", why)
            .unsure(),
        window,
    )
}

fn procedure(window: &Window<'_>) -> Option<Finding> {
    let why = "it was built for another release of Node.js or Electron, whose functions this one \
        doesn't have";
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
    let why = "a policy of this computer (AppLocker, Windows Defender Application Control) lets \
        only known files run";
    let finding =
        Finding::error(ErrorCode::BlockedByPolicy, Weight::Refusal, "Windows blocks the file", why);
    of_windows(finding.advice("Ask the administrator to allow the file, or sign it"), window)
}

fn access(window: &Window<'_>) -> Option<Finding> {
    let why = "the user of this process may not read it, or another program, such as a virus \
        scanner, holds it";
    of_windows(Finding::refusal(Code::Unreadable, "the file may not be read", why), window)
}
