//! The ways in which an addon registers with Node: static structs that a constructor passes to
//! Node, and well-known exported symbols.
//!
//! The structs are recognized by their layout, without disassembly: every pointer in them is a
//! relocated slot. Layouts are those of node.h and node_api.h, unchanged from Node 0.12 to 26.

use crate::binary::{Image, Memory, Pointers};
use crate::files::Source;
use crate::model::{AddonApi, Arch};

use super::facts::{Addon, LegacyModule, ModuleStruct, RegisterFunction};
use super::node_api;

/// False for numbers that no struct has. Such data only has the same layout (OpenSSL's tables do,
/// with 0).
fn is_plausible(version: i32) -> bool {
    version == -1 || (1..2000).contains(&version)
}

/// The maximum number of structs that are kept for one image; valid addons have one or two.
const MOST_MODULES: usize = 1024;

/// The maximum number of bytes that are searched for names, and the size of one read.
const SEARCHED: u64 = 64 << 20;
const BLOCK: u64 = 1 << 20;

/// The longest module or file name that is read, in bytes.
const LONGEST_STRING: usize = 4096;

pub(super) fn read(addon: &mut Addon, image: &Image, source: &Source) {
    let mut legacy = Vec::new();
    let (mut get_version, mut initializers) = (None, Vec::new());
    for export in image.symbols.exports() {
        if let Some(number) = export.name.strip_prefix(b"node_register_module_v") {
            addon.symbol_versions.extend(symbol_version(number));
            initializers.push(export.address);
        } else if export.name == b"napi_register_module_v1" {
            addon.has_napi_symbol = true;
            initializers.push(export.address);
        } else if export.name == b"node_api_module_get_api_version_v1" {
            get_version = Some(export.address);
        } else if let Some(name) = export.name.strip_suffix(b"_module")
            && !name.is_empty()
            && export.address != 0
        {
            legacy.push((name, export.address));
        }
    }
    addon.symbol_versions.sort_unstable();
    addon.symbol_versions.dedup();
    if let Some(address) = get_version {
        addon.declared = node_api::declared(image, source, address);
    }
    // Without one of these imports the addon passes no struct to Node, and data with the same
    // layout is something else.
    if !addon.imports_node_register && !addon.imports_napi_register && legacy.is_empty() {
        addon.first_calls = first_calls(image, source, &initializers);
        addon.names_registration =
            addon.api() == AddonApi::None && names_registration(&image.memory, source);
        return;
    }
    let scan = Scan { image, memory: &image.memory, pointers: image.pointers(source), source };
    if addon.imports_node_register {
        let found = (0..scan.pointers.count())
            .filter_map(|number| scan.node_module(number))
            .take(MOST_MODULES);
        for (module, function) in found {
            addon.modules.push(module);
            initializers.extend(function);
        }
        // A struct without a function is weak evidence: it counts only if there is no other.
        if addon.modules.iter().any(|module| module.function != RegisterFunction::Missing) {
            addon.modules.retain(|module| module.function != RegisterFunction::Missing);
        }
        addon.module_count = addon.modules.len();
        // Node uses the last registered struct. If the constructors show the order, only that
        // struct is kept.
        if addon.modules.len() > 1 {
            let taken = image.constructor_addresses(source);
            let turn = |module: &ModuleStruct| {
                taken.iter().rposition(|address| *address == module.address)
            };
            if addon.modules.iter().all(|module| turn(module).is_some()) {
                addon.modules.sort_by_key(turn);
                addon.modules.drain(..addon.modules.len() - 1);
            }
        }
    }
    if addon.imports_napi_register {
        let function =
            (0..scan.pointers.count()).find_map(|number| scan.function_of_napi_module(number));
        addon.has_napi_struct = function.is_some();
        initializers.extend(function);
    }
    let is_hidden = addon.imports_node_register && addon.modules.is_empty()
        || addon.imports_napi_register && !addon.has_napi_struct;
    if !is_hidden {
        addon.first_calls = first_calls(image, source, &initializers);
    }
    addon.legacy = legacy
        .into_iter()
        .filter_map(|(name, address)| {
            let version = scan.legacy_version(address)?;
            Some(LegacyModule { name: String::from_utf8_lossy(name).into_owned(), version })
        })
        .take(MOST_MODULES)
        .collect();
}

/// True if a segment contains the name of a function with which a constructor registers an addon.
/// Such a file may import it in a way that abi-guard can't read, or look it up.
fn names_registration(memory: &Memory, source: &Source) -> bool {
    const NAMES: [&[u8]; 2] = [b"node_module_register\0", b"napi_module_register\0"];
    const OVERLAP: u64 = 32;
    let finders = NAMES.map(memchr::memmem::Finder::new);
    let has_name = |at: u64, size: u64| {
        let bytes = source.bytes(at, size).unwrap_or_default();
        finders.iter().any(|finder| finder.find(&bytes).is_some())
    };
    // The sizes in a damaged file may be huge.
    let parts = memory.segments.iter().map(|segment| {
        let end = segment.file_offset.saturating_add(segment.file_size).min(memory.file_end);
        (segment.file_offset, end.saturating_sub(segment.file_offset))
    });
    let mut left = SEARCHED;
    for (start, size) in parts {
        let size = size.min(left);
        left -= size;
        let mut blocks = (0..size.div_ceil(BLOCK)).map(|index| index * BLOCK);
        if blocks.any(|at| has_name(start + at, (size - at).min(BLOCK + OVERLAP))) {
            return true;
        }
    }
    false
}

fn first_calls(image: &Image, source: &Source, initializers: &[u64]) -> Vec<Vec<u64>> {
    let some = initializers.iter().take(MOST_MODULES);
    some.map(|address| image.first_slots(source, *address)).collect()
}

/// N of `node_register_module_vN`; Node writes it as a plain decimal number.
fn symbol_version(digits: &[u8]) -> Option<i32> {
    let plain = digits.first() != Some(&b'0') && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}

struct Scan<'a> {
    image: &'a Image,
    memory: &'a Memory,
    pointers: Pointers,
    source: &'a Source,
}

impl Scan<'_> {
    /// Reads the `node_module` whose `nm_filename` is the pointer with this number, if there is
    /// one. The second value is the address of its function.
    fn node_module(&self, number: usize) -> Option<(ModuleStruct, Option<u64>)> {
        let slot = self.pointers.slot(number)?;
        let pointer = u64::from(self.memory.pointer_size);
        // i32, u32, then eight pointers: dso_handle, filename, register, context_register, modname,
        // priv, link.
        let at = |index: u64| slot.wrapping_sub(8 + pointer).wrapping_add(8 + index * pointer);
        let target = |index: u64| self.pointers.target_behind(number, at(index));
        let base = slot.checked_sub(8 + pointer)?;
        // The cheapest test comes first: neighboring slots rule out nearly every candidate.
        let (name_at, function, in_context) = (target(4)?, target(2), target(3));
        if target(6).is_some() || function.is_some() && in_context.is_some() {
            return None;
        }
        let version = self.memory.u32(self.source, base)? as i32;
        let flags = self.memory.u32(self.source, base + 4)?;
        if !is_plausible(version) || flags & !0xf != 0 {
            return None;
        }
        let address = function.or(in_context);
        let function = match (function, in_context) {
            (Some(function), None) if self.is_function(function) => RegisterFunction::Plain,
            (None, Some(function)) if self.is_function(function) => RegisterFunction::ContextAware,
            (None, None) if self.is_null(at(2)) && self.is_null(at(3)) => RegisterFunction::Missing,
            _ => return None,
        };
        if !self.is_null(at(0)) || !self.is_null(at(6)) {
            return None;
        }
        self.string_at(self.pointers.target_behind(number, slot)?)?;
        let name = self.string_at(name_at)?;
        Some((ModuleStruct { address: base, name, version, flags, function }, address))
    }

    /// The function of the `napi_module` whose `nm_filename` is the pointer with this number, if
    /// there is one. Node never checks its `nm_version`.
    fn function_of_napi_module(&self, number: usize) -> Option<u64> {
        let slot = self.pointers.slot(number)?;
        let pointer = u64::from(self.memory.pointer_size);
        let at = |index: u64| slot.wrapping_add(index * pointer);
        let target = |index: u64| self.pointers.target_behind(number, at(index));
        let is_string =
            |target: Option<u64>| target.is_some_and(|address| self.string_at(address).is_some());
        let base = slot.checked_sub(8)?;
        let function = target(1).filter(|&function| self.is_function(function))?;
        let is_module = target(3).is_none()
            && is_string(target(0))
            && is_string(target(2))
            && self.memory.u32(self.source, base).is_some_and(|version| version < 1000);
        is_module.then_some(function)
    }

    /// The version of the Node 0.10 struct at `base`: version, dso_handle, filename, register_func,
    /// modname.
    fn legacy_version(&self, base: u64) -> Option<i32> {
        let pointer = u64::from(self.memory.pointer_size);
        let at = |index: u64| base.wrapping_add(index * pointer);
        self.string(at(2))?;
        self.string(at(4))?;
        self.pointers.target(at(3)).filter(|&function| self.is_function(function))?;
        let version = self.memory.u32(self.source, base)? as i32;
        is_plausible(version).then_some(version)
    }

    /// True for the address of a function: code, or its descriptor on big-endian ppc64 (the ELFv1
    /// ABI, section 3.2.5), which begins with the address of the code.
    fn is_function(&self, address: u64) -> bool {
        let has_descriptors = self.image.arch == Some(Arch::Ppc64) && self.memory.big_endian;
        let behind = || self.pointers.target(address);
        self.memory.is_executable(address)
            || has_descriptors && behind().is_some_and(|code| self.memory.is_executable(code))
    }

    fn is_null(&self, slot: u64) -> bool {
        self.memory.pointer(self.source, slot) == Some(0)
    }

    /// The printable string that the relocated slot points to.
    fn string(&self, slot: u64) -> Option<String> {
        self.string_at(self.pointers.target(slot)?)
    }

    /// The printable string at an address.
    fn string_at(&self, address: u64) -> Option<String> {
        let string = self.memory.c_string(self.source, address, LONGEST_STRING)?;
        let printable = string.iter().all(|&byte| byte >= b' ' && byte != 0x7f);
        (!string.is_empty() && printable).then(|| String::from_utf8_lossy(&string).into_owned())
    }
}
