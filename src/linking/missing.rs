//! The result of the symbol search for an image.

use crate::binary::{Binding, Image};
use crate::files::Source;
use crate::hash::HashSet;

/// The needed symbols that no loaded object defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The first missing symbol that is bound while loading: loading fails.
    pub eager: Option<String>,
    /// The version that it requires.
    pub version: Option<String>,
    /// The library that needs it; `None` for the image itself.
    pub in_library: Option<String>,
    /// A missing symbol with lazy binding that a constructor calls: the process ends while loading.
    pub called_by_constructor: Option<String>,
    /// The other missing symbols with lazy binding.
    pub lazy: Vec<String>,
    /// The GOT slots of the image's own calls of them.
    pub slots: Vec<(u64, String)>,
    /// Missing symbols, with the first release of the runtime's line that has them.
    pub since: Vec<(String, String)>,
    /// The type of a relocation for another processor, at which musl's loader stops.
    pub unsupported: Option<u32>,
    /// The symbol that musl's error names if the image needs static TLS, which musl gives only to
    /// libraries that are loaded when the process starts.
    pub fixed_storage: Option<String>,
}

/// The relocations against names that no object defines. The loader never looks up a symbol without
/// a relocation.
pub(super) fn elf_bindings<'i>(
    image: &'i Image,
    source: &Source,
    names: &HashSet<&[u8]>,
) -> Vec<Binding<'i>> {
    if names.is_empty() { Vec::new() } else { image.bindings(source, names) }
}

/// The first symbol that is bound while loading.
pub(super) fn first_eager(bindings: &[Binding<'_>], binds_now: bool) -> Option<String> {
    bindings.iter().find(|binding| binds_now || !binding.lazy).map(|binding| text(binding.name))
}

impl Missing {
    /// True if loading fails because of it.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.eager.is_some() || self.unsupported.is_some() || self.fixed_storage.is_some()
    }

    /// How glibc binds `names`, which no object defines, in an ELF image.
    pub(super) fn bound(
        image: &Image,
        source: &Source,
        names: &HashSet<&[u8]>,
        binds_now: bool,
    ) -> Missing {
        let bindings = elf_bindings(image, source, names);
        let mut missing =
            Missing { eager: first_eager(&bindings, binds_now), ..Missing::default() };
        if !binds_now && !bindings.is_empty() {
            missing.wait(image, source, &bindings);
        }
        missing
    }

    /// Adds the missing symbols of `other`.
    pub(super) fn add(&mut self, other: Missing) {
        self.eager = self.eager.take().or(other.eager);
        self.lazy.extend(other.lazy);
        self.lazy.sort();
        self.lazy.dedup();
    }

    /// Records the symbols of `bindings` that have lazy binding.
    pub(super) fn wait(&mut self, image: &Image, source: &Source, bindings: &[Binding<'_>]) {
        self.called_by_constructor =
            image.constructor_calls(source, bindings).map(|binding| text(binding.name));
        let lazy = bindings.iter().filter(|binding| binding.lazy);
        self.slots = lazy.map(|binding| (binding.slot, text(binding.name))).collect();
        self.lazy = self.slots.iter().map(|(_, name)| name.clone()).collect();
        self.lazy.sort();
        self.lazy.dedup();
    }
}

/// A symbol's name as text; invalid UTF-8 is replaced.
pub(super) fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
