//! Errors of node-gyp and of its compilers when an addon can't be compiled.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{package_of, package_of_folder};
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
    Known { anchor: "No Xcode or CLT version detected!", read: xcode },
    Known { anchor: "xcrun: error: invalid active developer path", read: xcode },
    Known { anchor: "gyp ERR! stack Error: not found: make", read: make },
    Known { anchor: "gyp ERR! stack Error: getaddrinfo", read: headers },
    Known { anchor: "gyp ERR! stack Error: 404 response downloading", read: headers },
    Known { anchor: "gyp ERR! stack FetchError: request to ", read: headers },
    Known {
        anchor: "gyp ERR! stack Error: This is most likely not a problem with node-gyp",
        read: headers,
    },
    Known { anchor: "does not have permission to access the dev dir", read: dev_dir },
    Known { anchor: " - should be >=", read: python_version },
    Known { anchor: "ValueError: invalid mode: 'rU'", read: universal_newlines },
    Known { anchor: "SyntaxError: ", read: gyp_syntax },
    Known { anchor: "gyp WARN install got an error, rolling back install", read: headers },
    Known { anchor: "gyp ERR! UNCAUGHT EXCEPTION", read: uncaught },
];

pub(super) fn toolchain(summary: &str, why: &str) -> Finding {
    Finding::error(ErrorCode::Toolchain, Weight::Build, summary, why)
}

/// True if the text is output of node-gyp or of an installation that runs it. Other programs report
/// missing compilers too.
pub(super) fn is_of_gyp(window: &Window<'_>) -> bool {
    const MARKS: [&str; 10] = [
        "gyp",
        "include/node/",
        "nan.h(",
        "nan.h:",
        "prebuild-install",
        "cmake-js",
        "obj.target/",
        "node_modules/",
        "node_modules\\",
        "electron-rebuild",
    ];
    MARKS.iter().any(|mark| window.text.contains(mark))
}

/// The text that precedes the folder of the package that is being built: npm, Yarn 1, make.
const FOLDERS: [&str; 5] = [
    "npm error path ",
    "npm ERR! path ",
    "Directory: ",
    "Entering directory '",
    "Entering directory `",
];

/// The package that was being built: npm prints its folder above the error, node-gyp below it, and
/// pnpm at the start of each line.
pub(super) fn in_build(finding: Finding, window: &Window<'_>) -> Finding {
    let below = window.after().find("gyp ERR! cwd ").map(|at| &window.after()[at..]);
    let above = FOLDERS
        .iter()
        .filter_map(|mark| Some(window.all_before().rfind(mark)? + mark.len()))
        .max()
        .map(|at| &window.all_before()[at..]);
    let folder = |text: Option<&str>| {
        let line = text?.split(['\n', '\'', '"', '`', ']']).next()?.trim();
        package_of_folder(line.trim_end_matches("/build").trim_end_matches("\\build"))
    };
    let package = folder(below)
        .or_else(|| folder(above))
        .or_else(|| by_script(window))
        .or_else(|| by_line(window));
    finding.in_package(package)
}

/// The name of the script at the start of a line (pnpm), or in a heading (npm).
fn by_script(window: &Window<'_>) -> Option<String> {
    let by_pnpm = pattern!(r"node_modules/(<package>) (?:pre|post)?install: ");
    if let Some(said) = by_pnpm.captures(window.before()) {
        return Some(said[1].to_owned());
    }
    let heading = pattern!(
        r"(?:^|[ \n])(<package>)@\d[\w.+-]{0,60} ",
        r"(?:pre|post)?install(?:: `| script|$|\n|\s)"
    );
    // "> x@1.0.0 install" is above "> prebuild-install || node-gyp rebuild".
    let name = |line: &str| {
        let said = line.contains("install").then(|| heading.captures(line)).flatten()?;
        Some(said[1].to_owned())
    };
    let above = window.all_before().lines().rev().take(60).find_map(name);
    above.or_else(|| window.after().lines().take(30).find_map(name))
}

/// A path in the line itself, as in Visual Studio's project names, or the Windows prompt above:
/// `C:\app\node_modules\x>if not defined npm_config_node_gyp (…)`.
fn by_line(window: &Window<'_>) -> Option<String> {
    let (_, project) = window.line().rsplit_once('[').unwrap_or_default();
    // The window of a console may wrap the path.
    let next = window.after().lines().nth(1).filter(|_| !project.contains(']'));
    let project = format!("{project}{}", next.unwrap_or_default());
    if let Some(package) = package_of(&project).filter(|_| project.contains(".vcxproj")) {
        return Some(package);
    }
    // "C:\…\x.vcxproj(20,3): error MSB4019: "
    let before = window.before().split(".vcxproj(").next().filter(|path| *path != window.before());
    if let Some(package) = before.and_then(package_of) {
        return Some(package);
    }
    let prompt = window
        .all_before()
        .lines()
        .rev()
        .take(200)
        .find(|line| line.contains(">if not defined npm_config"))?;
    package_of_folder(prompt.split('>').next()?)
}

pub(super) const NO_PREBUILT: &str = "there was no prebuilt file, so npm tried to compile it";

fn python(window: &Window<'_>) -> Option<Finding> {
    // Lines above this one name each Python that is too old.
    if window.all_before().contains(" - should be >=") {
        return None;
    }
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
        "Use a newer npm, which includes a newer node-gyp, or install Python's package setuptools",
    ))
}

/// "gyp ERR! find Python - version is 3.5.3 - should be >=3.6.0"
fn python_version(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"version is ([\d.]{1,20})$").captures(window.before())?;
    if !window.line().contains("find Python") {
        return None;
    }
    let oldest: String =
        window.after().chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(20).collect();
    let summary =
        format!("Python {} is too old for node-gyp, which needs {oldest} or newer", &said[1]);
    let finding = toolchain(&summary, NO_PREBUILT);
    Some(in_build(finding, window).advice(format!("Install Python {oldest} or newer")))
}

/// Python 3.11 removed this mode.
fn universal_newlines(window: &Window<'_>) -> Option<Finding> {
    if !window.text.contains("gyp") {
        return None;
    }
    let why = "Python 3.11 and newer don't support the mode with which this node-gyp opens files";
    let finding = toolchain("an old node-gyp doesn't work with this Python", why);
    Some(
        in_build(finding, window)
            .advice("Use a newer npm, which includes a newer node-gyp, or an older Python"),
    )
}

/// Python can't parse the code of gyp.
fn gyp_syntax(window: &Window<'_>) -> Option<Finding> {
    let frames: Vec<&str> = window.all_before().lines().rev().take(6).collect();
    if !frames.iter().any(|line| line.contains("/gyp/") || line.contains("\\gyp\\")) {
        return None;
    }
    let finding = if window.after().starts_with("Missing parentheses in call to 'print'") {
        let why = "its gyp is written for Python 2, but this is Python 3";
        toolchain("an old node-gyp doesn't work with this Python", why)
            .advice("Use a newer npm, which includes a newer node-gyp")
    } else if window.after().starts_with("invalid syntax") {
        let why = "its gyp is written for another version of Python";
        toolchain("this node-gyp doesn't work with this Python", why)
            .advice("Use a newer Python 3, or a newer npm, which includes a newer node-gyp")
            .unsure()
    } else {
        return None;
    };
    Some(in_build(finding, window))
}

/// npm 6 and older, when run by root, call scripts as another user.
fn dev_dir(window: &Window<'_>) -> Option<Finding> {
    let why = "node-gyp keeps the headers of Node.js in a folder that this user may not write to";
    let finding = toolchain("the headers of Node.js can't be stored", why);
    Some(
        in_build(finding, window).advice(
            "Install without sudo, or name a folder that may be written to: npm_config_devdir",
        ),
    )
}

/// node-gyp before 5 supports Python 2 only.
fn print_statement(window: &Window<'_>) -> Option<Finding> {
    let why = "node-gyp before 5 works with Python 2 only, but this is Python 3";
    let finding = toolchain("an old node-gyp doesn't work with this Python", why);
    Some(in_build(finding, window).advice("Use a newer npm, which includes a newer node-gyp"))
}

fn without_node_gyp(window: &Window<'_>) -> Option<Finding> {
    let why = "the install script calls it, and only npm provides it to scripts";
    let finding =
        toolchain("node-gyp isn't installed, which is needed to compile the package", why);
    Some(in_build(finding, window).advice("Add node-gyp to the project, or install with npm"))
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

fn headers(window: &Window<'_>) -> Option<Finding> {
    let said = |text: &str| text.lines().take(4).find_map(super::obstacles::obstacle);
    let obstacle = said(window.from()).or_else(|| super::obstacles::obstacle(window.line()));
    let advice = match &obstacle {
        Some(obstacle) => obstacle.fix(),
        None => {
            "Check the network and the proxy, or name a folder with the headers: npm_config_nodedir"
        }
    };
    let obstacle = obstacle.map(|obstacle| format!(": {}", obstacle.reason())).unwrap_or_default();
    let why = format!(
        "node-gyp downloads the headers of Node.js before it compiles, and couldn't{obstacle}"
    );
    let finding = toolchain("the headers of Node.js couldn't be downloaded", &why);
    Some(in_build(finding, window).advice(advice))
}

/// An error of node-gyp's own code, whose stack follows.
fn uncaught(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^[^\n]*(?:<nl>)gyp ERR! stack (\w{0,20}Error: [^\n]{1,300})")
        .captures(window.after())?[1]
        .trim()
        .to_owned();
    let mut stack = window.after().lines().take(6);
    if !stack.any(|line| line.contains("/node-gyp/lib/") || line.contains("\\node-gyp\\lib\\")) {
        return None;
    }
    let why = format!("its own code fails with {said}; most often it is older than this Node.js");
    let finding = toolchain("this node-gyp doesn't work with this Node.js", &why);
    Some(
        in_build(finding, window)
            .advice(
                "Use a newer npm, which includes a newer node-gyp; if the package depends on \
                    node-gyp itself, use a newer version of the package",
            )
            .unsure(),
    )
}
