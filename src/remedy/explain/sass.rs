//! Errors of node-sass about its addon.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::node::{abi_of, mismatch};
use super::text::{Window, pattern};
use crate::model::{Code, RuntimeName};
use crate::runtime::registry;
use semver::Version;

pub(super) const KNOWN: &[Known] = &[
    Known {
        anchor: "Node Sass could not find a binding for your current environment: ",
        read: binding,
    },
    Known {
        anchor: "Node Sass does not yet support your current environment: ",
        read: unsupported,
    },
    Known { anchor: "/node-sass/releases/download/", read: download },
];

const PACKAGE: &str = "node-sass";
const REPLACE: &str = "Replace node-sass with sass, which has no addon: node-sass is no longer \
    maintained";

/// "Linux 64-bit with Node.js 12.x" → system, Node.js
fn environment(text: &str) -> Option<(String, Option<u64>)> {
    let said =
        pattern!(r"^(.{1,60}?) with (?:Node\.js (\d{1,3})(?:\.x)?|Unsupported runtime|.{1,40})")
            .captures(text)?;
    Some((said[1].to_owned(), said.get(2).and_then(|major| major.as_str().parse().ok())))
}

fn abi_of_line(node: u64) -> Option<i32> {
    abi_of(RuntimeName::Node, &Version::new(node, 0, 0))
}

fn binding(window: &Window<'_>) -> Option<Finding> {
    let (system, node) = environment(window.rest())?;
    let listed = window
        .after()
        .lines()
        .skip_while(|line| !line.contains("Found bindings for the following environments"))
        .skip(1)
        .take(20)
        .map_while(|line| environment(line.rsplit_once("- ")?.1));
    let found: Vec<(String, Option<u64>)> = listed.collect();
    let other_node = found.iter().find(|(other, _)| *other == system).and_then(|found| found.1);
    if let (Some(built), Some(needed)) =
        (other_node.and_then(abi_of_line), node.and_then(abi_of_line))
    {
        return Some(mismatch(built, needed).package(PACKAGE));
    }
    let Some((other, _)) = found.first() else {
        let why = "its install script didn't run or failed: package managers keep scripts from \
            running, or a download was blocked";
        let node = node.map(|node| format!(" for Node.js {node}")).unwrap_or_default();
        let summary = format!("node-sass has no addon{node} on {system}");
        let finding = Finding::of(Code::NotBuilt, Weight::Absence, summary, why);
        return Some(finding.package(PACKAGE));
    };
    let why = "node_modules of another system were copied or mounted here";
    let summary = format!("node-sass was installed for {other}, but {system} runs it");
    Some(Finding::refusal(Code::WrongPlatform, summary, why).package(PACKAGE))
}

fn unsupported(window: &Window<'_>) -> Option<Finding> {
    let said = window.rest().trim();
    let why = "this version of node-sass is older than the Node.js that runs it, or has no file \
        for this system";
    let summary = format!("node-sass has no file for {said}");
    Some(
        Finding::of(Code::NoMatchingPrebuild, Weight::Refusal, summary, why)
            .package(PACKAGE)
            .advice(REPLACE),
    )
}

/// "Cannot download "https://github.com/sass/node-sass/releases/download/v4.14.1/
/// linux-x64-83_binding.node": HTTP error 404 Not Found"
fn download(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^v([\d.]{1,20})/(\w{1,20})-(\w{1,20})-(\d{1,4})_binding\.node")
        .captures(window.after())?;
    let below: Vec<&str> = window.after().lines().take(4).collect();
    if !window.before().ends_with("Cannot download \"https://github.com/sass")
        || !below.iter().any(|line| line.contains("404"))
    {
        return None;
    }
    let abi: i32 = said[4].parse().ok()?;
    let node = registry::title_of_abi(abi);
    let summary = format!(
        "there is no file of node-sass {} for {node} on {}-{}",
        &said[1], &said[2], &said[3]
    );
    let why = "this version of node-sass is older than the Node.js that installs it";
    Some(
        Finding::of(Code::NoMatchingPrebuild, Weight::Build, summary, why)
            .package(PACKAGE)
            .advice(format!("Use an older Node.js, or a newer version. {REPLACE}"))
            .failed(),
    )
}
