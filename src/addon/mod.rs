//! [`Binary`](crate::binary) → [`Addon`]: how a binary registers with Node, and for which ABI or
//! Node-API version.

mod node_api;
mod registration;

pub use node_api::{Computed, Declared, EXPERIMENTAL};
pub use registration::{LegacyModule, ModuleStruct, RegisterFunction};

use crate::binary::Image;
use crate::files::Source;

/// Through which interface an addon registers.
pub use crate::model::AddonApi as Api;

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
    pub fn api(&self) -> Api {
        let by_node_api = self.has_napi_symbol || self.imports_napi_register;
        if self.imports_node_register {
            Api::V8
        } else if by_node_api {
            if self.uses_v8 || !self.symbol_versions.is_empty() {
                Api::Hybrid
            } else {
                Api::NodeApi
            }
        } else if !self.symbol_versions.is_empty() || !self.legacy.is_empty() {
            Api::V8
        } else {
            Api::None
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
            Api::None => None,
            Api::V8 if self.symbol_versions.is_empty() => Some(false),
            _ => Some(true),
        }
    }
}

/// Reads how `image` registers.
#[must_use]
pub fn read(image: &Image, source: &Source) -> Addon {
    let mut addon = Addon::default();
    let mut functions = Vec::new();
    for import in image.symbols.imports() {
        match import.name {
            b"node_module_register" => addon.imports_node_register = true,
            b"napi_module_register" => addon.imports_napi_register = true,
            name if is_cxx_host_symbol(name) => addon.uses_v8 = true,
            _ => {}
        }
        if import.name.starts_with(b"napi_") || import.name.starts_with(b"node_api_") {
            functions.push(import.name);
        }
    }
    addon.computed = node_api::computed(functions.into_iter());
    registration::read(&mut addon, image, source);
    addon
}

/// True for symbols of the `v8` and `node` C++ namespaces, mangled the Itanium way (`_ZN2v8…`,
/// `_ZNK4node…`, `_ZTVN2v8…`) or the MSVC way (`?New@Object@v8@@…`).
#[must_use]
pub fn is_cxx_host_symbol(name: &[u8]) -> bool {
    if let Some(rest) = name.strip_prefix(b"_Z").or_else(|| name.strip_prefix(b"__Z")) {
        let rest = ["TVN", "TIN", "TSN", "TTN", "NK", "N"]
            .iter()
            .find_map(|prefix| rest.strip_prefix(prefix.as_bytes()))
            .unwrap_or_default();
        return rest.starts_with(b"2v8") || rest.starts_with(b"4node");
    }
    name.first() == Some(&b'?')
        && (memchr::memmem::find(name, b"@v8@@").is_some()
            || memchr::memmem::find(name, b"@node@@").is_some())
}
