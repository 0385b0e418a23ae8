//! The symbols that the operating system's loader finds or misses, before Node's own checks.

use super::case::{Case, Verdict};
use super::names::readable;
use super::words;
use crate::addon::is_cxx_host_symbol;
use crate::linking::Missing;
use crate::model::problem::linking::{LazyMissingSymbol, MissingSymbol};
use crate::model::problem::system::{Archs, StaticTls, WrongArch, WrongLibc};
use crate::model::{Libc, Platform, Problem};

/// Missing symbols that make loading fail.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    if let (Some(number), Some(image)) = (missing.unsupported, case.image) {
        let text = format!("Error relocating {}: unsupported relocation type {number}", case.file);
        let built_for = words::arch(image);
        let message = format!("built for {built_for}, {}", words::system(case.runtime));
        let facts =
            WrongArch { built_for: Archs(vec![built_for]), required: case.runtime.arch.clone() };
        return verdict.throws(Some(text), Problem::error(facts, message));
    }
    if let Some(name) = &missing.fixed_storage {
        let file = case.file;
        let text = format!(
            "Error relocating {file}: {name}: initial-exec TLS resolves to dynamic definition in \
                {file}"
        );
        let message = "its thread-local storage needs static TLS, which musl gives only to \
            libraries that are loaded when the process starts";
        let problem = match case.image.and_then(|image| image.libc) {
            Some(Libc::Glibc) => {
                let message =
                    format!("built for glibc, {}: {message}", words::system(case.runtime));
                let facts = WrongLibc {
                    built_for: Libc::Glibc,
                    required: Some(Libc::Musl),
                    library: None,
                    symbol: Some(name.clone()),
                };
                Problem::error(facts, message)
            }
            _ => Problem::error(
                StaticTls { bytes: None, symbol: Some(name.clone()) },
                format!("{message}: it was built with the wrong TLS model"),
            ),
        };
        return verdict.throws(Some(text), problem);
    }
    if let Some(name) = &missing.eager {
        let whose = missing
            .in_library
            .as_ref()
            .map(|library| format!(" for {library}"))
            .unwrap_or_default();
        let message = format!(
            "needs the function {}{whose}, which {}",
            readable(name),
            lacking(case, missing, name)
        );
        let facts = MissingSymbol { symbol: name.clone(), needed_by: missing.in_library.clone() };
        let version = missing
            .version
            .as_ref()
            .map(|version| format!(", version {version}"))
            .unwrap_or_default();
        let text = text(case, missing.in_library.as_deref(), name).map(|text| text + &version);
        verdict.throws(text, Problem::error(facts, message));
    } else if let Some(name) = &missing.called_by_constructor {
        let message = format!(
            "calls the function {} while it loads, which {}: the process ends",
            readable(name),
            lacking(case, missing, name)
        );
        let facts = MissingSymbol { symbol: name.clone(), needed_by: None };
        verdict.crashes(Problem::error(facts, message));
    }
}

/// The end of a message about a missing function: which runtime lacks it, and which releases have
/// it.
fn lacking(case: &Case<'_>, missing: &Missing, name: &str) -> String {
    let title = case.runtime.title();
    if let Some((_, since)) = missing.since.iter().find(|(known, _)| known == name) {
        return format!("{title} doesn't have: it exists since {since}");
    }
    let is_of_runtime = is_cxx_host_symbol(name.as_bytes())
        || ["napi_", "node_api_", "uv_"].iter().any(|start| name.starts_with(start));
    if is_of_runtime {
        format!("{title} doesn't have")
    } else {
        format!("neither {title} nor any of its libraries has")
    }
}

/// The loader's text for a missing symbol that the file or one of its libraries needs; `None` if
/// the text isn't known.
fn text(case: &Case<'_>, library: Option<&str>, name: &str) -> Option<String> {
    let file = library.unwrap_or(case.file);
    match (&case.runtime.platform, case.runtime.libc) {
        // The name isn't valid UTF-8, and Node.js prints its bytes as other characters.
        (Platform::Linux, Some(Libc::Musl)) if name.contains('\u{fffd}') => None,
        (Platform::Linux, Some(Libc::Musl)) => {
            Some(format!("Error relocating {file}: {name}: symbol not found"))
        }
        (Platform::Linux, _) => Some(format!("{file}: undefined symbol: {name}")),
        (Platform::Darwin, _) => {
            Some(format!("dlopen({file}, 0x0001): symbol not found in flat namespace '_{name}'"))
        }
        (Platform::Win32, _) => {
            Some(format!("The specified procedure could not be found.\r\n\\\\?\\{file}"))
        }
        _ => None,
    }
}

/// A missing symbol that the addon calls when Node.js initializes it, whichever of its functions
/// Node.js calls for that.
pub(super) fn initialize(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    let Some(addon) = case.addon.filter(|_| !missing.slots.is_empty()) else { return };
    let is_called = |slots: &[u64]| {
        let name = |slot: &u64| missing.slots.iter().find(|(known, _)| known == slot);
        slots.iter().find_map(name).map(|(_, name)| name)
    };
    let called: Option<Vec<&String>> =
        addon.first_calls.iter().map(|slots| is_called(slots)).collect();
    if let Some(name) = called.as_ref().and_then(|all| all.first()) {
        let message = format!(
            "calls the function {} when it is initialized, which {}: the process ends",
            readable(name),
            lacking(case, missing, name)
        );
        let facts = MissingSymbol { symbol: (*name).clone(), needed_by: None };
        verdict.crashes(Problem::error(facts, message));
    }
}

/// Missing symbols that fail only when they are called.
pub(super) fn warn(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    // Missing V8 functions come first, because they show that the file was built for another V8.
    let is_cxx = |name: &&String| is_cxx_host_symbol(name.as_bytes());
    let of_v8 = missing.lazy.iter().find(is_cxx);
    let Some(first) = of_v8.or(missing.lazy.first()) else { return };
    let others = match missing.lazy.len() - 1 {
        0 => String::new(),
        1 => " (and 1 other function)".to_owned(),
        more => format!(" (and {more} other functions)"),
    };
    let message = format!(
        "calls {}{others}, which {}: the process ends when it does",
        readable(first),
        lacking(case, missing, first)
    );
    // Also a warning for missing V8 functions: addons that Node.js doesn't check often compare the
    // version themselves before they call them (lmdb does).
    let facts = LazyMissingSymbol { symbols: missing.lazy.clone() };
    verdict.warns(Problem::warning(facts, message));
}
