//! What node-gyp and the compilers that it runs say when an addon can't be compiled.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::package_of;
use super::text::{Window, pattern};
use crate::model::ErrorCode;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Could not find any Python installation to use", read: python },
    Known { anchor: "find Python You need to install the latest version of Python", read: python },
    Known { anchor: "gyp ERR! stack Error: Can't find Python executable", read: python },
    Known { anchor: "No module named 'distutils'", read: distutils },
    Known { anchor: "-c import sys; print \"%s.%s.%s\" % sys.version_info", read: print_statement },
    Known { anchor: "node-gyp: not found", read: without_node_gyp },
    Known { anchor: "node-gyp: command not found", read: without_node_gyp },
    Known {
        anchor: "'node-gyp' is not recognized as an internal or external command",
        read: without_node_gyp,
    },
    Known { anchor: "Could not find any Visual Studio installation to use", read: visual_studio },
    Known {
        anchor: "find VS You need to install the latest version of Visual Studio",
        read: visual_studio,
    },
    Known { anchor: "error MSB3428: ", read: visual_studio },
    Known { anchor: "No Xcode or CLT version detected!", read: xcode },
    Known { anchor: "xcrun: error: invalid active developer path", read: xcode },
    Known { anchor: "gyp ERR! stack Error: not found: make", read: make },
    Known { anchor: "cc: No such file or directory", read: compiler },
    Known { anchor: "cc: command not found", read: compiler },
    Known { anchor: "cc: Command not found", read: compiler },
    Known { anchor: "cc: not found", read: compiler },
    Known { anchor: "++: No such file or directory", read: compiler },
    Known { anchor: "++: command not found", read: compiler },
    Known { anchor: "++: Command not found", read: compiler },
    Known { anchor: "++: not found", read: compiler },
    Known { anchor: "clang: No such file or directory", read: compiler },
    Known { anchor: "clang: command not found", read: compiler },
    Known { anchor: "clang: Command not found", read: compiler },
    Known { anchor: "clang: not found", read: compiler },
    Known { anchor: "or later required.\"", read: newer_cxx },
    Known { anchor: "in namespace 'v8'", read: other_v8 },
    Known { anchor: "in 'v8::", read: other_v8 },
    Known { anchor: "is not a member of \u{2018}v8", read: other_v8 },
    Known { anchor: "is not a member of 'v8", read: other_v8 },
    Known { anchor: "call to \u{2018}v8::", read: other_v8 },
    Known { anchor: "class v8::", read: other_v8 },
    Known { anchor: "gyp ERR! stack Error: getaddrinfo", read: headers },
    Known { anchor: "gyp ERR! stack Error: 404 response downloading", read: headers },
    Known { anchor: "gyp ERR! stack FetchError: request to ", read: headers },
    Known {
        anchor: "gyp ERR! stack Error: This is most likely not a problem with node-gyp",
        read: headers,
    },
    Known { anchor: "gyp WARN install got an error, rolling back install", read: headers },
];

pub(super) fn toolchain(summary: &str, why: &str) -> Finding {
    Finding::error(ErrorCode::Toolchain, Weight::Build, summary, why)
}

/// True in what node-gyp, or an installation that runs it, says: compilers are missing elsewhere,
/// too.
fn is_of_gyp(window: &Window<'_>) -> bool {
    window.text.contains("gyp") || window.text.contains("prebuild-install")
}

/// The package that was being built: npm names its folder above, node-gyp below, and pnpm in front
/// of each line.
pub(super) fn in_build(finding: Finding, window: &Window<'_>) -> Finding {
    let below = window.after().find("gyp ERR! cwd ").map(|at| &window.after()[at..]);
    let above = ["npm error path ", "npm ERR! path "]
        .iter()
        .filter_map(|mark| window.all_before().rfind(mark))
        .max();
    let line =
        below.or(above.map(|at| &window.all_before()[at..])).and_then(|text| text.lines().next());
    let package = line.and_then(|line| package_of(&format!("{}/x", line.trim())));
    let by_pnpm = || {
        let said =
            pattern!(r"node_modules/((?:@[\w.~-]{1,100}/)?[\w.~-]{1,100}) (?:pre|post)?install: ")
                .captures(window.before())?;
        Some(said[1].to_owned())
    };
    finding.in_package(package.or_else(by_pnpm))
}

const NO_PREBUILT: &str = "no prebuilt file was there, so it was to be compiled";

fn python(window: &Window<'_>) -> Option<Finding> {
    let finding =
        toolchain("Python is missing, which node-gyp needs to compile an addon", NO_PREBUILT);
    Some(
        in_build(finding, window)
            .install_tools("Install Python 3 and a C++ compiler (abi-guard doctor looks for them)"),
    )
}

fn distutils(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let why = "Python 3.12 no longer has the module distutils, which node-gyp before 10 uses";
    let finding = toolchain("an old node-gyp doesn't work with this Python", why);
    Some(in_build(finding, window).advice(
        "Use a newer npm, which brings a newer node-gyp, or install Python's package setuptools",
    ))
}

/// node-gyp before 5 speaks to Python 2 only.
fn print_statement(window: &Window<'_>) -> Option<Finding> {
    let why = "node-gyp before 5 works with Python 2 only, and this is Python 3";
    let finding = toolchain("an old node-gyp doesn't work with this Python", why);
    Some(in_build(finding, window).advice("Use a newer npm, which brings a newer node-gyp"))
}

fn without_node_gyp(window: &Window<'_>) -> Option<Finding> {
    let why = "the install script calls it, and only npm brings it along for scripts";
    let finding = toolchain("node-gyp isn't installed, with which the package is compiled", why);
    Some(in_build(finding, window).advice("Add node-gyp to the project, or install with npm"))
}

fn visual_studio(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let finding = toolchain(
        "Visual Studio is missing, which node-gyp needs to compile an addon",
        NO_PREBUILT,
    );
    Some(in_build(finding, window).advice(
        "Install the Visual Studio Build Tools with the workload \"Desktop development with C++\"",
    ))
}

fn xcode(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let finding = toolchain("the command line tools of Xcode are missing", NO_PREBUILT);
    Some(
        in_build(finding, window)
            .command("Install the command line tools", &["xcode-select", "--install"]),
    )
}

fn make(window: &Window<'_>) -> Option<Finding> {
    let finding =
        toolchain("make is missing, which node-gyp needs to compile an addon", NO_PREBUILT);
    Some(
        in_build(finding, window)
            .install_tools("Install make and a C++ compiler (abi-guard doctor looks for them)"),
    )
}

/// "make: g++: No such file or directory", "/bin/sh: 1: g++: not found"
fn compiler(window: &Window<'_>) -> Option<Finding> {
    let says_shell = pattern!(
        r"(?:make|sh|env)(?:\[\d{1,3}\])?: (?:[^\n]{0,200}[ /])?(?:g\+\+|c\+\+|gcc|cc",
        r"|clang|clang\+\+): (?:No such|not found|[Cc]ommand not)"
    );
    if says_shell.captures(window.line()).is_none() || !is_of_gyp(window) {
        return None;
    }
    let finding = toolchain("the C++ compiler is missing", NO_PREBUILT);
    Some(
        in_build(finding, window)
            .install_tools("Install a C++ compiler (abi-guard doctor looks for it)"),
    )
}

fn newer_cxx(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"#error "(C\+\+\d\d)$"#)
        .captures(&window.before()[..window.before().trim_end().len()]);
    let standard = said.map(|said| said[1].to_owned())?;
    if !window.text.contains("include/node/")
        && !window.text.contains(r"include\node\")
        && !is_of_gyp(window)
    {
        return None;
    }
    let why = format!(
        "the headers of this Node.js need {standard}, and the package asks for an older standard"
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

/// "error: no member named 'ForceSet' in 'v8::Object'", in the words of clang and of gcc.
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
        package is older than it";
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

fn headers(window: &Window<'_>) -> Option<Finding> {
    let why = "node-gyp downloads the headers of Node.js before it compiles, and couldn't";
    let finding = toolchain("the headers of Node.js couldn't be downloaded", why);
    let advice =
        "Check the network and the proxy, or name a folder with the headers: npm_config_nodedir";
    Some(in_build(finding, window).advice(advice))
}
