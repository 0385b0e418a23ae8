//! What tools say that build or download an addon when a package is installed: node-gyp,
//! prebuild-install, node-pre-gyp, and the package managers that keep them from it.

use super::paths::package_of;
use super::text::{Window, pattern};
use super::{Finding, Known, Weight};
use crate::model::{Code, ErrorCode, Libc, RuntimeName};
use crate::runtime::registry;

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
    Known { anchor: "No prebuilt binaries found (", read: prebuild_install },
    Known { anchor: "Pre-built binaries not ", read: node_pre_gyp },
    Known { anchor: "Couldn't find a script name \"node-gyp\"", read: yarn_without_node_gyp },
    Known { anchor: "Ignored build scripts: ", read: pnpm_ignored },
    Known { anchor: "not yet covered by allowScripts", read: npm_unapproved },
    Known { anchor: "blocked because they are not covered by allowScripts", read: npm_unapproved },
    Known {
        anchor: "lists build scripts, but all build scripts have been disabled",
        read: yarn_disabled,
    },
    Known {
        anchor: "lists build scripts, but its build has been explicitly disabled",
        read: yarn_disabled,
    },
    Known { anchor: "Run `bun pm untrusted` for details", read: bun_blocked },
    Known {
        anchor: "npm lifecycle scripts (preinstall/install/postinstall) that were not executed",
        read: deno_ignored,
    },
];

fn toolchain(summary: &str, why: &str) -> Finding {
    Finding::error(ErrorCode::Toolchain, Weight::Build, summary, why)
}

/// True in what node-gyp, or an installation that runs it, says: compilers are missing elsewhere,
/// too.
fn is_of_gyp(window: &Window<'_>) -> bool {
    window.text.contains("gyp") || window.text.contains("prebuild-install")
}

/// The package that was being built: npm names its folder above, node-gyp below, and pnpm in front
/// of each line.
fn in_build(finding: Finding, window: &Window<'_>) -> Finding {
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

/// The ABI of "node" or "electron" of a version.
fn abi_of(runtime: &str, version: &str) -> Option<i32> {
    let kind = match runtime {
        "node" => RuntimeName::Node,
        "electron" => RuntimeName::Electron,
        _ => return None,
    };
    let version = semver::Version::parse(version.trim_start_matches('v')).ok()?;
    registry::release(kind, &version).abi.and_then(|abi| i32::try_from(abi).ok())
}

fn prebuild_install(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^target=([\w.-]{1,40}) runtime=([\w-]{1,20}) arch=(\w{1,20}) ",
        r"(?:libc=(\w{0,20}) )?platform=(\w{1,20})"
    )
    .captures(window.after())?;
    let libc = said.get(4).map_or("", |libc| libc.as_str());
    let runtime = match &said[2] {
        "node" => format!("Node.js {}", &said[1]),
        "electron" => format!("Electron {}", &said[1]),
        "napi" => format!("Node-API {}", &said[1]),
        other => format!("{other} {}", &said[1]),
    };
    let musl = if Libc::from_name(libc) == Some(Libc::Musl) { "-musl" } else { "" };
    let summary =
        format!("nobody published a file for {runtime} on {}-{}{musl}", &said[5], &said[3]);
    let why = "the version of the package is older than this runtime, or its authors don't build \
        for this system; it is compiled instead";
    Some(in_build(
        Finding {
            said_by: abi_of(&said[2], &said[1]),
            ..Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, why)
        }
        .unsure(),
        window,
    ))
}

fn node_pre_gyp(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^(?:found|installable) for (@?[\w./-]{1,100})@([\w.-]{1,40}) and (node",
        r"|electron)@([\w.-]{1,40})"
    )
    .captures(window.after())?;
    let title = if &said[3] == "node" { "Node.js" } else { "Electron" };
    let summary =
        format!("nobody published a file of {} {} for {title} {}", &said[1], &said[2], &said[4]);
    let said_by = abi_of(&said[3], &said[4]);
    let why = "the version of the package is older than this runtime, or its authors don't build \
        for this system; it is compiled instead";
    let finding = Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, why);
    Some(Finding { said_by, ..finding }.package(&said[1]).unsure())
}

fn yarn_without_node_gyp(window: &Window<'_>) -> Option<Finding> {
    let why = "Yarn brings no node-gyp along, and the package doesn't list it";
    let finding = toolchain("node-gyp isn't installed, with which the package is compiled", why);
    let finding =
        finding.command("Add node-gyp to the project", &["yarn", "add", "--dev", "node-gyp"]);
    let package = pattern!(r"used by (@?[\w./-]{1,200}?)@").captures(window.after());
    Some(match package {
        Some(package) => finding.package(&package[1]),
        None => finding,
    })
}

fn blocked(summary: String, why: &str) -> Finding {
    Finding::error(ErrorCode::ScriptsBlocked, Weight::Guess, summary, why)
}

fn pnpm_ignored(window: &Window<'_>) -> Option<Finding> {
    // In a box, over several lines where it is narrow: up to the full stop, or a line without a
    // comma at its end.
    let mut list = String::new();
    for line in window.after().lines().take(20) {
        let line = line.rsplit_once("│   ").map_or(line, |(_, line)| line);
        let part = line.trim_end_matches(['│', ' ']);
        list.push_str(if list.is_empty() { "" } else { " " });
        list.push_str(part.trim());
        if !part.ends_with(',') {
            break;
        }
    }
    let list = list.trim_end_matches('.');
    let first = list.split(',').next()?.trim();
    let name = first.get(1..)?.find('@').map_or(first, |at| &first[..=at]);
    let finding = blocked(
        format!("pnpm didn't run the install scripts of {list}"),
        "pnpm 10 and newer run them for approved packages only",
    );
    Some(
        finding
            .package(name)
            .command("Approve those that build an addon", &["pnpm", "approve-builds"]),
    )
}

fn npm_unapproved(window: &Window<'_>) -> Option<Finding> {
    let blocks = window.line().contains("blocked");
    // "npm warn install-scripts   tiny-addon@1.0.0 (install: node-gyp rebuild)"
    let named = window.after().lines().skip(1).take(50).map_while(|line| {
        let said = pattern!(r" (@?[\w./~-]{1,200}?)@[^\s(]{1,200} \((?:pre|post)?install: ")
            .captures(line)?;
        Some(said[1].to_owned())
    });
    let mut names: Vec<String> = Vec::new();
    for name in named.filter(|name| crate::remedy::is_package_name(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let summary = if blocks {
        "npm didn't run install scripts that nobody approved"
    } else {
        "npm will not run these install scripts in its next version"
    };
    let finding =
        blocked(summary.to_owned(), "npm 12 and newer run them for packages in allowScripts only");
    let Some(first) = names.first() else { return Some(finding) };
    let command: Vec<&str> =
        ["npm", "approve-scripts"].into_iter().chain(names.iter().map(String::as_str)).collect();
    Some(finding.command("Approve those that build an addon", &command).package(first))
}

fn yarn_disabled(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"((?:@[\w.~-]{1,100}/)?[\w.~-]{1,100})@[^\s]{1,400} $")
        .captures(window.before())?;
    let package = said[1].to_owned();
    if !crate::remedy::is_package_name(&package) {
        return None;
    }
    let why = if window.from().starts_with("lists build scripts, but all") {
        "enableScripts forbids it, as it does since Yarn 4.14"
    } else {
        "dependenciesMeta in package.json forbids it"
    };
    let finding = blocked(format!("Yarn didn't run the install script of {package}"), why);
    let setting = format!("dependenciesMeta[{package}].built=true");
    Some(finding.command("Let it run", &["npm", "pkg", "set", &setting, "--json"]).package(package))
}

fn bun_blocked(window: &Window<'_>) -> Option<Finding> {
    if !window.before().contains("Blocked ") {
        return None;
    }
    let finding = blocked(
        "Bun didn't run install scripts".to_owned(),
        "Bun runs those of packages in trustedDependencies only",
    );
    Some(finding.command(
        "See which, and trust those that build an addon (bun pm trust <package>)",
        &["bun", "pm", "untrusted"],
    ))
}

fn deno_ignored(window: &Window<'_>) -> Option<Finding> {
    // "┠─ npm:better-sqlite3@11.8.1"
    let said = pattern!(r"npm:((?:@[\w.~-]{1,100}/)?[\w.~-]{1,100})@([\w.+-]{1,60})")
        .captures(window.after())?;
    if !crate::remedy::is_package_name(&said[1]) {
        return None;
    }
    let allowed = format!("--allow-scripts=npm:{}@{}", &said[1], &said[2]);
    let why = "Deno runs them for allowed packages only";
    let finding = blocked(format!("Deno didn't run the install script of {}", &said[1]), why);
    Some(finding.package(&said[1]).command("Let it run", &["deno", "install", &allowed]))
}
