//! Errors of runtimes other than Node.js, and of addons in a runtime without Node-API.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::owner::requirer;
use super::text::Window;
use crate::model::{Code, ErrorCode, RuntimeName};

pub(super) const KNOWN: &[Known] = &[
    Known {
        anchor: "To load Node-API modules, use require() or process.dlopen instead of import",
        read: bun_import,
    },
    Known { anchor: "Must load N-API bindings", read: napi_sys },
];

fn bun_import(window: &Window<'_>) -> Option<Finding> {
    let why = "Bun loads Node-API addons with require() and process.dlopen only";
    let finding = Finding::error(
        ErrorCode::EsmImport,
        Weight::Refusal,
        "a .node file was loaded with import, which Bun doesn't support",
        why,
    );
    let how = "Load it with require(), or with createRequire(import.meta.url) from node:module";
    Some(finding.advice(how).only_in(RuntimeName::Bun).in_package(requirer(window)))
}

/// The crate napi-sys, which looks up the Node-API functions in the running program.
fn napi_sys(window: &Window<'_>) -> Option<Finding> {
    if !window.text.contains("napi-sys") {
        return None;
    }
    let why = "an addon in Rust looks up the functions of Node-API in the running program, and \
        this program doesn't export them: a Node.js that was built in another way (MSYS2), or a \
        program that embeds Node.js";
    let finding =
        Finding::refusal(Code::MissingSymbol, "the running program has no Node-API functions", why);
    Some(finding.advice("Run it with the Node.js from nodejs.org").unsure())
}
