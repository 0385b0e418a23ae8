//! Errors of compilers and linkers.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::node_gyp::{in_build, is_of_gyp, toolchain};
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "or later required.\"", read: newer_cxx },
    Known { anchor: "in namespace 'v8'", read: other_v8 },
    Known { anchor: "in 'v8::", read: other_v8 },
    Known { anchor: "is not a member of \u{2018}v8", read: other_v8 },
    Known { anchor: "is not a member of 'v8", read: other_v8 },
    Known { anchor: "call to \u{2018}v8::", read: other_v8 },
    Known { anchor: "class v8::", read: other_v8 },
    Known { anchor: "error C2039: ", read: other_v8_of_msvc },
    Known { anchor: "include/node/v8", read: headers },
    Known { anchor: "unrecognized command line option ", read: standard },
    Known { anchor: "unrecognized command-line option ", read: standard },
    Known { anchor: "error: invalid value '", read: standard },
    Known { anchor: "terminated program cc1", read: memory },
    Known { anchor: "Killed (program cc1", read: memory },
    Known { anchor: "virtual memory exhausted: Cannot allocate memory", read: memory },
    Known { anchor: "fatal error C1060: ", read: memory },
    Known { anchor: "found architecture '", read: mac_architecture },
    Known { anchor: "building for macOS-", read: mac_architecture },
    Known { anchor: "couldn't be built successfully (exit code ", read: yarn },
    Known { anchor: "install: `", read: script },
    Known { anchor: "gyp ERR! configure error", read: configure },
    Known { anchor: "gyp ERR! build error", read: tail },
    Known { anchor: "gyp ERR! stack Error: `make` failed with exit code: ", read: tail },
    Known { anchor: "gyp ERR! stack Error: `gyp` failed with exit code: ", read: tail },
    Known { anchor: "MSBuild.exe` failed with exit code: ", read: tail },
    Known { anchor: "node-pre-gyp ERR! build error", read: tail },
];

pub(super) const NEWER_COMPILER: &str = "Install a newer compiler (GCC 12 or newer for C++20) and \
    name it with CXX, or use a Node.js for which the package has a prebuilt file";

/// A build that ended with an error without a code of its own.
pub(super) fn failed(summary: &str, why: &str) -> Finding {
    Finding::error(ErrorCode::BuildFailed, Weight::Build, summary, why).failed()
}

fn newer_cxx(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"#error:? {1,4}"(C\+\+\d\d)$"#)
        .captures(&window.before()[..window.before().trim_end().len()]);
    let standard = said.map(|said| said[1].to_owned())?;
    if !window.text.contains("include/node/")
        && !window.text.contains(r"include\node\")
        && !is_of_gyp(window)
    {
        return None;
    }
    let why = format!(
        "the headers of this Node.js require {standard}, but the package requests an older standard"
    );
    let finding = Finding::error(
        ErrorCode::SourceTooOld,
        Weight::Build,
        "the source of the package is too old for this Node.js",
        why,
    );
    Some(
        in_build(finding, window).advice("Use a newer version of the package, or an older Node.js"),
    )
}

/// "error: no member named 'ForceSet' in 'v8::Object'", as clang and gcc write it.
fn other_v8(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"error: (?:no member named '\w+' in |.\w{1,60}. is not a member of ",
        r"|no matching function for call to ",
        r"|.class v8::[\w:<>]{1,200}. has no member named )"
    );
    if said.captures(window.line()).is_none() || !is_of_gyp(window) {
        return None;
    }
    Some(of_other_v8(window))
}

/// The compiler doesn't know a function of V8 that the package calls.
pub(super) fn of_other_v8(window: &Window<'_>) -> Finding {
    let why = "its source uses functions of V8 that this Node.js doesn't have; most often the \
        package is older than this Node.js";
    let finding = Finding::error(
        ErrorCode::SourceTooOld,
        Weight::Build,
        "the source of the package doesn't fit this Node.js",
        why,
    );
    in_build(finding, window)
        .advice("Use a newer version of the package, or another Node.js")
        .unsure()
}

/// `error C2039: "SetAccessor" ist kein Member von "v8::Object"`. The compiler translates all but
/// the number and the names.
fn other_v8_of_msvc(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"^['"]\w{1,60}['"]:? [^\n]{1,60}['"]v8::[\w:<>]{1,200}['"]"#);
    said.captures(window.rest())?;
    is_of_gyp(window).then(|| of_other_v8(window))
}

/// The compiler rejects the headers of the runtime itself, and not the package:
/// "/home/me/.electron-gyp/35.1.4/include/node/v8-object.h:913:9: error: …"
fn headers(window: &Window<'_>) -> Option<Finding> {
    pattern!(r"^[\w-]{0,40}\.h:\d{1,6}:\d{1,6}: error: ").captures(window.rest())?;
    let finding = Finding::error(
        ErrorCode::Toolchain,
        Weight::Guess,
        "the compiler can't compile the headers of the runtime",
        "they need a newer compiler, or a newer C++ standard than the package requests",
    );
    let how = format!("{NEWER_COMPILER} (on macOS: a newer Xcode); or use a newer version of it");
    Some(in_build(finding.advice(how).failed().unsure(), window))
}

/// "g++: error: unrecognized command line option '-std=gnu++20'"; clang: "invalid value 'c++20' in
/// '-std=c++20'"
fn standard(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"-std=(?:gnu|c)\+\+(\w{2})").captures(window.rest())?;
    if !window.line().contains("error: ") || !is_of_gyp(window) {
        return None;
    }
    let standard = match &said[1] {
        "2a" => "20",
        "2b" => "23",
        "1z" => "17",
        year => year,
    };
    let finding = toolchain(
        &format!("the C++ compiler is too old: it doesn't support C++{standard}"),
        "the headers of this Node.js, or the package, require a newer standard than the compiler \
            has",
    );
    Some(in_build(finding, window).advice(NEWER_COMPILER))
}

fn memory(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let finding = failed(
        "the compiler ran out of memory",
        "the system ended it while it was \
        running",
    );
    Some(in_build(finding, window).advice(
        "Give the system more memory or swap, or compile with one process: npm_config_jobs=1",
    ))
}

/// "ld: warning: ignoring file …, building for macOS-arm64 but attempting to link with file built
/// for macOS-x86_64", "found architecture 'arm64', required architecture 'x86_64'"
fn mac_architecture(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"building for macOS-(\w{1,10}) but attempting to link with file built for ",
        r"(?:macOS-)?(\w{1,10})"
    )
    .captures(window.line());
    let pair = match said {
        Some(said) => (said[1].to_owned(), said[2].to_owned()),
        None => {
            let said =
                pattern!(r"found architecture '(\w{1,10})', required architecture '(\w{1,10})'")
                    .captures(window.line())?;
            (said[2].to_owned(), said[1].to_owned())
        }
    };
    if !is_of_gyp(window) {
        return None;
    }
    let (wanted, found) = pair;
    let why =
        "Node.js or the shell runs under Rosetta, and the libraries are for the other processor";
    let finding = toolchain(
        &format!(
            "the package is compiled for {wanted}, and a library that it needs is for {found}"
        ),
        why,
    );
    Some(in_build(finding, window).advice(
        "Use a Node.js and a Homebrew for the same processor (node -p process.arch shows it)",
    ))
}

/// Yarn 2 and newer: "sqlite3@npm:4.2.0 couldn't be built successfully (exit code 1, logs can be
/// found here: /tmp/xfs-1/build.log)"
fn yarn(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"(<package>)@[^\s]{1,400} $").captures(window.before())?;
    let log = pattern!(r"logs can be found here: ([^\s)]{1,1000})\)").captures(window.rest());
    let how = match log {
        Some(log) => format!("Read {}, or give it to abi-guard explain", &log[1]),
        None => "Read its output above, or install with yarn install --inline-builds".to_owned(),
    };
    let finding = Finding::error(
        ErrorCode::BuildFailed,
        Weight::Guess,
        format!("the install script of {} failed", &said[1]),
        "its reason is in the log that Yarn keeps",
    );
    Some(finding.advice(how).package(&said[1]).failed().unsure())
}

/// The last lines of a build's log.
fn tail(window: &Window<'_>) -> Option<Finding> {
    let why = "the text has only the end of the log: the reason is above, in the first line with \
        \"error:\"";
    let finding = Finding::error(
        ErrorCode::BuildFailed,
        Weight::Guess,
        "the package didn't compile when it was installed",
        why,
    );
    let how = "Look at the lines above, or give the whole log to abi-guard explain; a version of \
        the package with a prebuilt file for this runtime needs no compiler";
    Some(in_build(finding.advice(how).failed().unsure(), window))
}

/// npm 6 and older: "tree-sitter@0.4.6 install: `node-gyp rebuild`", and in the next line "Exit
/// status 1".
fn script(window: &Window<'_>) -> Option<Finding> {
    const TOOLS: [&str; 5] = ["node-gyp", "prebuild-install", "node-pre-gyp", "cmake-js", "neon "];
    let said = pattern!(r"(?:^|\s)(<package>)@\d[\w.+-]{0,60} (?:pre|post)?$")
        .captures(window.before())?;
    let fails = window.after().lines().skip(1).take(2).any(|line| line.contains("Exit status "));
    if !fails || !TOOLS.iter().any(|tool| window.rest().contains(tool)) {
        return None;
    }
    Some(tail(window)?.package(&said[1]))
}

/// node-gyp stopped before it compiled. The next line has the reason, unless gyp printed it above.
fn configure(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^\s*?(?:<nl>)gyp ERR! stack (?:Error: )?([^\n]{1,300})")
        .captures(window.after());
    let reason = said.map(|said| said[1].trim().to_owned());
    let reason = reason.filter(|reason| !reason.contains("failed with exit code"));
    let Some(reason) = reason else { return tail(window) };
    let why = format!("node-gyp prepares the compilation, and stopped with: {reason}");
    let finding = Finding::error(
        ErrorCode::BuildFailed,
        Weight::Guess,
        "node-gyp stopped before it compiled the package",
        why,
    );
    let how = "Run abi-guard doctor, which looks for Python, make and the compiler; a version of \
        the package with a prebuilt file for this runtime needs none of them";
    Some(in_build(finding.advice(how).failed().unsure(), window))
}
