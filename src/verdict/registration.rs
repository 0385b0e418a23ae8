//! Checks whether the addon registers, and for this runtime: `node::binding::DLOpen`
//! (src/node_binding.cc).

use std::path::Path;

use semver::Version;

use super::bun_and_deno::{bun, deno};
use super::case::{Case, Verdict};
use super::format::problems::fatal;
use super::mismatch::{
    abi_mismatch, not_an_addon, self_register_mismatch, unknown_abi, unknown_module,
};
use super::otherwise::may_register_otherwise;
use crate::addon::{Addon, Declared, EXPERIMENTAL, ModuleStruct, RegisterFunction};
use crate::binary::ElfFacts;
use crate::model::problem::abi::{
    BuiltinFlag, NodeApiTooNew, NotAnAddon, RegistersTwice, UnsupportedAddonApi,
};
use crate::model::problem::file::Subject;
use crate::model::{AddonApi, Problem, RuntimeName};
use crate::runtime::{LoaderRules, Runtime};

/// The result of one way of registering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry<'a> {
    /// The addon registers this `node_module` struct.
    Module(&'a ModuleStruct),
    /// The addon registers a `napi_module`; Node then uses −1 as its version.
    NodeApi,
}

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(addon) = case.addon else { return };
    match case.runtime.kind {
        RuntimeName::Bun => bun(case, addon, verdict),
        RuntimeName::Deno => deno(case, addon, verdict),
        RuntimeName::Node | RuntimeName::Electron | RuntimeName::Nw => node(case, addon, verdict),
    }
}

fn node(case: &Case<'_>, addon: &Addon, verdict: &mut Verdict) {
    let rules = case.runtime.rules();
    if missing_register_function(case, addon, rules, verdict) {
        return;
    }
    if rules.legacy_symbol {
        return legacy(case, addon, verdict);
    }
    let own_symbol =
        if rules.well_known_symbols { own_symbol(addon, case.runtime) } else { Some(false) };

    if addon.module_count > 1 && rules.second_registration_aborts {
        let message = format!(
            "registers {} times, and {} aborts at the second registration: loading it kills the \
                process",
            addon.module_count,
            case.runtime.title()
        );
        return verdict
            .crashes(Problem::error(RegistersTwice { count: addon.module_count }, message));
    }
    // Before Node 12 a module with NM_F_BUILTIN was put into another list, which Node doesn't
    // search for addons.
    let is_seen = |module: &&ModuleStruct| rules.builtin_flag_aborts || !is_builtin(module);
    let mut entries: Vec<Entry<'_>> =
        addon.modules.iter().filter(is_seen).map(Entry::Module).collect();
    if addon.imports_napi_register {
        entries.push(Entry::NodeApi);
    }
    if entries.is_empty() && (!addon.imports_node_register || !addon.modules.is_empty()) {
        return by_symbol(case, addon, rules, own_symbol, verdict);
    }
    if entries.is_empty() {
        // The struct is filled in at run time. If the file exports the symbol for this ABI, Node
        // loads it whatever the struct contains.
        if own_symbol != Some(true) {
            unknown_module(verdict);
        }
        return;
    }
    // Node uses the last registration. If several are left here, abi-guard doesn't know which
    // constructor runs last.
    let decisions: Vec<Decision> =
        entries.iter().map(|entry| decide(*entry, case.runtime, rules, own_symbol)).collect();
    if decisions.contains(&Decision::Unknown) {
        return unknown_abi(case, verdict);
    }
    let same = decisions.iter().all(|decision| decision == &decisions[0]);
    let text = |text: String| same.then_some(text);
    if !same && !decisions.iter().all(|decision| matches!(decision, Decision::Mismatch(_))) {
        return verdict.unknown(
            Subject::Registration,
            "registers more than once, for different ABIs; the last one decides",
        );
    }
    match decisions[0] {
        Decision::Accepted => {}
        Decision::Mismatch(version) => {
            let said = mismatch_text(case, version).and_then(text);
            verdict.throws(said, abi_mismatch(case, version));
        }
        Decision::NoEntryPoint => verdict.throws(
            text("Module has no declared entry point.".to_owned()),
            Problem::error(
                NotAnAddon {},
                "registers as an addon, but names no function that initializes it",
            ),
        ),
        Decision::Builtin => verdict.crashes(Problem::error(
            BuiltinFlag {},
            "marks itself as part of Node.js (NM_F_BUILTIN), which only Node.js itself may: \
                loading it kills the process",
        )),
        Decision::Unknown => unknown_abi(case, verdict),
    }
}

/// True if it exports `node_register_module_vN` for the runtime's ABI; `None` if that ABI isn't
/// known.
fn own_symbol(addon: &Addon, runtime: &Runtime) -> Option<bool> {
    let has: Vec<Option<bool>> =
        addon.symbol_versions.iter().map(|version| runtime.has_abi(*version)).collect();
    match has.contains(&Some(true)) {
        true => Some(true),
        false if has.contains(&None) => None,
        false => Some(false),
    }
}

/// Node's reaction to one registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Accepted,
    Mismatch(i32),
    NoEntryPoint,
    Builtin,
    /// The decision depends on the runtime's ABI, which isn't known.
    Unknown,
}

fn decide(
    entry: Entry<'_>,
    runtime: &Runtime,
    rules: LoaderRules,
    own_symbol: Option<bool>,
) -> Decision {
    let Entry::Module(module) = entry else { return Decision::Accepted };
    let is_node_api = module.version == -1 && rules.node_api;
    let is_own = if is_node_api { Some(true) } else { runtime.has_abi(module.version) };
    match (is_own, own_symbol) {
        (Some(true), _) => match (is_builtin(module), module.function) {
            (true, _) => Decision::Builtin,
            (false, RegisterFunction::Missing) => Decision::NoEntryPoint,
            (false, _) => Decision::Accepted,
        },
        (Some(false), Some(true)) => Decision::Accepted,
        (Some(false), Some(false)) => Decision::Mismatch(module.version),
        (None, _) | (_, None) => Decision::Unknown,
    }
}

/// True if the module has the flag `NM_F_BUILTIN`.
fn is_builtin(module: &ModuleStruct) -> bool {
    module.flags & 1 == 1
}

/// No constructor registers a module, so Node looks up well-known symbols.
fn by_symbol(
    case: &Case<'_>,
    addon: &Addon,
    rules: LoaderRules,
    own_symbol: Option<bool>,
    verdict: &mut Verdict,
) {
    if own_symbol == Some(true) {
        return;
    }
    if rules.node_api_symbol && addon.has_napi_symbol {
        return declared_version(case, addon, rules, verdict);
    }
    if own_symbol.is_none() {
        return unknown_abi(case, verdict);
    }
    if addon.api() == AddonApi::None && may_register_otherwise(case, addon, verdict) {
        return;
    }
    let problem = match addon.abis().first() {
        Some(&version) => self_register_mismatch(case, version),
        None if addon.has_napi_symbol => Problem::error(
            UnsupportedAddonApi {},
            format!("registers in a way that abi-guard doesn't know for {}", case.runtime.title()),
        ),
        None => not_an_addon(),
    };
    verdict.throws(Some(not_self_registered(case)), problem);
}

/// `node_napi_env__::New` returns no environment for a version that the runtime doesn't have, but
/// its caller uses the result without a check (nodejs/node#57233).
fn declared_version(case: &Case<'_>, addon: &Addon, rules: LoaderRules, verdict: &mut Verdict) {
    if !rules.asks_declared_version {
        return;
    }
    match (addon.declared, case.runtime.node_api) {
        // `declared` includes the libraries that the addon needs, because Node's look-up does too.
        (Declared::Absent, _) | (Declared::Version(EXPERIMENTAL), _) => {}
        (Declared::Unknown, _) => {
            verdict.unknown(
                Subject::NodeApi,
                "abi-guard can't read the Node-API version that it \
                declares",
            );
        }
        (Declared::Version(version), Some(has)) if i64::from(version) > i64::from(has) => {
            verdict.crashes(Problem::error(
                NodeApiTooNew { declared: version, supported: has },
                format!(
                    "needs Node-API version {version}, {} has {has}: loading it kills the \
                            process instead of throwing",
                    case.runtime.title()
                ),
            ));
        }
        (Declared::Version(version), None) if version > NEWEST_NODE_API => {
            verdict.unknown(
                Subject::NodeApi,
                format!(
                    "abi-guard doesn't know whether {} has Node-API version {version}",
                    case.runtime.title()
                ),
            );
        }
        (Declared::Version(_), _) => {}
    }
}

/// Every future runtime has at least this Node-API version.
const NEWEST_NODE_API: i32 = 10;

/// A constructor calls a registration function that the runtime doesn't have. That kills the
/// process, or makes loading fail if binding is eager.
fn missing_register_function(
    case: &Case<'_>,
    addon: &Addon,
    rules: LoaderRules,
    verdict: &mut Verdict,
) -> bool {
    let name = if addon.imports_node_register && rules.legacy_symbol {
        "node_module_register"
    } else if addon.imports_napi_register && !rules.node_api {
        "napi_module_register"
    } else {
        return false;
    };
    let problem = match addon.abis().first() {
        Some(&version) if name == "node_module_register" => abi_mismatch(case, version),
        _ => Problem::error(
            UnsupportedAddonApi {},
            format!("{} has no {name}", case.runtime.title()),
        ),
    };
    let eager = case.image.and_then(|image| image.elf()).is_some_and(ElfFacts::binds_now);
    if eager {
        verdict.throws(Some(format!("{}: undefined symbol: {name}", case.file)), problem);
    } else {
        verdict.crashes(fatal(problem));
    }
    true
}

/// Node 0.10 looks up a data symbol that is named after the file.
fn legacy(case: &Case<'_>, addon: &Addon, verdict: &mut Verdict) {
    let base = Path::new(case.file)
        .file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let abi = case.runtime.abi.and_then(|abi| i32::try_from(abi).ok());
    match addon.legacy.iter().find(|module| module.name == base) {
        Some(module) if Some(module.version) == abi => {}
        Some(module) => verdict.throws(
            abi.map(|abi| {
                format!("Module version mismatch. Expected {abi}, got {}.", module.version)
            }),
            abi_mismatch(case, module.version),
        ),
        None if may_register_otherwise(case, addon, verdict) => {}
        None => verdict.throws(
            Some(format!("Symbol {base}_module not found.")),
            match addon.abis().first() {
                Some(&version) => abi_mismatch(case, version),
                None => Problem::error(
                    NotAnAddon {},
                    "a library that doesn't register as an addon of this old Node.js",
                ),
            },
        ),
    }
}

/// Node's text for another ABI. `None` if the runtime's own ABI isn't known, because the text
/// contains it.
fn mismatch_text(case: &Case<'_>, version: i32) -> Option<String> {
    let abi = case.runtime.abi?;
    if before(case.runtime, 7, 0) {
        return Some(format!("Module version mismatch. Expected {abi}, got {version}."));
    }
    Some(format!(
        "The module '{}'\nwas compiled against a different Node.js version using\n\
            NODE_MODULE_VERSION {version}. This version of \
         Node.js requires\nNODE_MODULE_VERSION {abi}. Please try re-compiling or re-installing\n\
         the module (for instance, using \
         `npm rebuild` or `npm install`).",
        case.file
    ))
}

/// Node's text for a missing registration. It contains the path since Node 12.16.3 and 13.6.
pub(super) fn not_self_registered(case: &Case<'_>) -> String {
    let old = case.runtime.node.as_ref().is_some_and(|node| {
        *node < Version::new(12, 16, 3) || (node.major == 13 && node.minor < 6)
    });
    if old {
        "Module did not self-register.".to_owned()
    } else {
        format!("Module did not self-register: '{}'.", case.file)
    }
}

fn before(runtime: &Runtime, major: u64, minor: u64) -> bool {
    runtime.node.as_ref().is_some_and(|node| *node < Version::new(major, minor, 0))
}
