//! Errors of runtimes themselves: Node.js of every version, Electron, Bun, Deno.

use semver::Version;

use super::finding::{Finding, Weight};
use super::known::Known;
use super::paths::{package_of, path_at_end, path_at_start, plain};
use super::text::{Window, pattern};
use crate::model::{Code, ErrorCode, RuntimeName};
use crate::runtime::registry;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "was compiled against a different Node.js", read: compiled_against },
    Known { anchor: "NODE_MODULE_VERSION ", read: numbers_alone },
    Known { anchor: "Module version mismatch. Expected ", read: version_mismatch },
    Known { anchor: "Module did not self-register", read: not_self_registered },
    Known { anchor: "Loading non context-aware native", read: not_context_aware },
    Known {
        anchor: "Loading non-context aware native module in renderer",
        read: not_context_aware,
    },
    Known {
        anchor: "Loading non-context-aware native module in renderer",
        read: not_context_aware,
    },
    Known {
        anchor: "Cannot load native addon because loading addons is disabled",
        read: addons_disabled,
    },
    Known { anchor: "Module has no declared entry point", read: no_entry_point },
    Known { anchor: "Unknown file extension \".node\"", read: imported },
    Known { anchor: "_module not found.", read: legacy_symbol },
    Known { anchor: "Assertion failed: (env) != nullptr", read: object_wrap },
    Known { anchor: "Assertion `(env) != nullptr' failed", read: object_wrap },
    Known {
        anchor: "symbol 'napi_register_module_v1' not found in native module",
        read: bun_knows_no_v8,
    },
    Known { anchor: "is not yet supported in Bun", read: refused_by_bun },
    Known {
        anchor: "it was built against the legacy Node.js native addon API",
        read: deno_knows_no_v8,
    },
    Known { anchor: "Unable to find register Node-API module at ", read: deno_finds_no_entry },
    Known { anchor: "Requires ffi access to ", read: deno_ffi },
];

/// "Node.js 18 (ABI 108)"
fn release(abi: i32) -> String {
    let names = u32::try_from(abi).map(registry::runtimes_with_abi).unwrap_or_default();
    match names.as_slice() {
        [] => format!("ABI {abi}, which no known release has"),
        [one] => format!("{one} (ABI {abi})"),
        [one, other] => format!("{one} or {other} (ABI {abi})"),
        [one, ..] => format!("{one} and others (ABI {abi})"),
    }
}

/// The ABI of a release, with the number that error texts have.
pub(super) fn abi_of(kind: RuntimeName, version: &Version) -> Option<i32> {
    registry::release(kind, version).abi.and_then(|abi| i32::try_from(abi).ok())
}

/// A file for one ABI in a runtime with another.
pub(super) fn mismatch(built: i32, needed: i32) -> Finding {
    let (from, to) = (release(built), release(needed));
    let of = |abi: i32| registry::name_of_abi(abi).unwrap_or_default();
    let (is_electron_built, is_electron_needed) =
        (of(built).starts_with("Electron"), of(needed).starts_with("Electron"));
    let is_known =
        registry::name_of_abi(built).is_some() && registry::name_of_abi(needed).is_some();
    let why = match (is_electron_built, is_electron_needed) {
        // Unknown numbers don't show which release is newer.
        _ if !is_known => "it was built for another release than the one that runs it".to_owned(),
        (false, true) => {
            "it was built for Node.js, but Electron runs it: Electron needs a build of its own"
                .to_owned()
        }
        (true, false) => {
            "it was built for Electron, but Node.js runs it: a rebuild for Electron replaces the \
                file that Node.js used before"
                .to_owned()
        }
        (both, _) => {
            let title = if both { "Electron" } else { "Node.js" };
            let (change, age) =
                if built < needed { ("upgraded", "newer") } else { ("downgraded", "older") };
            format!(
                "{title} was {change} after it was installed, or a release that is {age} than the \
                    one that installed it runs it"
            )
        }
    };
    Finding {
        abis: Some((built, needed)),
        ..Finding::refusal(Code::AbiMismatch, format!("built for {from}, run by {to}"), why)
    }
}

fn compiled_against(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^was compiled against a different Node\.js<ws>(?:ABI )?version<ws>using<ws>",
        r"\s*NODE_MODULE_VERSION<ws>(-?\d{1,9})\.\s+?This<ws>version<ws>of<ws>",
        r"(Node\.js|Bun|Electron)(?:<ws>)?\s*requires<ws>",
        r"\s*NODE_MODULE_VERSION<ws>(-?\d{1,9})"
    )
    .captures(window.from())?;
    let finding = mismatch(said[1].parse().ok()?, said[3].parse().ok()?);
    let named = pattern!(r"The module '([^\n]+)'(?:<nl>| )\s*$").captures(window.all_before());
    // A terminal may wrap the path.
    let wrapped = || {
        pattern!(r"The module '([^\n']+)\n([^\n'\s]+\.node)'(?:<nl>| )\s*$")
            .captures(window.all_before())
            .map(|parts| format!("{}{}", &parts[1], &parts[2]))
    };
    Some(match named.map(|named| named[1].to_owned()).or_else(wrapped) {
        // Bun prints the name of the module, not its file.
        Some(name) if &said[2] == "Bun" => finding.package(name),
        Some(file) => finding.file(plain(&file)),
        None => finding,
    })
}

/// Only the last line of the same text, or a rewritten form: "NODE_MODULE_VERSION 115 … requires
/// 127".
fn numbers_alone(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(
        r"^(\d{1,9})(?:\. This version of (?:Node\.js|Bun|Electron)(?:<nl>| )requires",
        r"(?:<nl>| )\s*NODE_MODULE_VERSION | ?(?:…|\.\.\.|,) ?requires ",
        r"(?:NODE_MODULE_VERSION )?)(\d{1,9})"
    )
    .captures(window.after())?;
    // The whole text is recognized by its first line.
    if window
        .all_before()
        .lines()
        .rev()
        .take(2)
        .any(|line| line.contains("was compiled against a different Node.js"))
    {
        return None;
    }
    Some(mismatch(said[1].parse().ok()?, said[2].parse().ok()?))
}

/// Before Node.js 7.
fn version_mismatch(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"^(\d{1,9}), got (\d{1,9})\.").captures(window.after())?;
    Some(mismatch(said[2].parse().ok()?, said[1].parse().ok()?))
}

/// Names in the stack of a worker thread: Node.js itself, and test runners that use worker threads.
const WORKERS: [&str; 7] = [
    "internal/worker",
    "[kOnErrorMessage]",
    "internal/main/worker_thread",
    "tinypool",
    "piscina",
    "worker-thread-runner",
    "jest-worker/build/workers/threadChild",
];

fn not_self_registered(window: &Window<'_>) -> Option<Finding> {
    // Prose mentions it without the characters that Node.js prints after it.
    if !window.after().starts_with('.') && !window.after().starts_with(": '") {
        return None;
    }
    let named = pattern!(r"^: '([^\n]+?\.\w{1,10})'")
        .captures(window.after())
        .map(|named| plain(&named[1]));
    // The stack shows that a worker thread printed it.
    if WORKERS.iter().any(|mark| window.after().contains(mark)) {
        let why = "it can be loaded once per process, but a worker thread loads it again; or it \
            was built for another ABI";
        let finding = Finding::refusal(
            Code::NotContextAware,
            "the addon can't be loaded in a worker thread",
            why,
        );
        let advice = match window.text.contains("tinypool") || window.text.contains("vitest") {
            true => {
                "Run the tests in processes instead of threads (pool: 'forks' in Vitest), or use a \
                    version of the package that is context-aware"
            }
            false => {
                "Use a version of the package that is context-aware (built with Node-API, or \
                    NODE_MODULE_INIT), or load it in the main thread only"
            }
        };
        return Some(finding.advice(advice).found_in(named).unsure());
    }
    let why = "it registers for another ABI only; or it can be loaded once per process and was \
        loaded again, in a worker thread or after the module cache was cleared; or it is a library \
        and not an addon";
    let finding = Finding::refusal(
        Code::SelfRegisterMismatch,
        "the file did not register as an addon for this runtime",
        why,
    )
    .unsure();
    Some(finding.found_in(named))
}

fn not_context_aware(window: &Window<'_>) -> Option<Finding> {
    let in_renderer = window.line().contains("renderer");
    let (place, why) = if in_renderer {
        (
            "an Electron renderer",
            "Electron loads only addons there that can be loaded more than once per process",
        )
    } else {
        (
            "this process",
            "--force-context-aware rejects every addon that can be loaded once per process only",
        )
    };
    let summary = format!(
        "the addon isn't context-aware, and {place} loads context-aware addons \
        only"
    );
    let finding = Finding::refusal(Code::NotContextAware, summary, why).advice(
        "Use a version of the package that is context-aware (built \
         with Node-API, or NODE_MODULE_INIT), or load it in the main process",
    );
    let named = pattern!(r"^[^'\n]{0,40}'([^'\n]+)'").captures(window.after());
    Some(finding.found_in(named.map(|named| plain(&named[1]))))
}

fn addons_disabled(_: &Window<'_>) -> Option<Finding> {
    let why = "--no-addons forbids it, or --permission without --allow-addons; the file itself may \
        be valid";
    let finding = Finding::error(
        ErrorCode::AddonsDisabled,
        Weight::Refusal,
        "native addons are disabled in this process",
        why,
    );
    Some(finding.advice(
        "Start it with --allow-addons in addition to --permission, or without \
        --no-addons",
    ))
}

fn no_entry_point(_: &Window<'_>) -> Option<Finding> {
    let why = "it registers as an addon, but names no function that initializes it";
    Some(Finding::refusal(Code::NotAnAddon, "the addon has no entry point", why))
}

fn imported(window: &Window<'_>) -> Option<Finding> {
    let finding = Finding::error(
        ErrorCode::EsmImport,
        Weight::Refusal,
        "a .node file was loaded with import, which loads JavaScript only",
        "native addons are loaded with require(); import loads them since Node.js 24, with \
            --experimental-addon-modules",
    )
    .advice("Load it with createRequire(import.meta.url)('./x.node') from node:module");
    Some(finding.found_in(window.after().strip_prefix(" for ").and_then(path_at_start)))
}

/// Node.js 0.10.
fn legacy_symbol(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"Symbol (\w{1,200})$").captures(window.before())?;
    let why =
        "this old Node.js looks for a symbol named after the file, and newer addons don't have one";
    Some(Finding::refusal(
        Code::NotAnAddon,
        format!("{} isn't an addon for this old Node.js", &said[1]),
        why,
    ))
}

/// src/api/hooks.cc: an object of the class node::ObjectWrap removes its cleanup hook while no
/// JavaScript runs. Node.js prints the function above the assertion, and a stack below it.
fn object_wrap(window: &Window<'_>) -> Option<Finding> {
    let above: Vec<&str> = window.all_before().lines().rev().take(3).collect();
    let below: Vec<&str> = window.after().lines().take(16).collect();
    let near = || above.iter().chain(&below);
    // The same assertion is in other functions of Node.js.
    let is_hook = near().any(|line| line.contains("EnvironmentCleanupHook"));
    let is_other = near().any(|line| line.contains("../src/") && !line.contains("hooks.cc"));
    if is_other && !is_hook {
        return None;
    }
    let addon = below.iter().find_map(|line| {
        let said = pattern!(r"\[([^\]\n]+\.node)\]").captures(line)?;
        Some(said[1].to_owned())
    });
    let why = "its objects derive from node::ObjectWrap, which removes a cleanup hook when an \
        object is collected; Node.js 24 before 24.22, and 26 before 26.4, abort if no JavaScript \
        runs at that moment";
    let finding = Finding::refusal(
        Code::ObjectWrapHooks,
        "an addon's object was collected outside of its environment, which aborts the process",
        why,
    );
    let how = "Use Node.js 24.22 or 26.4 or newer, and a newer version of the package (built with \
        Node-API, or without node::ObjectWrap)";
    let finding = finding.advice(how).found_in(addon);
    Some(if is_hook { finding } else { finding.unsure() })
}

fn bun_knows_no_v8(_: &Window<'_>) -> Option<Finding> {
    let why = "it registers in a way that Bun doesn't support: by a V8 symbol only, or not at all";
    let finding = Finding::refusal(
        Code::UnsupportedAddonApi,
        "the addon has no Node-API entry point, which Bun requires",
        why,
    );
    let finding = finding
        .advice("Use a version of the package that is built with Node-API, or run it with Node.js");
    Some(finding.only_in(RuntimeName::Bun))
}

fn refused_by_bun(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"'(@?[\w./-]{1,200})'\s*$").captures(window.before())?;
    let why = "Bun lists it among the packages that it doesn't load";
    let finding = Finding::refusal(
        Code::UnsupportedAddonApi,
        format!("Bun rejects {} by name", &said[1]),
        why,
    );
    let finding = if &said[1] == "better-sqlite3" {
        finding.advice("Use bun:sqlite, or run it with Node.js")
    } else {
        finding.advice("Run it with Node.js, or use another package")
    };
    Some(finding.only_in(RuntimeName::Bun).package(&said[1]))
}

/// Errors of Deno, and of its loader in releases that didn't check before loading.
pub(super) fn uses_v8_in_deno() -> Finding {
    let why = "Deno loads Node-API addons only";
    let finding = Finding::refusal(
        Code::UnsupportedAddonApi,
        "the addon uses V8's interface, which Deno doesn't support",
        why,
    );
    finding
        .only_in(RuntimeName::Deno)
        .advice("Use a version of the package that is built with Node-API, or run it with Node.js")
}

fn deno_knows_no_v8(window: &Window<'_>) -> Option<Finding> {
    Some(
        uses_v8_in_deno()
            .found_in(window.before().trim_end().strip_suffix(':').and_then(path_at_end)),
    )
}

fn deno_finds_no_entry(window: &Window<'_>) -> Option<Finding> {
    Some(Finding { certain: false, ..uses_v8_in_deno() }.file(path_at_start(window.after())?))
}

fn deno_ffi(window: &Window<'_>) -> Option<Finding> {
    let file = pattern!(r#"^"([^"\n]+)""#).captures(window.after())?[1].to_owned();
    if !file.ends_with(".node") {
        return None;
    }
    let finding = Finding::error(
        ErrorCode::AddonsDisabled,
        Weight::Refusal,
        "Deno has no permission to load native addons in this process",
        "a native addon isn't restricted by Deno's other permissions, so Deno requires a \
            permission of its own",
    );
    let package = package_of(&file).unwrap_or_else(|| "the addon".to_owned());
    Some(finding.advice(format!("Start it with --allow-ffi, if you trust {package}")).file(file))
}
