//! What tools say that build or download an addon when a package is installed: node-gyp, prebuild-install, node-pre-gyp, and the package
//! managers that keep them from it.

use super::paths::package_of;
use super::text::{Window, pattern};
use super::{Finding, Known, Weight};
use crate::verdict::Code;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "gyp ERR! find Python", read: python },
    Known { anchor: "No module named 'distutils'", read: distutils },
    Known { anchor: "gyp ERR! find VS", read: visual_studio },
    Known { anchor: "No Xcode or CLT version detected!", read: xcode },
    Known { anchor: "gyp ERR! stack Error: not found: make", read: make },
    Known { anchor: "g++: No such file or directory", read: compiler },
    Known { anchor: "g++: command not found", read: compiler },
    Known { anchor: "g++: not found", read: compiler },
    Known { anchor: "c++: not found", read: compiler },
    Known { anchor: "c++: No such file or directory", read: compiler },
    Known { anchor: "or later required.\"", read: newer_cxx },
    Known { anchor: "gyp ERR! stack Error: getaddrinfo", read: headers },
    Known { anchor: "gyp ERR! stack Error: 404 response downloading", read: headers },
    Known { anchor: "gyp ERR! stack FetchError: request to ", read: headers },
    Known { anchor: "No prebuilt binaries found (", read: prebuild_install },
    Known { anchor: "Pre-built binaries not ", read: node_pre_gyp },
    Known { anchor: "Couldn't find a script name \"node-gyp\"", read: yarn_without_node_gyp },
    Known { anchor: "Ignored build scripts: ", read: pnpm_ignored },
    Known { anchor: "not yet covered by allowScripts", read: npm_unapproved },
    Known { anchor: "blocked because they are not covered by allowScripts", read: npm_unapproved },
    Known { anchor: "lists build scripts, but all build scripts have been disabled", read: yarn_disabled },
];

fn toolchain(summary: &str, why: &str) -> Finding {
    Finding::new("toolchain", Weight::Build, summary, why)
}

/// The package that was being built: node-gyp names its folder a few lines further on.
fn in_build(finding: Finding, window: &Window<'_>) -> Finding {
    let folder = pattern!(r"gyp ERR! cwd ([^\n]{1,4096})").captures(window.after());
    match folder.and_then(|folder| package_of(&format!("{}/x", folder[1].trim()))) {
        Some(package) => finding.package(package),
        None => finding,
    }
}

fn python(window: &Window<'_>) -> Option<Finding> {
    // Said in every successful search too, with the word "checking"; the verdict comes last.
    if !window.after().contains("Could not find any Python")
        && !window.text.contains("You need to install the latest version of Python")
    {
        return None;
    }
    let finding = toolchain(
        "Python is missing, which node-gyp needs to compile an addon",
        "no prebuilt file was there, so it was to be compiled",
    );
    Some(in_build(finding, window).advice("Install Python 3, and the compiler (abi-guard doctor says how)"))
}

fn distutils(window: &Window<'_>) -> Option<Finding> {
    let why = "Python 3.12 no longer has the module distutils, which node-gyp before 10 uses";
    let finding = toolchain("an old node-gyp doesn't work with this Python", why);
    Some(
        in_build(finding, window)
            .advice("Use a newer npm, which brings a newer node-gyp, or install Python's package setuptools"),
    )
}

fn visual_studio(window: &Window<'_>) -> Option<Finding> {
    if !window.after().contains("Could not find any Visual Studio")
        && !window.after().contains("You need to install the latest version")
    {
        return None;
    }
    let finding = toolchain(
        "Visual Studio is missing, which node-gyp needs to compile an addon",
        "no prebuilt file was there, so it was to be compiled",
    );
    Some(
        in_build(finding, window)
            .advice("Install the Visual Studio Build Tools with the workload \"Desktop development with C++\""),
    )
}

fn xcode(window: &Window<'_>) -> Option<Finding> {
    let finding =
        toolchain("the command line tools of Xcode are missing", "no prebuilt file was there, so it was to be compiled");
    Some(in_build(finding, window).command("Install the command line tools", &["xcode-select", "--install"]))
}

fn make(window: &Window<'_>) -> Option<Finding> {
    let finding = toolchain(
        "make is missing, which node-gyp needs to compile an addon",
        "no prebuilt file was there, so it was to be compiled",
    );
    Some(in_build(finding, window).advice("Install make and a C++ compiler (abi-guard doctor says how)"))
}

fn compiler(window: &Window<'_>) -> Option<Finding> {
    let finding = toolchain("the C++ compiler is missing", "no prebuilt file was there, so it was to be compiled");
    Some(in_build(finding, window).advice("Install a C++ compiler (abi-guard doctor says how)"))
}

fn newer_cxx(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#"#error "(C\+\+\d\d)$"#).captures(&window.before()[..window.before().trim_end().len()]);
    let standard = said.map(|said| said[1].to_owned())?;
    let why = format!("the headers of this Node.js need {standard}, and the package asks for an older standard");
    let finding = Finding::new("source-too-old", Weight::Build, "the source of the package is too old for this Node.js", why);
    Some(in_build(finding, window).advice("Use a newer version of the package, or an older Node.js"))
}

fn headers(window: &Window<'_>) -> Option<Finding> {
    let why = "node-gyp downloads the headers of Node.js before it compiles, and couldn't";
    let finding = toolchain("the headers of Node.js couldn't be downloaded", why);
    let advice = "Check the network and the proxy, or name a folder with the headers: npm_config_nodedir";
    Some(in_build(finding, window).advice(advice))
}

fn prebuild_install(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^target=([\w.-]{1,40}) runtime=(\w{1,20}) arch=(\w{1,20}) libc=(\w{0,20}) platform=(\w{1,20})")
        .captures(window.after())?;
    let runtime = match &said[2] {
        "node" => format!("Node.js {}", &said[1]),
        "electron" => format!("Electron {}", &said[1]),
        "napi" => format!("Node-API {}", &said[1]),
        other => format!("{other} {}", &said[1]),
    };
    let musl = if &said[4] == "musl" { "-musl" } else { "" };
    let summary = format!("nobody published a file for {runtime} on {}-{}{musl}", &said[5], &said[3]);
    let why = "the version of the package is older than this runtime, or its authors don't build for this system; it is compiled instead";
    Some(Finding::new(Code::NoMatchingPrebuild.as_str(), Weight::Build, summary, why).unsure())
}

fn node_pre_gyp(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^(?:found|installable) for (@?[\w./-]{1,100})@([\w.-]{1,40}) and (node|electron)@([\w.-]{1,40})")
        .captures(window.after())?;
    let title = if &said[3] == "node" { "Node.js" } else { "Electron" };
    let summary = format!("nobody published a file of {} {} for {title} {}", &said[1], &said[2], &said[4]);
    let why = "the version of the package is older than this runtime, or its authors don't build for this system; it is compiled instead";
    Some(Finding::new(Code::NoMatchingPrebuild.as_str(), Weight::Build, summary, why).package(&said[1]).unsure())
}

fn yarn_without_node_gyp(window: &Window<'_>) -> Option<Finding> {
    let why = "Yarn brings no node-gyp along, and the package doesn't list it";
    let finding = toolchain("node-gyp isn't installed, with which the package is compiled", why);
    let finding = finding.command("Add node-gyp to the project", &["yarn", "add", "--dev", "node-gyp"]);
    let package = pattern!(r"used by (@?[\w./-]{1,200}?)@").captures(window.after());
    Some(match package {
        Some(package) => finding.package(&package[1]),
        None => finding,
    })
}

fn blocked(summary: String, why: &str) -> Finding {
    Finding::new("scripts-blocked", Weight::Guess, summary, why)
}

fn pnpm_ignored(window: &Window<'_>) -> Option<Finding> {
    // In a box of which only the first line is sure to be the list.
    let list = window.rest().trim_end_matches(['│', ' ', '.']);
    let first = list.split(',').next()?.trim();
    let name = first.get(1..)?.find('@').map_or(first, |at| &first[..at + 1]);
    let finding = blocked(
        format!("pnpm didn't run the install scripts of {list}"),
        "pnpm 10 and newer run them for approved packages only",
    );
    Some(finding.package(name).command("Approve those that build an addon", &["pnpm", "approve-builds"]))
}

fn npm_unapproved(window: &Window<'_>) -> Option<Finding> {
    let blocks = window.line().contains("blocked");
    let named =
        pattern!(r"^[^\n]*\n[^\n]{0,60}? (@?[\w./-]{1,200}?)@[^\s(]{1,200} \((?:pre|post)?install: ").captures(window.after());
    let summary = if blocks {
        "npm didn't run install scripts that nobody approved"
    } else {
        "npm will not run these install scripts in its next version"
    };
    let finding = blocked(summary.to_owned(), "npm 12 and newer run them for packages in allowScripts only");
    let name = named.map(|named| named[1].to_owned());
    Some(match name {
        Some(name) => finding.command("Approve those that build an addon", &["npm", "approve-scripts", &name]).package(name),
        None => finding,
    })
}

fn yarn_disabled(window: &Window<'_>) -> Option<Finding> {
    let package = pattern!(r"(@?[\w./-]{1,200})@[^\s]{1,400} $").captures(window.before())?[1].to_owned();
    let finding = blocked(
        format!("Yarn didn't run the install script of {package}"),
        "enableScripts forbids it, as it does since Yarn 4.14",
    );
    let setting = format!("dependenciesMeta[{package}].built=true");
    Some(finding.command("Let it run", &["npm", "pkg", "set", &setting, "--json"]).package(package))
}
