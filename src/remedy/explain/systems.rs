//! Platform packages, recognized by their names.

use super::text::pattern;

/// True for a package that contains the files for one system and compiles nothing:
/// "@rollup/rollup-linux-x64-gnu".
#[must_use]
pub fn is_for_one_system(package: &str) -> bool {
    platform_of(package).is_some()
}

/// The system in a package's name: "@rollup/rollup-linux-x64-gnu" → "linux-x64-gnu".
pub(super) fn platform_of(name: &str) -> Option<&str> {
    let at = pattern!(
        r"(?:^|[-/_.])((?:linux|linuxmusl|darwin|win32|freebsd|android|sunos|openbsd",
        r"|netbsd|aix)[-_](?:x64|arm64|arm|ia32|x86_64|universal|riscv64|ppc64(?:le)?|s390x",
        r"|loong64)(?:[-_](?:gnu|musl|msvc|gnueabihf|musleabihf|glibc|eabi))?)$"
    )
    .captures(name)?;
    at.get(1).map(|system| &name[system.start()..system.end()])
}

#[cfg(test)]
mod tests {
    use super::platform_of;

    #[test]
    fn the_system_is_read_from_the_end_of_a_name() {
        for (name, expected) in [
            ("@rollup/rollup-linux-x64-gnu", Some("linux-x64-gnu")),
            ("@img/sharp-linuxmusl-arm64", Some("linuxmusl-arm64")),
            ("lightningcss-darwin-arm64", Some("darwin-arm64")),
            ("@esbuild/win32-x64", Some("win32-x64")),
            ("left-pad", None),
            ("linux-x64-tools", None),
        ] {
            assert_eq!(platform_of(name), expected, "{name}");
        }
    }
}
