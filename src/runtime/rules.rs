//! The rules of `process.dlopen`, by release. Each was measured with real binaries or read in
//! src/node_binding.cc.

use semver::Version;

use super::facts::Runtime;
use crate::model::RuntimeName;

/// The rules that differ between releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoaderRules {
    /// It looks up the data symbol `<file name>_module` and has no `node_module_register` (up to
    /// Node 0.11.10).
    pub legacy_symbol: bool,
    /// It has Node-API: `napi_module_register` exists, and an ABI of −1 is accepted.
    pub node_api: bool,
    /// It looks up `node_register_module_vN` (since Node 10).
    pub well_known_symbols: bool,
    /// It looks up `napi_register_module_v1` (since Node 10.1).
    pub node_api_symbol: bool,
    /// A module with NM_F_BUILTIN makes it abort (since Node 12; before, such a module went into
    /// another list and wasn't found).
    pub builtin_flag_aborts: bool,
    /// Two registrations in one load make it abort (Node 0.12; later releases use the last one).
    pub second_registration_aborts: bool,
    /// It calls `node_api_module_get_api_version_v1`, and dies if the version is too high
    /// (nodejs/node#57233).
    pub asks_declared_version: bool,
    /// It decodes an error's text byte by byte, so characters other than ASCII become two or more
    /// (nodejs/node#55024).
    pub errors_are_latin1: bool,
}

/// Node releases that changed a rule for loading addons, or what happens to loaded ones
/// (src/verdict/object_wrap.rs). A line that contains one isn't uniform.
pub(super) const CHANGES: [Version; 8] = [
    Version::new(0, 11, 11),
    Version::new(8, 0, 0),
    Version::new(10, 0, 0),
    Version::new(10, 1, 0),
    Version::new(18, 17, 0),
    Version::new(20, 2, 0),
    Version::new(24, 22, 0),
    Version::new(26, 4, 0),
];

impl Runtime {
    /// The rules of its loader.
    #[must_use]
    pub fn rules(&self) -> LoaderRules {
        LoaderRules::of(self)
    }
}

impl LoaderRules {
    /// The rules of a runtime. Bun and Deno have their own loaders; for them the fields have the
    /// rules that they share with Node.
    #[must_use]
    pub fn of(runtime: &Runtime) -> LoaderRules {
        if matches!(runtime.kind, RuntimeName::Bun | RuntimeName::Deno) {
            return LoaderRules {
                legacy_symbol: false,
                node_api: true,
                well_known_symbols: true,
                node_api_symbol: true,
                builtin_flag_aborts: false,
                second_registration_aborts: false,
                asks_declared_version: false,
                errors_are_latin1: false,
            };
        }
        // Without a version only the ABI is known. ABIs grow with Node's releases, with few
        // exceptions, which is exact enough to distinguish old rules from current ones.
        let node = runtime.node.clone().unwrap_or_else(|| match runtime.abi {
            Some(..=11) => Version::new(0, 10, 48),
            Some(12..=56) => Version::new(6, 0, 0),
            Some(57..=63) => Version::new(8, 17, 0),
            Some(64..=107) => Version::new(16, 0, 0),
            _ => Version::new(22, 14, 0),
        });
        let since = |major, minor, patch| node >= Version::new(major, minor, patch);
        let reads_utf8 = since(22, 10, 0) || (since(20, 18, 1) && !since(21, 0, 0));
        LoaderRules {
            legacy_symbol: !since(0, 11, 11),
            // Node 8.0 to 8.5 have it only behind a flag. The table has no Node-API version for
            // them.
            node_api: runtime.node_api.is_some() || since(10, 0, 0),
            well_known_symbols: since(10, 0, 0),
            node_api_symbol: since(10, 1, 0),
            builtin_flag_aborts: since(12, 0, 0),
            second_registration_aborts: !since(4, 0, 0),
            errors_are_latin1: since(0, 12, 0) && !reads_utf8,
            asks_declared_version: (since(18, 17, 0) && !since(19, 0, 0)) || since(20, 2, 0),
        }
    }
}
