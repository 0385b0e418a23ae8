//! The functions through which Node.js enters an addon.

use crate::binary::Image;

/// The symbols that Node.js looks up, besides `node_register_module_vN`.
pub(super) const LOOKED_FOR: [&[u8]; 2] =
    [b"napi_register_module_v1", b"node_api_module_get_api_version_v1"];

/// The functions with which an addon registers, if Node.js has to look them up.
pub(super) struct Entrances {
    /// True if the addon doesn't call a registration function of Node.js, so Node.js looks up one
    /// of the addon's symbols.
    pub by_symbol: bool,
    /// Every symbol that Node.js looks up, with the address of its definition.
    pub functions: Vec<(Vec<u8>, Option<u64>)>,
}

impl Entrances {
    pub fn of(image: &Image) -> Entrances {
        let registers =
            |name: &[u8]| matches!(name, b"node_module_register" | b"napi_module_register");
        let by_symbol = !image.symbols.imports().any(|import| registers(import.name));
        let mut own: Vec<(Vec<u8>, Option<u64>)> = Vec::new();
        let mut usual = LOOKED_FOR.map(|name| (name.to_vec(), None));
        for export in image.symbols.exports() {
            if export.name.starts_with(b"node_register_module_v") {
                own.push((export.name.to_vec(), Some(export.address)));
            } else if let Some((_, address)) =
                usual.iter_mut().find(|(name, _)| name == export.name)
            {
                address.get_or_insert(export.address);
            }
        }
        own.extend(usual);
        Entrances { by_symbol, functions: own }
    }

    /// The address at which Node.js first calls the addon's code, if that is known.
    pub fn first(&self) -> Option<u64> {
        let (_, address) = self.functions.iter().find(|(name, _)| name == LOOKED_FOR[0])?;
        address.filter(|_| self.by_symbol)
    }
}
