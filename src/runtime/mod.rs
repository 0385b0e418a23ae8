//! [`Runtime`]: the program that would load an addon, in one release, on one system.

pub mod distributions;
mod executable;
pub mod exports;
mod facts;
mod fields;
mod host;
pub mod images;
mod lines;
mod names;
mod newer;
pub mod registry;
mod rules;
mod spec;
mod suggest;
#[cfg(test)]
mod suggest_tests;

use crate::model::RuntimeName;
pub use facts::Runtime;
#[cfg(test)]
pub use facts::test_host;
pub use fields::{RuntimeSpec, SpecError};
pub use host::{HostFacts, host};
pub use lines::line_of_codename;
pub use newer::is_newer;
pub use rules::LoaderRules;
pub use spec::resolve;

/// The releases of Node.js to which `host` can be upgraded: the newest release of its own line, of
/// each later line with long-term support, and of the newest line. For another runtime, the newest
/// release of each later line.
#[must_use]
pub fn followers(host: &Runtime) -> Vec<Runtime> {
    let own = host.version.as_ref().map_or(0, |version| version.major);
    let last = registry::newest(host.kind, None, None).map_or(own, |version| version.major);
    // Even-numbered lines of Node.js get long-term support; the lines of other runtimes don't
    // differ in that.
    let is_followed =
        |major: &u64| host.kind != RuntimeName::Node || major.is_multiple_of(2) || *major == last;
    let later = (own + 1..=last)
        .filter(is_followed)
        .filter_map(|major| registry::newest(host.kind, Some(major), None));
    let later = later.map(|version| {
        let runtime = host.at(&registry::release(host.kind, &version));
        Runtime { is_host: false, exec_path: None, ..runtime }
    });
    std::iter::once(host.clone()).chain(later).collect()
}
