//! Loading more than once: worker threads and Electron renderers.

use semver::Version;

use super::{Case, Code, Problem, Verdict};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(addon) = case.addon else { return };
    if addon.context_aware() != Some(false) {
        return;
    }
    if case.renderer {
        // Electron sets --force-context-aware for every renderer (shell/renderer/electron_renderer_client.cc).
        verdict.throws(
            Some(disabled_text(case)),
            Problem::error(
                Code::NotContextAware,
                "not context-aware, so an Electron renderer refuses it: load it in the main process, or use a version built with \
                 Node-API",
            ),
        );
    } else if case.threads {
        // The constructor runs once per process, so the second load finds nothing registered.
        verdict.throws(
            Some(super::registration::not_self_registered(case)),
            Problem::error(
            Code::NotContextAware,
            "not context-aware: it can be loaded once per process, so it fails in worker threads after the main thread has it",
        ),
        );
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
