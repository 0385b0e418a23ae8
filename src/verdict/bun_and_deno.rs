//! Checks whether the addon registers in Bun and Deno, whose loaders differ from Node's.

use super::case::{Case, Verdict};
use super::mismatch::{abi_mismatch, not_an_addon, unknown_abi, unknown_module};
use super::otherwise::may_register_otherwise;
use super::words;
use crate::addon::Addon;
use crate::model::Problem;
use crate::model::problem::abi::UnsupportedAddonApi;

pub(super) fn bun(case: &Case<'_>, addon: &Addon, verdict: &mut Verdict) {
    if addon.imports_napi_register || addon.has_napi_symbol {
        return;
    }
    let abi = case.runtime.abi.and_then(|abi| i32::try_from(abi).ok());
    if !addon.imports_node_register {
        // Bun doesn't look up node_register_module_vN (oven-sh/bun#36649).
        let text = "symbol 'napi_register_module_v1' not found in native module. Is this a Node \
            API (napi) module?";
        let problem = match addon.abis().first() {
            // A newer release of Bun may look it up.
            Some(_) if abi.is_none() => return unknown_abi(case, verdict),
            Some(&version) => Problem::error(
                UnsupportedAddonApi {},
                format!(
                    "registers for {} by a symbol only, which Bun doesn't support",
                    words::built_for(version)
                ),
            ),
            None if may_register_otherwise(case, addon, verdict) => return,
            None => not_an_addon(),
        };
        return verdict.throws(Some(text.to_owned()), problem);
    }
    let Some(abi) = abi else { return unknown_abi(case, verdict) };
    match addon.modules.as_slice() {
        [] => unknown_module(verdict),
        modules if modules.iter().any(|module| module.version == abi) => {}
        [module, ..] => {
            let text = format!(
                "The module '{}' was compiled against a different Node.js ABI version using \
                    NODE_MODULE_VERSION {}. This \
                 version of Bun requires NODE_MODULE_VERSION {abi}. Please try re-compiling or \
                 re-installing the module.",
                module.name, module.version
            );
            verdict.throws(Some(text), abi_mismatch(case, module.version));
        }
    }
}

pub(super) fn deno(case: &Case<'_>, addon: &Addon, verdict: &mut Verdict) {
    let by_v8 = |text: String| {
        let problem = Problem::error(
            UnsupportedAddonApi {},
            "uses V8's interface, but Deno loads Node-API addons only: look for a version built \
                with Node-API",
        );
        (Some(text), problem)
    };
    if addon.imports_node_register {
        let (text, problem) = by_v8(format!(
            "Cannot load native addon at {}: it was built against the legacy Node.js native addon \
                API (NODE_MODULE / nan), which \
             Deno does not support. Only Node-API (N-API) addons are supported.",
            case.file
        ));
        verdict.throws(text, problem);
    } else if !addon.imports_napi_register && !addon.has_napi_symbol {
        if addon.abis().is_empty() && may_register_otherwise(case, addon, verdict) {
            return;
        }
        let text = format!("Unable to find register Node-API module at {}", case.file);
        let (text, problem) =
            if addon.abis().is_empty() { (Some(text), not_an_addon()) } else { by_v8(text) };
        verdict.throws(text, problem);
    }
}
