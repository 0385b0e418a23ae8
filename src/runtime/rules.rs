//! How `process.dlopen` decides, by release. Every line was measured with real binaries or read in
//! src/node_binding.cc.

use semver::Version;

use super::facts::Runtime;
use crate::model::RuntimeName;

/// The parts of the decision in which releases differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoaderRules {
    /// It looks for the data symbol `<file name>_module` and knows no `node_module_register` (up to
    /// Node 0.11.10).
    pub legacy_symbol: bool,
    /// It has Node-API: `napi_module_register` exists, and an ABI of −1 is accepted.
    pub node_api: bool,
    /// It looks for `node_register_module_vN` (since Node 10).
    pub well_known_symbols: bool,
    /// It looks for `napi_register_module_v1` (since Node 10.1).
    pub node_api_symbol: bool,
    /// A module that marks itself as built in makes it abort (since Node 12; before, it went into a
    /// list of its own and wasn't found).
    pub builtin_flag_aborts: bool,
    /// Registering twice in one load makes it abort (Node 0.12; later the last one counts).
    pub second_registration_aborts: bool,
    /// It asks `node_api_module_get_api_version_v1`, and dies when the answer is too high
    /// (nodejs/node#57233).
    pub asks_declared_version: bool,
    /// It makes the text of an error a string byte by byte, so that letters other than ASCII are
    /// two or more (nodejs/node#55024).
    pub errors_are_latin1: bool,
}

/// Node releases in which one of the rules changes that decide whether an addon loads; a line that
/// contains one isn't uniform.
pub(super) const CHANGES: [Version; 6] = [
    Version::new(0, 11, 11),
    Version::new(8, 0, 0),
    Version::new(10, 0, 0),
    Version::new(10, 1, 0),
    Version::new(18, 17, 0),
    Version::new(20, 2, 0),
];

impl Runtime {
    /// How its loader decides.
    #[must_use]
    pub fn rules(&self) -> LoaderRules {
        LoaderRules::of(self)
    }
}

impl LoaderRules {
    /// The rules of a runtime. Bun and Deno have loaders of their own; these fields then say what
    /// they have in common with Node's.
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
        // Without a version only the ABI is known. It grows with Node's releases within a few of
        // them, well enough to tell the old rules from today's.
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
            // Node 8.0 to 8.5 have it behind a flag only, and the table says so.
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
