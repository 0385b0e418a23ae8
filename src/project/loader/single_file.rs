//! No convention is recognised, but there is only one file: whatever loads the package loads that.

use super::{Active, Contents, is_for};
use crate::runtime::Runtime;

/// Words on a path that name a platform.
const PLATFORMS: [(&str, &str); 9] = [
    ("android", "android"),
    ("darwin", "darwin"),
    ("freebsd", "freebsd"),
    ("linux", "linux"),
    ("linuxmusl", "linux"),
    ("mac", "darwin"),
    ("macos", "darwin"),
    ("win", "win32"),
    ("win32", "win32"),
];
/// Words on a path that name a processor.
const ARCHS: [(&str, &str); 9] = [
    ("arm", "arm"),
    ("arm64", "arm64"),
    ("armv7", "arm"),
    ("ia32", "ia32"),
    ("ppc64", "ppc64"),
    ("riscv64", "riscv64"),
    ("s390x", "s390x"),
    ("x64", "x64"),
    ("x86", "ia32"),
];

pub(super) fn choose(contents: Contents<'_>, runtime: &Runtime) -> Option<Active> {
    let [file] = contents.files else { return None };
    let fits = is_for(contents.manifest, runtime)
        && names_or_says_nothing(file, &PLATFORMS, &runtime.platform)
        && names_or_says_nothing(file, &ARCHS, &runtime.arch);
    Some(if fits { Active::File(file.clone()) } else { Active::Nothing })
}

/// False when the path has words of this table, and none of them is `wanted`.
fn names_or_says_nothing(path: &str, table: &[(&str, &str)], wanted: &str) -> bool {
    let named: Vec<&str> = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| table.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)))
        .map(|(_, value)| *value)
        .collect();
    named.is_empty() || named.contains(&wanted)
}
