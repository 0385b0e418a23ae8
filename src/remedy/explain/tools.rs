//! Programs that an install script calls and that aren't installed.

use super::compilers::failed;
use super::finding::Finding;
use super::known::Known;
use super::node_gyp::{NO_PREBUILT, in_build, is_of_gyp, toolchain};
use super::paths::{package_of_folder, package_of_request};
use super::text::{Window, pattern};

pub(super) const KNOWN: &[Known] = &[
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
    Known { anchor: "CMake executable is not found", read: cmake },
    Known { anchor: "cmake: not found", read: program },
    Known { anchor: "cmake: command not found", read: program },
    Known { anchor: "'cmake' is not recognized", read: program },
    Known { anchor: "spawn cmake ENOENT", read: program },
    Known { anchor: "cargo: not found", read: program },
    Known { anchor: "cargo: command not found", read: program },
    Known { anchor: "'cargo' is not recognized", read: program },
    Known { anchor: "spawn cargo ENOENT", read: program },
    Known { anchor: "ninja: not found", read: program },
    Known { anchor: "build program corresponding to \"Ninja\"", read: program },
    Known { anchor: "pkg-config: not found", read: program },
    Known { anchor: "pkg-config: command not found", read: program },
    Known { anchor: "'pkg-config' is not recognized", read: program },
    Known { anchor: "autoreconf: not found", read: program },
    Known { anchor: "autoreconf: command not found", read: program },
    Known { anchor: "nasm: not found", read: program },
    Known { anchor: "nasm: command not found", read: program },
    Known { anchor: "Compatibility with CMake < 3.5 has been removed", read: old_cmake_project },
    Known { anchor: "linker `cc` not found", read: rust_linker },
    Known { anchor: "gyp: Undefined variable ", read: variable },
    Known { anchor: "gyp: Call to '", read: call },
    Known { anchor: "gyp: binding.gyp not found (cwd: ", read: no_binding },
    Known { anchor: " while reading includes of ", read: no_include },
];

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

fn cmake(window: &Window<'_>) -> Option<Finding> {
    let finding =
        toolchain("CMake is missing, which is needed to compile the package", NO_PREBUILT);
    Some(in_build(finding, window).advice(install("cmake")))
}

fn install(package: &str) -> String {
    format!(
        "Install {package} (apt-get install {package}, apk add {package}, dnf install {package}, \
            brew install {package})"
    )
}

fn program(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let names = ["cmake", "cargo", "pkg-config", "autoreconf", "nasm", "ninja"];
    let beginning = window.from().chars().take(40).collect::<String>().to_lowercase();
    let name = names.iter().find(|name| beginning.contains(**name))?;
    let (title, how) = match *name {
        "cargo" => ("Rust", "Install Rust with rustup (rustup.rs)".to_owned()),
        "autoreconf" => ("autoconf", install("autoconf, automake and libtool")),
        "ninja" => ("Ninja", install("ninja-build")),
        "cmake" => ("CMake", install("cmake")),
        other => (other, install(other)),
    };
    let summary = format!("{title} is missing, which is needed to compile the package");
    Some(in_build(toolchain(&summary, NO_PREBUILT), window).advice(how))
}

fn old_cmake_project(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let why = "CMake 4 no longer reads projects that were written for CMake before 3.5";
    let finding = toolchain("this CMake is too new for the package", why);
    Some(in_build(finding, window).advice(
        "Use a newer version of the package, an older CMake, or set \
            CMAKE_POLICY_VERSION_MINIMUM=3.5 for the installation",
    ))
}

fn rust_linker(window: &Window<'_>) -> Option<Finding> {
    if !is_of_gyp(window) {
        return None;
    }
    let finding = toolchain("the linker is missing, which Rust needs", NO_PREBUILT);
    Some(
        in_build(finding, window)
            .install_tools("Install a C compiler (abi-guard doctor looks for it)"),
    )
}

/// "gyp: Undefined variable android_ndk_path in binding.gyp while trying to load binding.gyp"
fn variable(window: &Window<'_>) -> Option<Finding> {
    let name = pattern!(r"^(\w{1,80}) in ").captures(window.after())?[1].to_owned();
    let why = "gyp stops at a variable that nothing sets";
    let finding = toolchain(&format!("the build needs the variable {name}, which isn't set"), why);
    let how = if name == "android_ndk_path" {
        "Set GYP_DEFINES=\"android_ndk_path=''\" for the installation: Node.js in Termux was built \
            with the NDK, and compiles without it"
            .to_owned()
    } else {
        format!("Set it for the installation: GYP_DEFINES=\"{name}=…\", or npm_config_{name}")
    };
    Some(in_build(finding, window).advice(how))
}

/// "gyp: Call to 'node -e "require('nan')"' returned exit status 1 while in binding.gyp."
fn call(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^([^\n]{1,400})' returned exit status (\d{1,3})").captures(window.after())?;
    // The missing package is named above (development.rs).
    if said[1].contains("pkg-config") {
        return None;
    }
    let wanted = pattern!(r#"require\(\\?['"`]([@\w./-]{1,100})\\?['"`]\)"#).captures(&said[1]);
    let is_relative = |name: &str| name.starts_with('.') || name.starts_with('/');
    let finding = match wanted.filter(|wanted| !is_relative(&wanted[1])) {
        Some(wanted) => {
            let name = wanted[1].to_owned();
            let why = "binding.gyp requires it, but it isn't installed beside the package";
            let finding = toolchain(
                &format!("{name} is missing, which is needed to compile the package"),
                why,
            );
            match package_of_request(&name) {
                Some(package) => {
                    finding.advice(format!("Add {package} to the project, and install again"))
                }
                None => finding.unsure(),
            }
        }
        None => failed(
            &format!("a command of binding.gyp failed: {}", &said[1]),
            "its own message is above",
        )
        .advice("Run that command separately in the package's folder to see its message"),
    };
    Some(in_build(finding, window))
}

/// "gyp: binding.gyp not found (cwd: /app) while trying to load binding.gyp"
fn no_binding(window: &Window<'_>) -> Option<Finding> {
    let folder = pattern!(r"^([^\n)]{1,1000})\)").captures(window.after())?[1].to_owned();
    let package = package_of_folder(&folder);
    let why = format!("node-gyp compiles what binding.gyp describes, but {folder} has none");
    let finding = failed("there is no binding.gyp to compile", &why);
    let how = "Run node-gyp in the folder of a package with a binding.gyp; a package without one \
        has nothing to compile";
    Some(finding.advice(how).in_package(package))
}

/// "gyp: /app/node_modules/x/true/common.gypi not found (cwd: /app/node_modules/x) while reading
/// includes of binding.gyp while trying to load binding.gyp"
fn no_include(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"gyp: ([^\n]+?) not found \(cwd: ([^\n)]+)\)$").captures(window.before())?;
    let (file, folder) = (said[1].to_owned(), said[2].to_owned());
    let finding = if file.ends_with("common.gypi") {
        let why = format!(
            "it belongs to the headers of Node.js, and isn't at {file}: the headers are \
                incomplete, or npm_config_nodedir names a folder without them"
        );
        toolchain("common.gypi is missing, which every addon is compiled with", &why).advice(
            "Remove the setting nodedir (npm config delete nodedir, unset npm_config_nodedir), or \
                download the headers again: npx node-gyp install",
        )
    } else {
        let why = format!("binding.gyp includes it, and it isn't at {file}");
        failed("a file is missing that binding.gyp includes", &why).advice(
            "Install the package again; in a checkout of its repository, fetch the submodules too: \
                git submodule update --init --recursive",
        )
    };
    Some(in_build(finding.in_package(package_of_folder(&folder)), window))
}
