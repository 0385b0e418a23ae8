//! What a binary is as an addon.

use super::node_api::{Computed, Declared};

/// Through which interface an addon registers.
use crate::model::AddonApi;

/// A binary, seen as a Node addon. Facts only; what a runtime makes of them is the verdict's
/// business.
#[derive(Clone, Debug, Default)]
pub struct Addon {
    /// Its constructor calls `node_module_register`.
    pub imports_node_register: bool,
    /// Its constructor calls `napi_module_register`.
    pub imports_napi_register: bool,
    /// Static `node_module` structs, for `node_module_register`: the last one handed over, or all
    /// where the order isn't known.
    pub modules: Vec<ModuleStruct>,
    /// Number of such structs in the file.
    pub module_count: usize,
    /// There is a static `napi_module` struct, for `napi_module_register`.
    pub has_napi_struct: bool,
    /// N of every exported `node_register_module_vN`, ascending.
    pub symbol_versions: Vec<i32>,
    /// It exports `napi_register_module_v1`.
    pub has_napi_symbol: bool,
    /// What `node_api_module_get_api_version_v1` returns.
    pub declared: Declared,
    /// The Node-API version that the imported functions need.
    pub computed: Option<Computed>,
    /// Structs of Node 0.10, each under the exported name `<name>_module`.
    pub legacy: Vec<LegacyModule>,
    /// It imports V8 or Node C++ symbols.
    pub uses_v8: bool,
}

impl Addon {
    /// Through which interface it registers. Where a constructor registers for V8, that is what
    /// Node looks at, whatever else is exported.
    #[must_use]
    pub fn api(&self) -> AddonApi {
        let by_node_api = self.has_napi_symbol || self.imports_napi_register;
        if self.imports_node_register {
            AddonApi::V8
        } else if by_node_api {
            if self.uses_v8 || !self.symbol_versions.is_empty() {
                AddonApi::Hybrid
            } else {
                AddonApi::NodeApi
            }
        } else if !self.symbol_versions.is_empty() || !self.legacy.is_empty() {
            AddonApi::V8
        } else {
            AddonApi::None
        }
    }

    /// The `NODE_MODULE_VERSION`s it says it was built for, the one Node compares first: the
    /// struct's, then exported symbols'.
    #[must_use]
    pub fn abis(&self) -> Vec<i32> {
        let mut abis: Vec<i32> = self.modules.iter().map(|module| module.version).collect();
        abis.extend(self.symbol_versions.iter().rev());
        abis.extend(self.legacy.iter().map(|module| module.version));
        let mut seen = Vec::new();
        abis.retain(|abi| {
            !seen.contains(abi) && {
                seen.push(*abi);
                true
            }
        });
        abis
    }

    /// Adds what a library that is loaded along with the addon registers: its constructors run too,
    /// and Node's look-ups by name go through it as well.
    pub fn add_library(&mut self, library: Addon) {
        self.imports_node_register |= library.imports_node_register;
        self.imports_napi_register |= library.imports_napi_register;
        self.modules.extend(library.modules);
        self.module_count += library.module_count;
        self.has_napi_struct |= library.has_napi_struct;
        self.symbol_versions.extend(library.symbol_versions);
        self.has_napi_symbol |= library.has_napi_symbol;
        if self.declared == Declared::Absent {
            self.declared = library.declared;
        }
        self.legacy.extend(library.legacy);
    }

    /// Whether it can be loaded more than once per process; `None` where that can't be told.
    #[must_use]
    pub fn context_aware(&self) -> Option<bool> {
        if self.imports_node_register {
            let first = self.modules.first()?.function;
            let uniform = self.modules.iter().all(|module| module.function == first);
            return uniform.then_some(first == RegisterFunction::ContextAware);
        }
        match self.api() {
            AddonApi::None => None,
            AddonApi::V8 if self.symbol_versions.is_empty() => Some(false),
            _ => Some(true),
        }
    }
}

/// A static `node::node_module`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleStruct {
    /// Where it lies.
    pub address: u64,
    /// `nm_modname`.
    pub name: String,
    /// `nm_version`: the `NODE_MODULE_VERSION` it was compiled with, or −1 for any.
    pub version: i32,
    /// `nm_flags`; bit 0 (`NM_F_BUILTIN`) makes Node abort.
    pub flags: u32,
    /// Which of the two register functions is set.
    pub function: RegisterFunction,
}

/// Which function a `node_module` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterFunction {
    /// `nm_register_func`: once per process.
    Plain,
    /// `nm_context_register_func`: any number of times.
    ContextAware,
    /// None: Node refuses it with "no declared entry point".
    Missing,
}

/// A `node_module_struct` of Node 0.10 and earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyModule {
    /// The exported name without `_module`; Node 0.10 asks for the file's base name.
    pub name: String,
    /// `version`.
    pub version: i32,
}
