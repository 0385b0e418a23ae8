//! Addons that load, but abort when an object of theirs is collected: those with cleanup hooks in
//! `node::ObjectWrap`.

use semver::Version;

use super::case::{Case, Verdict};
use crate::model::problem::abi::ObjectWrapHooks;
use crate::model::problem::file::Subject;
use crate::model::{Problem, RuntimeName};

/// For each line of Node.js that aborts: its first release that doesn't. The destructor of an
/// object calls `node::RemoveEnvironmentCleanupHook`. Before these releases, that function asks the
/// current context for its environment and aborts without one (src/api/hooks.cc), and a garbage
/// collection that starts in compiled code has none. Sources: nodejs/node#65446 (24),
/// nodejs/node#65262 (26), electron/electron#53387. `npm run object-wrap` compares each release
/// with a real process. Node.js 24.22.0 isn't on npm, so that 24.22.1 was measured instead.
///
/// Lines whose headers never had these hooks (22, 23, 25) are not here: an addon with hooks is for
/// another ABI.
const FIXED: [Version; 2] = [Version::new(24, 22, 0), Version::new(26, 4, 0)];

/// The first release of the line that doesn't abort; `None` if `node` doesn't abort.
fn fixed_in(node: &Version) -> Option<Version> {
    FIXED.into_iter().find(|fixed| fixed.major == node.major && node < fixed)
}

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let runtime = case.runtime;
    // Bun has no V8, and Deno rejects addons that use V8.
    let is_node =
        matches!(runtime.kind, RuntimeName::Node | RuntimeName::Electron | RuntimeName::Nw);
    if verdict.decided() || !is_node || !case.addon.is_some_and(|addon| addon.object_wrap_hooks) {
        return;
    }
    let hooks = "was compiled with cleanup hooks in node::ObjectWrap";
    let title = runtime.title();
    let Some(node) = &runtime.node else {
        let what = match runtime.version {
            Some(_) => format!("which release of Node.js {title} contains"),
            None => format!("which release of {title} is meant"),
        };
        let message =
            format!("{hooks}, with which some releases abort; abi-guard can't tell {what}");
        return verdict.undetermined(Subject::Target, message);
    };
    let Some(fixed) = fixed_in(node) else { return };
    let newer = format!("Node.js {}.{} or newer", fixed.major, fixed.minor);
    let (runs, remedy) = match runtime.kind {
        RuntimeName::Node => (title, newer),
        kind => (
            format!("{title} (with Node.js {node})"),
            format!("a release of {} with {newer}", kind.title()),
        ),
    };
    let message = format!(
        "{hooks}: {runs} loads it, but aborts when it collects an object of the addon; use \
            {remedy}, or a version of the package that is built with Node-API"
    );
    let facts = ObjectWrapHooks { node: node.to_string(), fixed_in: fixed.to_string() };
    verdict.warns(Problem::error(facts, message));
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{FIXED, fixed_in};
    use crate::runtime::{RuntimeSpec, resolve, test_host};

    /// Every measured release, and those next to a bound.
    #[test]
    fn only_releases_before_the_fix_of_their_line_abort() {
        for (node, expected) in [
            ("22.23.5", None),
            ("23.11.1", None),
            ("24.0.0", Some("24.22.0")),
            ("24.15.0", Some("24.22.0")),
            ("24.18.1", Some("24.22.0")),
            ("24.19.0", Some("24.22.0")),
            ("24.21.0", Some("24.22.0")),
            ("24.22.0", None),
            ("24.22.1", None),
            ("24.22.3", None),
            ("25.9.0", None),
            ("26.0.0", Some("26.4.0")),
            ("26.3.1", Some("26.4.0")),
            ("26.4.0", None),
            ("26.12.1", None),
            ("27.0.0", None),
        ] {
            let fixed = fixed_in(&node.parse().expect("a version"));
            assert_eq!(fixed.map(|fixed| fixed.to_string()).as_deref(), expected, "{node}");
        }
    }

    /// Otherwise a partial version would hide that its releases differ.
    #[test]
    fn a_partial_version_is_judged_for_releases_on_both_sides_of_the_fix() {
        for fixed in FIXED {
            let spec = RuntimeSpec::Text(format!("node@{}", fixed.major));
            let runtime = resolve(Some(&spec), &test_host()).expect("a runtime");
            let abort = |version: &Option<Version>| version.as_ref().and_then(fixed_in).is_some();
            assert!(!abort(&runtime.node), "the newest release lives");
            assert!(runtime.alternatives.iter().any(|other| abort(&other.node)));
            assert!(runtime.alternatives.iter().any(|other| !abort(&other.node)));
        }
    }
}
