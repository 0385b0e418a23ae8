//! Builds of Node.js whose V8 compresses pointers. They have the ABI of the official builds, but V8
//! lays its objects out in another way, so code that was compiled for the official builds reads the
//! wrong memory (prebuild/node-gyp-build#87, nodejs/citgm#1110).

use super::case::{Case, Verdict};
use crate::model::problem::abi::AbiMismatch;
use crate::model::{Problem, RuntimeName};

/// An addon that uses V8, in such a build. Node.js loads it.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let runtime = case.runtime;
    let (Some(addon), Some(abi)) = (case.addon, runtime.abi) else { return };
    let uses_v8 = addon.uses_v8 || addon.imports_node_register || !addon.symbol_versions.is_empty();
    if !runtime.compresses_pointers
        || runtime.kind != RuntimeName::Node
        || !uses_v8
        || case.compiled_for_compression == Some(true)
    {
        return;
    }
    let built_for_abi = addon.abis().first().copied().or_else(|| i32::try_from(abi).ok());
    let Some(built_for_abi) = built_for_abi else { return };
    let message = format!(
        "built for Node.js without pointer compression: {} loads it, but has V8 objects of another \
            layout, so the process crashes when the addon uses them; compile it with this Node.js",
        runtime.title()
    );
    verdict.warns(Problem::error(AbiMismatch { built_for_abi, required_abi: Some(abi) }, message));
}
