//! The result of simulating the operating system's loader.

use semver::Version;

use super::acceptance::GlibcText;
use super::missing::Missing;
use super::object::Object;
use super::root::Root;
use super::simulation::Course;
use crate::binary::VersionNeed;

/// The libraries and symbols that the operating system's loader would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// Result of the library search; `None` if the libraries weren't searched.
    pub libraries: Option<Libraries>,
    /// Result of the symbol search; `None` if the symbols weren't searched.
    pub symbols: Option<Missing>,
    /// Number of symbols that the image needs.
    pub needed_symbols: usize,
    /// Number of those symbols for which the search has no answer.
    pub undecided_symbols: usize,
    /// For each line of Node.js: the first release from which on all C++ functions of V8 and
    /// Node.js that the image needs are exported. `None` if the image needs none, or if that isn't
    /// known.
    pub releases: Option<Vec<Version>>,
    /// The x86-64 levels of this computer's processor, as in `GNU_PROPERTY_X86_ISA_1_NEEDED`;
    /// `None` if the runtime is on another system.
    pub isa_levels: Option<u32>,
    /// Bytes of static TLS that the image needs.
    pub fixed_storage: u64,
    /// The result of mapping and relocating the image; `None` if the system's rules aren't known.
    pub course: Option<Course>,
    /// The libraries that are loaded for this image only, in the order in which they are mapped;
    /// empty if one was not found. If the system isn't available, only the libraries that the image
    /// and its libraries reach by `$ORIGIN`.
    pub own: Vec<Own>,
    /// If the system isn't available: the other libraries that glibc or musl searches for this
    /// image.
    pub unfound: Vec<Unfound>,
}

/// A library that is in none of the folders that its needer reaches by `$ORIGIN`. It may be in the
/// target's system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfound {
    /// Its soname.
    pub library: String,
    /// Path of the object that needs it.
    pub needer: String,
    /// The library that needs it; `None` for the image itself.
    pub needed_by: Option<String>,
    /// The folders that were searched, in order.
    pub searched: Vec<String>,
    /// True if the run-path of the needer also names folders of the target's system.
    pub elsewhere: bool,
}

/// A library that is loaded for an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its path on this computer.
    pub path: String,
    /// Its path on the target system.
    pub name: String,
    /// True if it is in a folder of the system.
    pub is_systems: bool,
    /// As [`crate::binary::ElfFacts::isa_needed`].
    pub isa_needed: u32,
    /// Bytes of static TLS that the library needs.
    pub fixed_storage: u64,
    /// The versions that it requires of other libraries.
    pub needs: Vec<VersionNeed>,
}

impl Own {
    pub(super) fn new(path: String, object: &Object, root: &Root, is_systems: bool) -> Own {
        let (isa_needed, fixed_storage) = (object.isa_needed, object.fixed_storage);
        let (name, needs) = (root.name(&path), object.needs.clone());
        Own { name, path, is_systems, isa_needed, fixed_storage, needs }
    }
}

/// What the search for libraries finds.
pub(super) struct Search {
    pub libraries: Libraries,
    /// The newly loaded libraries.
    pub own: Vec<Own>,
    pub unfound: Vec<Unfound>,
}

impl Search {
    /// Of an image that needs no library.
    pub(super) fn nothing() -> Search {
        Search { libraries: Libraries::Found, own: Vec::new(), unfound: Vec::new() }
    }
}

/// The loader's error for a library that it rejects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The error text, word for word.
    pub text: String,
    /// The end of the text, which gives the reason.
    pub reason: String,
}

impl Refusal {
    /// glibc's error for the library `name`.
    pub(super) fn of_glibc(name: &str, text: GlibcText) -> Refusal {
        Refusal { text: format!("{name}: {text}"), reason: text.reason().to_owned() }
    }

    /// musl's error for the library that `needer` needs as `name`; `errno` is the text of an errno.
    pub(super) fn of_musl(name: &str, errno: &str, needer: &str) -> Refusal {
        let reason = format!("{errno} (needed by {needer})");
        Refusal { text: format!("Error loading shared library {name}: {reason}"), reason }
    }
}

/// The result of the search for the libraries and all libraries that they need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Libraries {
    /// All libraries were found, in the required versions.
    Found,
    /// A library was not found.
    Missing {
        /// Its soname.
        library: String,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
        /// The folders that were searched, in order.
        searched: Vec<String>,
        /// True if a file of that name is in the image's own folder.
        beside: bool,
    },
    /// The loader rejects the first file of that name that the search found: a linker script, a
    /// program, a truncated library.
    Invalid {
        /// Its path, or the name by which it was requested.
        path: String,
        /// The loader's error; `None` if the text isn't known, which is the case only for files for
        /// another processor.
        refusal: Option<Refusal>,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
    },
    /// The library is truncated, so mapping it kills the process.
    Truncated {
        /// Its path.
        path: String,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
    },
    /// There are more libraries than abi-guard follows.
    TooMany,
    /// A library lacks a required version.
    TooOld {
        /// Path of the library.
        path: String,
        /// The required version ("GLIBC_2.38").
        version: String,
        /// The library that requires it; `None` for the image itself.
        needed_by: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::linking::acceptance::{Expected, Rejection};
    use crate::model::Arch;

    #[test]
    fn a_reason_is_the_end_of_its_text() {
        let expected = Expected::of_arch(&Arch::X64);
        let of_glibc =
            |rejection: Rejection| Refusal::of_glibc("a: b.so", rejection.glibc_text(expected));
        for (refusal, text, reason) in [
            (of_glibc(Rejection::TooShort), "a: b.so: file too short", "file too short"),
            (of_glibc(Rejection::OtherClass), "a: b.so: wrong ELF class: ELFCLASS32", "ELFCLASS32"),
            (
                Refusal::of_musl("a.so", "Exec format error", "/x: y.node"),
                "Error loading shared library a.so: Exec format error (needed by /x: y.node)",
                "Exec format error (needed by /x: y.node)",
            ),
        ] {
            assert_eq!((refusal.text.as_str(), refusal.reason.as_str()), (text, reason));
        }
    }
}
