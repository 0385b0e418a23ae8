//! The facts of a binary as a Node addon.

use super::node_api::{Computed, Declared};

/// The interface through which an addon registers.
use crate::model::AddonApi;

/// A binary, seen as a Node addon. It has facts only; the verdict decides what a runtime does with
/// them.
#[derive(Clone, Debug, Default)]
pub struct Addon {
    /// True if its constructor calls `node_module_register`.
    pub imports_node_register: bool,
    /// True if its constructor calls `napi_module_register`.
    pub imports_napi_register: bool,
    /// Static `node_module` structs, for `node_module_register`: the last registered one, or all if
    /// the order isn't known.
    pub modules: Vec<ModuleStruct>,
    /// Number of such structs in the file.
    pub module_count: usize,
    /// True if there is a static `napi_module` struct, for `napi_module_register`.
    pub has_napi_struct: bool,
    /// N of every exported `node_register_module_vN`, ascending.
    pub symbol_versions: Vec<i32>,
    /// True if it exports `napi_register_module_v1`.
    pub has_napi_symbol: bool,
    /// The result of `node_api_module_get_api_version_v1`.
    pub declared: Declared,
    /// The Node-API version that the imported functions need.
    pub computed: Option<Computed>,
    /// Structs of Node 0.10, each under the exported name `<name>_module`.
    pub legacy: Vec<LegacyModule>,
    /// True if it imports V8 or Node C++ symbols.
    pub uses_v8: bool,
    /// For each function with which it may initialize itself: the GOT slots of the first calls into
    /// other objects. Known for ELF for x64 only.
    pub first_calls: Vec<Vec<u64>>,
    /// True if it registers in no known way, but has the name of a registration function in its
    /// data.
    pub names_registration: bool,
    /// True if its symbols show a `node::ObjectWrap` with cleanup hooks. False doesn't prove that
    /// there are none: a file with hidden visibility doesn't show them, nor does a DLL.
    pub object_wrap_hooks: bool,
}

impl Addon {
    /// The interface through which it registers. If a constructor registers for V8, Node uses that,
    /// whatever else is exported.
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

    /// The `NODE_MODULE_VERSION`s in the file, the one that Node compares first at the beginning:
    /// the struct's, then those of exported symbols.
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

    /// Adds the registrations of a library that is loaded with the addon: its constructors run too,
    /// and Node's look-ups by name search it too.
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
        // The slots would be those of the library.
        self.first_calls.clear();
        self.names_registration |= library.names_registration;
        self.object_wrap_hooks |= library.object_wrap_hooks;
    }

    /// True if it can be loaded more than once per process; `None` if that isn't known.
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
    /// Virtual address of the struct.
    pub address: u64,
    /// `nm_modname`.
    pub name: String,
    /// `nm_version`: the `NODE_MODULE_VERSION` it was compiled with, or −1 for any.
    pub version: i32,
    /// `nm_flags`; bit 0 (`NM_F_BUILTIN`) makes Node abort.
    pub flags: u32,
    /// Which of its two register functions is set.
    pub function: RegisterFunction,
}

/// The function in a `node_module`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterFunction {
    /// `nm_register_func`: it can be loaded once per process.
    Plain,
    /// `nm_context_register_func`: it can be loaded any number of times.
    ContextAware,
    /// None: Node rejects it with "no declared entry point".
    Missing,
}

/// A `node_module_struct` of Node 0.10 and earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyModule {
    /// The exported name without `_module`; Node 0.10 looks up the file's base name.
    pub name: String,
    /// `version`.
    pub version: i32,
}
