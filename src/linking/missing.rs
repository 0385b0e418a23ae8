//! What came of looking for the symbols of an image.

use crate::binary::{Binding, Image};
use crate::files::Source;
use crate::hash::HashSet;

/// What came of looking for the symbols.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The first one that is bound while loading: loading fails.
    pub eager: Option<String>,
    /// The version under which it is asked for.
    pub version: Option<String>,
    /// The library that needs it; `None` for the image itself.
    pub in_library: Option<String>,
    /// One that is bound at its first call, and a constructor calls it: the process ends while
    /// loading.
    pub called_by_constructor: Option<String>,
    /// The others that are bound at their first call.
    pub lazy: Vec<String>,
    /// The release of the line from which on a missing one is there.
    pub since: Vec<(String, String)>,
    /// A relocation of another processor, by its number there, on which musl's loader gives up.
    pub unsupported: Option<u32>,
    /// Thread-local storage of the image that musl can't give a fixed place any more, by the name
    /// in musl's text.
    pub fixed_storage: Option<String>,
}

/// The relocations against names that no object defines. A symbol that no relocation asks for is
/// never looked up.
pub(super) fn elf_bindings<'i>(
    image: &'i Image,
    source: &Source,
    names: &HashSet<&[u8]>,
) -> Vec<Binding<'i>> {
    if names.is_empty() { Vec::new() } else { image.bindings(source, names) }
}

/// The first that is bound while loading.
pub(super) fn first_eager(bindings: &[Binding<'_>], binds_now: bool) -> Option<String> {
    bindings.iter().find(|binding| binds_now || !binding.lazy).map(|binding| text(binding.name))
}

impl Missing {
    /// True when loading ends there.
    #[must_use]
    pub fn stops(&self) -> bool {
        self.eager.is_some() || self.unsupported.is_some() || self.fixed_storage.is_some()
    }

    /// How glibc treats `names`, which no object defines, in an ELF image.
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

    /// Adds others.
    pub(super) fn add(&mut self, other: Missing) {
        self.eager = self.eager.take().or(other.eager);
        self.lazy.extend(other.lazy);
        self.lazy.sort();
        self.lazy.dedup();
    }

    /// Notes those of `bindings` that are bound at their first call.
    pub(super) fn wait(&mut self, image: &Image, source: &Source, bindings: &[Binding<'_>]) {
        self.called_by_constructor =
            image.constructor_calls(source, bindings).map(|binding| text(binding.name));
        self.lazy = bindings
            .iter()
            .filter(|binding| binding.lazy)
            .map(|binding| text(binding.name))
            .collect();
        self.lazy.sort();
        self.lazy.dedup();
    }
}

/// A symbol's name, for people.
pub(super) fn text(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
