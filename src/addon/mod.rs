//! [`Binary`](crate::binary) → [`Addon`]: how a binary registers with Node, and for which ABI or
//! Node-API version.

mod facts;
mod node_api;
mod object_wrap;
mod registration;

#[cfg(test)]
pub use facts::LegacyModule;
pub use facts::{Addon, ModuleStruct, RegisterFunction};
pub use node_api::{Declared, EXPERIMENTAL, node_api_version};

use crate::binary::Image;
use crate::files::Source;

/// Reads the registration of `image`.
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
    addon.object_wrap_hooks = object_wrap::has_hooks(image);
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
