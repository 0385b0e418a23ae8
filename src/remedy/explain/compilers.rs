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
    Known { anchor: "unrecognized command line option ", read: standard },
    Known { anchor: "unrecognized command-line option ", read: standard },
    Known { anchor: "error: invalid value '", read: standard },
    Known { anchor: "terminated program cc1", read: memory },
    Known { anchor: "Killed (program cc1", read: memory },
    Known { anchor: "virtual memory exhausted: Cannot allocate memory", read: memory },
    Known { anchor: "fatal error C1060: ", read: memory },
    Known { anchor: "fatal error LNK1181: cannot open input file '", read: input_file },
    Known { anchor: "found architecture '", read: mac_architecture },
    Known { anchor: "building for macOS-", read: mac_architecture },
    Known { anchor: "couldn't be built successfully (exit code ", read: yarn },
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
    let why = "its source uses functions of V8 that this Node.js doesn't have; most often the \
        package is older than this Node.js";
    let finding = Finding::error(
        ErrorCode::SourceTooOld,
        Weight::Build,
        "the source of the package doesn't fit this Node.js",
        why,
    );
    Some(
        in_build(finding, window)
            .advice("Use a newer version of the package, or another Node.js")
            .unsure(),
    )
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

/// node.lib, with which addons are linked and which node-gyp downloads.
fn input_file(window: &Window<'_>) -> Option<Finding> {
    let path = pattern!(r"^([^'\n]+)'").captures(window.after())?[1].replace(r"\\", r"\");
    if !is_of_gyp(window) && !path.to_lowercase().contains("gyp") {
        return None;
    }
    let name = path.rsplit(['\\', '/']).next().unwrap_or(&path).to_owned();
    let finding = if name.eq_ignore_ascii_case("node.lib") {
        let why = format!(
            "it belongs to the headers of the runtime, which are incomplete, or the build is for a \
                processor that they don't support: {path}"
        );
        toolchain("node.lib is missing, which addons are linked with", &why).advice(
            "Download the headers again (npx node-gyp install --ensure=false, or move the folder \
                away), and update the tool that started the build (@electron/rebuild, \
                electron-builder)",
        )
    } else {
        Finding::error(
            ErrorCode::LibraryHeadersMissing,
            Weight::Build,
            format!("the library {name} is missing, which the package is linked with"),
            "it belongs to a library that the package is compiled against",
        )
        .advice("Install that library with its development files, as the package's README says")
    };
    Some(in_build(finding, window))
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
