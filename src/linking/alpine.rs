//! The libraries of a musl target whose files aren't on this computer: musl itself (data/musl.json)
//! and libstdc++, as in the official images of Node.js on Alpine Linux.

use std::sync::OnceLock;

use serde::Deserialize;

use super::musl;
use crate::binary::{Image, Import};
use crate::files::own_json;
use crate::hash::HashSet;
use crate::versions::within_32_bits;

#[derive(Deserialize)]
struct Table {
    names: Vec<String>,
}

fn names() -> &'static HashSet<String> {
    static NAMES: OnceLock<HashSet<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let table: Result<Table, _> = own_json(include_str!("data/musl.json"));
        // Debian adds these to musl. Alpine has them in another library.
        let is_musls = |name: &String| !name.starts_with("fts_");
        table.map(|table| table.names.into_iter().filter(is_musls).collect()).unwrap_or_default()
    })
}

/// Functions that older releases of musl lack, and a release that has them (compared with Debian's
/// musl 1.2.2-1, 1.2.3-1 and 1.2.5; 1.2.4 wasn't compared).
const NEWER: [(&[u8], [u32; 3]); 6] = [
    (b"preadv2", [1, 2, 5]),
    (b"pthread_getname_np", [1, 2, 3]),
    (b"pwritev2", [1, 2, 5]),
    (b"qsort_r", [1, 2, 3]),
    (b"renameat2", [1, 2, 5]),
    (b"statx", [1, 2, 5]),
];

/// True if musl of this version may lack a function of the table.
fn may_lack(name: &[u8], version: Option<&str>) -> bool {
    let version = version.and_then(within_32_bits);
    let is_before = |first: &[u32; 3]| version.as_ref().is_some_and(|own| own[..] < first[..]);
    NEWER.iter().any(|(newer, first)| *newer == name && is_before(first))
}

/// Libraries of the packages `libstdc++` and `libgcc`, which Node.js itself needs on Alpine.
const OF_CXX: [&str; 2] = ["libgcc_s.so.1", "libstdc++.so.6"];

/// True if all libraries that `image` needs are certain to exist.
pub(super) fn has_libraries(image: &Image) -> bool {
    image
        .libraries
        .iter()
        .all(|library| musl::is_its_own(&library.name) || OF_CXX.contains(&library.name.as_str()))
}

/// True if a function exists. `None` if that isn't known: except for glibc's own functions, the
/// executable may define it. `libc_version` is that of musl.
pub(super) fn has(import: &Import<'_>, image: &Image, libc_version: Option<&str>) -> Option<bool> {
    let name = import.name;
    if may_lack(name, libc_version) {
        return None;
    }
    let has = |name: &[u8]| std::str::from_utf8(name).is_ok_and(|name| names().contains(name));
    if has(name) || musl::stands_for(name).is_some_and(has) || is_of_cxx(name) {
        return Some(true);
    }
    let version = import.version.and_then(|version| image.elf()?.version_names.get(&version));
    version.is_some_and(|version| version.starts_with("GLIBC_")).then_some(false)
}

/// True for the names of libstdc++ and libgcc.
fn is_of_cxx(name: &[u8]) -> bool {
    const BEGINNINGS: [&str; 6] = ["_Unwind_", "_Zda", "_Zdl", "_Zna", "_Znw", "__cxa_"];
    const OTHERS: [&str; 6] = [
        "__deregister_frame_info",
        "__dynamic_cast",
        "__gcc_personality_v0",
        "__gxx_personality_v0",
        "__once_proxy",
        "__register_frame_info",
    ];
    // These names with the prefix __cxa_ belong to glibc itself.
    const OF_GLIBC: [&str; 2] = ["__cxa_at_quick_exit", "__cxa_thread_atexit_impl"];
    let is_among = |list: &[&str]| list.iter().any(|known| known.as_bytes() == name);
    let begins = BEGINNINGS.iter().any(|beginning| name.starts_with(beginning.as_bytes()));
    !is_among(&OF_GLIBC) && (begins || is_among(&OTHERS) || is_of_std(name) || is_arithmetic(name))
}

/// True for the arithmetic functions of libgcc. Their names end in the mode of their operands:
/// "__popcountdi2", "__udivti3", "__multf3".
fn is_arithmetic(name: &[u8]) -> bool {
    const MODES: [&[u8]; 10] =
        [b"df", b"di", b"hf", b"sf", b"si", b"tc", b"tf", b"ti", b"xc", b"xf"];
    match name {
        [b'_', b'_', .., first, second, b'2'..=b'4'] => {
            MODES.contains(&[*first, *second].as_slice())
        }
        _ => false,
    }
}

/// True for mangled names of the namespace std, which is "S" and a letter, and of the C++ runtime's
/// own types.
fn is_of_std(name: &[u8]) -> bool {
    let Some(rest) = name.strip_prefix(b"_Z") else { return false };
    let special =
        [b"TI", b"TS", b"TT", b"TV"].into_iter().find_map(|special| rest.strip_prefix(special));
    // Type information of built-in types: "_ZTIi".
    if special.is_some_and(|rest| rest.len() <= 3) {
        return true;
    }
    let rest = special.unwrap_or(rest);
    let rest = rest.strip_prefix(b"N").unwrap_or(rest);
    let rest = rest.strip_prefix(b"K").unwrap_or(rest);
    rest.starts_with(b"S") || rest.starts_with(b"10__cxxabiv1")
}

#[cfg(test)]
mod tests {
    use super::{is_of_cxx, may_lack, names};

    #[test]
    fn musl_has_its_functions() {
        assert!(names().contains("pthread_create") && names().contains("dlopen"));
        assert!(!names().contains("backtrace") && !names().contains("fts_open"));
    }

    #[test]
    fn older_releases_lack_functions() {
        for (name, version, expected) in [
            ("statx", Some("1.2.4"), true),
            ("statx", Some("1.2.5"), false),
            ("statx", None, false),
            ("qsort_r", Some("1.2.2"), true),
            ("qsort_r", Some("1.2.3"), false),
            ("malloc", Some("1.2.2"), false),
        ] {
            assert_eq!(may_lack(name.as_bytes(), version), expected, "{name} {version:?}");
        }
    }

    #[test]
    fn symbols_of_libstdcxx_are_recognized_by_name() {
        for name in [
            "_ZNSt6vectorIiE",
            "_ZNKSs4findEc",
            "_ZTTNSt7__cxx1119basic_ostringstream",
            "_ZTIi",
            "_Znwm",
            "__popcountdi2",
        ] {
            assert!(is_of_cxx(name.as_bytes()), "{name}");
        }
        for name in [
            "_ZN2v86String3NewE",
            "__cxa_thread_atexit_impl",
            "backtrace",
            "_Z3foov",
            "__isoc23_strtol",
        ] {
            assert!(!is_of_cxx(name.as_bytes()), "{name}");
        }
    }
}
