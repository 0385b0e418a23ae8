//! Static TLS (initial-exec): thread-local storage at an offset from the thread pointer that is
//! fixed while loading.

use super::musl::relocations;
use crate::binary::Image;
use crate::files::Source;

/// Bytes of the image's thread-local storage, if one of its relocations requires static TLS;
/// otherwise 0. Sizes that glibc always has room for also give 0.
pub(super) fn fixed_storage(image: &Image, source: &Source) -> u64 {
    const ALWAYS_FREE: u64 = 512;
    let Some(facts) = image.elf().filter(|facts| facts.tls_size > ALWAYS_FREE) else { return 0 };
    let wanted = relocations::fixed_storage(facts.machine);
    let is_wanted = wanted.is_some_and(|number| image.has_relocation(source, number));
    if is_wanted { facts.tls_size } else { 0 }
}
