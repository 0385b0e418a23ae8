//! Errors of tools that search for a prebuilt addon when a package is installed: prebuild-install,
//! node-pre-gyp.

use super::downloads::{OLDER, another_version};
use super::finding::{Finding, Weight};
use super::known::Known;
use super::node::abi_of;
use super::node_gyp::{in_build, toolchain};
use super::obstacles::obstacle;
use super::text::{Window, pattern};
use crate::model::{Code, Libc, RuntimeName};

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "No prebuilt binaries found (", read: prebuild_install },
    Known { anchor: "Pre-built binaries not ", read: node_pre_gyp },
    Known { anchor: "Couldn't find a script name \"node-gyp\"", read: yarn_without_node_gyp },
];

/// The ABI of a version of "node" or "electron".
fn abi_of_text(runtime: &str, version: &str) -> Option<i32> {
    let kind = match runtime {
        "node" => RuntimeName::Node,
        "electron" => RuntimeName::Electron,
        _ => return None,
    };
    abi_of(kind, &semver::Version::parse(version.trim_start_matches('v')).ok()?)
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
        format!("there is no prebuilt file for {runtime} on {}-{}{musl}", &said[5], &said[3]);
    let system = format!("{runtime} on {}-{}{musl}", &said[5], &said[3]);
    let finding = Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, OLDER)
        .advice(another_version(&system))
        .unsure();
    Some(in_build(Finding { said_by: abi_of_text(&said[2], &said[1]), ..finding }.failed(), window))
}

fn node_pre_gyp(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^(?:found|installable) for (@?[\w./-]{1,100})@([\w.-]{1,40}) and (node",
        r"|electron)@([\w.-]{1,40})"
    )
    .captures(window.after())?;
    // node-pre-gyp prints the same if it couldn't download the file (lib/install.js).
    let next = window.after().lines().skip(1).take(3);
    if next.filter(|line| line.contains("Hit error")).any(|line| obstacle(line).is_some()) {
        return None;
    }
    let title = if &said[3] == "node" { "Node.js" } else { "Electron" };
    let summary =
        format!("there is no prebuilt file of {} {} for {title} {}", &said[1], &said[2], &said[4]);
    let said_by = abi_of_text(&said[3], &said[4]);
    let finding = Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, OLDER)
        .advice(another_version(&format!("{title} {}", &said[4])));
    Some(Finding { said_by, ..finding }.package(&said[1]).failed().unsure())
}

fn yarn_without_node_gyp(window: &Window<'_>) -> Option<Finding> {
    let why = "Yarn doesn't include node-gyp, and the package doesn't list it";
    let finding =
        toolchain("node-gyp isn't installed, which is needed to compile the package", why);
    let finding =
        finding.command("Add node-gyp to the project", &["yarn", "add", "--dev", "node-gyp"]);
    let package = pattern!(r"used by (@?[\w./-]{1,200}?)@").captures(window.after());
    Some(match package {
        Some(package) => finding.package(&package[1]),
        None => finding,
    })
}
