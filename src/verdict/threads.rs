//! Addons that are loaded more than once, by worker threads and Electron renderers, and functions
//! that always fail in Electron.

use semver::Version;

use super::case::{Case, Verdict};
use crate::model::problem::abi::{NoExternalBuffers, NotContextAware};
use crate::model::{Problem, RuntimeName};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(addon) = case.addon else { return };
    external_buffers(case, verdict);
    if addon.context_aware() != Some(false) {
        return;
    }
    if case.renderer {
        // Electron sets --force-context-aware for every renderer
        // (shell/renderer/electron_renderer_client.cc).
        verdict.throws(
            Some(disabled_text(case)),
            Problem::error(
                NotContextAware {},
                "not context-aware, so an Electron renderer rejects it: load it in the main \
                    process, or use a version built with Node-API",
            ),
        );
    } else if case.threads {
        // The constructor runs once per process, so the second load finds no registration.
        verdict.throws(
            Some(super::registration::not_self_registered(case)),
            Problem::error(
                NotContextAware {},
                "not context-aware: it can be loaded once per process, so it fails in worker \
                    threads after the main thread has loaded it",
            ),
        );
    } else {
        verdict.warns(Problem::warning(
            NotContextAware {},
            "not context-aware: it can be loaded once per process, so not in worker threads, nor \
                in an Electron renderer",
        ));
    }
}

/// Functions that create a buffer on the addon's own memory.
const EXTERNAL: [&[u8]; 2] = [b"napi_create_external_arraybuffer", b"napi_create_external_buffer"];
/// The first Electron whose V8 has a memory cage: it rejects buffers on memory outside of the cage.
const FIRST_WITH_CAGE: u64 = 21;

/// Electron exports these functions, but they always fail. Loading doesn't show that.
fn external_buffers(case: &Case<'_>, verdict: &mut Verdict) {
    let has_cage = case.runtime.kind == RuntimeName::Electron
        && case.runtime.version.as_ref().is_none_or(|version| version.major >= FIRST_WITH_CAGE);
    let (true, Some(image)) = (has_cage, case.image) else { return };
    // An addon that imports a copying function too can copy if the call fails.
    if image.symbols.imports().any(|import| matches!(import.name, b"napi_create_buffer_copy")) {
        return;
    }
    let used: Vec<String> = image
        .symbols
        .imports()
        .filter(|import| EXTERNAL.contains(&import.name))
        .map(|import| String::from_utf8_lossy(import.name).into_owned())
        .collect();
    if let Some(first) = used.first() {
        let message = format!(
            "calls {first}, which always fails in Electron 21 and newer: the part that calls it \
                won't work unless it falls back to copying"
        );
        verdict.warns(Problem::warning(NoExternalBuffers { symbols: used }, message));
    }
}

fn disabled_text(case: &Case<'_>) -> String {
    let modern = case.runtime.node.as_ref().is_none_or(|node| match node.major {
        16 => true,
        18 => *node >= Version::new(18, 1, 0),
        major => major > 18,
    });
    let noun = if modern { "addons" } else { "modules" };
    format!("Loading non context-aware native {noun} has been disabled")
}
