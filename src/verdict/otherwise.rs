//! Ways to register that the file itself doesn't show. A file without any registration is no addon
//! only if these are excluded.

use super::case::{Case, Verdict};
use crate::addon::Addon;
use crate::linking::{Libraries, is_general, is_of_macos};
use crate::model::FileFormat;
use crate::model::problem::file::Subject;

/// Reports that an addon without any registration may still register, if not every way is
/// excluded. Returns true if it reports that.
pub(super) fn may_register_otherwise(
    case: &Case<'_>,
    addon: &Addon,
    verdict: &mut Verdict,
) -> bool {
    // dlsym also searches the libraries that the addon needs, and their constructors run.
    let message = if let Some(library) = own_library(case) {
        format!("registers nothing itself, but may do so in the library it needs: {library}")
    } else if addon.names_registration {
        "imports no function for registration, but contains the name of one: it may look it up at \
            run time"
            .to_owned()
    } else {
        return false;
    };
    verdict.unknown(Subject::Registration, message);
    true
}

/// A library that the addon needs, and that belongs neither to the system nor to the compiler. It
/// may have the addon's entry point, or register in one of its constructors.
fn own_library<'a>(case: &Case<'a>) -> Option<&'a str> {
    const OF_LINUX: [&str; 14] = [
        "libc.",
        "libm.",
        "libdl.",
        "libpthread.",
        "librt.",
        "libutil.",
        "libstdc++.",
        "libgcc_s.",
        "libc++",
        "ld-linux",
        "ld-musl",
        "ld64.so",
        "libatomic.",
        "linux-vdso",
    ];
    let image = case.image?;
    let libraries = case.linkage.and_then(|linkage| linkage.libraries.as_ref());
    // If the libraries of an ELF file were found, the addon's facts include what they register.
    if image.format == FileFormat::Elf && libraries == Some(&Libraries::Found) {
        return None;
    }
    let is_general = |name: &str| match image.format {
        FileFormat::Elf => OF_LINUX.iter().any(|start| name.starts_with(start)),
        FileFormat::MachO => is_of_macos(name),
        FileFormat::Pe => is_general(name),
    };
    let loaded = image.libraries.iter().filter(|library| !library.delayed);
    loaded.map(|library| library.name.as_str()).find(|name| !is_general(name))
}
