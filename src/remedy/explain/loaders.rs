//! Packages with their own error texts for a missing addon.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::modules::{left_behind, packing};
use super::node::mismatch;
use super::owner::requirer;
use super::paths::package_of;
use super::text::{Window, pattern};
use crate::model::Code;
use crate::runtime::registry::title_of_abi;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Failed to load gRPC binary module because it was not", read: grpc },
    Known { anchor: "The gRPC binary module was not installed", read: grpc_missing },
    Known { anchor: "fibers.node` is missing", read: fibers },
    Known { anchor: "This version of uWS.js supports only Node.js", read: uws },
    Known { anchor: "This version of \u{b5}WS is not compatible with your Node.js", read: uws },
    Known { anchor: "DPI-1047: ", read: oracle_client },
    Known { anchor: "NJS-045: ", read: oracle },
    Known { anchor: "Error: Bindings not found.", read: swc_core },
    Known { anchor: "combination is not yet supported by the native Rollup build", read: rollup },
    Known { anchor: "Required DLL was not found. This error usually happens", read: rollup_dll },
    Known { anchor: "The Node.js native addon module (tfjs_binding.node) can not be", read: tfjs },
];

/// "node-v72-linux-x64-glibc" → 72; "electron-v9.2-…" → `None`
fn abi_in(folder: &str) -> Option<i32> {
    pattern!(r"^node-v(\d{1,4})-").captures(folder)?[1].parse().ok()
}

fn grpc(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"(?:<nl>)\s*Expected directory: ([\w.-]{1,80})(?:<nl>)\s*Found: \[([\w., -]{0,400})\]"
    )
    .captures(window.after())?;
    let expected = said[1].to_owned();
    let found: Vec<&str> = said[2].split(',').map(str::trim).collect();
    let finding = match (abi_in(&expected), found.iter().find_map(|folder| abi_in(folder))) {
        (Some(needed), Some(built)) if needed != built => mismatch(built, needed),
        _ => {
            let electron = pattern!(r"^electron-v(\d{1,3})\.").captures(&expected);
            let title =
                electron.map_or_else(|| expected.clone(), |said| format!("Electron {}", &said[1]));
            let has = said[2].trim();
            let has = if has.is_empty() { "none" } else { has };
            let summary = format!("grpc has no addon for {title}; it has {has}");
            let why = "it was installed for another runtime or another system than the ones that \
                run it";
            Finding::of(Code::NotBuilt, Weight::Refusal, summary, why)
        }
    };
    Some(finding.package("grpc"))
}

fn grpc_missing(window: &Window<'_>) -> Option<Finding> {
    if let Some(packing) = packing(window) {
        return Some(left_behind(packing).package("grpc"));
    }
    let why = "its install script downloads or compiles it, and didn't run or failed";
    let finding = Finding::of(Code::NotBuilt, Weight::Refusal, "the addon of grpc is missing", why);
    Some(finding.package("grpc"))
}

fn fibers(window: &Window<'_>) -> Option<Finding> {
    let why = "it was built for another Node.js or another system, and was not compiled for this \
        one";
    let finding =
        Finding::of(Code::NotBuilt, Weight::Absence, "fibers has no addon for this Node.js", why);
    let file = pattern!(r"`([^`\n]+)$").captures(window.before())?;
    let package = package_of(&format!("{}fibers.node", &file[1]));
    Some(finding.package(package.unwrap_or_else(|| "fibers".to_owned())))
}

fn uws(window: &Window<'_>) -> Option<Finding> {
    // After a quote, the anchor is in source code, which Node.js prints above a stack.
    if window.before().ends_with('\'') {
        return None;
    }
    // Another error with the same text names the file, or contains the loader's error.
    let supported =
        pattern!(r"^((?: LTS)?(?: versions)?[ \d,and]{2,60}) on ").captures(window.after());
    let releases = supported.map_or_else(
        || "the versions that it was published for".to_owned(),
        |said| format!("Node.js{}", &said[1].replace(" LTS versions", "")),
    );
    let summary = format!("uWebSockets.js has no file for this Node.js; it supports {releases}");
    let why = "it ships one file for each release of Node.js that it supports";
    let how = "Use a version of uWebSockets.js that supports this Node.js, or a Node.js that it \
        has a file for; it can't be compiled";
    let abi = pattern!(r"uws_\w{3,10}_\w{3,8}_(\d{2,4})\.node").captures(window.after());
    let finding = match abi.and_then(|said| said[1].parse::<i32>().ok()) {
        Some(abi) => {
            let title = title_of_abi(abi);
            let summary = summary.replace("this Node.js;", &format!("{title};"));
            Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, why)
        }
        None => Finding::of(Code::NoMatchingPrebuild, Weight::Absence, summary, why).unsure(),
    };
    Some(finding.advice(how).package("uWebSockets.js"))
}

/// oracledb loads Oracle's client library itself.
fn oracle_client(window: &Window<'_>) -> Option<Finding> {
    let said =
        pattern!(r"^Cannot locate a (\d\d-bit )?Oracle Client library").captures(window.after())?;
    let bits = said.get(1).map_or("", |bits| bits.as_str());
    let why = "oracledb's Thick mode needs Oracle Instant Client, and the loader doesn't find it \
        or can't load it: it must be for the same processor as Node.js";
    let how = "Install Oracle Instant Client and name its folder with \
        initOracleClient({ libDir }), in PATH on Windows, with ldconfig or LD_LIBRARY_PATH on \
        Linux; or use the Thin mode of oracledb 6 and newer, which needs no library";
    Some(
        Finding::refusal(
            Code::MissingLibrary,
            format!("the {bits}Oracle Client library isn't found"),
            why,
        )
        .lacks_library("libclntsh")
        .advice(how)
        .package("oracledb"),
    )
}

fn oracle(window: &Window<'_>) -> Option<Finding> {
    if !window.after().starts_with("cannot load a") {
        return None;
    }
    let system =
        pattern!(r"for Node\.js [\w.-]{1,30} \((\w{1,12}), (\w{1,12})\)").captures(window.rest());
    let on = system.map(|said| format!(" on {}-{}", &said[1], &said[2])).unwrap_or_default();
    let why = "oracledb has files for common systems only, or was installed on another system than \
        this one";
    let finding = Finding::of(
        Code::NoMatchingPrebuild,
        Weight::Guess,
        format!("oracledb has no addon that loads{on}"),
        why,
    );
    Some(
        finding
            .advice(
                "Install oracledb on the system that runs it, or use its Thin mode (6 and newer)",
            )
            .package("oracledb")
            .unsure(),
    )
}

fn swc_core(window: &Window<'_>) -> Option<Finding> {
    let package = requirer(window).filter(|package| package == "@swc/core")?;
    let why = "the packages for one system are optional ones: node_modules or a lockfile comes \
        from another system, or optional packages were omitted; or the system isn't supported";
    Some(
        Finding::of(
            Code::MissingPlatformPackage,
            Weight::Absence,
            "SWC has no addon for this system",
            why,
        )
        .advice("Install again on this system, with optional dependencies")
        .package(package)
        .unsure(),
    )
}

fn rollup(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r#""([\w.-]{1,30})" and architecture "([\w.-]{1,30})"[^\n]{0,40}$"#)
        .captures(window.before())?;
    let why = "Rollup isn't built for this system";
    Some(
        Finding::of(
            Code::NoMatchingPrebuild,
            Weight::Refusal,
            format!("Rollup has no file for {}-{}", &said[1], &said[2]),
            why,
        )
        .advice(
            "Use @rollup/wasm-node in place of rollup (overrides in package.json: \
            \"rollup\": \"npm:@rollup/wasm-node\"), or a 64-bit system",
        )
        .package("rollup"),
    )
}

fn rollup_dll(window: &Window<'_>) -> Option<Finding> {
    let named = pattern!(r"Failed to load module ([@\w/.-]{1,100})\. $").captures(window.before());
    let package = named.map_or_else(|| "rollup".to_owned(), |said| said[1].to_owned());
    let why = "the file exists, but a DLL that it needs is missing; most often that of Visual C++";
    Some(
        Finding::refusal(Code::MissingLibrary, "a DLL that the addon needs is missing", why)
            .advice(super::windows::REDISTRIBUTABLE)
            .package(package),
    )
}

fn tfjs(window: &Window<'_>) -> Option<Finding> {
    let file = pattern!(r"can not be found at path: ([^\n]+?\.node)").captures(window.from());
    let why = "its install script downloads it, and didn't run or failed";
    let finding = Finding::of(
        Code::NotBuilt,
        Weight::Absence,
        "the addon of @tensorflow/tfjs-node is missing",
        why,
    );
    Some(finding.package("@tensorflow/tfjs-node").found_in(file.map(|said| said[1].to_owned())))
}
