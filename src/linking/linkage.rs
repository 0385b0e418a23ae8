//! What the operating system's loader would find.

use semver::Version;

use super::acceptance::GlibcText;
use super::missing::Missing;
use super::object::Object;
use super::root::Root;
use super::simulation::Course;

/// What the operating system's loader would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// Result of the search for the libraries; `None` when they weren't searched.
    pub libraries: Option<Libraries>,
    /// Result of the search for the symbols; `None` when they weren't searched.
    pub symbols: Option<Missing>,
    /// Number of symbols it needs.
    pub needed_symbols: usize,
    /// Number of those among them that remain unknown, when the others were searched.
    pub undecided_symbols: usize,
    /// The releases of Node.js that have all the C++ functions of V8 and Node.js it needs: the
    /// first of each line. `None` where it needs none, or that isn't known.
    pub releases: Option<Vec<Version>>,
    /// The levels of x86-64 that this machine has, as in `GNU_PROPERTY_X86_ISA_1_NEEDED`; `None`
    /// where it runs elsewhere.
    pub isa_levels: Option<u32>,
    /// Bytes of static TLS that it needs.
    pub fixed_storage: u64,
    /// How mapping and relocating it ends; `None` where the system's rules aren't known.
    pub course: Option<Course>,
    /// The libraries that come with it alone, in the order in which they are mapped, where all were
    /// found.
    pub own: Vec<Own>,
}

/// A library that comes with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Where it lies.
    pub path: String,
    /// How its system calls that place.
    pub name: String,
    /// It lies in a folder of the system.
    pub is_systems: bool,
    /// As [`crate::binary::ElfFacts::isa_needed`].
    pub isa_needed: u32,
    /// Bytes of static TLS that it needs.
    pub fixed_storage: u64,
}

impl Own {
    pub(super) fn new(path: String, object: &Object, root: &Root, is_systems: bool) -> Own {
        let (isa_needed, fixed_storage) = (object.isa_needed, object.fixed_storage);
        Own { name: root.name(&path), path, is_systems, isa_needed, fixed_storage }
    }
}

/// What a loader says of a library that it doesn't take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its text, word for word.
    pub text: String,
    /// The end of that text, which gives the reason.
    pub reason: String,
}

impl Refusal {
    /// What glibc says of the library that it calls `name`.
    pub(super) fn of_glibc(name: &str, text: GlibcText) -> Refusal {
        Refusal { text: format!("{name}: {text}"), reason: text.reason().to_owned() }
    }

    /// What musl says of the library that `needer` asks for as `name`; `errno` is the text of one.
    pub(super) fn of_musl(name: &str, errno: &str, needer: &str) -> Refusal {
        let reason = format!("{errno} (needed by {needer})");
        Refusal { text: format!("Error loading shared library {name}: {reason}"), reason }
    }
}

/// What came of looking for the libraries, with all those that come with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Libraries {
    /// All are there, in the versions asked for.
    Found,
    /// One is nowhere.
    Missing {
        /// Its soname.
        library: String,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
        /// The folders in which it was looked for, in order.
        searched: Vec<String>,
        /// It lies in the image's own folder.
        beside: bool,
    },
    /// A file of that name was found first that the loader doesn't take: a linker script, a
    /// program, a cut-off library.
    Invalid {
        /// Its path, or its name as it was asked for.
        path: String,
        /// What the loader says; `None` where its words aren't known, which is said of files for
        /// another processor only.
        refusal: Option<Refusal>,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
    },
    /// So much of one is missing that mapping it kills the process.
    Truncated {
        /// Its path.
        path: String,
        /// The library that needs it; `None` for the image itself.
        needed_by: Option<String>,
    },
    /// There are more than are followed.
    TooMany,
    /// One is there, but too old.
    TooOld {
        /// Path of the library.
        path: String,
        /// The version asked for ("GLIBC_2.38").
        version: String,
        /// Who asks for it; `None` for the image itself.
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
